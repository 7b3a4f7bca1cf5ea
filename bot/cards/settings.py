"""Settings."""

from __future__ import annotations

from bot.chat.markup import escape
from bot.chat.view import Card
from bot.store.records import User


def settings(user: User, *, now_there: str, changed: bool) -> Card:
    """Return a person's settings; `now_there` is what their clocks show."""
    hour = "midnight" if not user.day_starts_at else f"{user.day_starts_at:02d}:00"
    fields = (
        ("Zone", escape(f"{user.zone}, where it is {now_there} now")),
        ("Your day begins at", hour),
        ("Boards", "you are hidden" if user.hidden else "you are shown"),
    )
    ways = "/settings zone=Berlin, /settings day_starts=4, /settings board=hide"
    title = "Settings saved" if changed else "Settings"
    return Card(title, f"To change one: {escape(ways)}", fields=fields, kind="settings")
