"""A verdict that somebody finds unfair."""

from __future__ import annotations

from bot.cards import appeals as cards
from bot.cards.result import result
from bot.chat.command import Registry
from bot.chat.view import Reply, Response
from bot.commands import Ctx

registry = Registry()


@registry.action("unfair", private=True)
async def unfair(ctx: Ctx, attempt_id: int) -> Response:
    """Let the writer decide, if they are alone; in a group ask what moderators should know."""
    if ctx.chat.is_group:
        await ctx.services.practice.result(ctx.actor, attempt_id)
        return cards.form(attempt_id)
    return Reply(cards.regrade(await ctx.services.appeals.regrade(ctx.actor, ctx.chat, attempt_id)))


@registry.action("appealed", private=True)
async def appealed(ctx: Ctx, attempt_id: int, reason: str = "") -> Response:
    """Take the form: moderators look at it."""
    placed = await ctx.services.appeals.appeal(ctx.actor, ctx.chat, attempt_id, reason)
    return Reply(cards.thanks(placed=placed))


@registry.action("regrade", private=True)
async def regrade(ctx: Ctx, attempt_id: int, digits: str = "") -> Response:
    """Show a verdict to tap through, one tap further."""
    found = await ctx.services.appeals.regrade(ctx.actor, ctx.chat, attempt_id, digits)
    return Reply(cards.regrade(found), edit=bool(digits))


@registry.action("decide", private=True)
async def decide(ctx: Ctx, attempt_id: int, digits: str) -> Response:
    """Keep a verdict."""
    found = await ctx.services.appeals.decide(ctx.actor, ctx.chat, attempt_id, digits)
    if not found.mine:
        return Reply(cards.decided(found), edit=True)
    return Reply(result(await ctx.services.practice.result(ctx.actor, attempt_id)), edit=True)
