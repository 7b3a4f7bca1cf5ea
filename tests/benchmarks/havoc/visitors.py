"""People who use the bot while its processes die: each asks, some press Hint, each answers once."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from dataclasses import dataclass

from bot.store.uow import Database
from tests import discord, telegram
from tests.answers import GOOD
from tests.rows import rows

AnyPerson = telegram.Person | discord.Person
AnyMessage = telegram.Message | discord.Message

PATIENCE_S = 45.0
"""Seconds that somebody waits for anything, at most."""
AGAIN_S = 8.0
"""Seconds after which somebody who got no question asks again."""
LOOK_S = 0.05


@dataclass
class Visit:
    """What somebody did, and what came of it as far as they see.

    Attributes:
        asked: How often they asked for a question.
        answered: Whether they got one and answered it.
        pressed: Whether they pressed Hint.
        hinted: Whether they saw one then.
        judged: How many critiques they saw.
    """

    person: AnyPerson
    asked: int = 0
    answered: bool = False
    pressed: bool = False
    hinted: bool = False
    judged: int = 0


class Visitors:
    """They come one after the other, and stay until they have what they came for."""

    def __init__(self, people: list[AnyPerson], chance: random.Random, every_s: float) -> None:
        """Let somebody come about every `every_s` seconds while there is somebody left."""
        self.visits: list[Visit] = []
        self._people = people
        self._chance = chance
        self._every_s = every_s
        self._here: set[asyncio.Task[None]] = set()

    async def come(self) -> None:
        """Let them come, until cancelled."""
        loop = asyncio.get_running_loop()
        for person in self._people:
            visit = Visit(person)
            self.visits.append(visit)
            self._here.add(loop.create_task(self._stay(visit, hint=self._chance.random() < 0.5)))
            await asyncio.sleep(self._every_s * self._chance.uniform(0.5, 1.5))

    async def leave(self) -> None:
        """Wait until all who came have what they want, or are tired of waiting."""
        if self._here:
            await asyncio.gather(*self._here)

    async def _stay(self, visit: Visit, *, hint: bool) -> None:
        person = visit.person
        card = None
        while card is None and visit.asked * AGAIN_S < PATIENCE_S:
            visit.asked += 1
            person.says("/practice")
            card = await _first(person, "Hint", AGAIN_S)
        if card is None:
            return
        if hint:
            visit.pressed = True
            match person, card:
                case telegram.Person(), telegram.Message():
                    person.presses("Hint", on=card)
                case discord.Person(), discord.Message():
                    person.presses("Hint", on=card)
            await asyncio.sleep(self._chance.uniform(0, 2))
        text = card.text
        person.says(next(answer for slug, answer in GOOD.items() if slug in text))
        visit.answered = True
        await _until(lambda: _says(person, "/ 100") > 0, PATIENCE_S)

    def look(self) -> None:
        """Note what everybody has got to see."""
        for visit in self.visits:
            visit.hinted = _says(visit.person, "Hint 1") > 0
            visit.judged = _says(visit.person, "100 / 100")


async def wrong(database: Database, visits: list[Visit]) -> list[str]:
    """Return what is wrong about answers: each must be there once, and judged."""
    kept: dict[str, tuple[int, int]] = {
        who: (count, judged)
        for who, count, judged in await rows(
            database,
            "SELECT i.platform_user_id, count(*), count(a.score) FROM attempts a "
            "JOIN identities i ON i.user_id = a.user_id GROUP BY i.platform_user_id",
        )
    }
    found = []
    for visit in visits:
        count, judged = kept.get(str(visit.person.id), (0, 0))
        if count != int(visit.answered):
            found.append(f"{visit.person.name}: {count} answers of {int(visit.answered)}")
        elif judged != count:
            found.append(f"{visit.person.name}: not judged")
    return found


def labels(message: AnyMessage) -> list[str]:
    """Return what stands on a message's buttons."""
    if isinstance(message, telegram.Message):
        return message.labels
    return [button.label for button in message.buttons]


def _sent(person: AnyPerson) -> Iterator[AnyMessage]:
    for message in person.dm.messages:
        if message.sender is not person:
            yield message


def _says(person: AnyPerson, words: str) -> int:
    return sum(words in message.text for message in _sent(person))


async def _first(person: AnyPerson, label: str, patience_s: float) -> AnyMessage | None:
    def look() -> AnyMessage | None:
        return next((one for one in _sent(person) if label in labels(one)), None)

    await _until(lambda: look() is not None, patience_s)
    return look()


async def _until(look: object, patience_s: float) -> None:
    assert callable(look)
    loop = asyncio.get_running_loop()
    end = loop.time() + patience_s
    while not look() and loop.time() < end:
        await asyncio.sleep(LOOK_S)
