"""Settings."""

from __future__ import annotations

from collections.abc import Collection

from bot.chat.markup import escape
from bot.chat.view import Card
from bot.store.records import User


def settings(
    user: User, *, now_there: str, provider: str = "", changed: Collection[str] = ()
) -> Card:
    """Return a person's settings, or only what has changed of them.

    Args:
        user: The person.
        now_there: What their clocks show.
        provider: Who gives second opinions; empty: nobody.
        changed: Which of zone, day_starts, board and second they have just set.
    """
    hour = "midnight" if not user.day_starts_at else f"{user.day_starts_at:02d}:00"
    fields = {
        "zone": ("Zone", escape(f"{user.zone}, where it is {now_there} now")),
        "day_starts": ("Your day begins at", hour),
        "board": ("Boards", "you are hidden" if user.hidden else "you are shown"),
    }
    ways = ["/settings zone=Berlin", "/settings day_starts=4", "/settings board=hide"]
    if provider:
        agreed = user.consent == provider
        name = escape(provider)
        reads = f"{name} reads your answers too" if agreed else f"{name} reads none of your answers"
        fields["second"] = ("Second opinion", reads)
        ways.append(f"/settings second={'off' if agreed else 'on'}")
    if changed:
        body = "\n".join(
            f"{name}: {value}" for key, (name, value) in fields.items() if key in changed
        )
        return Card("Settings saved", body, kind="settings")
    body = f"To change one: {escape(', '.join(ways))}"
    return Card("Settings", body, fields=tuple(fields.values()), kind="settings")
