"""Schedules: setting, showing, pausing and ending them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeGuard
from zoneinfo import ZoneInfo

from bot.chat.context import Actor, Chat, Role
from bot.clock import Clock
from bot.domain.cadence import Cadence, Due, upcoming
from bot.domain.when import parse_days, parse_time, sort_out
from bot.domain.zones import parse_zone
from bot.errors import Conflict, Invalid, NotAllowed, NotFound
from bot.services.dues import next_of, shift_of
from bot.services.plans import people_of, replan
from bot.store.records import WRAP_AFTER_H, Subscription
from bot.store.uow import Database, UnitOfWork

SHOWN = 3
"""Next dates that are shown before a schedule is saved."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """A schedule as it is, or as it would be.

    Attributes:
        upcoming: The next dates; empty while paused.
        thread: Channel or topic of a group in which the questions come.
        pings: Whether a role is called with each.
        wrap_after_h: Hours after which each is wrapped up, if the next does not come first.
        zone_assumed: Whether nobody chose the zone yet.
    """

    cadence: Cadence
    zone: str
    upcoming: tuple[Due, ...]
    paused: bool = False
    topic: str | None = None
    zone_assumed: bool = False
    thread: str = ""
    pings: bool = False
    wrap_after_h: int = WRAP_AFTER_H


class SubscriptionBook:
    """Who wants questions when."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def preview(self, actor: Actor, chat: Chat, time: str, zone: str, days: str) -> Schedule:
        """Return what a schedule would be, without saving it.

        Args:
            actor: Who asks; in a group a moderator.
            chat: Where the questions would come.
            time: "09:00", "9am", "~9".
            zone: A zone or city; may be left out, and `days` given in its place.
            days: "daily", "mon-fri"; empty: as it was, or every day.

        Raises:
            NotAllowed: Not a moderator of this group.
            Invalid: A value cannot be understood.
        """
        _check_allowed(actor, chat)
        time, zone, days = sort_out(time, zone, days)
        at = parse_time(time)
        async with self._database.read() as unit:
            current = await unit.subscriptions.of_chat(chat.id)
            user = await unit.users.get(actor.user_id)
            stored = await unit.chats.get(chat.id)
        if zone:
            key = parse_zone(zone)
        elif current and not current.ended:
            key = current.zone
        else:
            key = stored.zone if chat.is_group else user.zone
        assumed = not zone and current is None and (chat.is_group or not user.zone_chosen)
        running = current is not None and not current.ended
        kept = current.cadence.days if current and running and not days else None
        weekdays = kept or parse_days(days or "daily")
        cadence = Cadence(at.minute, weekdays, at.around)
        last = current.last_day if current else None
        dues = self._upcoming(cadence, key, chat.id, last)
        return Schedule(cadence, key, dues, zone_assumed=assumed)

    async def save(
        self, actor: Actor, chat: Chat, cadence: Cadence, zone: str, *, topic: str | None = None
    ) -> Schedule:
        """Save a schedule; the first question comes at its next time.

        Args:
            actor: Who asks; in a group a moderator.
            chat: Where the questions are to come.
            cadence: When.
            zone: On which clock.
            topic: About what; empty for everything, None for what it was.

        Raises:
            NotAllowed: Not a moderator of this group.
            Invalid: No such zone.
        """
        _check_allowed(actor, chat)
        zone = parse_zone(zone)
        now = self._clock.now()
        async with self._database.write() as unit:
            before = await unit.subscriptions.of_chat(chat.id)
            saved = await unit.subscriptions.save(
                chat.id,
                None if chat.is_group else actor.user_id,
                cadence,
                zone,
                topic=topic or None if topic is not None else before.topic if before else None,
                difficulty=before.difficulty if before else None,
                created_by=actor.user_id,
                now=now,
                thread=before.thread if _is_placed(before) else chat.ref.thread,
            )
            if chat.is_group:
                await unit.chats.set_zone(chat.id, zone)
                await unit.users.adopt_zone(await unit.chats.member_ids(chat.id), zone)
            elif not (await unit.users.get(actor.user_id)).zone_chosen:
                await unit.users.change(actor.user_id, zone=zone)
            await self._restart(unit, saved, now)
            await unit.audit.add(
                now,
                actor.user_id,
                chat.id,
                "schedule set",
                f"chat:{chat.id}",
                before=_as_json(before),
                after=_as_json(saved),
            )
            await unit.commit()
        return self._shown(saved)

    async def show(self, chat: Chat) -> Schedule | None:
        """Return a chat's schedule, if it has one."""
        async with self._database.read() as unit:
            current = await unit.subscriptions.of_chat(chat.id)
        if current is None or current.ended:
            return None
        return self._shown(current)

    async def move(self, actor: Actor, chat: Chat, thread: str) -> Schedule:
        """Have a group's questions come to a channel or topic.

        Raises:
            NotAllowed: Not a moderator of this group.
            Conflict: It is no group.
            NotFound: There is no schedule.
        """
        return await self._change(actor, chat, "place", thread=thread)

    async def call(self, actor: Actor, chat: Chat, role: str) -> Schedule:
        """Call a role with each of a group's questions; empty: nobody.

        Raises:
            NotAllowed: Not a moderator of this group.
            Conflict: It is no group.
            NotFound: There is no schedule.
        """
        return await self._change(actor, chat, "ping", ping=role)

    async def wrap_after(self, actor: Actor, chat: Chat, hours: int) -> Schedule:
        """Wrap a group's questions up after so many hours, unless the next one comes first.

        Raises:
            NotAllowed: Not a moderator of this group.
            Conflict: It is no group.
            NotFound: There is no schedule.
            Invalid: Not an hour to a week.
        """
        if not 1 <= hours <= WRAP_AFTER_H:
            raise Invalid(
                f"hours is 1 to {WRAP_AFTER_H}.",
                f"{WRAP_AFTER_H} is a week; the next question wraps up the one before anyway.",
                field="hours",
            )
        return await self._change(actor, chat, "wrap", wrap_after_h=hours)

    async def _change(self, actor: Actor, chat: Chat, what: str, **values: str | int) -> Schedule:
        if not chat.is_group:
            raise Conflict(
                "That is for a group's question.", "Yours comes to our direct chat, to you alone."
            )
        now = self._clock.now()
        async with self._database.write() as unit:
            current = await _current(unit, actor, chat)
            await unit.subscriptions.change(current.id, **values)
            verb, subject = f"schedule {what}", f"chat:{chat.id}"
            await unit.audit.add(now, actor.user_id, chat.id, verb, subject, after=dict(values))
            await unit.commit()
        changed = await self.show(chat)
        assert changed is not None
        return changed

    async def pause(self, actor: Actor, chat: Chat) -> None:
        """Send nothing until it is resumed; the days in between cannot be missed.

        Raises:
            NotAllowed: Not a moderator of this group.
            NotFound: There is no schedule.
        """
        now = self._clock.now()
        async with self._database.write() as unit:
            current = await _current(unit, actor, chat)
            await unit.subscriptions.pause(current.id, now)
            await unit.subscriptions.schedule(current.id, None, None)
            await self._replan(unit, current, now)
            await _note(unit, actor, chat, "schedule pause", now)
            await unit.commit()

    async def resume(self, actor: Actor, chat: Chat) -> Schedule:
        """Go on after a pause.

        Raises:
            NotAllowed: Not a moderator of this group.
            NotFound: There is no schedule.
        """
        now = self._clock.now()
        async with self._database.write() as unit:
            current = await _current(unit, actor, chat)
            if current.paused:
                await unit.subscriptions.pause(current.id, None)
                await self._restart(unit, current, now)
                await _note(unit, actor, chat, "schedule resume", now)
                await unit.commit()
        resumed = await self.show(chat)
        assert resumed is not None
        return resumed

    async def stop(self, actor: Actor, chat: Chat) -> None:
        """End a schedule; setting it again brings it back.

        Raises:
            NotAllowed: Not a moderator of this group.
            NotFound: There is no schedule.
        """
        now = self._clock.now()
        async with self._database.write() as unit:
            current = await _current(unit, actor, chat)
            await unit.subscriptions.end(current.id, now)
            await self._replan(unit, current, now)
            await _note(unit, actor, chat, "schedule off", now)
            await unit.commit()

    async def _restart(self, unit: UnitOfWork, each: Subscription, now: datetime) -> None:
        due = next_of(each, now)
        await unit.subscriptions.schedule(each.id, due.at, due.day)
        await self._replan(unit, each, now, due.at)

    async def _replan(
        self,
        unit: UnitOfWork,
        each: Subscription,
        now: datetime,
        next_due_at: datetime | None = None,
    ) -> None:
        for user_id in await people_of(unit, each):
            await replan(unit, user_id, now, next_due_at=next_due_at)

    def _shown(self, each: Subscription) -> Schedule:
        dues = self._upcoming(each.cadence, each.zone, each.chat_id, each.last_day)
        return Schedule(
            each.cadence,
            each.zone,
            () if each.paused else dues,
            each.paused,
            each.topic,
            thread=each.thread,
            pings=bool(each.ping),
            wrap_after_h=each.wrap_after_h,
        )

    def _upcoming(
        self, cadence: Cadence, zone: str, chat_id: int, last_day: date | None
    ) -> tuple[Due, ...]:
        return tuple(
            upcoming(
                cadence,
                ZoneInfo(zone),
                self._clock.now(),
                SHOWN,
                last_day=last_day,
                shift_min=shift_of(chat_id),
            )
        )


def _is_placed(before: Subscription | None) -> TypeGuard[Subscription]:
    """Return whether a group's questions have a place already; `/schedule place` changes it."""
    return before is not None and before.user_id is None and not before.ended


def _check_allowed(actor: Actor, chat: Chat) -> None:
    if chat.is_group and actor.role < Role.MODERATOR:
        raise NotAllowed(
            "Only a moderator can change this group's schedule.",
            "Ask one of them; your own daily question is set in your direct chat with the bot.",
        )


async def _current(unit: UnitOfWork, actor: Actor, chat: Chat) -> Subscription:
    _check_allowed(actor, chat)
    current = await unit.subscriptions.of_chat(chat.id)
    if current is None or current.ended:
        raise NotFound("There is no schedule here yet.", "Set one: /schedule set 09:00")
    return current


async def _note(unit: UnitOfWork, actor: Actor, chat: Chat, verb: str, now: datetime) -> None:
    await unit.audit.add(now, actor.user_id, chat.id, verb, f"chat:{chat.id}")


def _as_json(each: Subscription | None) -> dict[str, object] | None:
    if each is None:
        return None
    return {
        "minute": each.cadence.minute,
        "days": sorted(each.cadence.days),
        "around": each.cadence.around,
        "zone": each.zone,
        "ended": each.ended,
    }
