"""A person's streak and figures."""

from __future__ import annotations

from bot.cards import streak as cards
from bot.chat.command import Registry
from bot.chat.view import Reply, Response
from bot.commands import Ctx

registry = Registry()


@registry.command("streak", private=True, by_link=True)
async def streak(ctx: Ctx) -> Response:
    """See your streak, your longest, and when your day ends."""
    return Reply(cards.streak(await ctx.services.streaks.of(ctx.actor)))


@registry.command("me", private=True, by_link=True)
async def me(ctx: Ctx) -> Response:
    """See your answers, points, streak and schedule on one page."""
    return Reply(cards.me(await ctx.services.streaks.figures(ctx.actor, ctx.chat)))
