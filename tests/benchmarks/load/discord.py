"""Discord with thousands of servers, people who press Hint, and people who write to the bot."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Iterator

from tests.benchmarks.load.rows import Target
from tests.benchmarks.load.scene import Seen, Wait, match
from tests.discord import DiscordApi, Interaction, Message, Person
from tests.discord.rules.limits import is_counted

REAL_RATE = 50
"""Requests a second that Discord takes; more of them scale the time, and the people with it."""
PRESSES, MESSAGES = 5.0, 1.0
"""What people do in a second of real time."""
PRESSERS = 100
"""People who press in turn; unlike messages, answers to presses have no limit."""
ONE_CONNECTION = 2500
"""Guilds that Discord allows on one connection."""
A_SHARD = 1000
PATIENCE_S = 120.0


class DiscordScene:
    """See `Scene`. All who want something meet the bot in one guild that gets no question."""

    platform = "discord"

    def __init__(self, due: int, allowed: int, seconds: float, *, checked: bool) -> None:
        """Bring everybody; `seconds`: for how long they will want something."""
        self.api = DiscordApi()
        self.api.limits.per_second = allowed
        if not checked:
            self.api.spec = None
        self.allowed = allowed
        self.sharded = due > ONE_CONNECTION
        if self.sharded:
            self.api.recommended_shards = math.ceil(due / A_SHARD)
            self.api.max_concurrency = 16  # as big bots have; a start is not what is measured
        self.rates = {
            "press": PRESSES * allowed / REAL_RATE,
            "message": MESSAGES * allowed / REAL_RATE,
        }
        self.waits: list[Wait] = []
        olga = self.api.person("Olga")
        writers = math.ceil(seconds * self.rates["message"])
        self._pressers = [self.api.person(f"Presser{number}") for number in range(PRESSERS)]
        self._writers = [self.api.person(f"Writer{number}") for number in range(writers)]
        # The first guild: whoever is looked for in all guilds is found at once.
        everybody = [*self._pressers, *self._writers]
        self._lounge = self.api.guild("Lounge", olga, everybody, bot=True).general
        self.targets = [self._target(number) for number in range(due)]
        self._cards: list[tuple[Person, Message]] = []
        self._pressed: list[tuple[Interaction, Wait]] = []
        self._presses = self._messages = 0

    def _target(self, number: int) -> Target:
        owner = self.api.person(f"Owner{number}")
        guild = self.api.guild(f"Group {number}", owner, bot=True)
        place = guild.general.id
        return Target(str(guild.id), str(owner.id), owner.name, guild.name, str(place), place)

    async def prepares(self) -> None:
        """Let those who will press ask for a card."""
        async with asyncio.timeout(PATIENCE_S):
            while not self.api.commands:
                await asyncio.sleep(0.1)
            for person in self._pressers:
                run = await person.runs("practice", self._lounge).answered()
                self._cards.append((person, await run.shows("Press Answer")))

    def acts(self, kind: str) -> None:
        """Let the next person press Hint, or write to the bot."""
        if kind == "press":
            person, card = self._cards[self._presses % len(self._cards)]
            self._presses += 1
            pressed = person.presses("Hint", on=card)
            self._pressed.append((pressed, Wait(kind, pressed.started, 0)))
            self.waits.append(self._pressed[-1][1])
            return
        person = self._writers[self._messages % len(self._writers)]
        self._messages += 1
        at = self.api.loop_time()
        person.says("/streak")
        self.waits.append(Wait(kind, at, person.dm.id))

    def requests(self) -> Iterator[Seen]:
        """Yield all requests so far."""
        for call in self.api.calls:
            new = call.route == "POST /channels/{channel_id}/messages" and call.status == 200
            place = int(call.path.split("/")[2]) if new else 0
            yield Seen(
                call.at,
                place,
                is_counted(call.route) and call.status not in (0, 429),
                call.status == 429,
            )

    def shown(self, place: int) -> int:
        """Return how many messages of the bot stand in a channel."""
        return len(self.api.channels[place].every)

    def replied(self) -> None:
        """Find out when presses were answered, and messages."""
        for pressed, wait in self._pressed:
            wait.replied_at = pressed.responded_at
        match([one for one in self.waits if one.kind == "message"], self.requests())
