"""Many questions due at once: how many are under way, what is written, and what an outage costs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from bot.chat.adapter import NotConnected
from bot.chat.context import ChatRef, MessageRef
from bot.chat.view import Card
from bot.clock import MovableClock
from bot.errors import Away
from bot.services.dues import place_of
from bot.services.outbox import Outbox, Outcome, Taken
from bot.services.reach import Loss
from bot.settings import BankSettings, DatabaseSettings, Settings
from bot.store.uow import Database
from bot.testing import MemoryAdapter, World
from bot.workers.deliveries import Deliveries
from tests.conftest import BANK
from tests.rows import rows

NINE = datetime(2026, 3, 23, 9, 0, tzinfo=UTC)
PEOPLE = 20


@dataclass
class Busy(MemoryAdapter):
    """A platform that takes a moment for each send, and counts how many there are at once."""

    in_flight: int = 4
    paused: float = 0.0
    there: bool = True
    at_once: int = 0
    most: int = 0
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    def paused_s(self) -> float:
        """Return what the test says."""
        return self.paused

    def connected(self) -> bool:
        """Return what the test says."""
        return self.there

    async def send(
        self,
        chat: ChatRef,
        card: Card,
        *,
        key: str,
        under: MessageRef | None = None,
        retry: bool = False,
    ) -> MessageRef:
        """Keep a card once the gate is open."""
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        await self.gate.wait()
        self.at_once -= 1
        return await super().send(chat, card, key=key, under=under)


class Moody(Outbox):
    """An outbox whose database can go away, and that counts its writes."""

    away = 0
    """How many of the next writes fail."""
    empty_handed = False
    """Whether nothing can be taken."""

    def __init__(self, real: Outbox) -> None:
        self.__dict__.update(real.__dict__)
        self.groups: list[int] = []

    async def note(self, outcomes: Sequence[Outcome]) -> list[Loss | None]:
        """Write, if the database is there."""
        if self.away:
            self.away -= 1
            raise Away
        self.groups.append(len(outcomes))
        return await super().note(outcomes)

    async def take(self, platform: str, limit: int) -> Taken:
        """Take, if the database is there."""
        if self.empty_handed:
            raise Away
        return await super().take(platform, limit)


@dataclass
class Scene:
    """Twenty people whose question is due, and what sends it."""

    world: World
    adapter: Busy
    outbox: Moody
    deliveries: Deliveries


@pytest.fixture
async def scene(address: str, database: Database, clock: MovableClock) -> AsyncIterator[Scene]:
    """Return a scene at nine o'clock."""
    settings = Settings(database=DatabaseSettings(url=address), bank=BankSettings(folder=BANK))
    async with World(settings, clock) as world:
        for number in range(PEOPLE):
            person = world.person(f"Person{number}")
            await person.says("/schedule set 09:00 UTC")
            await person.presses("Save")
        clock.set(NINE)
        await world.app.services.dues.materialise()
        outbox = Moody(world.app.services.outbox)
        object.__setattr__(world.app.services, "outbox", outbox)
        adapter = Busy()
        yield Scene(world, adapter, outbox, Deliveries(world.app.services, adapter, _nobody))


def _nobody(loss: Loss, advice: str) -> None:
    raise AssertionError("nobody is lost here")


async def states(database: Database) -> dict[str, int]:
    """Return how many deliveries are in which state."""
    query = "SELECT state, count(*) FROM deliveries GROUP BY state"
    return {str(state): int(count) for state, count in await rows(database, query)}


async def until_busy(adapter: Busy) -> None:
    async with asyncio.timeout(20):
        while adapter.at_once < adapter.in_flight:
            await asyncio.sleep(0.005)


async def test_no_more_are_under_way_than_may_be_doubled_by_a_crash(
    scene: Scene, database: Database
) -> None:
    draining = asyncio.get_running_loop().create_task(scene.deliveries.drain())
    await until_busy(scene.adapter)
    assert (await states(database)).get("sent", 0) == 0
    scene.adapter.gate.set()
    await draining
    assert scene.adapter.most == 4
    assert await states(database) == {"sent": PEOPLE}
    assert scene.deliveries.sent == PEOPLE


async def test_what_ends_together_is_written_together(scene: Scene) -> None:
    scene.adapter.in_flight = 10
    draining = asyncio.get_running_loop().create_task(scene.deliveries.drain())
    await until_busy(scene.adapter)
    scene.adapter.gate.set()
    await draining
    assert sum(scene.outbox.groups) == PEOPLE
    assert max(scene.outbox.groups) >= 5
    assert len(scene.outbox.groups) < PEOPLE


async def test_a_database_that_is_away_for_a_moment_doubles_nothing(
    scene: Scene, database: Database
) -> None:
    scene.adapter.gate.set()
    scene.outbox.away = 3
    await scene.deliveries.drain()
    assert sorted(key for _, _, key in scene.adapter.sent) == sorted(
        f"d{number}" for number in range(1, PEOPLE + 1)
    )
    assert await states(database) == {"sent": PEOPLE}


async def test_what_is_being_sent_is_not_cut_off_when_nothing_more_can_be_taken(
    scene: Scene, database: Database
) -> None:
    draining = asyncio.get_running_loop().create_task(scene.deliveries.drain())
    await until_busy(scene.adapter)
    scene.outbox.empty_handed = True
    scene.adapter.gate.set()
    await draining
    sent = len(scene.adapter.sent)
    assert 4 <= sent < PEOPLE
    assert (await states(database))["sent"] == sent
    scene.outbox.empty_handed = False
    await scene.deliveries.drain()
    assert await states(database) == {"sent": PEOPLE}
    assert len(scene.adapter.sent) == PEOPLE


async def test_nothing_is_taken_while_the_platform_wants_silence(
    scene: Scene, database: Database
) -> None:
    scene.adapter.paused = 30
    await scene.deliveries.drain()
    assert await states(database) == {"pending": PEOPLE}


async def test_nothing_is_taken_while_we_are_not_connected(
    scene: Scene, database: Database
) -> None:
    scene.adapter.there = False
    scene.adapter.gate.set()
    await scene.deliveries.drain()
    assert await rows(database, "SELECT max(tries) FROM deliveries") == [(0,)]
    scene.adapter.there = True
    await scene.deliveries.drain()
    assert await states(database) == {"sent": PEOPLE}


@pytest.mark.parametrize("trouble", [NotConnected(), Away()])
async def test_what_is_cut_off_by_our_own_trouble_waits_no_longer_for_it(
    scene: Scene, database: Database, trouble: Exception
) -> None:
    scene.adapter.gate.set()
    scene.adapter.faults = [trouble] * 60  # three for each
    await scene.deliveries.drain()
    assert await states(database) == {"sent": PEOPLE}
    assert len(scene.adapter.sent) == PEOPLE


async def test_who_no_longer_leads_begins_nothing_and_gives_back_what_it_took(
    scene: Scene, database: Database
) -> None:
    leading = True
    deliveries = Deliveries(
        scene.world.app.services, scene.adapter, _nobody, may_send=lambda: leading
    )
    draining = asyncio.get_running_loop().create_task(deliveries.drain())
    await until_busy(scene.adapter)
    leading = False
    scene.adapter.gate.set()
    await draining
    assert len(scene.adapter.sent) == 4
    assert await states(database) == {"sent": 4, "pending": PEOPLE - 4}


async def test_what_waited_too_long_here_is_left_to_the_next(
    scene: Scene, database: Database, clock: MovableClock
) -> None:
    draining = asyncio.get_running_loop().create_task(scene.deliveries.drain())
    await until_busy(scene.adapter)
    clock.advance(timedelta(seconds=45))  # of a lease of sixty
    taken_before = scene.outbox.take

    async def nothing_more(platform: str, limit: int) -> Taken:
        return Taken([], any=False)

    object.__setattr__(scene.outbox, "take", nothing_more)
    scene.adapter.gate.set()
    await draining
    object.__setattr__(scene.outbox, "take", taken_before)
    assert len(scene.adapter.sent) == 4
    assert set(await states(database)) <= {"sent", "pending", "leased"}
    clock.advance(timedelta(seconds=61))
    await scene.deliveries.drain()
    assert await states(database) == {"sent": PEOPLE}
    assert len(scene.adapter.sent) == PEOPLE


def test_nobody_is_always_last() -> None:
    today, tomorrow = NINE.date(), (NINE + timedelta(days=1)).date()
    people = range(1, 200)
    orders = [sorted(people, key=lambda who: place_of(who, day)) for day in (today, tomorrow)]
    assert orders[0] != orders[1]
    assert all(0 <= place_of(who, today) < 2**31 for who in people)
    assert set(orders[0][-20:]) != set(orders[1][-20:])
