"""Recorded answers."""

from __future__ import annotations

from bot.cards import opinions, voice
from bot.cards.result import result
from bot.chat.command import Registry
from bot.chat.context import Spoken
from bot.chat.view import Reply, Response
from bot.commands import Ctx
from bot.commands.practice import meant

registry = Registry()


@registry.voice
async def spoken(ctx: Ctx, said: Spoken) -> Response:
    """Write a recorded answer down, and show what was heard."""
    served = await meant(ctx)
    found = await ctx.services.transcripts.hear(
        ctx.actor, ctx.chat, served.serving.id, said, ctx.key, ctx.at
    )
    if found is None:
        return Reply(opinions.consent(ctx.services.opinions.provider, 0))
    return Reply(voice.heard(found))


@registry.action("heard", private=True, by_link=True)
async def heard(ctx: Ctx, transcript_id: int) -> Response:
    """Show what was heard once more."""
    return Reply(voice.heard(await ctx.services.transcripts.get(ctx.actor, transcript_id)))


@registry.action("grade", private=True)
async def grade(ctx: Ctx, transcript_id: int) -> Response:
    """Take what was heard as the answer."""
    found = await ctx.services.transcripts.get(ctx.actor, transcript_id)
    judged = await ctx.services.practice.submit(
        ctx.actor,
        ctx.chat,
        found.serving_id,
        found.text,
        f"voice:{found.id}",
        found.heard_at,
    )
    return Reply(result(judged))


@registry.action("correct", private=True)
async def correct(ctx: Ctx, transcript_id: int) -> Response:
    """Let what was heard be put right before it is graded."""
    return voice.correction(await ctx.services.transcripts.get(ctx.actor, transcript_id))
