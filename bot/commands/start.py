"""The first words, and help."""

from __future__ import annotations

from bot.cards.help import help_card, welcome
from bot.chat.command import Registry
from bot.chat.context import Role
from bot.chat.view import Reply, Response
from bot.commands import Ctx
from bot.commands import registry as everything

registry = Registry()


@registry.command("start", private=True)
async def start(ctx: Ctx) -> Response:
    """Say hello and get going."""
    moderator = ctx.actor.role >= Role.MODERATOR
    return Reply(welcome(group=ctx.chat.is_group, moderator=moderator))


@registry.command("help", private=True)
async def help_(ctx: Ctx) -> Response:
    """See what I can do."""
    return Reply(help_card(everything().commands.values(), ctx.actor.role))
