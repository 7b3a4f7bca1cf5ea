"""For whoever runs the bot."""

from __future__ import annotations

from bot.cards import admin as cards
from bot.chat.command import Registry
from bot.chat.context import Role
from bot.chat.view import Reply, Response
from bot.commands import Ctx

registry = Registry()


@registry.command("admin status", role=Role.OPERATOR, private=True)
async def status(ctx: Ctx) -> Response:
    """See what is being sent, and how fast."""
    found = await ctx.services.broadcasts.status(ctx.actor)
    return Reply(cards.status(found, await ctx.services.opinions.usage(ctx.actor, ctx.chat)))
