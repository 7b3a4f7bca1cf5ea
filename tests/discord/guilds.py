"""A guild: its channels, roles and people, and whether the bot is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.discord import intents
from tests.discord.channels import FORUM, TEXT, Channel, Thread
from tests.discord.messages import stamp
from tests.discord.roles import Role, bits, may, permissions_in_guild
from tests.discord.rules.permissions import DEFAULT_EVERYONE

if TYPE_CHECKING:
    from tests.discord.api import DiscordApi
    from tests.discord.people import Person

INVITED_WITH = bits(
    "view_channel",
    "send_messages",
    "send_messages_in_threads",
    "create_public_threads",
    "manage_threads",
    "embed_links",
    "attach_files",
    "read_message_history",
)
"""What the bot's invitation asks for."""


class Guild:
    """A server of people."""

    def __init__(self, api: DiscordApi, name: str, owner: Person, people: list[Person]) -> None:
        self.api = api
        self.id = api.snowflakes.next_guild()
        self.name = name
        self.owner = owner
        self.nicknames: dict[int, str] = {}
        self.people = people
        self.available = True
        self.bot_role: Role | None = None
        self.locale = "en-US"
        self.joined = stamp(api.now())
        self.roles = [Role(self, self.id, "@everyone", DEFAULT_EVERYONE)]
        self.channels: list[Channel] = []
        self.general = self.text("general")

    @property
    def everyone(self) -> Role:
        """Return the role that everybody has."""
        return self.roles[0]

    @property
    def has_bot(self) -> bool:
        """Whether the bot was added."""
        return self.bot_role is not None

    @property
    def threads(self) -> list[Thread]:
        """Return all threads of all its channels."""
        return [
            thread for channel in self.channels for thread in channel.threads if not thread.deleted
        ]

    def has(self, person: Person) -> bool:
        """Whether somebody, or the bot, is here."""
        return self.has_bot if person is self.api.me else person in self.people

    def may(self, person: Person, name: str) -> bool:
        """Whether somebody has a permission in the guild as such."""
        return bool(permissions_in_guild(person, self) & bits(name))

    # The bot

    def add_bot(self, permissions: int | None) -> None:
        """Let the bot in, with a role of its own."""
        assert not self.has_bot, f"the bot is in {self.name} already"
        allowed = INVITED_WITH if permissions is None else permissions
        role = Role(self, self.api.snowflakes.next(), "Drillmate", allowed)
        role.managed = True
        role.members.append(self.api.me)
        self.roles.append(role)
        self.bot_role = role
        self._tell("GUILD_CREATE", self.created(joined=True))

    def remove_bot(self) -> None:
        """Put the bot out."""
        assert self.bot_role is not None, f"the bot is not in {self.name}"
        self._tell("GUILD_DELETE", {"id": str(self.id)})
        self.roles.remove(self.bot_role)
        self.bot_role = None

    def goes_away(self) -> None:
        """Let Discord have an outage here."""
        self.available = False
        if self.has_bot:
            self._tell("GUILD_DELETE", {"id": str(self.id), "unavailable": True})

    def comes_back(self) -> None:
        """End the outage."""
        self.available = True
        if self.has_bot:
            self._tell("GUILD_CREATE", self.created())

    def _tell(self, name: str, data: dict[str, Any], needs: int = intents.GUILDS) -> None:
        self.api.gateway_events.dispatch(name, data, guild=self, needs=needs)

    def tell(self, name: str, data: dict[str, Any], needs: int = intents.GUILDS) -> None:
        """Tell the bot of something here, if it is here."""
        if self.has_bot and self.available:
            self._tell(name, {"guild_id": str(self.id), **data}, needs)

    # What there is

    def text(self, name: str) -> Channel:
        """Open a text channel."""
        return self._open(Channel(self.api, TEXT, name, self))

    def forum(self, name: str, tags: tuple[str, ...] = (), require_tag: bool = False) -> Channel:
        """Open a forum with tags."""
        channel = Channel(self.api, FORUM, name, self)
        channel.tags = {tag: self.api.snowflakes.next() for tag in tags}
        channel.require_tag = require_tag
        return self._open(channel)

    def _open(self, channel: Channel) -> Channel:
        self.channels.append(channel)
        channel.tell("CHANNEL_CREATE")
        return channel

    def deletes(self, channel: Channel) -> None:
        """Delete a channel with its threads, or a thread."""
        assert channel.guild is self
        channel.deleted = True
        if isinstance(channel, Thread):
            assert channel.parent is not None
            channel.parent.threads.remove(channel)
            short = {"id": str(channel.id), "parent_id": str(channel.parent.id)}
            self.tell("THREAD_DELETE", {**short, "type": channel.kind})
            return
        for thread in channel.threads:
            thread.deleted = True
        channel.tell("CHANNEL_DELETE")
        self.channels.remove(channel)
        self.api.pulse.beat()

    def role(
        self,
        name: str,
        members: list[Person] | tuple[Person, ...] = (),
        mentionable: bool = False,
        permissions: int = 0,
    ) -> Role:
        """Make a role and give it to people."""
        role = Role(self, self.api.snowflakes.next(), name, permissions)
        role.mentionable = mentionable
        role.members = list(members)
        self.roles.append(role)
        self.tell("GUILD_ROLE_CREATE", {"role": role.shown()})
        return role

    def deletes_role(self, role: Role) -> None:
        """Take a role away from everybody."""
        assert not role.managed
        self.roles.remove(role)
        role.deleted = True
        self.tell("GUILD_ROLE_DELETE", {"role_id": str(role.id)})

    # What is allowed

    def grants(self, to: Person | Role, *names: str) -> None:
        """Allow somebody something everywhere; a person through a role of their own."""
        role = to if isinstance(to, Role) else self.role(f"for {to.name}", [to])
        role.permissions |= bits(*names)
        self.tell("GUILD_ROLE_UPDATE", {"role": role.shown()})

    def denies(self, *names: str, in_: Channel | None = None) -> None:
        """Take something from the bot, in a channel or everywhere."""
        self._change(0, bits(*names), in_)

    def allows(self, *names: str, in_: Channel | None = None) -> None:
        """Allow the bot something, in a channel or everywhere."""
        self._change(bits(*names), 0, in_)

    def _change(self, allow: int, deny: int, channel: Channel | None) -> None:
        role = self.bot_role
        assert role is not None, f"the bot is not in {self.name}"
        if channel is not None:
            return channel.overwrite(role.id, "role", allow, deny)
        role.permissions = (role.permissions | allow) & ~deny
        self.tell("GUILD_ROLE_UPDATE", {"role": role.shown()})
        # what everyone may do can be taken from one role only channel by channel
        for one in self.channels:
            if self.everyone.permissions & deny or role.id in one.overwrites:
                one.overwrite(role.id, "role", allow, deny)
        return None

    def hides(self, channel: Channel, from_: Role | Person | None = None) -> None:
        """Hide a channel from a role (by default everyone) or a person."""
        who = from_ or self.everyone
        kind = "role" if isinstance(who, Role) else "member"
        if who is self.everyone:
            kind = "role_everyone"
        channel.overwrite(who.id, kind, 0, bits("view_channel"))

    # As the API shows it

    def member(self, person: Person) -> dict[str, Any]:
        """Return somebody as a member, without the user itself."""
        return {
            "nick": self.nicknames.get(person.id),
            "avatar": None,
            "banner": None,
            "roles": [str(role.id) for role in self.roles[1:] if person in role.members],
            "joined_at": self.joined,
            "premium_since": None,
            "communication_disabled_until": None,
            "flags": 0,
            "pending": False,
            "mute": False,
            "deaf": False,
        }

    def full_member(self, person: Person) -> dict[str, Any]:
        """Return somebody as a member."""
        return {**self.member(person), "user": person.shown()}

    @property
    def headcount(self) -> int:
        """Return how many members there are, bots included."""
        return len(self.people) + self.has_bot

    def shown(self) -> dict[str, Any]:
        """Return it as the API shows it."""
        nothing = (
            "icon description home_header splash discovery_splash banner application_id "
            "afk_channel_id system_channel_id widget_channel_id max_presences vanity_url_code "
            "rules_channel_id safety_alerts_channel_id public_updates_channel_id incidents_data"
        )
        zero = (
            "system_channel_flags verification_level default_message_notifications mfa_level "
            "explicit_content_filter premium_tier premium_subscription_count nsfw_level"
        )
        return {
            "id": str(self.id),
            "name": self.name,
            "owner_id": str(self.owner.id),
            "region": "deprecated",
            "features": [],
            "emojis": [],
            "stickers": [],
            "roles": [role.shown() for role in self.roles],
            "preferred_locale": self.locale,
            "afk_timeout": 300,
            "max_members": 500_000,
            "max_stage_video_channel_users": 50,
            "max_video_channel_users": 25,
            "widget_enabled": False,
            "premium_progress_bar_enabled": False,
            "nsfw": False,
            **dict.fromkeys(nothing.split()),
            **dict.fromkeys(zero.split(), 0),
        }

    def created(self, *, joined: bool = False) -> dict[str, Any]:
        """Return all that the bot is told when it connects or has just `joined`."""
        me = self.api.me
        known = {} if joined else {"unavailable": False}
        return {
            **known,
            **self.shown(),
            "joined_at": self.joined,
            "large": False,
            "member_count": self.headcount,
            "members": [self.full_member(me)],
            "channels": [channel.shown() for channel in self.channels],
            "threads": [
                thread.shown()
                for thread in self.threads
                if not thread.archived and may(me, thread, "view_channel")
            ],
            "voice_states": [],
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
        }

    def __repr__(self) -> str:
        return f"<Guild {self.name}>"
