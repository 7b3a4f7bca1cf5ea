"""Schedules: what one would be, what it is, what became of it."""

from __future__ import annotations

from collections.abc import Iterator

from bot.cards.words import at, clock, count
from bot.chat.action import pack
from bot.chat.markup import code, escape
from bot.chat.view import Button, Card, Style
from bot.domain.cadence import EVERY_DAY
from bot.domain.when import describe, typed_days
from bot.services.subscriptions import Schedule
from bot.store.records import WRAP_AFTER_H


def preview(would_be: Schedule, *, group: bool, now_there: str) -> Card:
    """Return a schedule before it is saved, with its next dates.

    Args:
        would_be: The schedule.
        group: Whether it is a whole group's.
        now_there: What the clocks in its zone show now.
    """
    cadence = would_be.cadence
    around = "~" if cadence.around else ""
    who = "The group gets" if group else "You get"
    lines = [f"{who} a question {escape(describe(cadence))}, {escape(would_be.zone)} time."]
    lines.append(f"There it is {now_there} now. The next ones:\n{_dates(would_be)}")
    if would_be.zone_assumed:
        at_ = f"{around}{cadence.minute // 60:02d}:{cadence.minute % 60:02d}"
        on_ = "" if cadence.days == EVERY_DAY else f" {typed_days(cadence.days)}"
        example = code(f"/schedule set {at_} Berlin{on_}")
        lines.append(f"Another zone? Name a city: {example}")
    days = "".join(str(day) for day in sorted(cadence.days))
    wire = pack("sched", f"{around}{cadence.minute}", would_be.zone, days)
    buttons = (Button("Save", wire, Style.PRIMARY), Button("Leave it", pack("nosched")))
    return Card("Shall I save this schedule?", "\n\n".join(lines), rows=(buttons,), kind="schedule")


def saved(now: Schedule, *, group: bool, here: str = "") -> Card:
    """Return that a schedule runs; `here` is the channel or topic in which that is read."""
    return Card("Schedule saved", _what(now, group=group, here=here), kind="schedule")


def shown(now: Schedule | None, *, group: bool, here: str = "") -> Card:
    """Return a schedule, or how to set one; `here` is the channel in which that is read."""
    if now is None:
        who = "this group" if group else "you"
        return Card(
            "No schedule yet",
            escape(f"Set one for {who}: /schedule set 09:00 Berlin mon-fri"),
            kind="schedule",
        )
    return Card(
        "Schedule (paused)" if now.paused else "Schedule", _what(now, group=group, here=here)
    )


def paused() -> Card:
    """Return that a schedule is paused."""
    body = (
        "Nothing is sent here, and nothing of it can be missed. /schedule resume goes on. "
        "Questions of other chats still count."
    )
    return Card("Paused", body, kind="schedule")


def stopped() -> Card:
    """Return that a schedule has ended."""
    body = (
        "No more questions on schedule here. /practice always works; without any schedule a "
        "streak means an answer every day."
    )
    return Card("Schedule off", body)


def lost(title: str, advice: str = "") -> Card:
    """Return what whoever set a group's schedule reads when the group cannot be reached.

    Args:
        title: The group's name.
        advice: What is to be done; empty: we are to be let in again.
    """
    if advice:
        body = (
            f"I could not post the daily question of {escape(title or 'your group')}, so it waits. "
            f"{escape(advice)} Then use any command there, and it goes on. Nobody's streak is "
            "harmed."
        )
        return Card("A daily question waits", body, kind="note")
    body = (
        f"I can no longer write in {escape(title or 'your group')}, so its daily question waits. "
        "Nobody's streak is harmed. Let me in again, and it goes on by itself."
    )
    return Card("A daily question waits", body, kind="note")


def left() -> Card:
    """Return that nothing was saved."""
    return Card("Left as it was", "Nothing was saved.", kind="schedule")


def _what(now: Schedule, *, group: bool, here: str) -> str:
    who = "The group gets" if group else "You get"
    line = f"{who} a question {escape(describe(now.cadence))}, {escape(now.zone)} time."
    if group:
        line += "".join(_of_group(now, here))
    if now.paused:
        return f"{line}\n\nIt is paused: /schedule resume goes on."
    return f"{line}\n\nNext:\n{_dates(now)}"


def _of_group(now: Schedule, here: str) -> Iterator[str]:
    """Yield what differs from what a group would expect."""
    if now.thread != here:
        yield " It comes in another place of this group; /schedule place there changes that."
    if now.pings:
        yield " A role is called with it."
    if now.wrap_after_h != WRAP_AFTER_H:
        yield f" It is wrapped up after {count(now.wrap_after_h, 'hour')}, if not before."


def _dates(of: Schedule) -> str:
    lines, moved = [], False
    nominal = f"{of.cadence.minute // 60:02d}:{of.cadence.minute % 60:02d}"
    for due in of.upcoming:
        lines.append(f"- {escape(at(due.at, of.zone))}")
        moved = moved or (not of.cadence.around and clock(due.at, of.zone) != nominal)
    if moved:
        lines.append(escape(f"The clocks leave {nominal} out once; it comes right after."))
    return "\n".join(lines)
