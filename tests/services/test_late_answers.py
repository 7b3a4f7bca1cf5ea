"""Answers that reach us late count for when they were sent, within reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.chat.context import Said
from bot.chat.view import Card, Reply
from bot.errors import NotFound
from bot.store.uow import Database
from bot.testing import Person, World
from tests.answers import good, partial
from tests.rows import count, rows

EVENING = datetime(2026, 3, 23, 22, 0, tzinfo=UTC)  # 23:00 in Berlin
LATE = datetime(2026, 3, 23, 22, 50, tzinfo=UTC)  # 23:50 there, the 23rd
NIGHT = datetime(2026, 3, 24, 2, 0, tzinfo=UTC)  # 03:00 there, the 24th


async def sends(person: Person, text: str, at: datetime | None, key: str = "late") -> Card:
    request = replace(person.request(Said(text), key=key), at=at)
    outcome = await person.world.dispatch(request)
    assert isinstance(outcome.response, Reply)
    assert outcome.error == ""
    person.sees(outcome.response.card)
    return outcome.response.card


async def asked_at_eleven(person: Person) -> Card:
    await person.says("/settings zone=Berlin")
    person.world.clock.set(EVENING)
    asked = await person.says("/practice")
    person.world.clock.set(NIGHT)
    return asked


async def days(database: Database) -> list[tuple[str, str]]:
    found = await rows(database, "SELECT day, board_day FROM attempts ORDER BY id")
    return [(str(day), str(board_day)) for day, board_day in found]


async def submitted(database: Database) -> datetime:
    async with database.read() as unit:
        attempt = await unit.attempts.find(1)
        assert attempt is not None
        return attempt.submitted_at


async def test_an_answer_of_ten_to_twelve_that_arrives_at_three_counts_for_the_day_before(
    ana: Person, world: World, database: Database
) -> None:
    asked = await asked_at_eleven(ana)
    await sends(ana, good(asked), LATE)
    assert await submitted(database) == LATE
    assert [str(day) for (day,) in await rows(database, "SELECT day FROM streak_days")] == [
        "2026-03-23"
    ]
    streak = await ana.says("/streak")
    assert "1 day" in streak.title
    assert "Today is still open" in streak.body


async def test_without_that_it_counts_for_the_day_of_its_arrival(
    ana: Person, database: Database
) -> None:
    asked = await asked_at_eleven(ana)
    await sends(ana, good(asked), None)
    assert [day for day, _ in await days(database)] == ["2026-03-24"]


async def test_a_late_answer_keeps_the_streak_that_its_delay_would_have_broken(
    ana: Person, world: World
) -> None:
    await ana.says("/settings zone=Berlin")
    world.clock.set(EVENING - timedelta(days=1))
    await ana.says(good(await ana.says("/practice")))
    await sends(ana, good(await asked_at_eleven(ana)), LATE)
    assert "2 days" in (await ana.says("/streak")).title


async def test_the_board_day_is_that_of_the_groups_zone_when_it_was_sent(
    ben: Person, maya: Person, world: World, database: Database
) -> None:
    await maya.says("/schedule set 09:00 Tokyo")
    await maya.presses("Save")
    await ben.says("/settings zone=Los_Angeles")
    world.clock.set(datetime(2026, 3, 23, 14, 0, tzinfo=UTC))
    asked = await ben.says("/practice")
    sent = datetime(2026, 3, 23, 14, 50, tzinfo=UTC)  # 23:50 in Tokyo, 07:50 in Los Angeles
    world.clock.set(datetime(2026, 3, 24, 8, 0, tzinfo=UTC))
    await sends(ben, good(asked), sent)
    assert await days(database) == [("2026-03-23", "2026-03-23")]
    periods = {period for (period,) in await rows(database, "SELECT period FROM totals")}
    assert {p for p in periods if p.startswith("day:")} == {"day:2026-03-23"}
    boards = world.app.services.leaderboards
    [chat_id] = await boards.chats()
    assert await boards.differences(chat_id) == []


async def test_a_time_in_the_future_is_now(ana: Person, database: Database) -> None:
    asked = await asked_at_eleven(ana)
    await sends(ana, good(asked), NIGHT + timedelta(days=3))
    assert await submitted(database) == NIGHT
    assert [day for day, _ in await days(database)] == ["2026-03-24"]


async def test_a_time_before_the_question_is_that_of_the_question(
    ana: Person, database: Database
) -> None:
    asked = await asked_at_eleven(ana)
    await sends(ana, good(asked), EVENING - timedelta(seconds=20))  # their clock is behind ours
    assert await submitted(database) == EVENING
    assert [day for day, _ in await days(database)] == ["2026-03-23"]


async def test_what_was_typed_before_a_question_came_is_no_answer_to_it(
    ana: Person, database: Database
) -> None:
    first = await asked_at_eleven(ana)
    await ana.says("/skip")
    ana.world.clock.advance(timedelta(hours=1))
    await ana.says("/practice")
    await sends(ana, good(first), EVENING + timedelta(minutes=30))
    [(serving,)] = await rows(database, "SELECT serving_id FROM attempts")
    assert serving == 1, "the one they had before them"


async def test_a_model_answer_seen_after_it_was_sent_does_not_forfeit_a_late_answer(
    ana: Person, database: Database
) -> None:
    asked = await asked_at_eleven(ana)
    ana.sees(asked)
    await ana.says("/reveal")
    await ana.presses("Show it")
    request = replace(ana.request(Said(good(asked)), key="late", about=asked.reply), at=LATE)
    await ana.world.dispatch(request)
    [(scores,)] = await rows(database, "SELECT scores FROM attempts")
    assert scores


async def test_which_answer_a_message_was_is_known(ana: Person, world: World) -> None:
    practice = world.app.services.practice
    asked = await ana.says("/practice")
    assert await practice.answered("memory", "m1") is None
    await ana.says(good(asked), key="m1")
    assert await practice.answered("memory", "m1") == good(asked)
    assert await practice.answered("elsewhere", "m1") is None
    await ana.says("/streak", key="m2")
    assert await practice.answered("memory", "m2") is None
    await world.restart()
    assert await world.app.services.practice.answered("memory", "m1") == good(asked)


async def test_ones_own_result_is_shown_again_and_counts_nothing_twice(
    ben: Person, world: World, database: Database
) -> None:
    answer = partial(await ben.says("/practice"))
    told = await ben.says(answer)
    before = await rows(database, "SELECT period, points, answers FROM totals ORDER BY period")
    actor = (await world.app.services.resolve(ben.request("/me"))).actor
    again = await world.app.services.practice.result(actor, 1)
    assert (again.attempt.answer, again.attempt.score) == (answer, 40)
    assert told.title.startswith("40 / 100")
    assert await count(database, "attempts") == 1
    after = await rows(database, "SELECT period, points, answers FROM totals ORDER BY period")
    assert after == before


async def test_somebody_elses_result_and_one_that_is_not_there_are_told_alike(
    ben: Person, chi: Person, world: World
) -> None:
    await ben.says(good(await ben.says("/practice")))
    actor = (await world.app.services.resolve(chi.request("/me"))).actor
    reasons = []
    for attempt_id in (1, 99):
        with pytest.raises(NotFound) as refused:
            await world.app.services.practice.result(actor, attempt_id)
        reasons.append(str(refused.value))
    assert reasons[0] == reasons[1]
