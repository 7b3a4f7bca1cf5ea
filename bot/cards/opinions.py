"""Asking whether answers may go to a provider, and what that takes."""

from __future__ import annotations

from bot.cards.words import count
from bot.chat.action import pack
from bot.chat.markup import escape
from bot.chat.view import Button, Card, Style
from bot.services.opinions import Usage

A_CRITIQUE = 1500
"""Tokens that a second opinion takes, more or less; only to say a budget in critiques."""


def consent(provider: str, attempt_id: int) -> Card:
    """Return what a person agrees to, before anything of theirs goes anywhere."""
    name = escape(provider)
    if not attempt_id:
        return _to_listen(provider, name)
    body = (
        f"Your critique is there already, graded offline. {name} can read your answers too and see "
        "what the offline critic does not.\n\n"
        f"What goes to {name}: the question, what a good answer says, and your answer. Not your "
        "name, not the group, nothing else.\n\n"
        "This holds for all your answers from now on; /settings second=off ends it."
    )
    return Card(
        f"May {provider} read your answers?",
        body,
        rows=(
            (
                Button("Yes, ask them too", pack("agree", attempt_id), Style.PRIMARY),
                Button("No, stay offline", pack("decline", attempt_id)),
            ),
        ),
        kind="note",
    )


def _to_listen(provider: str, name: str) -> Card:
    body = (
        f"To write down what you said, {name} has to hear it. You see what was heard before it is "
        f"graded, and {name} may read your typed answers too, for a second opinion.\n\n"
        "Your name and the group do not go there. /settings second=off ends it."
    )
    yes = Button("Yes, let them", pack("agree", 0), Style.PRIMARY)
    rows = ((yes, Button("No, I type", pack("decline", 0))),)
    return Card(f"May {provider} listen?", body, rows=rows, kind="note")


def usage(of: Usage) -> Card:
    """Return what second opinions took today, as a person reads it."""
    if not of.provider:
        return Card(
            "Second opinions",
            "Every answer here is graded offline; nothing of yours is sent to anybody.",
            kind="note",
        )
    name = escape(of.provider)
    if not of.agreed:
        body = (
            f"{name} reads none of your answers. /settings second=on lets them; your critique then "
            "changes a few seconds after you answered."
        )
        return Card("Second opinions", body, kind="note")
    fields = (
        ("You, today", _left(*of.mine)),
        ("This chat, today", _left(*of.chat)),
        ("Everybody, today", _left(*of.bot)),
    )
    body = f"{name} reads your answers too. The day ends at midnight UTC."
    return Card("Second opinions", body, fields, kind="note")


def _left(spent: int, most: int) -> str:
    left = max(0, most - spent) // A_CRITIQUE
    share = f"{spent:,} of {most:,} tokens"
    if not left:
        return f"{share}: used up, answers are graded offline"
    return f"{share}: about {count(left, 'more critique')}"
