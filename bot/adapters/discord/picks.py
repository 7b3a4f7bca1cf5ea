"""What people pick in Discord's apps: channels and roles. Told at once if they would not do."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

from bot.adapters.discord.rights import Place, allow, lacking
from bot.chat.command import Pick
from bot.errors import NotAllowed


class ChannelPick(app_commands.Transformer):
    """A channel in which a question can stand."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        """A channel."""
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """Text, announcements and forums; of a thread, "here" is said in it."""
        return [discord.ChannelType.text, discord.ChannelType.news, discord.ChannelType.forum]

    async def transform(self, interaction: discord.Interaction, value: Any, /) -> Any:
        """Return it as it was picked."""
        return value


class RolePick(app_commands.Transformer):
    """A role that can be called."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        """A role."""
        return discord.AppCommandOptionType.role

    async def transform(self, interaction: discord.Interaction, value: Any, /) -> Any:
        """Return it as it was picked."""
        return value


PICKS = {Pick.CHANNEL: ChannelPick, Pick.ROLE: RolePick}
"""How the library is told of each."""


def id_of(interaction: discord.Interaction, value: object) -> str:
    """Return the id of what was picked.

    Raises:
        NotAllowed: We could not write in that channel, or not call that role.
    """
    match value:
        case app_commands.AppCommandChannel():
            _check_channel(value)
        case discord.Role():
            _check_role(interaction, value)
        case _:
            raise TypeError(f"{value!r} cannot be picked")
    return str(value.id)


def check_here(interaction: discord.Interaction) -> None:
    """Check that we could post where a command is used.

    Raises:
        NotAllowed: We could not.
    """
    place = interaction.channel
    if isinstance(place, Place) and (lacks := lacking(place)):
        raise NotAllowed("I could not post here.", allow(place, lacks))


def _check_channel(channel: app_commands.AppCommandChannel) -> None:
    found = channel.resolve()
    if found is None:
        raise NotAllowed(f"I cannot see #{channel.name}.", 'Allow me "View Channel" there.')
    assert isinstance(found, (discord.TextChannel, discord.ForumChannel)), "what can be picked"
    if lacks := lacking(found):
        raise NotAllowed(f"I could not post in #{found.name}.", allow(found, lacks))


def _check_role(interaction: discord.Interaction, role: discord.Role) -> None:
    if role.is_default():
        raise NotAllowed("I never call everyone.", "Make a role for those who want to be called.")
    if not role.mentionable and not interaction.app_permissions.mention_everyone:
        raise NotAllowed(
            f"I may not call @{role.name}.",
            'Whoever manages roles can tick "Allow anyone to @mention this role".',
        )
