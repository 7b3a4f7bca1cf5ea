"""Zones as people type them: keys, cities, countries with one clock.

What cannot be understood, or means more than one clock, raises `Invalid` with what to type
instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo, available_timezones

from rapidfuzz import fuzz, process

from bot.domain.typed import either, folded, said
from bot.errors import Invalid

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
            f"{said(text)} does not say whose clock it is, so daylight saving would go wrong.",
            f"Type a place instead: {either(places)}." if places else _ZONE_HINT,
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
        message = f"{said(text)} has more than one clock."
        raise Invalid(message, f"Type the one you follow, like {either(keys[:3])}.", field="zone")
    nearest = _nearest_zones(place.strip())
    hint = f"Did you mean {either(nearest)}? {_ZONE_HINT}" if nearest else _ZONE_HINT
    raise Invalid(f"I know no time zone called {said(text)}.", hint, field="zone")


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
    return folded(text, "zone", _ZONE_HINT).replace(".", "")


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
