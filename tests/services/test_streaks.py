"""Streaks as people live them: zones, night owls, schedules, travel."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.chat.context import Sender
from bot.chat.markup import plain
from bot.testing import Person, World
from tests.answers import good


async def answer(
    person: Person, world: World, month: int, day: int, hour: int, minute: int = 0
) -> None:
    world.clock.set(datetime(2026, month, day, hour, minute, tzinfo=UTC))
    await person.says(good(await person.says("/practice")))


async def test_the_day_is_the_local_one(ana: Person, world: World) -> None:
    await ana.says("/settings zone=Los_Angeles")
    await answer(ana, world, 6, 10, 6, 30)  # still 9 June there
    await answer(ana, world, 6, 11, 6, 30)
    assert "2 days" in (await ana.says("/streak")).title
    world.clock.set(datetime(2026, 6, 11, 7, 30, tzinfo=UTC))
    assert "Today is still open" in (await ana.says("/streak")).body


async def test_a_night_owl_answers_for_the_day_before(ana: Person, world: World) -> None:
    await ana.says("/settings zone=Berlin day_starts=4")
    await answer(ana, world, 6, 10, 10, 0)
    await answer(ana, world, 6, 12, 1, 30)  # 03:30 in Berlin: still 11 June
    assert "2 days" in (await ana.says("/streak")).title


async def test_a_later_zone_rewrites_no_past_day(ana: Person, world: World) -> None:
    await ana.says("/settings zone=Berlin")
    await answer(ana, world, 6, 10, 21, 30)
    await answer(ana, world, 6, 11, 21, 30)
    await ana.says("/settings zone=Tokyo")
    assert "2 days" in (await ana.says("/streak")).title


async def test_a_missed_day_is_told_without_shame(ana: Person, world: World) -> None:
    await answer(ana, world, 6, 10, 10, 0)
    await answer(ana, world, 6, 11, 10, 0)
    world.clock.set(datetime(2026, 6, 13, 10, 0, tzinfo=UTC))
    told = plain((await ana.says("/streak")).body)
    assert "Your last streak ended at 2 days, your longest yet, on Thu 11 Jun." in told
    assert "Today is day 1." in told


async def test_on_a_weekday_schedule_the_weekend_cannot_be_missed(
    ana: Person, world: World
) -> None:
    await ana.says("/schedule set 09:00 UTC mon-fri")
    await ana.presses("Save")
    await answer(ana, world, 3, 27, 10)
    await answer(ana, world, 3, 30, 10)
    assert "2 days" in (await ana.says("/streak")).title


async def test_a_new_schedule_does_not_break_what_the_old_one_allowed(
    ana: Person, world: World
) -> None:
    await ana.says("/schedule set 09:00 UTC mon-fri")
    await ana.presses("Save")
    await answer(ana, world, 3, 27, 10)
    await answer(ana, world, 3, 30, 10)
    await ana.says("/schedule set 09:00 UTC daily")
    await ana.presses("Save")
    assert "2 days" in (await ana.says("/streak")).title
    await answer(ana, world, 3, 31, 10)
    assert "3 days" in (await ana.says("/streak")).title


async def test_a_groups_schedule_is_its_members_schedule(
    ben: Person, maya: Person, world: World
) -> None:
    await ben.says("/start")
    await maya.says("/schedule set 09:00 UTC mon-fri")
    await maya.presses("Save")
    await answer(ben, world, 3, 27, 10)
    await answer(ben, world, 3, 30, 10)
    assert "2 days" in (await ben.says("/streak")).title
    late = world.person("Zoe", group="prep")
    await answer(late, world, 4, 3, 10)
    await answer(late, world, 4, 6, 10)
    assert "2 days" in (await late.says("/streak")).title


async def test_pausing_on_a_day_already_answered_keeps_that_day(ana: Person, world: World) -> None:
    await ana.says("/schedule set 09:00 UTC")
    await ana.presses("Save")
    await answer(ana, world, 3, 23, 10)
    await ana.says("/schedule pause")
    assert "1 day" in (await ana.says("/streak")).title
    world.clock.advance(timedelta(days=40))
    assert "1 day" in (await ana.says("/streak")).title


async def test_me_shows_it_all_on_one_page(ana: Person, world: World) -> None:
    await ana.says("/schedule set 09:00 Berlin mon-fri")
    await ana.presses("Save")
    await answer(ana, world, 3, 27, 10)
    page = {name: plain(value) for name, value in (await ana.says("/me")).fields}
    assert page["Streak"] == "🔥 1 day"
    assert page["Answers"] == "1 answer, 100 of 100 on average"
    assert page["Points"] == "100"
    assert page["Schedule"] == "Mon-Fri at 09:00 (Berlin)"


async def test_a_group_that_moves_its_question_east_breaks_nobodys_streak(
    ben: Person, maya: Person, world: World
) -> None:
    await ben.says("/settings zone=Berlin")
    await maya.says("/schedule set 09:00 Berlin mon-fri")
    await maya.presses("Save")
    for day in (26, 27):
        await answer(ben, world, 3, day, 10)
    world.clock.set(datetime(2026, 3, 28, 22, 30, tzinfo=UTC))
    await maya.says("/schedule set 09:00 Tokyo daily")
    await maya.presses("Save")
    world.clock.set(datetime(2026, 3, 29, 0, 5, tzinfo=UTC))
    assert "2 days" in (await ben.says("/streak")).title


async def test_names_that_no_database_can_keep_are_cleaned(world: World) -> None:
    place = world.person("Ana", group="prep").place
    person = Person(world, Sender("ana", "A\x00na\ud800 " * 40), place)
    await answer(person, world, 3, 27, 10)
    assert "1 day" in (await person.says("/streak")).title


async def test_a_bonus_answer_is_not_said_to_count(ana: Person, world: World) -> None:
    await ana.says("/schedule set 09:00 UTC mon-fri")
    await ana.presses("Save")
    await answer(ana, world, 3, 27, 10)
    world.clock.set(datetime(2026, 3, 28, 10, 0, tzinfo=UTC))
    told = await ana.says(good(await ana.says("/practice")))
    assert "today counts" not in told.body
    assert "bonus" in (await ana.says("/streak")).body
    assert "1 day" in (await ana.says("/streak")).title
