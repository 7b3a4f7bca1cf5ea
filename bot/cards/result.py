"""What became of an answer: what was heard, in the person's own words, and what was missed."""

from __future__ import annotations

from bot.cards.words import clip, count, midnight
from bot.chat.action import pack
from bot.chat.markup import escape, prose
from bot.chat.view import Button, Card, Style
from bot.domain.critique import BY_PEOPLE, LOW, Critique, PointState, Status
from bot.domain.question import KeyPoint, Question
from bot.services.judging import Result, Unscored
from bot.services.opinions import Standing, follows
from bot.services.rescoring import PRACTICE_A_DAY

QUOTE = 90
"""Characters of a quote that are shown."""

SIGNS = {
    PointState.COVERED: "✅",
    PointState.PARTLY: "🟡",
    PointState.NOT_FOUND: "⬜",
    PointState.CONTRADICTED: "❌",
}
"""What stands before a point; the words beside it say the same."""

BANDS = ((85, "strong"), (65, "good"), (45, "halfway"), (1, "a start"), (0, "not yet"))
"""Least score for each word."""


def result(of: Result) -> Card:
    """Return the critique of an answer."""
    if of.unscored is Unscored.NOT_AN_ATTEMPT:
        return _not_an_attempt(of)
    critique, asked = of.critique, of.question
    lines = [escape(clip(asked.prompt, 120)), *_notes(of), *_corrections(critique, asked)]
    lines.append("\n".join(_points(critique, asked)))
    if first := _first_next_time(critique, asked):
        lines.append(f"*Say this first next time:* {prose(first.text)}")
    lines.append(_footer(of))
    serving_id = of.served.serving.id
    buttons = [Button("Model answer", pack("reveal", serving_id))]
    if asked.rubric.follow_ups:
        buttons.append(Button("Follow-up", pack("followup", serving_id)))
    buttons.append(Button("Another", pack("practice"), Style.PRIMARY))
    if can_be_shared(of):
        buttons.append(Button("Share", pack("share", of.attempt.id)))
    more = []
    if of.second is Standing.OFFERED:
        more.append(Button(f"Ask {clip(of.provider, 20)} too", pack("second", of.attempt.id)))
    if critique.critic not in BY_PEOPLE:
        more.append(Button("Not fair?", pack("unfair", of.attempt.id)))
    return Card(
        f"{critique.score} / 100 · {band(critique.score)}",
        "\n\n".join(line for line in lines if line),
        rows=tuple(filter(None, (tuple(buttons), tuple(more)))),
        kind="result",
        reply=pack("submit", serving_id),
        again=pack("result", of.attempt.id),
        follows=follows(of.attempt.id) if of.second is Standing.WAITING else "",
    )


def can_be_shared(of: Result) -> bool:
    """Return whether a group may be shown the answer once its question is wrapped up."""
    waits = of.served.serving.wrapped_at is None
    return of.served.group and waits and of.unscored is Unscored.NO and bool(of.critique.score)


def said(quote: str) -> str:
    """Return a person's words in quotation marks, as markup."""
    return f'"{escape(clip(quote, QUOTE))}"'


def band(score: int) -> str:
    """Return the word for a score."""
    return next(word for least, word in BANDS if score >= least)


def _points(critique: Critique, asked: Question) -> list[str]:
    states = {verdict.id: verdict for verdict in critique.points}
    lines = []
    for point in asked.rubric.points:
        verdict = states.get(point.id)
        state = verdict.state if verdict else PointState.NOT_FOUND
        quote = verdict.quote if verdict else ""
        quoted = f" {said(quote)}" if quote else ""
        match state:
            case PointState.COVERED:
                lines.append(f"{SIGNS[state]} {prose(point.text)}{quoted}")
            case PointState.PARTLY:
                lines.append(f"{SIGNS[state]} Partly:{quoted}. All of it: {prose(point.text)}")
            case PointState.CONTRADICTED:
                lines.append(
                    f"{SIGNS[state]} Said the other way round:{quoted}. {prose(point.text)}"
                )
            case PointState.NOT_FOUND:
                lines.append(f"{SIGNS[state]} Not found: {prose(point.text)}")
    return lines


def _corrections(critique: Critique, asked: Question) -> list[str]:
    known = {wrong.id: wrong for wrong in asked.rubric.misconceptions}
    return [
        f"❌ You wrote {said(found.quote)}. {prose(known[found.id].correction)}"
        for found in critique.misconceptions
        if found.id in known
    ]


def _notes(of: Result) -> list[str]:
    notes = []
    if of.critique.status is Status.TRUNCATED:
        notes.append(
            "Your answer is kept whole, but only its first 4,000 characters were graded. "
            "In an interview that is four minutes of talking: lead with the heart of it."
        )
    flags = set(of.critique.flags)
    if "copy_question" in flags:
        notes.append("That is the question itself. Say what you know of it in your own words.")
    elif "stuffing" in flags:
        notes.append("These are the right words, but no statement yet: say what they do.")
    elif "offtopic" in flags:
        notes.append("This seems to answer another question.")
    match of.unscored:
        case Unscored.ANSWERED:
            notes.append("You had answered this one before; the first answer is what scores.")
        case Unscored.REVEALED:
            notes.append(
                "You had seen the model answer, so this one does not score. Good practice."
            )
        case Unscored.WRAPPED:
            notes.append(
                "This question has been wrapped up, so this one does not score. Good practice."
            )
        case _:
            pass
    return notes


def _first_next_time(critique: Critique, asked: Question) -> KeyPoint | None:
    """Return the heaviest point that was not covered: the most a next answer can gain."""
    covered = {v.id for v in critique.points if v.state is PointState.COVERED}
    missed = [point for point in asked.rubric.points if point.id not in covered]
    if not missed or not covered:
        return None
    return max(missed, key=lambda point: point.weight)


def _footer(of: Result) -> str:
    parts = [graded_by(of.critique, of.provider)]
    if of.second is Standing.WAITING:
        parts.append(f"⏳ {of.provider} reads it too; this message will change")
    elif of.second is Standing.FAILED:
        parts.append(f"{of.provider} had no answer in time")
    elif of.second is Standing.SPENT:
        parts.append("today's second opinions are used up")
    if of.hints:
        parts.append(f"after {count(of.hints, 'hint')}")
    if of.capped:
        parts.append(f"no board points: {PRACTICE_A_DAY} practice answers a day count")
    streak = of.streak.streak
    if streak.current:
        counts = of.first_today and streak.scheduled_today
        today = " (today counts)" if counts else ""
        parts.append(f"🔥 {count(streak.current, 'day')}{today}")
    return escape(" · ".join(parts))


def graded_by(critique: Critique, provider: str) -> str:
    """Return who graded an answer, in words."""
    if critique.critic in BY_PEOPLE:
        return "graded by you" if critique.critic == "you" else "graded by a moderator"
    if "+" not in critique.critic:
        return "graded offline"
    both = f"graded offline and by {provider or 'a language model'}"
    return f"{both}, who disagree: low confidence" if LOW in critique.flags else both


def _not_an_attempt(of: Result) -> Card:
    serving_id = of.served.serving.id
    ends = midnight(of.streak.day_ends_at, of.streak.zone)
    body = (
        f"{escape(clip(of.question.prompt, 120))}\n\n"
        "There is nothing to grade in that yet, so it does not count and the question stays open. "
        f"One sentence of what you do know is a start; your day ends at {ends}."
    )
    return Card(
        "Not graded",
        body,
        rows=(
            (
                Button("Answer", pack("answer", serving_id), Style.PRIMARY),
                Button("Hint", pack("hint", serving_id)),
                Button("Model answer", pack("reveal", serving_id)),
            ),
        ),
        kind="result",
        reply=pack("submit", serving_id),
        again=pack("result", of.attempt.id),
    )
