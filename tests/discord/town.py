"""A small bot on the real library, in a guild with people."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import aiohttp
import discord
from discord import app_commands

from tests.discord.api import DiscordApi
from tests.discord.guilds import Guild
from tests.discord.people import Person
from tests.telegram.pulse import Pulse


class AnswerForm(discord.ui.Modal, title="Your answer"):
    """A form with a text and one long input."""

    question: discord.ui.TextDisplay[Any] = discord.ui.TextDisplay("What is the GIL?")
    answer: discord.ui.Label[Any] = discord.ui.Label(
        text="Answer",
        component=discord.ui.TextInput(
            custom_id="answer", style=discord.TextStyle.long, max_length=200
        ),
    )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Think in private, then repeat what was said."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        assert isinstance(self.answer.component, discord.ui.TextInput)
        await interaction.followup.send(f"You said: {self.answer.component.value}")


class Card(discord.ui.LayoutView):
    """A card with a text, two buttons and a list."""

    def __init__(self, text: str) -> None:
        super().__init__(timeout=None)
        row: discord.ui.ActionRow[Any] = discord.ui.ActionRow()
        answer: discord.ui.Button[Any] = discord.ui.Button(label="Answer", custom_id="answer")
        done: discord.ui.Button[Any] = discord.ui.Button(label="Done", custom_id="done")
        link: discord.ui.Button[Any] = discord.ui.Button(label="Read", url="https://example.org")
        topics: discord.ui.Select[Any] = discord.ui.Select(
            custom_id="topic",
            placeholder="Choose a topic",
            options=[
                discord.SelectOption(label=name, value=name.lower())
                for name in ("Databases", "Python")
            ],
        )
        answer.callback = self.opens  # type: ignore[method-assign]
        done.callback = self.changes  # type: ignore[method-assign]
        topics.callback = self.takes  # type: ignore[method-assign]
        for button in (answer, done, link):
            row.add_item(button)
        second: discord.ui.ActionRow[Any] = discord.ui.ActionRow()
        second.add_item(topics)
        self.topics = topics
        self.add_item(discord.ui.TextDisplay(text)).add_item(row).add_item(second)

    async def opens(self, interaction: discord.Interaction) -> None:
        """Open the form."""
        await interaction.response.send_modal(AnswerForm())

    async def changes(self, interaction: discord.Interaction) -> None:
        """Change the card itself."""
        view = discord.ui.LayoutView()
        view.add_item(discord.ui.TextDisplay("Done."))
        await interaction.response.edit_message(view=view)

    async def takes(self, interaction: discord.Interaction) -> None:
        """Say what was chosen, to that person only."""
        await interaction.response.send_message(f"Topic {self.topics.values[0]}", ephemeral=True)


class Bot(discord.Client):
    """Repeats what it hears; holds some commands."""

    def __init__(self, pulse: Pulse, intents: discord.Intents | None = None) -> None:
        intents = intents or discord.Intents(guilds=True, messages=True, reactions=True)
        super().__init__(
            intents=intents,
            guild_ready_timeout=0.05,
            allowed_mentions=discord.AllowedMentions.none(),
        )
        self.pulse = pulse
        self.tree = app_commands.CommandTree(self)
        self.heard: list[tuple[str, str]] = []
        self.events: list[str] = []
        add_commands(self.tree)

    async def on_message(self, message: discord.Message) -> None:
        """Keep what somebody said."""
        if message.author != self.user:
            self.heard.append((message.author.name, message.content))
            self.pulse.beat()

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """Keep the names of all events."""
        self.events.append(event)
        super().dispatch(event, *args, **kwargs)
        self.pulse.beat()


def add_commands(tree: app_commands.CommandTree[Any]) -> None:
    """Register what people can run."""
    schedule = app_commands.Group(name="schedule", description="When to practise")

    @schedule.command(name="set", description="Set the time")
    async def set_time(interaction: discord.Interaction, time: str, zone: str) -> None:
        await interaction.response.send_message(view=Card(f"{time} in {zone}"))

    @set_time.autocomplete("zone")
    async def zones(_: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        names = ("Europe/Berlin", "Europe/Madrid", "Asia/Tokyo")
        found = [name for name in names if typed.lower() in name.lower()]
        return [app_commands.Choice(name=name.partition("/")[2], value=name) for name in found]

    tree.add_command(schedule)

    @tree.command(name="secret", description="Only for you")
    @app_commands.allowed_installs(guilds=True, users=True)
    async def secret(
        interaction: discord.Interaction, level: app_commands.Range[int, 1, 5]
    ) -> None:
        await interaction.response.send_message(f"Level {level}", ephemeral=True)

    @tree.command(name="role", description="Takes things")
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    async def role(
        interaction: discord.Interaction,
        role: discord.Role,
        channel: discord.TextChannel,
        who: discord.Member,
        file: discord.Attachment,
    ) -> None:
        text = (await file.read()).decode()
        await interaction.response.send_message(f"{role.name} {channel} {who.name} {text}")

    @tree.command(name="quiet", description="Says nothing")
    async def quiet(interaction: discord.Interaction) -> None:
        pass

    @tree.context_menu(name="Suggest as question")
    async def suggest(interaction: discord.Interaction, message: discord.Message) -> None:
        await interaction.response.send_message(f"Noted: {message.content}", ephemeral=True)


@dataclass
class Town:
    """Everything there is: the server, the bot, a connection of its own, people in a guild."""

    api: DiscordApi
    bot: Bot
    http: aiohttp.ClientSession
    ana: Person
    ben: Person
    maya: Person
    guild: Guild
    running: asyncio.Task[None]

    async def call(
        self, method: str, path: str, body: Any = None, token: str | None = None
    ) -> tuple[int, Any]:
        """Send a request that the library would not send; return status and JSON."""
        headers = {"Authorization": f"Bot {token or self.api.token}"}
        url = self.api.base + path
        async with self.http.request(method, url, json=body, headers=headers) as response:
            return response.status, await response.json() if response.status != 204 else None
