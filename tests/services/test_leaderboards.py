"""The group's board: honest, private where it must be, and equal to the answers it sums up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.chat.markup import plain
from bot.store.uow import Database
from bot.testing import Person, World
from tests.answers import good, partial
from tests.rows import rows


async def practise(person: Person, *, well: bool = True) -> None:
    asked = await person.says("/practice")
    await person.says(good(asked) if well else partial(asked))


async def test_points_are_scores_and_ties_share_a_place(
    ben: Person, chi: Person, maya: Person
) -> None:
    await practise(ben)
    await practise(chi)
    await practise(maya, well=False)
    board = plain((await ben.says("/leaderboard")).body)
    assert board.splitlines()[:3] == [
        "1. Ben  100 points from 1 answer",
        "1. Chi  100 points from 1 answer",
        "3. Maya  40 points from 1 answer",
    ]


async def test_the_windows_are_switched_by_buttons(ben: Person, world: World) -> None:
    await practise(ben)
    world.clock.advance(timedelta(days=1))
    await ben.says("/leaderboard today")
    assert "Nobody has points" in (await ben.says("/leaderboard today")).body
    for label, title in (("Week", "Mon 23 - Sun 29 Mar"), ("Month", "March 2026"), ("All", "All")):
        shown = await ben.presses(label)
        assert title in shown.title
        assert "100" in shown.body


async def test_only_three_practice_answers_a_day_bring_points(
    ben: Person, database: Database
) -> None:
    for _ in range(4):
        await practise(ben)
    [(points, answers)] = await rows(
        database, "SELECT points, answers FROM totals WHERE period = 'all'"
    )
    assert (points, answers) == (300, 4)


async def test_practising_elsewhere_brings_nothing_in_the_group(ana: Person, world: World) -> None:
    in_group = world.person("Ana", group="prep")
    await practise(ana)
    assert "Nobody has points" in (await in_group.says("/leaderboard")).body


async def test_who_hides_is_not_shown(ben: Person, chi: Person) -> None:
    await practise(ben)
    await practise(chi)
    await ben.says("/settings board=hide")
    assert "Ben" not in (await chi.says("/leaderboard")).body
    assert "idden" not in (await ben.says("/leaderboard")).body, "the board is for all to see"
    assert ("Boards", "you are hidden from them") in (await ben.says("/me")).fields


async def test_in_a_direct_chat_one_sees_ones_place_in_each_group(
    ben: Person, chi: Person, world: World
) -> None:
    await practise(chi)
    await practise(ben, well=False)
    direct = world.person("Ben")
    shown = await direct.says("/leaderboard")
    assert "#prep: place 2 of 2, 40 points" in plain(shown.body)
    assert "Chi" not in shown.body


async def test_totals_equal_the_answers_and_can_be_built_anew(
    ben: Person, chi: Person, world: World, database: Database
) -> None:
    world.clock.set(datetime(2026, 3, 30, 23, 30, tzinfo=UTC))
    await practise(ben)
    world.clock.advance(timedelta(days=2))
    await practise(chi, well=False)
    boards = world.app.services.leaderboards
    [chat_id] = await boards.chats()
    assert await boards.differences(chat_id) == []
    async with database.engine.begin() as connection:
        from sqlalchemy import text

        await connection.execute(text("UPDATE totals SET points = 999 WHERE period = '2026-03'"))
    assert await boards.differences(chat_id) == ["2026-03"]
    await boards.rebuild(chat_id)
    assert await boards.differences(chat_id) == []


async def test_the_groups_zone_decides_which_day_it_is(
    ben: Person, maya: Person, world: World, database: Database
) -> None:
    await maya.says("/schedule set 09:00 Tokyo")
    await maya.presses("Save")
    world.clock.set(datetime(2026, 3, 23, 16, 0, tzinfo=UTC))
    await practise(ben)
    periods = await rows(database, "SELECT period FROM totals ORDER BY period")
    assert ("day:2026-03-24",) in periods


async def test_a_name_cannot_mark_up_the_board(world: World) -> None:
    evil = world.person("*[x](https://e.vil)* @everyone", group="prep")
    await practise(evil)
    shown = await evil.says("/leaderboard")
    assert "*[x](https://e.vil)* @everyone" in plain(shown.body)
