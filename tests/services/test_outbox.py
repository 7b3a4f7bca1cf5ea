"""Sending: what the platforms refuse, and that nobody else is touched by it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.chat.adapter import Delayed, Unreachable, Unsure
from bot.services import outbox
from bot.services.outbox import Taken
from bot.store.uow import Database
from bot.testing import Person, World
from tests.answers import good
from tests.rows import count, rows

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


async def test_somebody_unreachable_who_speaks_again_goes_on(world: World, ana: Person) -> None:
    await subscribe(ana)
    world.clock.set(NINE)
    world.adapter.faults = [Unreachable()]
    await world.settle()
    world.clock.advance(timedelta(days=1))
    await world.settle()
    assert world.adapter.sent == []
    assert (await ana.says("/schedule show")).title == "Schedule"
    world.clock.advance(timedelta(days=1))
    await world.settle()
    assert len(world.adapter.sent) == 1


async def test_what_was_paused_before_it_was_lost_stays_paused(world: World, ana: Person) -> None:
    await subscribe(ana)
    await ana.says("/schedule pause")
    await world.app.services.places.lost(ana.place.ref)
    assert (await ana.says("/schedule show")).title == "Schedule (paused)"
    world.clock.set(NINE + timedelta(days=1))
    await world.settle()
    assert world.adapter.sent == []


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


async def test_an_outage_of_an_hour_loses_no_question(
    world: World, ana: Person, database: Database
) -> None:
    await subscribe(ana)
    world.clock.set(NINE)
    world.adapter.faults = [ConnectionError("the network is down") for _ in range(7)]
    for _ in range(80):
        await world.settle()
        world.clock.advance(timedelta(minutes=1))
    assert len(world.adapter.sent) == 1
    [(state, tries)] = await rows(database, "SELECT state, tries FROM deliveries")
    assert (state, tries) == ("sent", 8)


async def test_what_stays_undeliverable_is_skipped_when_it_is_stale(
    world: World, ana: Person, database: Database
) -> None:
    await subscribe(ana)
    world.clock.set(NINE)
    world.adapter.faults = [RuntimeError("a platform's bug") for _ in range(500)]
    for _ in range(60):
        await world.settle()
        world.clock.advance(timedelta(minutes=10))
    assert await rows(database, "SELECT state, error FROM deliveries") == [("skipped", "stale")]


async def test_a_question_on_its_way_is_not_sent_after_a_pause(
    world: World, ana: Person, database: Database
) -> None:
    await subscribe(ana)
    world.clock.set(NINE)
    world.adapter.faults = [Delayed(60)]
    await world.settle()
    await ana.says("/schedule pause")
    world.clock.advance(timedelta(minutes=5))
    await world.settle()
    assert world.adapter.sent == []
    assert await rows(database, "SELECT state FROM deliveries") == [("skipped",)]


async def test_an_answer_never_goes_to_a_question_that_nobody_has_seen(
    world: World, ana: Person
) -> None:
    asked = await ana.says("/practice")
    await subscribe(ana)
    world.clock.set(NINE)
    world.adapter.faults = [Delayed(3600)]
    await world.settle()
    told = await ana.says(good(asked))
    assert told.title.startswith("100")


async def test_days_on_which_nothing_can_arrive_are_not_missed(world: World, ana: Person) -> None:
    await subscribe(ana)
    await ana.says(good(await ana.says("/practice")))
    world.clock.set(NINE + timedelta(days=1))
    world.adapter.faults = [Unreachable()]
    await world.settle()
    world.clock.advance(timedelta(days=5))
    assert "1 day" in (await ana.says("/streak")).title


async def test_after_a_delay_an_unsure_send_still_gets_its_second_try(
    world: World, ana: Person
) -> None:
    await subscribe(ana)
    world.clock.set(NINE)
    world.adapter.faults = [Delayed(1), Unsure()]
    await world.settle()
    world.clock.advance(timedelta(seconds=2))
    await world.settle()
    assert len(world.adapter.sent) == 1


async def test_one_schedule_that_cannot_be_worked_out_stops_no_other(
    world: World, ana: Person, database: Database
) -> None:
    dan = world.person("Dan")
    await subscribe(ana, dan)
    async with database.engine.begin() as connection:
        from sqlalchemy import text

        await connection.execute(text("UPDATE subscriptions SET zone = 'Mars/Base' WHERE id = 1"))
    world.clock.set(NINE)
    await world.settle()
    assert [chat for chat, _, _ in world.adapter.sent] == [dan.place.ref]


async def test_a_lease_of_a_sender_that_died_runs_out(
    world: World, ana: Person, database: Database
) -> None:
    await subscribe(ana)
    world.clock.set(NINE)
    outbox = world.app.services.outbox
    await world.app.services.dues.materialise()
    [parcel] = (await outbox.take("memory", 10)).parcels
    assert not (await outbox.take("memory", 10)).any
    world.clock.advance(timedelta(seconds=61))
    [again] = (await outbox.take("memory", 10)).parcels
    assert again.served.serving.id == parcel.served.serving.id
    assert again.delivery.tries == 2


async def test_nothing_is_leased_for_a_platform_that_is_not_running(
    world: World, ana: Person
) -> None:
    await subscribe(ana)
    world.clock.set(NINE)
    await world.app.services.dues.materialise()
    assert await world.app.services.outbox.take("elsewhere", 10) == Taken([], False)


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


async def test_old_deliveries_are_forgotten_and_what_was_shown_and_answered_stays(
    world: World, ana: Person, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "SWEPT_AT_ONCE", 2)
    dan = world.person("Dan")
    await subscribe(ana, dan)
    for day in range(4):
        world.clock.set(NINE + timedelta(days=day))
        await world.settle()
    await ana.says("an answer")
    async with database.engine.begin() as connection:  # of a platform that is served no longer
        await connection.execute(sa.text("UPDATE deliveries SET state = 'pending' WHERE id = 4"))
    before = [await count(database, each) for each in ("servings", "attempts")]
    sweep = world.app.services.outbox.sweep
    world.clock.set(NINE + outbox.MEMORY)
    assert await sweep() == 0, "the first are as old as they may become"
    world.clock.set(NINE + outbox.MEMORY + timedelta(days=2, hours=1))
    assert await sweep() == 5
    assert await sweep() == 0
    left = await rows(database, "SELECT id, state FROM deliveries ORDER BY id")
    assert left == [(4, "pending"), (7, "sent"), (8, "sent")]
    assert [await count(database, each) for each in ("servings", "attempts")] == before
