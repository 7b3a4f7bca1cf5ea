"""How instants are written and typed: "Fri 27 Mar 2026 09:00 UTC", "+1d", "2026-03-27T09:00"."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from bot.errors import Invalid

_UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
_STEP = re.compile(r"([+-])((?:\d{1,6}[wdhms])+)")
_EXAMPLES = "Try !clock +1d, !clock +2h30m, !clock -1w or !clock 2026-03-27T09:00 (UTC)."


def stamp(instant: datetime) -> str:
    """Return `instant` as people read it, in UTC."""
    at = instant.astimezone(UTC)
    return f"{at:%a} {at.day} {at:%b %Y %H:%M} UTC"


def target(typed: str, now: datetime) -> datetime:
    """Return the instant that `typed` means: a step from `now`, or a date with or without a time.

    Raises:
        Invalid: It is neither, or lies outside the calendar.
    """
    text = "".join(typed.split()) if typed[:1] in ("+", "-") else typed.strip()
    try:
        if step := _STEP.fullmatch(text.lower()):
            amounts = re.findall(r"(\d+)([wdhms])", step[2])
            by = sum((timedelta(**{_UNITS[u]: int(n)}) for n, u in amounts), timedelta())
            return now + by if step[1] == "+" else now - by
        instant = datetime.fromisoformat(text)
        # A naive one is meant in UTC, like every instant the console prints.
        return instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise Invalid(f'"{typed[:40]}" is not a time that the clock can show.', _EXAMPLES) from None
