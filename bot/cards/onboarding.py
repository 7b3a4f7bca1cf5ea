"""The first minute: where, when, about what, and the first question at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.cards.words import at, clip, clock, on, place
from bot.chat.action import pack
from bot.chat.markup import escape
from bot.chat.view import INVITE, Button, Card, Form, Input, Link, Style
from bot.domain.cadence import EVERY_DAY, Cadence
from bot.domain.nearby import REGIONS
from bot.domain.when import describe
from bot.services.subscriptions import Schedule

HELLO = (
    "I ask Python backend interview questions, and show you what your answer said and what it "
    "left out."
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
    body = f"{HELLO}\n\nWhere are you? Your questions come by your own clock."
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
    body = "When shall I ask? A question comes around that time."
    return Card(title, body, rows=rows, kind="onboarding")


def ask_time() -> Form:
    """Return the form for a time."""
    about = "Like 9:30 or 7pm; ~9 means around nine."
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
    body = "About what? Your first question comes right after. /start changes all of this later."
    return Card(chosen, body, rows=tuple(rows), kind="onboarding")


def chosen_time(cadence: Cadence) -> str:
    """Return "A question every day around 09:00"."""
    return f"A question {describe(cadence)}"


def begins(saved: Schedule, now: datetime, *, still_open: bool) -> str:
    """Return what stands before the first question, as markup.

    Args:
        saved: The schedule that begins.
        now: The instant, to tell today from tomorrow.
        still_open: Whether the question was open already.
    """
    first = saved.upcoming[0].at
    line = f"{_comes(saved)}, first {soon(first, saved.zone, now)}."
    return escape(f"{line} {_here(still_open=still_open)}")


def without(schedule: Schedule | None, *, still_open: bool) -> str:
    """Return what stands before a question where no daily one was wanted, as markup.

    Args:
        schedule: What runs all the same: a tap in passing ends nothing.
        still_open: Whether the question was open already.
    """
    line = "No daily question, then: /practice gets you one whenever you like."
    if schedule is not None:
        line = "Your daily question is paused, and stays so; /schedule off ends it."
    if schedule is not None and not schedule.paused:
        line = f"{_comes(schedule)}, as before; /schedule off ends it."
    return escape(f"{line} {_here(still_open=still_open)}")


def soon(instant: datetime, zone: str, now: datetime) -> str:
    """Return "today", "tomorrow" or "on Wed 25 Nov", by the zone's own calendar."""
    day = instant.astimezone(ZoneInfo(zone)).date()
    days = (day - now.astimezone(ZoneInfo(zone)).date()).days
    return {0: "today", 1: "tomorrow"}.get(days, f"on {on(day)}")


def _comes(schedule: Schedule) -> str:
    """Return "Your daily question comes around 09:00 Berlin time"."""
    when = describe(schedule.cadence).removeprefix("every day ")
    what = "daily question" if schedule.cadence.days == EVERY_DAY else "question"
    return f"Your {what} comes {when} {place(schedule.zone)} time"


def _here(*, still_open: bool) -> str:
    return "Here is the one still open." if still_open else "Here is one to begin with."


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
    what = of_group(schedule) or "The group has no daily question yet; a moderator can start one."
    body = (
        f"{what}\n\nReply to it there, or press Answer: what is said of your answer comes to you "
        "alone. The board counts your points."
    )
    rows = ((Button("A question now", pack("practice"), Style.PRIMARY),),)
    return Card(clip(f"You are in: {title}", 45), escape(body), rows=rows, kind="onboarding")


def joined_to(title: str, schedule: Schedule | None) -> str:
    """Return what stands before a group's open question for somebody who joins in, as markup."""
    lines = ["You are in.", of_group(schedule), "The board counts your points."]
    return escape(f"{' '.join(filter(None, lines))}\n\n{title or 'The group'} is asked:")


def of_group(schedule: Schedule | None) -> str:
    """Return a group's schedule in a line, plain; empty if it has none."""
    if schedule is None:
        return ""
    if schedule.paused:
        return "The group's daily question is paused."
    return (
        f"The group gets a question {describe(schedule.cadence)}, {place(schedule.zone)} time; "
        f"the next on {at(schedule.upcoming[0].at, schedule.zone)}."
    )


def _zones(zones: Iterable[str], now: datetime) -> list[tuple[Button, ...]]:
    """Return a button a zone, two a row, with the time there."""
    buttons = [
        Button(f"{place(zone)} {now.astimezone(ZoneInfo(zone)):%H:%M}", pack("zone", zone))
        for zone in zones
    ]
    return [tuple(buttons[n : n + 2]) for n in range(0, len(buttons), 2)]
