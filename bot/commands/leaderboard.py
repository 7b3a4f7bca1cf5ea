"""The group's board."""

from __future__ import annotations

from typing import Annotated

from bot.cards import leaderboard as cards
from bot.chat.command import Choice, Option, Registry
from bot.chat.view import Reply, Response
from bot.commands import Ctx
from bot.domain.leaderboard import WINDOWS

registry = Registry()

Window = Annotated[
    str, Option("Over which time", choices=tuple(Choice(name, name) for name in WINDOWS))
]


@registry.command("leaderboard")
async def leaderboard(ctx: Ctx, window: Window = "week") -> Response:
    """See the group's board: today, this week, this month, or all time."""
    return await _board(ctx, window, edit=False)


@registry.action("board")
async def switch(ctx: Ctx, window: str) -> Response:
    """Show another window of the board."""
    return await _board(ctx, window, edit=True)


async def _board(ctx: Ctx, window: str, *, edit: bool) -> Response:
    if not ctx.chat.is_group:
        standings = await ctx.services.leaderboards.standings(ctx.actor)
        return Reply(cards.standings(standings), edit=edit)
    board = await ctx.services.leaderboards.board(ctx.actor, ctx.chat, window)
    return Reply(cards.leaderboard(board, ctx.chat.title), edit=edit)
