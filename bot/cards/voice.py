"""What was heard in a recorded answer."""

from __future__ import annotations

from bot.cards.words import clip
from bot.chat.action import pack
from bot.chat.markup import escape
from bot.chat.view import MAX_VALUE, Button, Card, Form, Input, Style
from bot.services.practice import MAX_ANSWER
from bot.store.records import Transcript

SHOWN = 1500
"""Characters of it that are shown; all of it is graded."""


def heard(of: Transcript) -> Card:
    """Return what was heard, before it is graded."""
    return Card(
        "This is what I heard",
        f'"{escape(clip(of.text, SHOWN))}"\n\nIs that what you said? Names and code are easily '
        "misheard; a reply with the right words does, too.",
        rows=(
            (
                Button("Grade it", pack("grade", of.id), Style.PRIMARY),
                Button("Correct it", pack("correct", of.id)),
            ),
        ),
        kind="note",
        reply=pack("submit", of.serving_id),
        again=pack("heard", of.id),
    )


def correction(of: Transcript) -> Form:
    """Return a form with what was heard, to be put right."""
    value = of.text[:MAX_VALUE]
    inputs = (
        Input("text", "In your own words", multiline=True, max_length=MAX_ANSWER, value=value),
    )
    return Form("Your answer", pack("submit", of.serving_id), inputs)


def agreed() -> Card:
    """Return what follows when somebody has agreed to be listened to."""
    return Card("Thank you", "Send your recording again, and I write it down.", kind="note")


def typed() -> Card:
    """Return what follows when somebody has not."""
    return Card("Nothing was sent", "Type your answer, then it is graded offline.", kind="note")
