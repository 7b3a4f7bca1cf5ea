"""A question, its hints, and its model answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.cards.words import count
from bot.chat.action import pack
from bot.chat.markup import block, escape, prose
from bot.chat.view import Button, Card, Link, Style
from bot.domain.question import DIFFICULTIES, FollowUp, Question
from bot.services.practice import Hint
from bot.services.views import ServingView

HOW = "Reply to this message with your answer, or press Answer."
"""How a question is answered."""
HOW_ELSE = "Press Answer and write it in your own words."
"""The same, where a message takes no reply."""
DISCUSS = "discuss"
"""Action that leads to the place where a question is discussed."""


def question(
    served: ServingView,
    titles: Mapping[str, str],
    *,
    late: bool = False,
    again: bool = False,
    note: str = "",
    ping: str = "",
) -> Card:
    """Return the card that asks.

    Args:
        served: The question as served.
        titles: Titles of topics by slug.
        late: Say that it comes later than asked for.
        again: Say that it was open already.
        note: Something to say before it.
        ping: Role that is called.
    """
    asked = served.question
    lines = [note] if note else []
    if late:
        lines.append("Later than you asked for: we were away.")
    if again:
        lines.append("Still open. /skip lets it pass.")
    lines.append(f"*{escape(asked.prompt)}*")
    if served.serving.wrapped_at is not None:
        return replace(_wrapped(served, titles, lines), ping=ping)
    how = HOW
    if served.group:
        how += " Only you see what is said of it."
    lines.append(how)
    fields: tuple[tuple[str, str], ...] = ()
    if served.group:
        answered = served.serving.answers
        fields = (("So far", f"{count(answered, 'answer')}" if answered else "no answers yet"),)
    return Card(
        title=heading(asked, titles),
        body="\n\n".join(lines),
        fields=fields,
        rows=(
            (
                Button("Answer", pack("answer", served.serving.id), Style.PRIMARY),
                Button("Hint", pack("hint", served.serving.id)),
                Button("Skip", pack("skip", served.serving.id)),
            ),
        ),
        kind="question",
        reply=pack("submit", served.serving.id),
        discuss=pack(DISCUSS, served.serving.id) if served.group else "",
        ping=ping,
    )


def _wrapped(served: ServingView, titles: Mapping[str, str], lines: list[str]) -> Card:
    """Return a group's question that scores no more."""
    serving_id = served.serving.id
    lines.append("An answer still gets its critique; it no longer scores.")
    answered = served.serving.answers
    buttons = (
        Button("Model answer", pack("reveal", serving_id), Style.PRIMARY),
        Button("Answer", pack("answer", serving_id)),
    )
    return Card(
        heading(served.question, titles),
        "\n\n".join(lines),
        fields=(("Wrapped up", count(answered, "answer") if answered else "no answers"),),
        rows=(buttons,),
        kind="wrapped",
        reply=pack("submit", serving_id),
        discuss=pack(DISCUSS, serving_id),
    )


def unanswerable_by_reply(card: Card) -> Card:
    """Return a question's card for where messages take no reply: the button is the way."""
    return replace(card, body=card.body.replace(HOW, HOW_ELSE), reply="")


def discussion(address: str) -> Card:
    """Return where a question is discussed."""
    body = "Talk it over there. Some have not answered yet: leave them their try."
    return Card("Discussion", body, rows=((Link("Open the discussion", address),),), kind="note")


def reply_of(action: str) -> str:
    """Return the action that takes a reply to the card with a button of that action.

    Empty if the card takes none.
    """
    name, _, serving_id = action.partition(":")
    return pack("submit", serving_id) if name == "answer" and serving_id.isdecimal() else ""


def heading(asked: Question, titles: Mapping[str, str]) -> str:
    """Return "Core Python · easy"."""
    return f"{titles.get(asked.topic, asked.topic)} · {DIFFICULTIES[asked.difficulty]}"


def hint(given: Hint) -> Card:
    """Return one step of the ladder."""
    serving_id = given.served.serving.id
    buttons = [Button("Answer", pack("answer", serving_id), Style.PRIMARY)]
    if given.number < given.count:
        buttons.append(Button("Next hint", pack("hint", serving_id)))
    return Card(
        f"💡 Hint {given.number} of {given.count}",
        prose(given.text),
        rows=(tuple(buttons),),
        kind="hint",
        reply=pack("submit", serving_id),
        again=pack("hinted", serving_id, given.number),
    )


def skipped(served: ServingView) -> Card:
    """Return what is said when a question is let pass."""
    body = f"{escape(served.question.prompt)}\n\nIt costs nothing, and you can still answer it."
    more = Button("Another", pack("practice"), Style.PRIMARY)
    back = Button("Answer it after all", pack("answer", served.serving.id))
    reply = pack("submit", served.serving.id)
    return Card("Skipped", body, rows=((more, back),), kind="note", reply=reply)


def ask_reveal(served: ServingView) -> Card:
    """Return the warning before a model answer is shown to somebody who has not answered."""
    serving_id = served.serving.id
    return Card(
        "See the model answer first?",
        f"{escape(served.question.prompt)}\n\nThen this question no longer scores for you.",
        rows=(
            (
                Button("Show it", pack("show", serving_id), Style.DANGER),
                Button("Hint instead", pack("hint", serving_id)),
                Button("Answer", pack("answer", serving_id), Style.PRIMARY),
            ),
        ),
        kind="note",
        reply=pack("submit", serving_id),
    )


def model_answer(served: ServingView) -> Card:
    """Return the model answer, with its code and where to read on."""
    rubric = served.question.rubric
    lines = [f"*{escape(served.question.prompt)}*"]
    if not rubric.model_answer:
        lines.append("What a good answer says:")
    lines.append(gist(served.question))
    lines += [f"{prose(each.about)}\n{block(each.source, each.language)}" for each in rubric.code]
    if rubric.versions:
        lines.append(escape(f"True for {', '.join(rubric.versions)}."))
    rows: list[tuple[Button | Link, ...]] = [
        (Link(source.title, source.url),) for source in rubric.sources
    ]
    if rubric.follow_ups:
        rows.insert(0, (Button("Follow-up", pack("followup", served.serving.id)),))
    reply = pack("submit", served.serving.id)
    body = "\n\n".join(lines)
    return Card("Model answer", body, rows=tuple(rows), kind="model_answer", reply=reply)


def gist(asked: Question) -> str:
    """Return a question's model answer without its code, or else its key points, as markup."""
    rubric = asked.rubric
    if rubric.model_answer:
        return prose(rubric.model_answer)
    return "\n".join(f"- {prose(point.text)}" for point in rubric.points)


def follow_ups(chosen: Sequence[tuple[FollowUp, str]]) -> Card:
    """Return what an interviewer would ask next.

    Args:
        chosen: The follow-ups in their order, each with the point that was missed and leads to it.
    """
    lines, buttons = [], []
    for number, (follow, missed) in enumerate(chosen, start=1):
        if missed:
            lines.append(f"You did not say: {prose(missed)} So they would ask:")
        lines.append(f"{number}. *{escape(follow.prompt)}*")
        if follow.question:
            wire = pack("ask", follow.question)
            buttons.append(Button(f"Answer {number}", wire, Style.PRIMARY))
        elif follow.listen_for:
            said = " ".join(follow.listen_for)
            lines.append(f"Say it aloud, then look: ||{escape(said)}||")
    return Card(
        "An interviewer would go on with",
        "\n".join(lines),
        rows=(tuple(buttons),) if buttons else (),
        kind="note",
    )
