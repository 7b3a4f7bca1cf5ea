"""Places to write in: text channels, forums, threads, and private chats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.discord import intents
from tests.discord.messages import Message, stamp
from tests.discord.roles import Overwrite, may

if TYPE_CHECKING:
    from tests.discord.api import DiscordApi
    from tests.discord.guilds import Guild
    from tests.discord.people import Person

TEXT, DM, FORUM, PUBLIC_THREAD, PRIVATE_THREAD = 0, 1, 15, 11, 12
REQUIRE_TAG = 1 << 4


class Channel:
    """A text channel, a forum, or a private chat of two."""

    def __init__(
        self,
        api: DiscordApi,
        kind: int,
        name: str = "",
        guild: Guild | None = None,
        recipients: tuple[Person, ...] = (),
    ) -> None:
        self.api = api
        self.id = api.snowflakes.next()
        self.kind = kind
        self.name = name
        self.guild = guild
        self.parent: Channel | None = None
        self.recipients = recipients
        self.opened = kind != DM
        self.deleted = False
        self.overwrites: dict[int, Overwrite] = {}
        self.every: list[Message] = []
        self.threads: list[Thread] = []
        self.tags: dict[str, int] = {}
        self.require_tag = False
        self.typing_at: list[float] = []
        api.channels[self.id] = self

    @property
    def mention(self) -> str:
        """Return how one mentions it."""
        return f"<#{self.id}>"

    @property
    def messages(self) -> list[Message]:
        """Return what everybody here sees now."""
        return [
            one
            for one in self.every
            if not one.deleted and not one.loading and one.ephemeral_to is None
        ]

    def message(self, message_id: int) -> Message | None:
        """Return a message that everybody sees, by its id."""
        return next((one for one in self.messages if one.id == message_id), None)

    @property
    def of_bot(self) -> bool:
        """Whether the bot takes part in it: its private chats, and channels of its guilds."""
        if self.guild is None:
            return self.api.me in self.recipients
        return self.guild.has_bot

    def overwrite(self, owner_id: int, kind: str, allow: int, deny: int) -> None:
        """Change what it allows somebody; what is neither allowed nor denied stays."""
        if self.parent is not None:
            return self.parent.overwrite(owner_id, kind, allow, deny)
        one = self.overwrites.setdefault(owner_id, Overwrite(kind))
        one.allow = (one.allow | allow) & ~deny
        one.deny = (one.deny | deny) & ~allow
        self.tell("CHANNEL_UPDATE")
        return None

    def tell(self, name: str, extra: dict[str, Any] | None = None) -> None:
        """Tell the bot of a change."""
        if self.guild is not None and self.guild.has_bot and self.guild.available:
            self.api.gateway_events.dispatch(
                name, {**self.shown(), **(extra or {})}, guild=self.guild, needs=intents.GUILDS
            )

    def shown(self) -> dict[str, Any]:
        """Return it as the API shows it."""
        last = self.every[-1].id if self.every else None
        shown: dict[str, Any] = {
            "id": str(self.id),
            "type": self.kind,
            "flags": REQUIRE_TAG if self.require_tag else 0,
            "last_message_id": str(last) if last else None,
        }
        if self.guild is None:
            others = [person for person in self.recipients if person is not self.api.me]
            return {**shown, "recipients": [person.shown() for person in others]}
        shown |= {
            "guild_id": str(self.guild.id),
            "name": self.name,
            "position": self.guild.channels.index(self) if self in self.guild.channels else 0,
            "parent_id": None,
            "topic": None,
            "nsfw": False,
            "rate_limit_per_user": 0,
            "permission_overwrites": [one.shown(key) for key, one in self.overwrites.items()],
        }
        if self.kind == FORUM:
            shown |= {
                "available_tags": [
                    {
                        "id": str(number),
                        "name": name,
                        "moderated": False,
                        "emoji_id": None,
                        "emoji_name": None,
                    }
                    for name, number in self.tags.items()
                ],
                "default_reaction_emoji": None,
                "default_sort_order": None,
                "default_forum_layout": 0,
            }
        return shown

    async def sees(self, text: str, timeout: float = 5, after: Message | None = None) -> Message:
        """Wait for a message of the bot that contains a text and that everybody sees."""
        return await self.wait_for(text, lambda: self.messages, timeout, after)

    async def wait_for(
        self, text: str, look: Any, timeout: float, after: Message | None = None
    ) -> Message:
        """Wait for a message of the bot that contains a text, among those `look` returns."""
        start = after.id if after else 0

        def found() -> Message | None:
            seen = (
                one for one in look() if one.author is None and one.id > start and text in one.text
            )
            return next(seen, None)

        message = await self.api.pulse.until(found, timeout)
        if message is None:
            last = "\n".join(f"- {one!r}: {one.text}" for one in look()[-5:])
            raise AssertionError(f"no {text!r} in {self!r} after {timeout} s; last there:\n{last}")
        return message

    def __repr__(self) -> str:
        return f"<#{self.name or '+'.join(one.name for one in self.recipients)}>"


class Thread(Channel):
    """A thread of a text channel, or a post in a forum."""

    def __init__(
        self,
        parent: Channel,
        name: str,
        owner: Person,
        *,
        kind: int = PUBLIC_THREAD,
        auto_archive_duration: int = 1440,
        starter: Message | None = None,
        thread_id: int | None = None,
    ) -> None:
        super().__init__(parent.api, kind, name, parent.guild)
        if thread_id is not None:
            del self.api.channels[self.id]
            self.id = thread_id
            self.api.channels[self.id] = self
        self.parent = parent
        self.owner_person = owner
        self.starter = starter
        self.archived = False
        self.locked = False
        self.auto_archive_duration = auto_archive_duration
        self.applied_tags: list[str] = []
        self.joined: list[Person] = [owner]
        self.since = stamp(self.api.now())
        self.archived_at = self.since
        parent.threads.append(self)

    @property
    def owner(self) -> Person | None:
        """Return who opened it; None if that was the bot."""
        return None if self.owner_person is self.api.me else self.owner_person

    def archives(self, locked: bool | None = None) -> None:
        """Let it be archived, by time or by a moderator."""
        self.set(archived=True, locked=locked)

    def unarchives(self) -> None:
        """Bring it back."""
        self.set(archived=False, locked=False)

    def set(self, archived: bool | None = None, locked: bool | None = None) -> None:
        """Change its state and tell the bot."""
        if archived is not None and archived != self.archived:
            self.archived = archived
            self.archived_at = stamp(self.api.now())
        if locked is not None:
            self.locked = locked
        self.tell("THREAD_UPDATE")

    def tell(self, name: str, extra: dict[str, Any] | None = None) -> None:
        """Tell the bot of a change, if it sees the thread."""
        if may(self.api.me, self, "view_channel"):
            super().tell(name, extra)

    def member(self, person: Person) -> dict[str, Any]:
        """Return somebody as a member of it."""
        return {
            "id": str(self.id),
            "user_id": str(person.id),
            "join_timestamp": self.since,
            "flags": 0,
        }

    def shown(self) -> dict[str, Any]:
        """Return it as the API shows it."""
        assert self.guild is not None
        assert self.parent is not None
        kept = [one for one in self.every if not one.deleted]
        shown: dict[str, Any] = {
            "id": str(self.id),
            "type": self.kind,
            "flags": 0,
            "guild_id": str(self.guild.id),
            "parent_id": str(self.parent.id),
            "owner_id": str(self.owner_person.id),
            "name": self.name,
            "last_message_id": str(self.every[-1].id) if self.every else None,
            "rate_limit_per_user": 0,
            "message_count": len(kept),
            "member_count": len(self.joined),
            "total_message_sent": len(self.every),
            "thread_metadata": {
                "archived": self.archived,
                "archive_timestamp": self.archived_at,
                "auto_archive_duration": self.auto_archive_duration,
                "locked": self.locked,
                "create_timestamp": self.since,
            },
        }
        if self.parent.kind == FORUM:
            tags = self.parent.tags
            shown["applied_tags"] = [str(tags[name]) for name in self.applied_tags if name in tags]
        if self.api.me in self.joined:
            shown["member"] = self.member(self.api.me)
        return shown
