"""How errors read: what happened, whether anything was lost, what to do."""

from __future__ import annotations

from bot.chat.markup import escape
from bot.chat.view import Card
from bot.errors import UserError


def user_error(error: UserError) -> Card:
    """Return what a person reads when something they asked for cannot be done."""
    return Card(title=error.message, body=escape(error.hint), kind="error")


def edited_answer() -> Card:
    """Return what somebody reads who changes an answer after it was given."""
    body = "What you sent first is what counts, as in an interview. Your edit was not graded."
    return Card("Your answer stays as it was", escape(body), kind="note")


def only_words() -> Card:
    """Return what somebody reads who sends a picture, a voice or a sticker."""
    body = "Send it as text, please. Nothing of yours was lost."
    return Card("I can only read words so far", escape(body), kind="note")


def incident(ref: str) -> Card:
    """Return what a person reads when something broke that is not their doing."""
    body = "It was noted. If that was an answer, send it again: an answer counts only once."
    return Card(title=f"Something broke on our side (ref {ref}).", body=escape(body), kind="error")
