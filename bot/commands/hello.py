"""What is said to a group that lets us in."""

from __future__ import annotations

from bot.cards.help import welcome
from bot.chat.command import Registry
from bot.chat.view import Reply, Response
from bot.commands import Ctx

registry = Registry()


@registry.action("hello")
async def hello(ctx: Ctx) -> Response:
    """Introduce ourselves to all, with the one command that moderators need."""
    return Reply(welcome(group=True, moderator=True))
