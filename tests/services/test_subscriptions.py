"""Schedules, and what is due becoming deliveries, on both databases."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.chat.markup import plain
from bot.chat.view import Button, Card
from bot.clock import MovableClock
from bot.store.uow import Database
from bot.testing import Person, World
from tests.answers import good
from tests.rows import count, rows


def at(day: int, hour: int, minute: int = 0, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


async def play(world: World, until: datetime) -> None:
    """Let time pass as a running program sees it: something happens when it is due."""
    while (due := await world.app.next_due()) is not None and due <= until:
        world.clock.set(max(due, world.clock.now()))
        await world.settle()
    world.clock.set(until)
    await world.settle()


async def test_the_next_three_dates_are_shown_before_anything_is_saved(
    ana: Person, database: Database
) -> None:
    shown = await ana.says("/schedule set 9 berlin mon-fri")
    assert plain(shown.body).count(", 09:00 CE") == 3
    assert "Mon 30 Mar, 09:00 CEST" not in plain(shown.body)
    assert await count(database, "subscriptions") == 0
    await ana.presses("Leave it")
    assert await count(database, "subscriptions") == 0


async def test_the_days_may_stand_in_the_zones_place(ana: Person) -> None:
    shown = await ana.says("/schedule set 18:30 tue,thu")
    assert "Tue, Thu at 18:30, UTC time" in plain(shown.body)


@pytest.mark.parametrize(
    ("line", "wrong", "remedy"),
    [
        ("/schedule set 25:00", "25:00", "23:59"),
        ("/schedule set 9 Atlantis", "Atlantis", ""),
        ("/schedule set 9 berlin someday", "someday", "Mon-Fri"),
        ("/schedule set soon", "soon", "09:00"),
    ],
)
async def test_a_wrong_value_is_named_with_what_to_do(
    ana: Person, database: Database, line: str, wrong: str, remedy: str
) -> None:
    told = await ana.says(line)
    assert ana.last is not None
    assert ana.last.error == "Invalid"
    assert wrong in told.title
    assert remedy in plain(told.body)
    assert await count(database, "subscriptions") == 0


async def test_a_scheduled_question_comes_when_it_is_due_and_not_before(
    ana: Person, world: World
) -> None:
    await ana.says("/schedule set 09:00 Berlin")
    await ana.presses("Save")
    await play(world, at(24, 7, 59))
    assert world.adapter.sent == []
    await play(world, at(24, 8, 0))
    [(chat, card, _)] = world.adapter.sent
    assert chat == ana.place.ref
    assert card.kind == "question"


async def test_over_the_clock_change_the_local_time_stays(ana: Person, world: World) -> None:
    await ana.says("/schedule set 09:00 Berlin")
    await ana.presses("Save")
    await play(world, at(31, 0))
    sent = await rows_of_due(world)
    assert sent[-3:] == [at(28, 8), at(29, 7), at(30, 7)]


async def test_a_time_that_the_clocks_leave_out_comes_right_after_and_says_so(
    ana: Person, world: World
) -> None:
    world.clock.set(at(28, 12))
    shown = await ana.says("/schedule set 02:30 Berlin")
    assert "The clocks leave 02:30 out once" in plain(shown.body)
    await ana.presses("Save")
    await play(world, at(30, 12))
    assert await rows_of_due(world) == [at(29, 1, 30), at(30, 0, 30)]


async def test_after_an_outage_of_days_one_question_comes_if_it_is_fresh(
    ana: Person, world: World, database: Database
) -> None:
    await ana.says("/schedule set 09:00 UTC")
    await ana.presses("Save")
    world.clock.set(at(26, 11))
    await world.settle()
    await world.settle()
    [(_, card, _)] = world.adapter.sent
    assert "Later than you asked for" in card.body
    states = await rows(database, "SELECT state FROM deliveries ORDER BY due_at")
    assert states == [("skipped",), ("skipped",), ("skipped",), ("sent",)]


async def test_after_an_outage_a_stale_question_is_skipped(
    ana: Person, world: World, database: Database
) -> None:
    await ana.says("/schedule set 09:00 UTC")
    await ana.presses("Save")
    world.clock.set(at(26, 16))
    await world.settle()
    assert world.adapter.sent == []
    assert await rows(database, "SELECT DISTINCT state FROM deliveries") == [("skipped",)]
    await play(world, at(27, 9))
    assert len(world.adapter.sent) == 1


async def test_changing_the_time_brings_no_second_question_on_one_day(
    ana: Person, world: World
) -> None:
    await ana.says("/schedule set 09:00 UTC")
    await ana.presses("Save")
    await play(world, at(23, 10))
    shown = await ana.says("/schedule set 18:00")
    assert "Mon 23" not in plain(shown.body)
    await ana.presses("Save")
    await play(world, at(23, 23))
    assert len(world.adapter.sent) == 1


async def test_a_pause_sends_nothing_and_forgives_the_days(ana: Person, world: World) -> None:
    await ana.says("/schedule set 09:00 UTC")
    await ana.presses("Save")
    await answer_all(ana, world, at(24, 10))
    await ana.says("/schedule pause")
    await play(world, at(28, 10))
    assert len(world.adapter.sent) == 2
    assert "2 days" in (await ana.says("/streak")).title
    resumed = await ana.says("/schedule resume")
    assert "Sun 29 Mar, 09:00" in plain(resumed.body)
    await answer_all(ana, world, at(29, 10))
    assert "3 days" in (await ana.says("/streak")).title


async def test_off_ends_it_and_set_brings_it_back(ana: Person, world: World) -> None:
    await ana.says("/schedule set 09:00 UTC")
    await ana.presses("Save")
    await ana.says("/schedule off")
    assert (await ana.says("/schedule show")).title == "No schedule yet"
    await play(world, at(25, 12))
    assert world.adapter.sent == []
    await ana.says("/schedule set 10:00 UTC")
    await ana.presses("Save")
    await play(world, at(26, 12))
    assert len(world.adapter.sent) == 1


async def test_in_a_group_only_moderators_change_the_schedule(
    ben: Person, maya: Person, world: World, database: Database
) -> None:
    refused = await ben.says("/schedule set 09:00 UTC")
    assert "Only a moderator" in refused.title
    shown = await maya.says("/schedule set 09:00 UTC")
    ben.sees(shown)
    refused = await ben.presses("Save")
    assert "Only a moderator" in refused.title
    assert await count(database, "subscriptions") == 0
    await maya.presses("Save")
    for line in ("/schedule pause", "/schedule resume", "/schedule off"):
        assert "Only a moderator" in (await ben.says(line)).title
    verbs = await rows(database, "SELECT verb FROM audit_log")
    assert verbs == [("schedule set",)]


async def test_a_group_gets_one_question_for_all_and_keeps_answers_private(
    ben: Person, chi: Person, maya: Person, world: World
) -> None:
    await maya.says("/schedule set 09:00 UTC")
    await maya.presses("Save")
    await play(world, at(23, 9))
    [(_, card, _)] = world.adapter.sent
    for person in (ben, chi):
        await person.says(good(card))
        assert person.last is not None
        assert person.last.private
    await world.settle()
    assert [edit.fields for _, edit in world.adapter.edits][-1] == (("So far", "2 answers"),)


async def test_a_restart_between_due_and_sent_loses_nothing_and_repeats_nothing(
    ana: Person, world: World, database: Database
) -> None:
    await ana.says("/schedule set 09:00 UTC")
    await ana.presses("Save")
    world.clock.set(at(23, 9))
    await world.app.services.dues.materialise()
    await world.restart()
    await world.settle()
    await world.restart()
    await world.settle()
    assert len(world.adapter.sent) == 1
    assert await count(database, "servings") == 1


async def test_two_schedulers_at_once_make_one_delivery(
    ana: Person, world: World, database: Database
) -> None:
    await ana.says("/schedule set 09:00 UTC")
    await ana.presses("Save")
    world.clock.set(at(23, 9))
    book = world.app.services.dues
    made = await asyncio.gather(*(book.materialise() for _ in range(5)))
    assert sum(made) == 1
    assert await count(database, "deliveries") == 1


async def test_due_times_are_worked_out_anew_when_the_zone_rules_changed(
    ana: Person, world: World, database: Database, clock: MovableClock
) -> None:
    await ana.says("/schedule set 09:00 Berlin")
    await ana.presses("Save")
    async with database.write() as unit:
        await unit.kv.put("tzdata", "1970a")
        await unit.subscriptions.schedule(1, at(24, 5), None)
        await unit.commit()
    await world.restart()
    assert await world.app.services.dues.next_due_at() == at(24, 8)
    clock.advance(timedelta(seconds=1))
    assert await world.app.services.dues.refresh() == 0


async def test_around_an_hour_is_the_same_minute_every_day(ana: Person, world: World) -> None:
    await ana.says("/schedule set ~09:00 UTC")
    await ana.presses("Save")
    await play(world, at(27, 12))
    minutes = {due.hour * 60 + due.minute for due in await rows_of_due(world)}
    [minute] = minutes
    assert 535 <= minute <= 550


async def answer_all(person: Person, world: World, until: datetime) -> None:
    """Let time pass, with every question answered when it comes."""

    while (due := await world.app.next_due()) is not None and due <= until:
        before = len(world.adapter.sent)
        world.clock.set(max(due, world.clock.now()))
        await world.settle()
        for _, card, _ in world.adapter.sent[before:]:
            await person.says(good(card))
    world.clock.set(until)


async def rows_of_due(world: World) -> list[datetime]:
    """Return when deliveries that were sent had been due."""
    database = Database(world.settings.database_url)
    async with database.read() as unit:
        numbers = range(1, len(world.adapter.sent) + 1)
        found = [(await unit.deliveries.get(number)).due_at for number in numbers]
    await database.close()
    return found


async def test_a_new_time_keeps_the_days_as_they_were(ana: Person) -> None:
    await ana.says("/schedule set 09:00 UTC mon-fri")
    await ana.presses("Save")
    shown = await ana.says("/schedule set 10:00")
    assert "Mon-Fri at 10:00" in plain(shown.body)


@pytest.mark.parametrize("wire", ["sched:abc:UTC:0", "sched:9999:UTC:0", "sched:540:UTC:9"])
async def test_a_forged_button_is_refused_in_a_sentence(ana: Person, wire: str) -> None:
    ana.sees(Card("forged", rows=((Button("x", wire),),)))
    await ana.presses("x")
    assert ana.last is not None
    assert ana.last.error == "Conflict"


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("/schedule set 09:00 New York", "every day at 09:00, America/New_York"),
        ("/schedule set 09:00 New York mon-fri", "Mon-Fri at 09:00, America/New_York"),
        ("/schedule set 9:30 pm Berlin", "every day at 21:30, Europe/Berlin"),
        ("/schedule set 9:30 pm", "every day at 21:30, UTC"),
        ("/schedule set 9 Monday Wednesday", "Mon, Wed at 09:00, UTC"),
    ],
)
async def test_spaces_where_people_put_them_are_understood(
    ana: Person, line: str, what: str
) -> None:
    assert what in plain((await ana.says(line)).body)
