"""The limiter against a platform that counts on a clock of its own, behind a network with moods."""

from __future__ import annotations

import asyncio
import random
from collections import deque
from dataclasses import dataclass, field

import pytest

from bot.pacing import Limiter, Pace, Paused, in_bulk
from bot.pacing.gates import Allowance

SECOND = 0.2
"""A platform's second in these tests."""


@dataclass
class Platform:
    """Takes at most `most` requests in any `SECOND` of its own; keeps what it refused."""

    most: int
    arrived: list[tuple[float, str]] = field(default_factory=list)
    refused: int = 0
    _recent: deque[float] = field(default_factory=deque)

    def take(self, what: str) -> None:
        """Count a request that arrives now."""
        now = asyncio.get_running_loop().time()
        while self._recent and self._recent[0] <= now - SECOND:
            self._recent.popleft()
        self.refused += len(self._recent) >= self.most
        self._recent.append(now)
        self.arrived.append((now, what))

    async def request(self, limiter: Limiter, what: str, there: float, back: float) -> None:
        """Make a request that takes so long to get there and so long to be answered."""
        async with limiter.slot(what.partition(" ")[0]):
            await asyncio.sleep(there)
            self.take(what)
            await asyncio.sleep(back)


def limiter(most: int = 10, kept_free: int = 1, allowance: Allowance | None = None) -> Limiter:
    return Limiter("test", Pace(most, SECOND, kept_free), lambda _chat: allowance)


async def test_no_network_makes_the_platform_see_more_than_it_takes() -> None:
    moody, platform, pacing = random.Random(7), Platform(10), limiter()
    async with asyncio.TaskGroup() as group:
        for number in range(80):
            there = moody.choice((0.0, 0.001, 0.05))  # some overtake those before them
            group.create_task(platform.request(pacing, f"chat{number}", there, 0.001))
    assert (len(platform.arrived), platform.refused) == (80, 0)


async def test_a_broadcast_uses_all_that_is_allowed_but_what_it_leaves_to_people() -> None:
    platform, pacing = Platform(20), limiter(20)
    loop = asyncio.get_running_loop()
    began = loop.time()
    with in_bulk():
        async with asyncio.TaskGroup() as group:
            for number in range(100):
                group.create_task(platform.request(pacing, f"chat{number}", 0, 0))
    assert platform.refused == 0
    # 19 of 20 in each second: the bound from below is the platform's, that above is ours.
    assert loop.time() - began >= (100 / 20 - 1) * SECOND


async def test_who_waits_comes_before_everything_that_nobody_asked_for() -> None:
    platform, pacing = Platform(5), limiter(5, kept_free=0)
    async with asyncio.TaskGroup() as group:
        with in_bulk():
            for number in range(15):
                group.create_task(platform.request(pacing, f"bulk{number}", 0, 0))
        await asyncio.sleep(SECOND / 4)
        before = len(platform.arrived)
        group.create_task(platform.request(pacing, "reply", 0, 0))
    order = [what for _, what in platform.arrived]
    assert order.index("reply") <= before + 1
    assert platform.refused == 0


async def test_a_request_that_gets_no_answer_holds_its_place() -> None:
    pacing = limiter(1, kept_free=0)
    hanging = await pacing.enter("a")
    second = asyncio.get_running_loop().create_task(pacing.enter("b"))
    await asyncio.sleep(2 * SECOND)
    assert not second.done()  # the first may still arrive
    pacing.leave(hanging)
    pacing.leave(await second)


async def test_one_chats_gate_keeps_no_other_waiting() -> None:
    pacing = limiter(100, allowance=Allowance(1, 60.0))
    pacing.leave(await pacing.enter("group"))
    stuck = asyncio.get_running_loop().create_task(pacing.enter("group"))
    async with asyncio.timeout(5):
        for number in range(20):
            pacing.leave(await pacing.enter(f"person{number}"))
    assert not stuck.done()
    with pytest.raises(Paused) as told:
        await pacing.enter("group", patience_s=1)
    assert 50 < told.value.wait_s <= 60
    stuck.cancel()


async def test_a_broadcast_leaves_room_in_a_chat() -> None:
    pacing = limiter(100, allowance=Allowance(3, 60.0, kept_free=2))
    with in_bulk():
        pacing.leave(await pacing.enter("group"))
        with pytest.raises(Paused):
            await pacing.enter("group", patience_s=1)
    pacing.leave(await pacing.enter("group", patience_s=1))
    pacing.leave(await pacing.enter("group", patience_s=1))
    with pytest.raises(Paused):
        await pacing.enter("group", patience_s=1)


async def test_a_refusal_pauses_that_chat_until_the_named_moment_and_nobody_else() -> None:
    pacing, loop = limiter(100), asyncio.get_running_loop()
    ticket = await pacing.enter("ana")
    began = loop.time()
    pacing.refused(ticket, 0.3)
    pacing.leave(ticket)
    pacing.leave(await pacing.enter("ben"))
    assert loop.time() - began < 0.3
    assert pacing.paused_s() == 0
    pacing.leave(await pacing.enter("ana"))
    assert loop.time() - began >= 0.3


async def test_refusals_in_two_chats_pause_all_and_lower_the_rate_once() -> None:
    pacing, loop = limiter(10), asyncio.get_running_loop()
    rate = pacing.per_second
    tickets = [await pacing.enter(chat) for chat in ("ana", "ben", "chi")]
    began = loop.time()
    for ticket in tickets:
        pacing.refused(ticket, 0.3)
        pacing.leave(ticket)
    assert pacing.paused_s() > 0
    assert pacing.per_second == pytest.approx(rate * 0.7)
    pacing.leave(await pacing.enter("dan"))
    assert loop.time() - began >= 0.3


async def test_who_is_told_of_a_long_pause_waits_for_it_elsewhere() -> None:
    pacing = limiter(10)
    ticket = await pacing.enter("ana")
    pacing.refused(ticket, 3600, wide=True)
    pacing.leave(ticket)
    with pytest.raises(Paused) as told:
        await pacing.enter("ben", patience_s=20)
    assert told.value.wait_s > 3500


async def test_a_rate_that_was_lowered_rises_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.pacing.limiter.RAISE_S", 0.05)
    pacing = limiter(10)
    ticket = await pacing.enter("ana")
    pacing.refused(ticket, 0.01, wide=True)
    pacing.leave(ticket)
    assert pacing.per_second < 10 / SECOND
    async with asyncio.timeout(5):
        while pacing.per_second < 10 / SECOND:
            pacing.leave(await pacing.enter("ana"))


async def test_who_gives_up_waiting_leaves_no_hole() -> None:
    pacing = limiter(1, kept_free=0)
    first = await pacing.enter("a")
    waiting = [asyncio.get_running_loop().create_task(pacing.enter(f"{n}")) for n in range(5)]
    await asyncio.sleep(0)
    for task in waiting[:4]:
        task.cancel()
    pacing.leave(first)
    async with asyncio.timeout(5):
        pacing.leave(await waiting[4])
        pacing.leave(await pacing.enter("b"))


async def test_who_stops_keeps_nobody_waiting() -> None:
    pacing = limiter(2)
    first = await pacing.enter("a")
    waiting = [asyncio.get_running_loop().create_task(pacing.enter("b")) for _ in range(3)]
    await asyncio.sleep(0)
    pacing.close()
    done = await asyncio.gather(*waiting[1:], return_exceptions=True)
    assert all(isinstance(each, Paused) for each in done)
    pacing.leave(first)
    pacing.leave(await waiting[0])


async def test_chats_that_are_quiet_are_forgotten() -> None:
    pacing = Limiter("test", Pace(10_000), lambda _chat: Allowance(1, 0.0))
    for number in range(5_000):
        pacing.leave(await pacing.enter(f"{number}"))
    assert len(pacing.chats) < 2_500
