"""Second opinions: consent first, budgets, durable promises, and what they change."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.chat.adapter import Unreachable
from bot.chat.markup import plain
from bot.chat.view import Card
from bot.clock import MovableClock
from bot.critics.base import CriticUnavailable
from bot.services.opinions import PATIENCE, UNPLACED
from bot.settings import Settings
from bot.store.uow import Database
from bot.tasks import registry
from bot.tasks.task import NotNow
from bot.testing import Person, World
from tests.answers import partial
from tests.rows import count, rows
from tests.second import Second


@pytest.fixture
def second() -> Second:
    """Return a second critic."""
    return Second()


@pytest.fixture
async def asked(
    settings: Settings, clock: MovableClock, database: Database, second: Second
) -> AsyncIterator[World]:
    """Return a program that has a second critic."""
    async with World(settings, clock, second) as running:
        yield running


def buttons(card: Card) -> list[str]:
    return [button.label for row in card.rows for button in row]


async def answers(person: Person, *, more: str = "") -> Card:
    asked = await person.says("/practice")
    return await person.says(partial(asked) + more)


async def agrees(person: Person) -> Card:
    """Answer, and let the provider read it."""
    await answers(person)
    await person.presses("Ask Acme too")
    return await person.presses("Yes, ask them too")


async def run(world: World, attempt_id: int = 1) -> None:
    await registry()["opinion"].run(world.app.services, str(attempt_id))


async def test_without_a_second_critic_nobody_is_asked_and_nothing_is_offered(
    world: World, database: Database
) -> None:
    card = await answers(world.person("Ana"))
    assert not any("Ask" in label for label in buttons(card))
    assert "Every answer here is graded offline" in (await world.person("Ana").says("/usage")).body
    refusal = await world.person("Ana").says("/settings second=on")
    assert refusal.title.startswith("Nobody else is asked here")
    assert await count(database, "opinions") == 0


async def test_nothing_goes_anywhere_before_the_person_was_asked_and_agreed(
    asked: World, database: Database, second: Second
) -> None:
    ana = asked.person("Ana")
    card = await answers(ana)
    assert "Ask Acme too" in buttons(card)
    assert not card.follows
    question = await ana.presses("Ask Acme too")
    assert question.title == "May Acme read your answers?"
    assert "Not your name, not the group" in question.body
    assert await count(database, "opinions") == 0
    assert second.asked == []
    waiting = await ana.presses("Yes, ask them too")
    assert "⏳ Acme reads it too" in plain(waiting.body)
    assert waiting.follows == "opinion:1"
    assert await rows(database, "SELECT state, reserved FROM opinions") == [("waiting", 2000)]


async def test_whoever_says_no_is_asked_no_more_and_can_change_their_mind(
    asked: World, second: Second
) -> None:
    ana = asked.person("Ana")
    await answers(ana)
    await ana.presses("Ask Acme too")
    card = await ana.presses("No, stay offline")
    assert "Ask Acme too" not in buttons(card)
    card = await answers(ana)
    assert "Ask Acme too" not in buttons(card)
    assert not card.follows
    assert "Acme reads your answers too" in plain((await ana.says("/settings second=on")).body)
    assert (await answers(ana)).follows == "opinion:3"


async def test_the_opinion_changes_the_verdict_the_points_and_nothing_else(
    asked: World, database: Database, second: Second
) -> None:
    cleo = asked.person("Cleo", group="prep")
    card = await agrees(cleo)
    before = await rows(database, "SELECT score, points, scores FROM attempts")
    days = await rows(database, "SELECT * FROM streak_days")
    assert before[0][0] < 100
    await run(asked)
    assert await rows(database, "SELECT score, points, scores FROM attempts") == [
        (100, 100, before[0][2])
    ]
    boards = await rows(database, "SELECT points, answers FROM totals")
    assert boards == [(100, 1)] * 4
    assert await rows(database, "SELECT * FROM streak_days") == days
    services = asked.app.services
    await services.opinions.shown(card.follows, "somewhere/7/0")
    await asked.settle()
    [(address, shown)] = asked.adapter.replaced
    assert address == "somewhere/7/0"
    assert shown.title.startswith("100 / 100")
    assert "graded offline and by Acme" in plain(shown.body)
    assert not shown.follows
    await asked.settle()
    assert len(asked.adapter.replaced) == 1
    assert await rows(database, "SELECT address, told_at IS NULL FROM opinions") == [(None, 0)]


async def test_what_a_crash_leaves_waiting_is_asked_after_the_restart(
    asked: World, database: Database, second: Second
) -> None:
    await agrees(asked.person("Ana"))
    await asked.restart()
    await run(asked)
    assert len(second.asked) == 1
    assert await rows(database, "SELECT state FROM opinions") == [("ready",)]
    await run(asked)
    assert len(second.asked) == 1, "a job that runs twice asks once"


async def test_a_failure_is_never_a_grade_and_the_job_waits(
    asked: World, database: Database, second: Second
) -> None:
    ana = asked.person("Ana")
    await agrees(ana)
    before = await rows(database, "SELECT score, critique FROM attempts")
    second.faults = ["timeout"] * 2
    with pytest.raises(NotNow, match="timeout"):
        await run(asked)
    assert await rows(database, "SELECT state FROM opinions") == [("waiting",)]
    asked.clock.advance(PATIENCE)
    await run(asked)
    assert await rows(database, "SELECT state, reason FROM opinions") == [("failed", "timeout")]
    assert await rows(database, "SELECT score, critique FROM attempts") == before
    assert await rows(database, "SELECT tokens FROM spending") == [(0,)] * 3
    await asked.app.services.opinions.shown("opinion:1", "there/1/0")
    await asked.settle()
    [(_, shown)] = asked.adapter.replaced
    assert "Acme had no answer in time" in plain(shown.body)


async def test_what_is_taken_back_is_not_sent(
    asked: World, database: Database, second: Second
) -> None:
    ana = asked.person("Ana")
    await agrees(ana)
    await ana.says("/settings second=off")
    await run(asked)
    assert second.asked == []
    assert await rows(database, "SELECT state FROM opinions") == [("failed",)]


async def test_data_that_was_deleted_meanwhile_stays_deleted(
    asked: World, database: Database, second: Second
) -> None:
    await agrees(asked.person("Ana"))
    real = second.opinion

    async def slow(question, answer):  # type: ignore[no-untyped-def]
        opinion = await real(question, answer)
        async with database.engine.begin() as connection:
            await connection.exec_driver_sql("DELETE FROM attempts")
        return opinion

    second.opinion = slow  # type: ignore[method-assign]
    await run(asked)
    assert [await count(database, each) for each in ("attempts", "opinions")] == [0, 0]


async def test_the_same_answer_is_not_paid_for_twice(
    asked: World, database: Database, second: Second
) -> None:
    ana, ben = asked.person("Ana"), asked.person("Ben")
    await agrees(ana)
    await run(asked)
    await ben.says("/settings second=on")
    said = second.asked[0]
    for _ in range(4):  # until it is the same question
        question = await ben.says("/practice")
        if partial(question) == said:
            break
        await ben.presses("Skip")
    await ben.says(said)
    await run(asked, 2)
    assert len(second.asked) == 1
    assert await rows(database, "SELECT score FROM attempts ORDER BY id") == [(100,), (100,)]
    spent = await rows(database, "SELECT scope, tokens FROM spending ORDER BY scope")
    assert spent[0] == ("all", 1200)


async def test_a_budget_is_reserved_spent_and_kept(
    asked: World, database: Database, second: Second
) -> None:
    ana = asked.person("Ana")
    await ana.says("/settings second=on")
    second.most = 9000
    cards = [await answers(ana, more=f" And {word}.") for word in ("one", "two", "three")]
    assert [bool(card.follows) for card in cards] == [True, True, False]
    assert "today's second opinions are used up" in plain(cards[2].body)
    usage = dict((await ana.says("/usage")).fields)
    assert usage["You, today"].startswith("18,000 of 20,000 tokens: about 1 more critique")
    for attempt_id in (1, 2):
        await run(asked, attempt_id)
    assert ("user:1", 2400) in await rows(database, "SELECT scope, tokens FROM spending")
    asked.clock.advance(timedelta(days=1))
    assert (await answers(ana)).follows


async def test_an_empty_or_copied_answer_is_sent_to_nobody(asked: World, second: Second) -> None:
    ana = asked.person("Ana")
    await ana.says("/settings second=on")
    question = await ana.says("/practice")
    for nothing in ("I don't know", plain(question.body).split("\n")[0]):
        card = await ana.says(nothing)
        assert not card.follows


async def test_a_critique_that_nobody_opened_is_not_looked_for_for_ever(
    asked: World, database: Database, second: Second
) -> None:
    await agrees(asked.person("Ana"))
    await run(asked)
    assert (await asked.app.sender(asked.adapter).to_do()).verdicts
    await asked.settle()
    assert (await asked.app.sender(asked.adapter).to_do()).verdicts
    asked.clock.advance(UNPLACED + timedelta(seconds=1))
    await asked.settle()
    assert not (await asked.app.sender(asked.adapter).to_do()).verdicts
    assert asked.adapter.replaced == []


async def test_a_message_that_is_gone_is_given_up(
    asked: World, database: Database, second: Second
) -> None:
    card = await agrees(asked.person("Ana"))
    await run(asked)

    async def gone(address: str, card: Card) -> None:
        raise Unreachable

    asked.adapter.replace = gone  # type: ignore[method-assign]
    await asked.app.services.opinions.shown(card.follows, "there/1/0")
    await asked.settle()
    assert await rows(database, "SELECT told_at IS NULL FROM opinions") == [(0,)]


async def test_the_unavailable_critic_says_why_and_nothing_else() -> None:
    assert CriticUnavailable("429").reason == "429"
