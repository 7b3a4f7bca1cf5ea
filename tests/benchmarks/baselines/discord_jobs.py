"""A question a day with discord.py: an APScheduler job each, limits left to the library.

"paced" has aiolimiter before the questions; what people are answered is not held up by it.
"""

from __future__ import annotations

from datetime import UTC
from typing import Any, Self

import discord
import yarl
from aiolimiter import AsyncLimiter
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from discord import app_commands, ui

from tests.benchmarks.baselines.wish import HEAD, HINT, PROMPT, say, settings, wish

GIVEN = settings()
TEXT = f"**{HEAD}**\n\n{PROMPT}"


class Key(ui.DynamicItem[ui.Button[Any]], template=r"drill:(?P<label>\w+)"):
    """A button that works after a restart too."""

    def __init__(self, label: str) -> None:
        super().__init__(ui.Button(label=label, custom_id=f"drill:{label}"))

    @classmethod
    async def from_custom_id(cls, _interaction: Any, _item: Any, match: Any, /) -> Self:
        """Make it from what was pressed."""
        return cls(match["label"])

    async def callback(self, interaction: discord.Interaction) -> None:
        """Give a hint."""
        await interaction.response.send_message(HINT, view=keys(), ephemeral=True)


def keys() -> ui.View:
    """Return the buttons below a question."""
    view = ui.View(timeout=None)
    for label in ("Answer", "Hint", "Skip"):
        view.add_item(Key(label))
    return view


class DrillClient(discord.Client):
    """The bot."""

    def __init__(self) -> None:
        intents = discord.Intents.none()
        intents.guilds = intents.dm_messages = True
        super().__init__(intents=intents, chunk_guilds_at_startup=False, max_messages=None)
        self.tree = app_commands.CommandTree(self)
        self.scheduler = AsyncIOScheduler(timezone=UTC)
        self.limiter = AsyncLimiter(GIVEN.allowed, 1) if GIVEN.scheduler == "paced" else None

    async def setup_hook(self) -> None:
        """Publish the commands and begin to wait for the wish."""
        self.add_dynamic_items(Key)
        await self.tree.sync()
        self.scheduler.start()

    async def on_ready(self) -> None:
        """Serve."""
        say("ready")
        wanted = await wish()
        local = wanted.at.astimezone(UTC)
        for place in wanted.places:
            self.scheduler.add_job(
                self.ask,
                "cron",
                (place,),
                hour=local.hour,
                minute=local.minute,
                second=local.second,
                id=str(place),
                **GIVEN.job,
            )
        say("registered")

    async def ask(self, place: int) -> None:
        """Send a guild's daily question."""
        channel = self.get_channel(place)
        assert isinstance(channel, discord.TextChannel)
        if self.limiter is not None:
            await self.limiter.acquire()
        await channel.send(TEXT, view=keys())

    async def on_message(self, message: discord.Message) -> None:
        """Answer what somebody writes."""
        if message.guild is None and not message.author.bot:
            await message.channel.send("No streak yet. The first answer begins one.")


class ShardedClient(DrillClient, discord.AutoShardedClient):
    """The same over several connections."""


def main() -> None:
    """Run the bot."""
    discord.http.Route.BASE = GIVEN.base
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(GIVEN.gateway)
    client = ShardedClient() if GIVEN.sharded else DrillClient()

    @client.tree.command()
    async def practice(interaction: discord.Interaction) -> None:
        """Ask a question at once."""
        text = f"{TEXT}\nPress Answer and write it in your own words."
        await interaction.response.send_message(text, view=keys(), ephemeral=True)

    client.run(GIVEN.token, log_handler=None)


if __name__ == "__main__":
    main()
