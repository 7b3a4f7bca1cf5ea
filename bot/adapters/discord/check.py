"""Whether Discord knows our token, in a sentence, for `drillmate doctor`."""

from __future__ import annotations

import aiohttp
import discord

from bot.settings import DiscordSettings


async def check(settings: DiscordSettings) -> tuple[bool, str]:
    """Return whether the bot can be served, and what to know about it."""
    discord.http.Route.BASE = settings.api_base
    client = discord.Client(intents=discord.Intents.none())
    try:
        async with client:
            await client.login(settings.token.get_secret_value())
            application = await client.application_info()
            name = client.user.name if client.user is not None else application.name
    except discord.LoginFailure:
        return False, "the token is refused; copy DRILLMATE_DISCORD__TOKEN anew from the Bot page"
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        return False, f"{settings.api_base} does not answer ({type(error).__name__})"
    whose = "anybody may add it" if application.bot_public else "only its owner may add it"
    shards = "; as many connections as Discord recommends" if settings.sharded else ""
    return True, f"{name}, no privileged intents needed; {whose}{shards}"
