"""A person's settings."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import ZoneInfo

from bot.cards.settings import settings as card
from bot.chat.command import Choice, Option, Registry
from bot.chat.view import Reply, Response
from bot.commands import Ctx

registry = Registry()

Zone = Annotated[str, Option("Your city or zone, as Berlin")]
DayStarts = Annotated[str, Option("Hour at which your day begins, for night owls: 0 to 23")]
Shown = Annotated[
    str,
    Option("Whether boards show you", choices=(Choice("show", "show"), Choice("hide", "hide"))),
]


@registry.command("settings", private=True)
async def settings(
    ctx: Ctx, zone: Zone = "", day_starts: DayStarts = "", board: Shown = ""
) -> Response:
    """See or change your zone, the hour your day begins, and whether boards show you."""
    user = await ctx.services.accounts.change(
        ctx.actor, zone=zone, day_starts=day_starts, board=board
    )
    there = f"{ctx.services.clock.now().astimezone(ZoneInfo(user.zone)):%H:%M}"
    given = {"zone": zone, "day_starts": day_starts, "board": board}
    return Reply(card(user, now_there=there, changed=[name for name in given if given[name]]))
