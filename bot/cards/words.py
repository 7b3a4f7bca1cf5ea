"""Wordings that several cards share: counts, dates, differences."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.domain.days import WEEKDAYS
from bot.domain.leaderboard import MONTHS


def count(number: int, one: str, many: str = "") -> str:
    """Return "1 day", "2 days"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def on(day: date) -> str:
    """Return "Mon 23 Nov"."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1][:3]}"


def at(instant: datetime, zone: str) -> str:
    """Return "Mon 23 Nov, 09:00 CET"."""
    local = instant.astimezone(ZoneInfo(zone))
    return f"{on(local.date())}, {local:%H:%M} {name_of(local, zone)}"


def midnight(instant: datetime, zone: str) -> str:
    """Return "midnight", or "04:00" for who begins the day at another hour."""
    shown = clock(instant, zone)
    return "midnight" if shown == "00:00" else shown


def clock(instant: datetime, zone: str) -> str:
    """Return "09:00"."""
    return f"{instant.astimezone(ZoneInfo(zone)):%H:%M}"


def name_of(local: datetime, zone: str) -> str:
    """Return "CET", or "UTC+05:45" where the zone has no letters for it."""
    name = local.tzname() or ""
    if name.isalpha():
        return name
    offset = local.strftime("%z")
    return f"UTC{offset[:3]}:{offset[3:5]}"


def place(zone: str) -> str:
    """Return "Berlin" for "Europe/Berlin"."""
    return zone.rpartition("/")[2].replace("_", " ")


def clip(text: str, length: int) -> str:
    """Return `text`, cut at a word's end if it is longer."""
    if len(text) <= length:
        return text
    cut = text[: length - 1]
    head = cut.rpartition(" ")[0] if " " in cut[length // 2 :] else cut
    return f"{head.rstrip(' ,.;:')}…"
