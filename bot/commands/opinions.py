"""Second opinions: consent, and what they take."""

from __future__ import annotations

from bot.cards import opinions as cards
from bot.cards import voice
from bot.cards.result import result
from bot.chat.command import Registry
from bot.chat.view import Reply, Response
from bot.commands import Ctx

registry = Registry()


@registry.command("usage", private=True)
async def usage(ctx: Ctx) -> Response:
    """See what second opinions on your answers took today."""
    return Reply(cards.usage(await ctx.services.opinions.usage(ctx.actor, ctx.chat)))


@registry.action("second", private=True, by_link=True)
async def second(ctx: Ctx, attempt_id: int) -> Response:
    """Ask whether answers may go to the provider."""
    of = await ctx.services.practice.result(ctx.actor, attempt_id)
    if not of.provider:
        return Reply(result(of))
    return Reply(cards.consent(of.provider, attempt_id))


@registry.action("agree", private=True)
async def agree(ctx: Ctx, attempt_id: int) -> Response:
    """Let answers go there from now on, this one first."""
    await ctx.services.opinions.agree(ctx.actor, attempt_id)
    if not attempt_id:  # they were asked because of a recording
        return Reply(voice.agreed(), edit=True)
    return Reply(result(await ctx.services.practice.result(ctx.actor, attempt_id)), edit=True)


@registry.action("decline", private=True)
async def decline(ctx: Ctx, attempt_id: int) -> Response:
    """Keep answers here."""
    await ctx.services.opinions.decline(ctx.actor)
    if not attempt_id:
        return Reply(voice.typed(), edit=True)
    return Reply(result(await ctx.services.practice.result(ctx.actor, attempt_id)), edit=True)
