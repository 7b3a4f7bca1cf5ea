"""Our limiter before each request of the library, which has no limit of its own for all of them.

The library keeps the limits of single routes, as Discord's answers tell them; the one for the whole
bot it learns from refusals only. aiohttp's tracing, which the library lets us bring, is told of
each request as it starts and as it ends, repeated ones too.
"""

from __future__ import annotations

from typing import Any

import aiohttp
import discord

from bot.pacing import Lane, Limiter, Pace, Paused, Ticket
from bot.pacing.lane import current

PATIENCE_S = {Lane.INTERACTIVE: 60.0, Lane.BULK: 20.0}
"""Seconds that a request waits out a pause; longer ones are told to whoever makes the request."""
BLOCKED_S = 60.0
"""Pause after a refusal that names no time: not Discord's, but of what stands before it."""

_UNCOUNTED = ("/interactions/", "/webhooks/")
"""Not counted towards the limit of the bot (Discord's documentation, "Rate Limits")."""


def new_limiter(per_second: int, name: str) -> Limiter:
    """Return a limiter for a bot that may make so many requests a second."""
    return Limiter(name, Pace(per_second))


def tracing(limiter: Limiter, api_base: str) -> aiohttp.TraceConfig:
    """Return what makes a session's requests to `api_base` wait for their turn.

    Its requests raise `discord.RateLimited` when the wait would be too long; nothing is sent then.
    """

    async def start(_: Any, context: Any, params: aiohttp.TraceRequestStartParams) -> None:
        context.ticket = None
        address = str(params.url)
        path = address.removeprefix(api_base)
        if path == address or path.startswith(_UNCOUNTED):
            return  # the gateway, a file, or what an interaction gave us the right to
        try:
            context.ticket = await limiter.enter("", PATIENCE_S[current()])
        except Paused as paused:
            raise discord.RateLimited(paused.wait_s) from None

    async def end(_: Any, context: Any, params: aiohttp.TraceRequestEndParams) -> None:
        ticket: Ticket | None = context.ticket
        if ticket is None:
            return
        if params.response.status == 429:
            headers = params.response.headers
            ours = "Via" in headers and headers.get("X-RateLimit-Scope") != "global"
            # That of one route is waited out by the library; the rest may go on.
            wait = _seconds(headers.get("Retry-After", ""))
            limiter.refused(ticket, 0.0 if ours else wait, wide=not ours)
        context.ticket = None
        limiter.leave(ticket)

    async def fail(_: Any, context: Any, _params: Any) -> None:
        ticket: Ticket | None = getattr(context, "ticket", None)
        if ticket is not None:
            context.ticket = None
            limiter.leave(ticket)

    trace = aiohttp.TraceConfig()
    trace.on_request_start.append(start)
    trace.on_request_end.append(end)
    trace.on_request_exception.append(fail)
    return trace


def _seconds(text: str) -> float:
    try:
        return max(0.0, float(text))
    except ValueError:
        return BLOCKED_S
