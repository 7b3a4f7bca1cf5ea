"""Help and the first minute."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.cards.onboarding import of_group
from bot.cards.words import place
from bot.chat.action import pack
from bot.chat.command import Command
from bot.chat.context import Role
from bot.chat.markup import escape
from bot.chat.view import Button, Card, Style
from bot.services.subscriptions import Schedule

ORDER = (
    *("practice", "answer", "hint", "skip", "reveal", "schedule", "streak", "me", "leaderboard"),
    *("settings", "usage", "report", "suggest", "question", "reports", "start", "help", "admin"),
)
"""Families of commands as a newcomer needs them; others come after these."""


def ordered(commands: Iterable[Command]) -> list[Command]:
    """Return commands in the order in which people read them."""

    def place(command: Command) -> int:
        family = command.name.partition(" ")[0]
        return ORDER.index(family) if family in ORDER else len(ORDER)

    return sorted(commands, key=place)


def help_card(commands: Iterable[Command], may: Callable[[Role], bool]) -> Card:
    """Return what can be asked for, on one screen."""
    lines = [
        f"*{escape(command.usage)}* {escape(command.about)}"
        for command in ordered(commands)
        if may(command.role)
    ]
    body = "Type a reply to a question to answer it.\n\n" + "\n".join(lines)
    return Card("What I can do", body, kind="help")


def welcome(*, moderator: bool, schedule: Schedule | None = None, zone: str = "") -> Card:
    """Return the first words to a group, or to somebody in it who asks.

    Args:
        moderator: Whether they can start the daily question.
        schedule: The group's.
        zone: Where they are, if only they read it.
    """
    city = place(zone) if zone not in ("", "UTC") else "Berlin"
    if schedule is not None:
        second = of_group(schedule)
    elif moderator:
        how = f"/schedule set 09:00 {city} mon-fri"
        second = f"Moderators start the daily question, with their own hour and city: {how}"
    else:
        second = "A moderator can start a daily question for this group with /schedule set."
    body = (
        "I ask Python backend interview questions. You answer in your own words, and only you see "
        f"what is said of it; the board is for all.\n\n{escape(second)}"
    )
    buttons = (Button("Join in", pack("join"), Style.PRIMARY), Button("Try one", pack("practice")))
    return Card("Hello, I am Drillmate", body, rows=(buttons,), kind="welcome")
