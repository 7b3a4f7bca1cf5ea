"""Zones that are likely where a language is spoken, and the large cities of each region. Pure data.

A guess to spare typing, never more: whoever lives elsewhere picks a region or types a city.
"""

from __future__ import annotations

WORLD = (
    *("Europe/London", "Europe/Berlin", "America/New_York"),
    *("America/Los_Angeles", "Asia/Kolkata", "Asia/Singapore"),
)
"""Offered to whoever tells no language."""

LIKELY = {
    "ar": ("Africa/Cairo", "Asia/Riyadh", "Asia/Dubai", "Africa/Casablanca", "Asia/Amman"),
    "bg": ("Europe/Sofia",),
    "bn": ("Asia/Dhaka", "Asia/Kolkata"),
    "cs": ("Europe/Prague",),
    "da": ("Europe/Copenhagen",),
    "de": ("Europe/Berlin", "Europe/Vienna", "Europe/Zurich"),
    "el": ("Europe/Athens",),
    "en": WORLD,
    "en-gb": ("Europe/London", "Europe/Dublin"),
    "en-us": ("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"),
    "es": (
        *("Europe/Madrid", "America/Mexico_City", "America/Bogota"),
        *("America/Argentina/Buenos_Aires", "America/Lima", "America/Santiago"),
    ),
    "fa": ("Asia/Tehran",),
    "fi": ("Europe/Helsinki",),
    "fr": ("Europe/Paris", "America/Toronto", "Africa/Abidjan", "Africa/Casablanca"),
    "he": ("Asia/Jerusalem",),
    "hi": ("Asia/Kolkata",),
    "hu": ("Europe/Budapest",),
    "id": ("Asia/Jakarta", "Asia/Makassar"),
    "it": ("Europe/Rome",),
    "ja": ("Asia/Tokyo",),
    "ka": ("Asia/Tbilisi",),
    "kk": ("Asia/Almaty",),
    "ko": ("Asia/Seoul",),
    "nb": ("Europe/Oslo",),
    "nl": ("Europe/Amsterdam", "Europe/Brussels"),
    "no": ("Europe/Oslo",),
    "pl": ("Europe/Warsaw",),
    "pt": ("America/Sao_Paulo", "Europe/Lisbon", "America/Manaus", "Africa/Luanda"),
    "pt-br": ("America/Sao_Paulo", "America/Manaus", "America/Fortaleza"),
    "ro": ("Europe/Bucharest", "Europe/Chisinau"),
    "ru": ("Europe/Moscow", "Asia/Yekaterinburg", "Asia/Novosibirsk", "Asia/Almaty"),
    "sr": ("Europe/Belgrade",),
    "sv": ("Europe/Stockholm",),
    "th": ("Asia/Bangkok",),
    "tr": ("Europe/Istanbul",),
    "uk": ("Europe/Kyiv", "Europe/Warsaw"),
    "ur": ("Asia/Karachi",),
    "uz": ("Asia/Tashkent",),
    "vi": ("Asia/Ho_Chi_Minh",),
    "zh": ("Asia/Shanghai", "Asia/Taipei", "Asia/Hong_Kong", "Asia/Singapore"),
}
"""Zones by language; what is likeliest comes first."""

REGIONS = {
    "europe": (
        "Europe",
        *("Europe/London", "Europe/Lisbon", "Europe/Madrid", "Europe/Paris", "Europe/Berlin"),
        *("Europe/Rome", "Europe/Warsaw", "Europe/Athens", "Europe/Kyiv", "Europe/Istanbul"),
        "Europe/Moscow",
    ),
    "americas": (
        "Americas",
        *("America/Los_Angeles", "America/Denver", "America/Chicago", "America/New_York"),
        *("America/Toronto", "America/Mexico_City", "America/Bogota", "America/Lima"),
        *("America/Sao_Paulo", "America/Argentina/Buenos_Aires", "America/Santiago"),
    ),
    "asia": (
        "Asia",
        *("Asia/Dubai", "Asia/Tehran", "Asia/Karachi", "Asia/Kolkata", "Asia/Dhaka"),
        *("Asia/Almaty", "Asia/Jakarta", "Asia/Singapore", "Asia/Shanghai", "Asia/Seoul"),
        "Asia/Tokyo",
    ),
    "africa": (
        "Africa",
        *("Africa/Casablanca", "Africa/Accra", "Africa/Lagos", "Africa/Algiers"),
        *("Africa/Cairo", "Africa/Khartoum", "Africa/Johannesburg", "Africa/Nairobi"),
        "Africa/Addis_Ababa",
    ),
    "pacific": (
        "Pacific",
        *("Australia/Perth", "Australia/Brisbane", "Australia/Sydney", "Australia/Adelaide"),
        *("Pacific/Auckland", "Pacific/Fiji", "Pacific/Honolulu"),
    ),
}
"""Title and zones of each region, from west to east."""

MOST = 6
"""Zones that are offered at once."""


def likely(language: str, known: str = "") -> tuple[str, ...]:
    """Return up to six zones to offer.

    Args:
        language: Of the person's program, as "de" or "pt-br"; may be empty.
        known: A zone that is likelier than all others, that of their group for one.
    """
    code = language.casefold().replace("_", "-")
    found = LIKELY.get(code) or LIKELY.get(code.partition("-")[0]) or ()
    first = (known,) if known and known != "UTC" else ()
    return tuple(dict.fromkeys((*first, *found, *WORLD)))[:MOST]
