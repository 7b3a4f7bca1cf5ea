"""The wrap-up of a group's question, and the share that people choose to have in it."""

from __future__ import annotations

from bot.cards.question import gist, heading
from bot.cards.words import clip, count
from bot.chat.action import pack
from bot.chat.markup import escape, prose
from bot.chat.view import Button, Card, Style
from bot.services.judging import Result
from bot.services.wrapups import Shared, WrapUp

SHOWN = 400
"""Characters of a shared answer that are shown."""


def wrap_up(of: WrapUp, titles: dict[str, str]) -> Card:
    """Return what a group reads when its question is wrapped up."""
    asked = of.served.question
    lines = [f"*{escape(asked.prompt)}*", f"{count(of.answered, 'person', 'people')} answered."]
    if of.missed:
        missed = "\n".join(
            f"- {prose(each.point.text)} ({each.people} of {of.answered})" for each in of.missed
        )
        lines.append(f"*Most often left out*\n{missed}")
    lines += [_quoted(each) for each in of.best]
    lines.append(f"*What a good answer says*\n{gist(asked)}")
    buttons = [Button("Practice", pack("practice"), Style.PRIMARY)]
    if asked.rubric.follow_ups:
        buttons.append(Button("Follow-up", pack("followup", of.served.serving.id)))
    if asked.rubric.code or asked.rubric.sources:
        buttons.append(Button("Code and sources", pack("reveal", of.served.serving.id)))
    return Card(
        f"Wrap-up: {heading(asked, titles)}",
        "\n\n".join(lines),
        rows=(tuple(buttons),),
        kind="wrap_up",
    )


def shared(of: Result) -> Card:
    """Return that an answer will be seen, and how to take that back."""
    body = (
        "When this question is wrapped up, the group may see your answer, with your name and its "
        "score: the best three that people share are shown."
    )
    back = Button("Keep it to myself", pack("unshare", of.attempt.id))
    return Card("Shared, from the wrap-up on", body, rows=((back,),), kind="note")


def unshared(of: Result) -> Card:
    """Return that an answer stays its writer's own."""
    again = Button("Share it", pack("share", of.attempt.id))
    body = "The group does not see your answer."
    return Card("Kept to yourself", body, rows=((again,),), kind="note")


def _quoted(of: Shared) -> str:
    return f"*{escape(of.name)}* ({of.score} / 100): {escape(clip(of.answer, SHOWN))}"
