"""Sending: what the platforms refuse, and that nobody else is touched by it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.chat.adapter import Delayed, Unreachable, Unsure
from bot.store.uow import Database
from bot.testing import Person, World
from tests.rows import rows

NINE = datetime(2026, 3, 23, 9, 0, tzinfo=UTC)


async def subscribe(*people: Person) -> None:
    for person in people:
        await person.says("/schedule set 09:00 UTC")
        await person.presses("Save")


async def test_one_blocked_recipient_does_not_stop_the_others(
    world: World, ana: Person, database: Database
) -> None:
    dan = world.person("Dan")
    await subscribe(ana, dan)
    world.clock.set(NINE)
    world.adapter.faults = [Unreachable()]
    await world.settle()
    assert [chat for chat, _, _ in world.adapter.sent] == [dan.place.ref]
    states = await rows(database, "SELECT state, error FROM deliveries ORDER BY id")
    assert states == [("failed", "unreachable"), ("sent", None)]
    world.clock.advance(timedelta(days=1))
    await world.settle()
    assert len(world.adapter.sent) == 2


async def test_somebody_unreachable_who_speaks_again_can_resume(world: World, ana: Person) -> None:
    await subscribe(ana)
    world.clock.set(NINE)
    world.adapter.faults = [Unreachable()]
    await world.settle()
    assert (await ana.says("/schedule show")).title == "Schedule (paused)"
    await ana.says("/schedule resume")
    world.clock.advance(timedelta(days=1))
    await world.settle()
    assert len(world.adapter.sent) == 1


async def test_a_delay_is_waited_out_and_the_same_question_is_sent(
    world: World, ana: Person, database: Database
) -> None:
    await subscribe(ana)
    world.clock.set(NINE)
    world.adapter.faults = [Delayed(40)]
    await world.settle()
    assert world.adapter.sent == []
    world.clock.advance(timedelta(seconds=39))
    await world.settle()
    assert world.adapter.sent == []
    world.clock.advance(timedelta(seconds=1))
    await world.settle()
    assert len(world.adapter.sent) == 1
    assert await rows(database, "SELECT count(*) FROM servings") == [(1,)]


async def test_an_unsure_send_is_tried_once_more_with_the_same_key(
    world: World, ana: Person, database: Database
) -> None:
    await subscribe(ana)
    world.clock.set(NINE)
    world.adapter.faults = [Unsure()]
    await world.settle()
    assert [key for _, _, key in world.adapter.sent] == ["d1"]
    assert await rows(database, "SELECT state, tries FROM deliveries") == [("sent", 2)]


async def test_what_stays_unsure_is_not_sent_a_third_time(
    world: World, ana: Person, database: Database
) -> None:
    await subscribe(ana)
    world.clock.set(NINE)
    world.adapter.faults = [Unsure(), Unsure()]
    await world.settle()
    world.clock.advance(timedelta(hours=2))
    await world.settle()
    assert world.adapter.sent == []
    assert await rows(database, "SELECT state FROM deliveries") == [("failed",)]


async def test_an_unexpected_failure_is_retried_and_given_up_in_the_end(
    world: World, ana: Person, database: Database
) -> None:
    await subscribe(ana)
    world.clock.set(NINE)
    world.adapter.faults = [RuntimeError("a platform's bug") for _ in range(50)]
    for _ in range(20):
        await world.settle()
        world.clock.advance(timedelta(minutes=1))
    [(state, tries)] = await rows(database, "SELECT state, tries FROM deliveries")
    assert (state, tries) == ("failed", 8)


async def test_a_lease_of_a_sender_that_died_runs_out(
    world: World, ana: Person, database: Database
) -> None:
    await subscribe(ana)
    world.clock.set(NINE)
    outbox = world.app.services.outbox
    await world.app.services.dues.materialise()
    [parcel] = await outbox.take(frozenset({"memory"}))
    assert await outbox.take(frozenset({"memory"})) == []
    world.clock.advance(timedelta(seconds=61))
    [again] = await outbox.take(frozenset({"memory"}))
    assert again.served.serving.id == parcel.served.serving.id
    assert again.delivery.tries == 2


async def test_nothing_is_leased_for_a_platform_that_is_not_running(
    world: World, ana: Person
) -> None:
    await subscribe(ana)
    world.clock.set(NINE)
    await world.app.services.dues.materialise()
    assert await world.app.services.outbox.take(frozenset({"elsewhere"})) == []


async def test_an_empty_pool_fails_that_delivery_and_no_other(
    world: World, ana: Person, database: Database
) -> None:
    await subscribe(ana)
    async with database.engine.begin() as connection:
        from sqlalchemy import text

        await connection.execute(text("UPDATE questions SET status = 'retired'"))
    world.clock.set(NINE)
    await world.settle()
    assert await rows(database, "SELECT state, error FROM deliveries") == [
        ("failed", "no question fits")
    ]
