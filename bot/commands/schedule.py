"""Schedules, of a person and of a group."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from bot.cards import schedule as cards
from bot.chat.command import Option, Pick, Registry
from bot.chat.context import Role
from bot.chat.view import Reply, Response
from bot.commands import Ctx
from bot.domain.cadence import Cadence
from bot.errors import Conflict
from bot.services.subscriptions import Schedule

registry = Registry()

Time = Annotated[str, Option("When, as 09:00 or 9am; ~9 means around nine")]
Zone = Annotated[str, Option("A city or zone, as Berlin or America/New_York")]
Channel = Annotated[str, Option("Where they are to come; else here", pick=Pick.CHANNEL)]
Called = Annotated[str, Option("Who is called; else nobody", pick=Pick.ROLE)]
Hours = Annotated[int, Option("1 to 168; the next question wraps up the one before anyway")]
Days = Annotated[str, Option("daily, weekdays, mon-fri, or tue,thu", rest=True)]


@registry.command("schedule set")
async def set_schedule(ctx: Ctx, time: Time, zone: Zone = "", days: Days = "") -> Response:
    """Get a question on schedule; in a group moderators set it for all."""
    would_be = await ctx.services.subscriptions.preview(ctx.actor, ctx.chat, time, zone, days)
    there = f"{_now(ctx).astimezone(ZoneInfo(would_be.zone)):%H:%M}"
    return Reply(cards.preview(would_be, group=ctx.chat.is_group, now_there=there))


@registry.action("sched")
async def save(ctx: Ctx, minute: str, zone: str, days: str) -> Response:
    """Save the schedule that the button carries."""
    around = minute.startswith("~")
    try:
        cadence = Cadence(int(minute.lstrip("~")), frozenset(map(int, days)), around)
    except ValueError:  # a button that nobody was shown
        raise Conflict("That button cannot be read.", "/schedule set starts again.") from None
    saved = await ctx.services.subscriptions.save(ctx.actor, ctx.chat, cadence, zone)
    return Reply(cards.saved(saved, group=ctx.chat.is_group, here=ctx.chat.ref.thread))


@registry.action("nosched")
async def leave(ctx: Ctx) -> Response:
    """Save nothing."""
    return Reply(cards.left())


@registry.command("schedule show")
async def show(ctx: Ctx) -> Response:
    """See the schedule of this chat and its next dates."""
    found = await ctx.services.subscriptions.show(ctx.chat)
    return Reply(cards.shown(found, group=ctx.chat.is_group, here=ctx.chat.ref.thread))


@registry.command("schedule pause")
async def pause(ctx: Ctx) -> Response:
    """Send nothing for a while; paused days cannot be missed."""
    await ctx.services.subscriptions.pause(ctx.actor, ctx.chat)
    return Reply(cards.paused())


@registry.command("schedule resume")
async def resume(ctx: Ctx) -> Response:
    """Go on after a pause."""
    resumed = await ctx.services.subscriptions.resume(ctx.actor, ctx.chat)
    return Reply(cards.saved(resumed, group=ctx.chat.is_group, here=ctx.chat.ref.thread))


@registry.command("schedule place", role=Role.MODERATOR)
async def place(ctx: Ctx, channel: Channel = "") -> Response:
    """Have a group's questions come here, or to a channel you pick."""
    thread = channel or ctx.chat.ref.thread
    return _changed(ctx, await ctx.services.subscriptions.move(ctx.actor, ctx.chat, thread))


@registry.command("schedule ping", role=Role.MODERATOR)
async def ping(ctx: Ctx, role: Called = "") -> Response:
    """Call a role with each of a group's questions; leave it out to call nobody."""
    return _changed(ctx, await ctx.services.subscriptions.call(ctx.actor, ctx.chat, role))


@registry.command("schedule wrap", role=Role.MODERATOR)
async def wrap(ctx: Ctx, hours: Hours) -> Response:
    """Say after how many hours a group's question is wrapped up."""
    return _changed(ctx, await ctx.services.subscriptions.wrap_after(ctx.actor, ctx.chat, hours))


@registry.command("schedule off")
async def off(ctx: Ctx) -> Response:
    """End the schedule of this chat."""
    await ctx.services.subscriptions.stop(ctx.actor, ctx.chat)
    return Reply(cards.stopped())


def _changed(ctx: Ctx, changed: Schedule) -> Response:
    return Reply(cards.saved(changed, group=True, here=ctx.chat.ref.thread))


def _now(ctx: Ctx) -> datetime:
    return ctx.services.clock.now()
