"""Telegram with thousands of private chats, a few groups, and people who press Hint."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Iterator

from tests.benchmarks.load.rows import Target
from tests.benchmarks.load.scene import Seen, Wait, match
from tests.telegram import BotApi, Message, Person
from tests.telegram.server import is_counted

TOKEN = "4200:TEST-token_for_the_tests_of_drillmate"
REAL_RATE = 30
"""Messages a second that Telegram takes; more of them scale the time, and the people with it."""
GROUPS = 100
"""One target in so many is a group."""
PATIENCE_S = 120.0


class TelegramScene:
    """See `Scene`. People who press have cards from /practice, each a card of their own."""

    platform = "telegram"

    def __init__(self, due: int, allowed: int, seconds: float, *, checked: bool) -> None:
        """Bring everybody; `seconds`: for how long there will be presses."""
        self.api = BotApi(token=TOKEN, username="drillmate_bot")
        self.api.limits.overall.most = allowed
        if not checked:
            self.api.spec = None
        self.allowed = allowed
        self.rates = {"press": allowed / REAL_RATE}
        self.waits: list[Wait] = []
        self.targets = [self._target(number) for number in range(due)]
        presses = math.ceil(seconds * self.rates["press"])
        self._people = [self.api.person(f"Presser{number}") for number in range(presses)]
        self._cards: list[tuple[Person, Message]] = []
        self._next = 0

    def _target(self, number: int) -> Target:
        person = self.api.person(f"Person{number}")
        person.started = True
        if number % GROUPS:
            return Target(str(person.id), str(person.id), person.name, place=person.id)
        group = self.api.group(f"Group {number}", person)
        group.bot_status = "member"  # since long ago: the bot is told of no change
        return Target(str(group.id), str(person.id), person.name, group.title, place=group.id)

    async def prepares(self) -> None:
        """Let those who will press ask for a card, at a pace that leaves room for the answers."""
        for person in self._people:
            person.says("/practice")
            await asyncio.sleep(1.5 / self.allowed)
        async with asyncio.timeout(PATIENCE_S):
            while not all(_card(person) for person in self._people):
                await asyncio.sleep(0.1)
        self._cards = [(p, card) for p in self._people if (card := _card(p))]

    def acts(self, kind: str) -> None:
        """Let the next person press Hint."""
        person, card = self._cards[self._next % len(self._cards)]
        self._next += 1
        press = person.presses("Hint", on=card)
        self.waits.append(Wait(kind, press.at, person.id))

    def requests(self) -> Iterator[Seen]:
        """Yield all requests so far."""
        for call in self.api.calls:
            place = int(call.params.get("chat_id") or 0)
            new = call.status == 200 and call.method.startswith("send")
            counted = call.status == 200 and is_counted(call.method)
            yield Seen(call.at, place if new else 0, counted, call.status == 429)

    def shown(self, place: int) -> int:
        """Return how many messages of the bot stand in a chat."""
        return len(self.api.chats[place].every)

    def replied(self) -> None:
        """Find out when those who pressed got their hints."""
        match(self.waits, self.requests())


def _card(person: Person) -> Message | None:
    return next((one for one in person.dm.every if "Hint" in one.labels), None)
