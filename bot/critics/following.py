"""What an interviewer asks next: where the answer was thin."""

from __future__ import annotations

from collections.abc import Iterable

from bot.critics.lexicon import LIGHT
from bot.critics.rubric import wordings
from bot.critics.words import content, spoken
from bot.domain.critique import CREDIT, Critique, PointState
from bot.domain.question import FollowUp, Question

LEAST = 0.1
"""Share of the score that must be about a follow-up before it is asked out of turn."""


def in_turn(question: Question, critique: Critique | None) -> list[tuple[FollowUp, str]]:
    """Return the follow-ups, the one that leads to what was missed first, with that point's text.

    The text is empty for those that lead to nothing in particular. Without a critique, or when
    nothing was missed, they stand as their author put them.
    """
    follow_ups = question.rubric.follow_ups
    if critique is None:
        return [(each, "") for each in follow_ups]
    states = {verdict.id: verdict.state for verdict in critique.points}
    total = sum(point.weight for point in question.rubric.points) or 1
    known = _stems([question.prompt])
    missed = [
        (
            point.text,
            point.weight / total * (1 - CREDIT[states.get(point.id, PointState.NOT_FOUND)]),
            _stems(wordings(point)) - known,
        )
        for point in question.rubric.points
    ]
    found: list[tuple[float, FollowUp, str]] = []
    for each in follow_ups:
        asks = _stems([each.prompt, *each.listen_for]) - known
        about = [
            (lost * len(asks & stems) ** 0.5, text)
            for text, lost, stems in missed
            if lost and len(asks & stems) >= 2
        ]
        worth, text = max(about, default=(0.0, ""))
        found.append((worth, each, text if worth >= LEAST else ""))
    best = max((worth for worth, _, text in found if text), default=0.0)
    # Only the best one goes first; an order that jumps about for less is no help.
    found.sort(key=lambda one: not (one[2] and one[0] == best))
    return [(each, text if place == 0 else "") for place, (_, each, text) in enumerate(found)]


def _stems(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(
        token.stem
        for text in texts
        for token in spoken(text)
        if content(token.word) and token.word not in LIGHT
    )
