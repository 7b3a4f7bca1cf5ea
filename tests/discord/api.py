"""Discord for one bot: what is there, what a test may ask of it and bring about."""

from __future__ import annotations

import asyncio
import base64
import mimetypes
from collections.abc import Callable
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from bot.clock import SystemClock
from tests.discord.channels import Channel
from tests.discord.faults import Fault, Faults
from tests.discord.gateway import Gateway
from tests.discord.guilds import Guild
from tests.discord.interactions import Interaction
from tests.discord.messages import Attachment, Message
from tests.discord.people import Person
from tests.discord.rules import spec
from tests.discord.rules.limits import Limits
from tests.discord.server import Call, Server
from tests.discord.sessions import Session
from tests.discord.snowflakes import Snowflakes
from tests.telegram.pulse import Pulse

CONTENT_FLAG, MEMBERS_FLAG, PRESENCE_FLAG = 1 << 19, 1 << 15, 1 << 13


class DiscordApi:
    """A Discord with nobody in it yet. Used as a context it listens on a free local port."""

    def __init__(
        self,
        token: str = "NDIwMA.G-test.token_for_the_tests_of_drillmate",
        now: Callable[[], datetime] | None = None,
    ) -> None:
        self.token = token
        self.now = now or SystemClock().now
        first = token.partition(".")[0]
        self.bot_id = int(base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)))
        self.application_id = self.bot_id
        self.application: dict[str, Any] = {"description": "", "tags": []}
        self.installs = (0, 1)
        self.recommended_shards = 1
        self.max_concurrency = 1
        self.heartbeat_ms = 41_250
        self.privileged = False
        self.message_content_allowed = False
        self.interaction_deadline_s = 3.0
        self.token_lifetime_s = 900.0
        self.nonce_window_s = 120.0
        self.old_message_s = 3600.0
        self.is_down = False
        self.pulse = Pulse()
        self.snowflakes = Snowflakes()
        self.limits = Limits()
        self.faults = Faults()
        self.spec = spec.load()
        self.breaches: list[str] = []
        self.calls: list[Call] = []
        self.syncs = 0
        self.commands: list[dict[str, Any]] = []
        self.guild_commands: dict[int, list[dict[str, Any]]] = {}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.people: dict[int, Person] = {}
        self.interactions: dict[int, Interaction] = {}
        self.nonces: dict[tuple[int, str], tuple[Message, float]] = {}
        self.files: dict[int, Attachment] = {}
        self.gateway_events = Gateway(self)
        self._server = Server(self)
        self.me = Person(self, self.bot_id, "Drillmate", "drillmate", is_bot=True)
        self.people[self.bot_id] = self.me
        self.owner = self.person("Olga", username="olga_who_hosts_it")

    async def __aenter__(self) -> Self:
        await self._server.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._server.stop()

    @property
    def base(self) -> str:
        """Return the address of the REST API."""
        return f"{self._server.address}/api/v10"

    @property
    def gateway(self) -> str:
        """Return the address of the gateway."""
        return f"{self._server.address}/gateway".replace("http", "ws", 1)

    # Who and what there is

    def person(
        self, name: str, username: str | None = None, locale: str = "en-US", is_bot: bool = False
    ) -> Person:
        """Bring somebody who has never met the bot."""
        username = username or name.lower().replace(" ", "_")
        person = Person(self, self.snowflakes.next(), name, username, locale, is_bot)
        self.people[person.id] = person
        return person

    def other_bot(self, username: str, guild: Guild) -> Person:
        """Bring somebody else's bot into a guild."""
        other = self.person(username, username, is_bot=True)
        other.joins(guild)
        return other

    def guild(
        self,
        name: str,
        owner: Person,
        members: list[Person] | tuple[Person, ...] = (),
        bot: bool = False,
    ) -> Guild:
        """Found a guild; `bot`: the bot is invited at once."""
        guild = Guild(self, name, owner, list(dict.fromkeys((owner, *members))))
        self.guilds[guild.id] = guild
        if bot:
            owner.adds_bot(guild)
        return guild

    def store(self, file: Attachment, channel: Channel) -> None:
        """Keep a file, so that it can be fetched."""
        file.id = self.snowflakes.next()
        file.url = f"{self._server.address}/attachments/{channel.id}/{file.id}/{file.filename}"
        file.content_type = mimetypes.guess_type(file.filename)[0] or file.content_type
        self.files[file.id] = file

    # Interactions

    def tell(self, interaction: Interaction) -> None:
        """Tell the bot what somebody did."""
        self.gateway_events.dispatch(
            "INTERACTION_CREATE", interaction.payload(), guild=interaction.channel.guild
        )

    def expires(self, interaction: Interaction) -> None:
        """Let the 15 minutes of an interaction be over."""
        interaction.is_expired = True

    # The gateway

    @property
    def sessions(self) -> list[Session]:
        """Return all sessions there have been."""
        return self.gateway_events.sessions

    @property
    def identifies(self) -> int:
        """Return how often the bot began a session."""
        return self.gateway_events.identifies

    @property
    def resumes(self) -> int:
        """Return how often the bot went on with a session."""
        return self.gateway_events.resumes

    async def connected(self, timeout: float = 5) -> None:
        """Wait until the bot is there on all its shards."""
        there = await self.pulse.until(
            lambda: True if self.gateway_events.is_connected else None, timeout
        )
        assert there, f"the bot is not connected after {timeout} s: {self.sessions}"

    def drops(self, code: int | None = None, resumable: bool = True) -> None:
        """Close the gateway's connections with a code, or cut them off."""
        self.gateway_events.drop(code, resumable)

    def asks_to_reconnect(self) -> None:
        """Ask the bot to connect again."""
        self.gateway_events.ask_to_reconnect()

    def goes_down(self) -> None:
        """Let nothing answer, until it comes up again."""
        self.is_down = True
        self.drops()

    def comes_up(self) -> None:
        """End the outage."""
        self.is_down = False

    @property
    def application_flags(self) -> int:
        """Return the application's flags, which tell the privileged intents that it has."""
        flags = CONTENT_FLAG if self.message_content_allowed or self.privileged else 0
        return flags | (MEMBERS_FLAG | PRESENCE_FLAG if self.privileged else 0)

    # What a test asks for

    def fail(
        self,
        route: str,
        fault: Fault,
        times: int | None = 1,
        channel: Channel | None = None,
    ) -> None:
        """Let calls of a route fail (`*`: of any), in one channel or in all; None: always."""
        self.faults.plan(route, fault, times, channel)

    @staticmethod
    def loop_time() -> float:
        """Return real time, in seconds."""
        return asyncio.get_running_loop().time()
