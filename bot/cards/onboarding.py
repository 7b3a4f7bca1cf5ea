"""The first minute: where, when, about what, and the first question at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.cards.words import at, clock, place
from bot.chat.action import pack
from bot.chat.markup import escape
from bot.chat.view import INVITE, Button, Card, Form, Input, Link, Style
from bot.domain.cadence import Cadence
from bot.domain.nearby import REGIONS
from bot.domain.when import describe
from bot.services.subscriptions import Schedule

HELLO = (
    "I ask Python backend interview questions. You answer in your own words and see at once what "
    "a senior interviewer would have heard, and missed."
)
HOURS = (7, 8, 9, 12, 18, 20)
"""Hours that are offered."""
NEVER = "no"
"""What stands in a button for no daily question."""
ANY = "any"
"""What stands in a button for all topics."""


def where(zones: Iterable[str], now: datetime) -> Card:
    """Return the first card: hello, and where the person is.

    Args:
        zones: The likeliest.
        now: The instant, to show what the clocks there say.
    """
    regions = [Button(title, pack("region", key)) for key, (title, *_) in REGIONS.items()]
    rows = [*_zones(zones, now), tuple(regions[:3]), tuple(regions[3:])]
    rows[-1] = (*rows[-1], Button("Type a city", pack("askcity")))
    body = f"{HELLO}\n\nWhere are you? Your days, and your streak, follow your own clock."
    return Card("Hello, I am Drillmate", body, rows=tuple(rows), kind="onboarding")


def region(key: str, now: datetime) -> Card:
    """Return the large cities of a region."""
    title, *zones = REGIONS[key]
    back = (Button("Back", pack("where")), Button("Type a city", pack("askcity")))
    rows = (*_zones(zones, now), back)
    body = "Pick a city whose clock you share."
    return Card(f"{title}: where are you?", body, rows=rows, kind="onboarding")


def ask_city() -> Form:
    """Return the form for a city."""
    about = "A large city on your clock, like Berlin or New York."
    return Form("Where are you?", pack("city"), (Input("zone", "Your city", about=about),))


def when(zone: str, now: datetime) -> Card:
    """Return the second card: at what time."""
    hours = [Button(f"{hour:02d}:00", pack("hour", f"~{hour * 60}")) for hour in HOURS]
    rows = (
        tuple(hours[:3]),
        tuple(hours[3:]),
        (Button("Another time", pack("asktime")), Button("No daily question", pack("hour", NEVER))),
    )
    title = f"{place(zone)}, where it is {clock(now, zone)} now"
    body = "When shall I ask you a question, every day around that time?"
    return Card(title, body, rows=rows, kind="onboarding")


def ask_time() -> Form:
    """Return the form for a time."""
    about = "As 9:30 or 7pm; ~9 means around nine."
    return Form("When?", pack("attime"), (Input("time", "Time of day", about=about),))


def topics(minute: str, found: Sequence[tuple[str, str]], chosen: str) -> Card:
    """Return the third card: about what.

    Args:
        minute: What the button of the time carried.
        found: Slug and title of each topic that has questions.
        chosen: The time, in words.
    """
    buttons = [Button(title, pack("about", minute, slug)) for slug, title in found]
    rows = [(Button("Everything", pack("about", minute, ANY), Style.PRIMARY),)]
    rows += [tuple(buttons[n : n + 2]) for n in range(0, len(buttons), 2)]  # type: ignore[misc]
    body = "About what? You can change all of this later, and /practice asks about anything."
    return Card(chosen, body, rows=tuple(rows), kind="onboarding")


def chosen_time(cadence: Cadence) -> str:
    """Return "A question every day around 09:00"."""
    return f"A question {describe(cadence)}"


def begins(saved: Schedule) -> str:
    """Return what stands before the first question, as markup."""
    first = at(saved.upcoming[0].at, saved.zone)
    line = f"Saved: a question {describe(saved.cadence)}, the first on {first}."
    return escape(f"{line} Here is one to begin with.")


def again(streak: str, schedule: Schedule | None, *, open_question: bool) -> Card:
    """Return hello to somebody who has been here.

    Args:
        streak: Their streak, in a line.
        schedule: Their own schedule, if they have one.
        open_question: Whether a question waits for them.
    """
    if schedule is None:
        line = "You have no daily question of your own."
    elif schedule.paused:
        line = "Your daily question is paused: /schedule resume goes on."
    else:
        next_one = at(schedule.upcoming[0].at, schedule.zone)
        line = f"A question {describe(schedule.cadence)}; the next on {next_one}."
    first = "Go on" if open_question else "Next question"
    daily = "Daily question" if schedule is None else "Another time"
    rows: tuple[tuple[Button | Link, ...], ...] = (
        (Button(first, pack("practice"), Style.PRIMARY), Button(daily, pack("when"))),
        (Link("Add me to a group", INVITE),),
    )
    body = escape(f"{streak}\n{line}")
    return Card("Good to see you", body, rows=rows, kind="onboarding")


def joined(title: str, schedule: Schedule | None) -> Card:
    """Return what happens in a group, to somebody who joins in, while no question is open."""
    what = (
        f"The group gets a question {describe(schedule.cadence)}, {place(schedule.zone)} time; "
        f"the next on {at(schedule.upcoming[0].at, schedule.zone)}."
        if schedule is not None and schedule.upcoming
        else "The group has no daily question yet; a moderator can start one."
    )
    body = (
        f"{what}\n\nReply to it there, or press Answer: what is said of your answer comes here, "
        "and only you see it. The board counts your points."
    )
    rows = ((Button("A question now", pack("practice"), Style.PRIMARY),),)
    return Card(f"You are in: {title}"[:45], escape(body), rows=rows, kind="onboarding")


def _zones(zones: Iterable[str], now: datetime) -> list[tuple[Button, ...]]:
    """Return a button a zone, two a row, with the time there."""
    buttons = [
        Button(f"{place(zone)} {now.astimezone(ZoneInfo(zone)):%H:%M}", pack("zone", zone))
        for zone in zones
    ]
    return [tuple(buttons[n : n + 2]) for n in range(0, len(buttons), 2)]
