"""A verdict that a person looks at: tap through the points, see the score, keep it."""

from __future__ import annotations

from collections.abc import Iterator

from bot.cards.result import SIGNS, band, said
from bot.cards.words import clip
from bot.chat.action import pack
from bot.chat.markup import escape, prose
from bot.chat.view import Button, Card, Form, Input, Style
from bot.domain.critique import PointState
from bot.domain.regrading import STATES, free, pressed
from bot.services.appeals import MAX_REASON, Regrade

ANSWER = 1200
"""Characters of the answer that are shown to whoever decides."""
A_ROW = 4
"""Buttons side by side that a thumb can tell apart."""
WORDS = {
    PointState.NOT_FOUND: "not said",
    PointState.PARTLY: "partly",
    PointState.COVERED: "said",
    PointState.CONTRADICTED: "the other way round",
}


def form(attempt_id: int) -> Form:
    """Return what a person is asked before moderators look at a verdict."""
    return Form(
        "Ask a moderator to look",
        pack("appealed", attempt_id),
        (
            Input(
                "reason",
                "What was graded wrongly? (optional)",
                multiline=True,
                required=False,
                max_length=MAX_REASON,
                about="They see your answer and your name, and decide what it is worth.",
            ),
        ),
    )


def thanks(*, placed: bool) -> Card:
    """Return that a verdict will be looked at."""
    where = "They have it." if placed else "They find it with /reports show."
    return Card(
        "A moderator will look at it",
        f"{where} They decide point by point; the score and the board follow.",
        kind="note",
    )


def regrade(of: Regrade) -> Card:
    """Return a verdict to tap through."""
    who = "your answer" if of.mine else f"{of.writer}'s answer"
    lines = [f"*{escape(clip(of.served.question.prompt, 200))}*"]
    if of.reason:
        lines.append(f"{escape(of.writer)} says: {escape(of.reason)}")
    lines.append(f'"{escape(clip(of.attempt.answer, ANSWER))}"')
    lines.append("\n".join(_points(of)))
    lines.append("Tap a number until it says what the answer says; then keep it.")
    attempt_id, rubric = of.attempt.id, of.served.question.rubric
    buttons = [
        Button(
            f"{place + 1} {sign}",
            pack("regrade", attempt_id, pressed(rubric, of.digits, place)),
        )
        for place, (sign, _) in enumerate(_signs(of))
    ]
    keep = Button(
        f"Keep {of.after.score} / 100", pack("decide", attempt_id, of.digits), Style.PRIMARY
    )
    return Card(
        f"What is in {who}?",
        "\n\n".join(lines),
        rows=(*_rows(buttons), (keep,)),
        kind="note",
    )


def decided(of: Regrade) -> Card:
    """Return what a moderator has decided."""
    score = of.after.score
    return Card(
        "Decided",
        f"{escape(of.writer)}'s answer has {score} / 100 now ({band(score)}). The board follows, "
        "and they see who graded it.",
        kind="note",
    )


def _rows(buttons: list[Button]) -> Iterator[tuple[Button, ...]]:
    """Yield rows of nearly equal length, at most four in each."""
    count = -(-len(buttons) // A_ROW)
    length = -(-len(buttons) // count)
    for start in range(0, len(buttons), length):
        yield tuple(buttons[start : start + length])


def _signs(of: Regrade) -> Iterator[tuple[str, str]]:
    """Yield sign and words of each digit."""
    count = len(of.served.question.rubric.points)
    for digit in of.digits[:count]:
        state = STATES[int(digit)]
        yield SIGNS[state], WORDS[state]
    for digit in of.digits[count:]:
        yield ("❌", "said") if digit == "1" else ("⬜", "not said")


def _points(of: Regrade) -> Iterator[str]:
    rubric = of.served.question.rubric
    quotes = {verdict.id: verdict.quote for verdict in of.after.points}
    texts = [(each.text, quotes.get(each.id, "")) for each in rubric.points]
    texts += [(f"Wrongly: {each.said[0]}", "") for each in free(rubric)]
    for number, ((text, quote), (sign, words)) in enumerate(
        zip(texts, _signs(of), strict=True), start=1
    ):
        quoted = f" {said(quote)}" if quote else ""
        yield f"{number}. {sign} {words}: {prose(text)}{quoted}"
