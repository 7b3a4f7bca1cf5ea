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


Second = Annotated[
    str,
    Option(
        "Whether a language model may read your answers too",
        choices=(Choice("on", "on"), Choice("off", "off")),
    ),
]


@registry.command("settings", private=True)
async def settings(
    ctx: Ctx, zone: Zone = "", day_starts: DayStarts = "", board: Shown = "", second: Second = ""
) -> Response:
    """See or change your zone, the hour your day begins, and whether boards show you."""
    if second:
        await ctx.services.opinions.choose(ctx.actor, second)
    user = await ctx.services.accounts.change(
        ctx.actor, zone=zone, day_starts=day_starts, board=board
    )
    there = f"{ctx.services.clock.now().astimezone(ZoneInfo(user.zone)):%H:%M}"
    given = {"zone": zone, "day_starts": day_starts, "board": board, "second": second}
    changed = [name for name in given if given[name]]
    provider = ctx.services.opinions.provider
    return Reply(card(user, now_there=there, provider=provider, changed=changed))
