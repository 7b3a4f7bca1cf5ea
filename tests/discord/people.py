"""People with the app in their hands: what they do, and what they see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.discord import intents, posting
from tests.discord.acting import Acting
from tests.discord.channels import DM, FORUM, Channel, Thread
from tests.discord.messages import Attachment, Message
from tests.discord.roles import may

if TYPE_CHECKING:
    from tests.discord.api import DiscordApi
    from tests.discord.guilds import Guild


class Person(Acting):
    """Somebody, or somebody else's bot, or the bot's own account."""

    def __init__(
        self,
        api: DiscordApi,
        user_id: int,
        name: str,
        username: str,
        locale: str = "en-US",
        is_bot: bool = False,
    ) -> None:
        self.api = api
        self.id = user_id
        self.name = name
        self.username = username
        self.locale = locale
        self.is_bot = is_bot
        self.installed = False
        self.dms_closed = False
        self.forgotten: set[int] = set()
        if user_id != api.bot_id:
            self.dm = Channel(api, DM, recipients=(self, api.me))

    @property
    def me(self) -> Person:
        """Return oneself as a whole."""
        return self

    @property
    def mention(self) -> str:
        """Return how one mentions them."""
        return f"<@{self.id}>"

    @property
    def shares_guild(self) -> bool:
        """Whether the bot meets them in a guild."""
        return any(guild.has_bot and guild.has(self) for guild in self.api.guilds.values())

    def shown(self) -> dict[str, Any]:
        """Return them as the API shows them."""
        shown: dict[str, Any] = {
            "id": str(self.id),
            "username": self.username,
            "global_name": None if self.is_bot else self.name,
            "discriminator": "0420" if self.is_bot else "0",
            "avatar": None,
            "public_flags": 0,
            "flags": 0,
            "primary_guild": None,
        }
        if self.is_bot:
            shown["bot"] = True
        return shown

    # Writing

    def says(
        self,
        text: str,
        ch: Channel | None = None,
        reply_to: Message | None = None,
        ping: bool = True,
    ) -> Message:
        """Write a message, by default to the bot itself."""
        channel = ch or self.dm
        thread = isinstance(channel, Thread)
        needed = "send_messages_in_threads" if thread else "send_messages"
        assert not channel.deleted, f"{channel!r} was deleted"
        assert may(self, channel, "view_channel", needed), f"{self.name} may not write there"
        if isinstance(channel, Thread):
            assert not channel.locked, f"{channel!r} is locked"
        assert reply_to is None or reply_to.channel is channel, "a reply is in the same channel"
        assert 1 <= len(text.strip()) <= 2000, "the app would not send this"
        if channel is self.dm:
            assert self.shares_guild or self.installed or channel.opened, "nowhere to find the bot"
            channel.opened = True
        allowed = {"parse": ["users", "roles", "everyone"], "replied_user": ping}
        body = {"content": text, "allowed_mentions": allowed}
        return posting.post(channel, self, body, [], reference=reply_to)

    def speaks(
        self,
        sound: bytes,
        ch: Channel | None = None,
        reply_to: Message | None = None,
        seconds: float = 5.0,
    ) -> Message:
        """Send a voice message; a reply pings who is replied to."""
        channel = ch or self.dm
        assert may(self, channel, "view_channel", "send_messages"), f"{self.name} may not speak"
        if channel is self.dm:
            assert self.shares_guild or self.installed or channel.opened, "nowhere to find the bot"
            channel.opened = True
        body = {"content": "", "allowed_mentions": {"parse": [], "replied_user": True}}
        file = Attachment("voice-message.ogg", sound, content_type="audio/ogg", seconds=seconds)
        return posting.post(channel, self, body, [file], reference=reply_to)

    def opens_thread(
        self,
        name: str,
        channel: Channel,
        on: Message | None = None,
        text: str = "",
        tags: tuple[str, ...] = (),
    ) -> Thread:
        """Open a thread, on a message or not, or write a post in a forum."""
        assert may(self, channel, "view_channel", "create_public_threads"), "not allowed"
        assert set(tags) <= set(channel.tags), f"there are only {list(channel.tags)}"
        assert (channel.kind == FORUM) == bool(text), "a post in a forum has a text, no other has"
        assert tags or not channel.require_tag, "a tag is required"
        thread = Thread(channel, name, self, starter=on, thread_id=on.id if on else None)
        thread.applied_tags = list(tags)
        if on is not None:
            assert on.thread is None, "it has a thread already"
            on.thread = thread
        thread.tell("THREAD_CREATE", {"newly_created": True})
        if text:
            thread.starter = posting.post(thread, self, {"content": text}, [], message_id=thread.id)
        self.api.pulse.beat()
        return thread

    def edits(self, message: Message, text: str) -> None:
        """Change what they said."""
        assert message.sender is self, "only one's own messages"
        assert not message.deleted
        posting.edit(message, {"content": text}, [])

    def deletes(self, message: Message) -> None:
        """Delete a message: one's own, or anybody's as a moderator; of private ones the copy."""
        if message.ephemeral_to is self:
            self.forgotten.add(message.id)
            return
        mine = message.sender is self
        moderates = message.channel.guild is not None and may(
            self, message.channel, "manage_messages"
        )
        assert mine or moderates, f"{self.name} may not delete {message!r}"
        posting.delete(message)

    def reacts(self, message: Message, emoji: str) -> None:
        """Put a reaction on a message."""
        self._react(message, emoji, "MESSAGE_REACTION_ADD")

    def unreacts(self, message: Message, emoji: str) -> None:
        """Take a reaction back."""
        self._react(message, emoji, "MESSAGE_REACTION_REMOVE")

    def _react(self, message: Message, emoji: str, event: str) -> None:
        channel, guild = message.channel, message.channel.guild
        assert self.sees_message(message), f"{self.name} does not see {message!r}"
        who = message.reactions.setdefault(emoji, [])
        if event.endswith("ADD"):
            if not who:
                assert may(self, channel, "add_reactions"), f"{self.name} may not react there"
            who.append(self)
        else:
            who.remove(self)
            if not who:
                del message.reactions[emoji]
        self.api.pulse.beat()
        if not (channel.of_bot and may(self.api.me, channel, "view_channel")):
            return
        data: dict[str, Any] = {
            "user_id": str(self.id),
            "channel_id": str(channel.id),
            "message_id": str(message.id),
            "emoji": {"id": None, "name": emoji},
            "type": 0,
            "burst": False,
        }
        if event.endswith("ADD"):
            data["message_author_id"] = str(message.sender.id)
        needs = intents.DIRECT_REACTIONS
        if guild is not None:
            data["guild_id"] = str(guild.id)
            needs = intents.GUILD_REACTIONS
            if event.endswith("ADD"):
                data["member"] = guild.full_member(self)
        self.api.gateway_events.dispatch(event, data, guild=guild, needs=needs)

    # Coming and going

    def adds_bot(self, guild: Guild, permissions: int | None = None) -> None:
        """Invite the bot; `permissions` None: what its link asks for."""
        assert self is guild.owner or guild.may(self, "manage_guild"), (
            f"{self.name} may not add bots to {guild.name}"
        )
        guild.add_bot(permissions)

    def removes_bot(self, guild: Guild) -> None:
        """Put the bot out."""
        assert (
            self is guild.owner
            or guild.may(self, "kick_members")
            or guild.may(self, "manage_guild")
        ), f"{self.name} may not remove bots from {guild.name}"
        guild.remove_bot()

    def joins(self, guild: Guild) -> None:
        """Become a member."""
        assert self not in guild.people
        guild.people.append(self)
        guild.tell("GUILD_MEMBER_ADD", guild.full_member(self), intents.GUILD_MEMBERS)

    def leaves(self, guild: Guild) -> None:
        """Leave, with all roles lost."""
        assert self in guild.people
        assert self is not guild.owner, "owners stay"
        guild.people.remove(self)
        for role in guild.roles:
            if self in role.members:
                role.members.remove(self)
        guild.tell("GUILD_MEMBER_REMOVE", {"user": self.shown()}, intents.GUILD_MEMBERS)

    def closes_dms(self) -> None:
        """Let nobody write to them whom they do not know."""
        self.dms_closed = True

    def opens_dms(self) -> None:
        """Let bots write to them again."""
        self.dms_closed = False

    def installs_app(self) -> None:
        """Have the bot with them everywhere."""
        self.installed = True

    def uninstalls_app(self) -> None:
        """Have the bot with them no more."""
        self.installed = False

    def restarts_app(self) -> None:
        """Lose all messages that only they saw."""
        for channel in self.api.channels.values():
            self.forgotten |= {one.id for one in channel.every if one.ephemeral_to is self}

    def dm_with(self, other: Person) -> Channel:
        """Open a private chat with somebody else; the bot is not in it."""
        for channel in self.api.channels.values():
            if set(channel.recipients) == {self, other}:
                return channel
        return Channel(self.api, DM, recipients=(self, other))

    # Seeing

    def sees_message(self, message: Message) -> bool:
        """Whether a message is there for them."""
        mine = message.ephemeral_to in (None, self) and message.id not in self.forgotten
        there = may(self, message.channel, "view_channel") and not message.channel.deleted
        return mine and there and not message.deleted

    def sees_in(self, ch: Channel | None = None) -> list[Message]:
        """Return what they see in a channel now, with what only they see."""
        channel = ch or self.dm
        return [one for one in channel.every if self.sees_message(one) and not one.loading]

    async def sees(
        self,
        text: str,
        ch: Channel | None = None,
        timeout: float = 5,
        after: Message | None = None,
    ) -> Message:
        """Wait for a message of the bot that contains a text, here or in their private chat."""
        place = ch or self.dm
        return await place.wait_for(text, lambda: self.sees_in(place), timeout, after)

    def __repr__(self) -> str:
        return f"<{self.name} {self.id}>"
