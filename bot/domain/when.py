"""Times, weekdays and zones as people type them, and a cadence as they read it.

Everything is understood in English and in digits. What cannot be understood, or means more than
one thing, raises `Invalid` with what to type instead; nothing a person types does more than that.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo, available_timezones

from rapidfuzz import fuzz, process

from bot.domain.cadence import EVERY_DAY, Cadence
from bot.domain.days import WEEKDAYS
from bot.errors import Invalid

_LONGEST = 64  # characters; the longest zone key has 32

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

_ZONE_HINT = "Type a large city on your clock, like Berlin or New York."
_OFFSET = re.compile(r"(?:utc|gmt)?\s*[+-]\s*\d{1,2}(?::?\d{2})?")
# What people type for an offset, and the places they most often mean by it.
_ABBREVIATIONS = {
    **dict.fromkeys(("cet", "cest", "met"), "Europe/Berlin Europe/Paris Europe/Warsaw"),
    **dict.fromkeys(("eet", "eest"), "Europe/Athens Europe/Kyiv Europe/Helsinki"),
    **dict.fromkeys(("wet", "west"), "Europe/Lisbon Atlantic/Canary"),
    **dict.fromkeys(("est", "edt", "et"), "America/New_York America/Toronto America/Panama"),
    **dict.fromkeys(("cdt", "ct"), "America/Chicago America/Winnipeg"),
    **dict.fromkeys(("mst", "mdt", "mt"), "America/Denver America/Phoenix America/Edmonton"),
    **dict.fromkeys(("pst", "pdt", "pt"), "America/Los_Angeles America/Vancouver"),
    **dict.fromkeys(("aest", "aedt"), "Australia/Sydney Australia/Brisbane"),
    **dict.fromkeys(("nzst", "nzdt"), "Pacific/Auckland"),
    **dict.fromkeys(("akst", "akdt"), "America/Anchorage"),
    "ast": "America/Halifax America/Puerto_Rico Asia/Riyadh",
    "bst": "Europe/London Asia/Dhaka",
    "cst": "America/Chicago Asia/Shanghai America/Mexico_City",
    "gmt": "Europe/London Africa/Accra",
    "gst": "Asia/Dubai",
    "hst": "Pacific/Honolulu",
    "ist": "Asia/Kolkata Europe/Dublin Asia/Jerusalem",
    "jst": "Asia/Tokyo",
    "kst": "Asia/Seoul",
    "msk": "Europe/Moscow",
    "pkt": "Asia/Karachi",
    "sast": "Africa/Johannesburg",
    "sgt": "Asia/Singapore",
    "brt": "America/Sao_Paulo",
    "wib": "Asia/Jakarta",
}
# Places that many people would type and that no zone is named after.
_CITIES = {
    "America/Chicago": "austin dallas houston texas",
    "America/Los_Angeles": "san_francisco seattle california silicon_valley san_diego",
    "America/New_York": "boston miami atlanta philadelphia nyc",
    "America/Sao_Paulo": "rio rio_de_janeiro",
    "America/Toronto": "ottawa",
    "Asia/Dubai": "abu_dhabi",
    "Asia/Ho_Chi_Minh": "hanoi",
    "Asia/Jerusalem": "tel_aviv",
    "Asia/Karachi": "islamabad lahore",
    "Asia/Kolkata": "bangalore bengaluru chennai delhi hyderabad mumbai new_delhi pune",
    "Asia/Seoul": "south_korea",
    "Asia/Shanghai": "beijing guangzhou shenzhen",
    "Asia/Tokyo": "osaka kyoto",
    "Africa/Johannesburg": "cape_town",
    "Europe/Berlin": "cologne frankfurt hamburg munich",
    "Europe/Istanbul": "ankara",
    "Europe/Kyiv": "kharkiv lviv odesa",
    "Europe/Lisbon": "porto",
    "Europe/London": "uk britain united_kingdom england scotland wales edinburgh manchester",
    "Europe/Madrid": "barcelona valencia",
    "Europe/Moscow": "saint_petersburg st_petersburg",
    "Europe/Paris": "lyon",
    "Europe/Rome": "milan",
    "Europe/Warsaw": "krakow wroclaw",
    "Europe/Zurich": "geneva",
}
# Countries whose zones the tz database lists in an order that hides the large ones, a country that
# shares its name with a state, and names that would first find a smaller place.
_WIDE = {
    "us usa united_states america": "America/New_York America/Chicago America/Los_Angeles",
    "canada": "America/Toronto America/Winnipeg America/Vancouver",
    "brazil": "America/Sao_Paulo America/Manaus America/Rio_Branco",
    "australia": "Australia/Sydney Australia/Brisbane Australia/Perth",
    "georgia": "Asia/Tbilisi America/New_York",
    "eastern": "America/New_York",
    "pacific": "America/Los_Angeles",
    "russia": "Europe/Moscow Asia/Yekaterinburg Asia/Novosibirsk",
}
_NEAR = 8
"""How much less alike than the best guess, of 100, another one may be to be named beside it."""
_RULES_OF = 2030
"""Year whose offsets decide whether two zones have one clock: far enough that announced changes
are in force."""


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
    match = _TIME.fullmatch(_plain(text, field, _TIME_HINT))
    if match is None:
        raise Invalid(f"{_said(text)} is not a time I can read.", _TIME_HINT, field=field)
    around = match["around"] is not None
    if match["word"]:
        return TimeOfDay(0 if match["word"] == "midnight" else 12 * 60, around)
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    if match["half"]:
        if not 1 <= hour <= 12:
            hint = "With am or pm the hour is 1 to 12; 21:00 and 9 pm are the same."
            raise Invalid(f"{_said(text)} is not on a clock.", hint, field=field)
        hour = hour % 12 + (12 if match["half"] == "p" else 0)
    if hour > 23 or minute > 59:
        hint = "Times run from 00:00, which is midnight, to 23:59."
        raise Invalid(f"{_said(text)} is not on a clock.", hint, field=field)
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
    plain = _plain(text, "days", _DAYS_HINT)
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


def parse_zone(text: str) -> str:
    """Return the key of the zone that `text` names: by key, city, or country with one clock.

    Old names become today's ("Asia/Calcutta", "US/Pacific"), but a place keeps its own zone even
    if that is only another's alias now (Europe/Oslo).

    Raises:
        Invalid: No zone or more than one has that name, or it names an offset and not a place.
    """
    plain = _zone_name(text)
    if plain in _ABBREVIATIONS or _OFFSET.fullmatch(plain):
        places = _ABBREVIATIONS.get(plain, "").split()
        raise Invalid(
            f"{_said(text)} does not say whose clock it is, so daylight saving would go wrong.",
            f"Type a place instead: {_either(places)}." if places else _ZONE_HINT,
            field="zone",
        )
    names = _zones_by_name()
    keys = names.get(plain, ())
    place, comma, region = plain.partition(",")
    if not keys and comma:
        inside = names.get(region.strip(), ())
        keys = tuple(key for key in names.get(place.strip(), ()) if key in inside)
    if len(keys) > 1:
        keys = _one_per_clock(keys)
    if len(keys) == 1:
        return keys[0]
    if keys:
        message = f"{_said(text)} has more than one clock."
        raise Invalid(message, f"Type the one you follow, like {_either(keys[:3])}.", field="zone")
    nearest = _nearest_zones(place.strip())
    hint = f"Did you mean {_either(nearest)}? {_ZONE_HINT}" if nearest else _ZONE_HINT
    raise Invalid(f"I know no time zone called {_said(text)}.", hint, field="zone")


def describe(cadence: Cadence) -> str:
    """Return a cadence as people read it: "every day at 09:00", "Mon-Fri around 09:00"."""
    hour, minute = divmod(cadence.minute, 60)
    at = "around" if cadence.around else "at"
    return f"{_days_as_text(cadence.days)} {at} {hour:02}:{minute:02}"


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
    raise Invalid(f"{_said(token or text)} is not a day I know.", hint, field="days")


def _plain(text: str, field: str, hint: str) -> str:
    """Return `text` in one form to compare: small letters, no accents, single spaces.

    Raises:
        Invalid: It is empty, too long to mean anything, or holds what is no text.
    """
    if len(text) > _LONGEST:
        raise Invalid("That is too long for me to read.", hint, field=field)
    seen = _visible(text)
    if any(unicodedata.category(one) in {"Cc", "Cs", "Co", "Cn"} for one in seen):
        raise Invalid("That holds characters I cannot read.", hint, field=field)
    letters = unicodedata.normalize("NFKD", seen.replace("_", " "))
    plain = "".join(one for one in letters if not unicodedata.combining(one)).casefold()
    plain = " ".join(re.sub("[\u2010-\u2015\u2212]", "-", plain).replace("’", "'").split())
    if not plain:
        raise Invalid("There is nothing to read.", hint, field=field)
    return plain


def _said(text: str) -> str:
    """Return the person's own words in quotes, in one line and not too many of them."""
    line = " ".join(_visible(text).split())
    return f'"{line}"' if len(line) <= 32 else f'"{line[:31]}…"'


def _visible(text: str) -> str:
    """Return `text` without format characters, which come along unseen when people paste."""
    return "".join(one for one in text.strip() if unicodedata.category(one) != "Cf")


def _either(names: Iterable[str]) -> str:
    """Return names as a choice: "a, b or c"."""
    *rest, last = names
    return f"{', '.join(rest)} or {last}" if rest else last


@cache
def _zones_by_name() -> dict[str, tuple[str, ...]]:
    """Return, for each plain name of a key, city or country, the zones it may mean.

    Which keys are places and which are old names is read from the pinned tzdata package: its
    zone.tab lists the places of each country, its tzdata.zi the links between names.
    """
    tables = resources.files("tzdata.zoneinfo")
    known = available_timezones()
    names: dict[str, dict[str, None]] = {}

    def add(name: str, key: str) -> None:
        key = "UTC" if key == "Etc/UTC" else key
        if key in known:
            names.setdefault(_zone_name(name), {})[key] = None

    rows = _rows(tables.joinpath("zone.tab").read_text("utf-8"), "\t")
    places = {row[2]: row[0] for row in rows}
    links = {
        row[2]: row[1]
        for row in _rows(tables.joinpath("tzdata.zi").read_text("utf-8"), " ")
        if row[0] == "L"
    }
    for wide, keys in _WIDE.items():
        for name in wide.split():
            for key in keys.split():
                add(name, key)
    country = dict(_rows(tables.joinpath("iso3166.tab").read_text("utf-8"), "\t"))
    for key, code in places.items():
        add(country[code], key)
    for old in sorted(known - {"Factory", "localtime"}):
        key = old if old in places else links.get(old, old)
        add(old, key)
        if "/" in old and not old.startswith("Etc/"):
            add(old.rpartition("/")[2], key)
    for key, cities in _CITIES.items():
        for city in cities.split():
            add(city, key)
    add("z", "UTC")
    return {name: tuple(keys) for name, keys in names.items()}


def _zone_name(text: str) -> str:
    """Return the form in which names of zones and places are compared ("st petersburg")."""
    return _plain(text, "zone", _ZONE_HINT).replace(".", "")


def _rows(table: str, separator: str) -> list[list[str]]:
    """Return the fields of each line of a tz database table that is no comment."""
    return [row.split(separator) for row in table.splitlines() if row and row[0] != "#"]


def _one_per_clock(keys: Iterable[str]) -> tuple[str, ...]:
    """Return the first of the keys whose clocks agree all through `_RULES_OF`."""
    noons = [
        datetime(_RULES_OF, month, day, 12, tzinfo=UTC)
        for month in range(1, 13)
        for day in range(1, 29, 3)
    ]
    clocks: dict[tuple[timedelta | None, ...], str] = {}
    for key in keys:
        zone = ZoneInfo(key)
        clocks.setdefault(tuple(noon.astimezone(zone).utcoffset() for noon in noons), key)
    return tuple(clocks.values())


def _nearest_zones(plain: str) -> list[str]:
    """Return up to three zones whose names are nearest to what was typed."""
    if len(plain) < 3:
        return []
    # Names of two or three letters are part of everything.
    names = {name: keys for name, keys in _zones_by_name().items() if len(name) > 3}
    near = process.extract(plain, names.keys(), scorer=fuzz.WRatio, score_cutoff=78, limit=9)
    good = [names[name][0] for name, score, _ in near if score > near[0][1] - _NEAR]
    return list(dict.fromkeys(good))[:3]
