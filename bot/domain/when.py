"""Times and weekdays as people type them, and a cadence as they read it.

Everything is understood in English and in digits. What cannot be understood, or means more than
one thing, raises `Invalid` with what to type instead; nothing a person types does more than that.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from bot.domain.cadence import EVERY_DAY, Cadence
from bot.domain.days import WEEKDAYS
from bot.domain.typed import folded, said
from bot.domain.zones import parse_zone
from bot.errors import Invalid

_AROUND = r"~+|≈|(?:around|about|approximately|approx|circa|ca)\b\.?"
_TIME = re.compile(
    rf"(?:at\s+)?(?P<around>{_AROUND})?\s*(?:(?P<word>noon|midday|midnight)|"
    r"(?P<hour>\d{1,2})(?:[:.h ]?(?P<minute>\d{2}))?\s*(?:h|o'?clock)?\s*"
    r"(?:(?P<half>[ap])\.?\s?(?:m\.?)?)?)"
)
_TIME_HINT = "Type it like 09:00, 9:30 pm or noon. ~09:00 means around nine."
_DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY_SETS = {
    **dict.fromkeys(("daily", "everyday", "day", "days", "all", "always"), EVERY_DAY),
    **dict.fromkeys(("weekday", "weekdays"), frozenset(range(5))),
    **dict.fromkeys(("weekend", "weekends"), frozenset({5, 6})),
}
_DAYS_HINT = "Type daily, weekdays, weekends, Mon-Fri or Mon,Wed,Fri."


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """A wall-clock time: minute of the day, and whether it was meant roughly."""

    minute: int
    around: bool = False


def parse_time(text: str) -> TimeOfDay:
    """Return the time that `text` names: "9", "9:30 pm", "0930", "noon", "~09:00", "around 9".

    Raises:
        Invalid: It is no time of day.
    """
    return _time(text, "time")


def _time(text: str, field: str) -> TimeOfDay:
    """Return the time that `text` names, for the value called `field`."""
    match = _TIME.fullmatch(folded(text, field, _TIME_HINT))
    if match is None:
        raise Invalid(f"{said(text)} is not a time I can read.", _TIME_HINT, field=field)
    around = match["around"] is not None
    if match["word"]:
        return TimeOfDay(0 if match["word"] == "midnight" else 12 * 60, around)
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    if match["half"]:
        if not 1 <= hour <= 12:
            hint = "With am or pm the hour is 1 to 12; 21:00 and 9 pm are the same."
            raise Invalid(f"{said(text)} is not on a clock.", hint, field=field)
        hour = hour % 12 + (12 if match["half"] == "p" else 0)
    if hour > 23 or minute > 59:
        hint = "Times run from 00:00, which is midnight, to 23:59."
        raise Invalid(f"{said(text)} is not on a clock.", hint, field=field)
    return TimeOfDay(hour * 60 + minute, around)


def parse_hour(text: str) -> int:
    """Return the hour, 0..23, at which a person's day starts: "4", "4 am", "04:00", "midnight".

    Raises:
        Invalid: It is no full hour.
    """
    at = _time(text, "day_starts_at")
    if at.around or at.minute % 60:
        hint = "Type it like 4 am or 04:00. Midnight is 0."
        raise Invalid("A day starts at a full hour.", hint, field="day_starts_at")
    return at.minute // 60


def parse_days(text: str) -> frozenset[int]:
    """Return the weekdays, 0 is Monday, that `text` names: "daily", "Mon-Fri", "sat sun".

    A range may go over the weekend ("fri-mon").

    Raises:
        Invalid: It names no day, or something that is none.
    """
    plain = folded(text, "days", _DAYS_HINT)
    plain = re.sub(r"\b(?:working|work|business|week)\s*days?\b", "weekdays", plain)
    plain = re.sub(r"\b(?:every|each|all|on|and)\s+(?=\S)", "", plain)
    plain = re.sub(r"\s*(?:-+|\.\.+|\b(?:to|through|thru|till|until)\b)\s*", "-", plain)
    days: set[int] = set()
    for token in re.split(r"[\s,;/&+]+", plain.strip(" ,;.")):
        ends = token.split("-")
        if len(ends) == 2:
            first, last = (_weekday(end, text) for end in ends)
            days.update((first + step) % 7 for step in range((last - first) % 7 + 1))
        elif token in _DAY_SETS:
            days |= _DAY_SETS[token]
        else:
            days.add(_weekday(token, text))
    return frozenset(days)


def describe(cadence: Cadence) -> str:
    """Return a cadence as people read it: "every day at 09:00", "Mon-Fri around 09:00"."""
    hour, minute = divmod(cadence.minute, 60)
    at = "around" if cadence.around else "at"
    return f"{_days_as_text(cadence.days)} {at} {hour:02}:{minute:02}"


def typed_days(days: frozenset[int]) -> str:
    """Return weekdays as they can be typed: "mon-fri", "tue,thu"."""
    return _days_as_text(days).casefold().replace(", ", ",").replace("every day", "daily")


def _days_as_text(days: frozenset[int]) -> str:
    """Return weekdays in words; three or more in a row become a range, also over the weekend."""
    if days == EVERY_DAY:
        return "every day"
    parts: list[tuple[int, str]] = []
    for first in days:
        if (first - 1) % 7 in days:
            continue
        run = [first]
        while (run[-1] + 1) % 7 in days:
            run.append((run[-1] + 1) % 7)
        if len(run) > 2:
            parts.append((first, f"{WEEKDAYS[run[0]]}-{WEEKDAYS[run[-1]]}"))
        else:
            parts += [(day, WEEKDAYS[day]) for day in run]
    return ", ".join(name for _, name in sorted(parts))


def _weekday(token: str, text: str) -> int:
    """Return the weekday that `token` begins the name of, at least two letters of it."""
    token = token.rstrip(".")
    for stem in (token, token.removesuffix("s")):
        for day, name in enumerate(_DAY_NAMES):
            if len(stem) >= 2 and name.startswith(stem):
                return day
    near = process.extractOne(token, _DAY_NAMES, scorer=fuzz.ratio, score_cutoff=60)
    hint = f"Did you mean {WEEKDAYS[near[2]]}? {_DAYS_HINT}" if near else _DAYS_HINT
    raise Invalid(f"{said(token or text)} is not a day I know.", hint, field="days")


def sort_out(time: str, zone: str, days: str) -> tuple[str, str, str]:
    """Return time, zone and days where spaces have parted them otherwise than they were meant.

    "9:30 pm", "New York mon-fri", and days in the place of the zone.
    """
    if zone.casefold() in ("am", "pm"):
        time, (zone, _, days) = f"{time} {zone}", days.partition(" ")
    words = [zone, *days.split()] if zone else []
    for count in range(1, min(len(words), 4) + 1):
        name = " ".join(words[:count])
        with suppress(Invalid):
            parse_zone(name)
            return time, name, " ".join(words[count:])
    with suppress(Invalid):
        parse_days(" ".join(words))
        return time, "", " ".join(words)
    return time, zone, days
