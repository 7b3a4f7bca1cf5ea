"""Wrap-ups of a group's questions: when they come, what they say, and what they change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.chat.adapter import Delayed, Unreachable, Unsure
from bot.chat.context import Role
from bot.chat.markup import plain
from bot.chat.view import Button, Card
from bot.errors import Conflict, NotFound
from bot.store.uow import Database
from bot.testing import Person, World
from tests.answers import good, partial, topic_of
from tests.rows import rows

NINE = datetime(2026, 3, 23, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


async def asked(world: World, maya: Person) -> Card:
    """Return the group's first question on schedule."""
    await maya.says("/schedule set 09:00 UTC")
    await maya.presses("Save")
    world.clock.set(NINE)
    await world.settle()
    return world.adapter.sent[-1][1]


async def next_day(world: World) -> list[Card]:
    """Return what the group is sent a day later."""
    before = len(world.adapter.sent)
    world.clock.advance(DAY)
    await world.settle()
    return [card for _, card, _ in world.adapter.sent[before:]]


def labels(card: Card) -> list[str]:
    """Return what can be pressed."""
    return [each.label for row in card.rows for each in row if isinstance(each, Button)]


async def test_the_wrap_up_comes_right_before_the_next_question_and_belongs_to_its_own(
    world: World, maya: Person, ben: Person, chi: Person
) -> None:
    question = await asked(world, maya)
    await ben.says(good(question), to=question)
    await chi.says(partial(question), to=question)
    wrap_up, following = await next_day(world)
    assert wrap_up.title.startswith("Wrap-up: ")
    assert "2 people answered." in wrap_up.body
    assert topic_of(wrap_up) == topic_of(question) != topic_of(following)
    under = world.adapter.under["w1"]
    assert under is not None
    assert under.id == "d1-1"


async def test_the_question_says_that_it_is_wrapped_up(
    world: World, maya: Person, ben: Person
) -> None:
    question = await asked(world, maya)
    await ben.says(good(question), to=question)
    await next_day(world)
    message, shown = world.adapter.edits[-1]
    assert message.id == "d1-1"
    assert shown.fields == (("Wrapped up", "1 answer"),)
    assert labels(shown) == ["Model answer", "Answer"]


async def test_where_nobody_has_answered_nothing_is_posted(world: World, maya: Person) -> None:
    await asked(world, maya)
    cards = await next_day(world)
    assert len(cards) == 1
    assert world.adapter.edits[-1][1].fields == (("Wrapped up", "no answers"),)


async def test_with_fewer_than_three_answers_nobody_can_tell_who_missed_what(
    world: World, maya: Person, ben: Person, chi: Person
) -> None:
    question = await asked(world, maya)
    await ben.says(partial(question), to=question)
    await chi.says(partial(question), to=question)
    wrap_up, _ = await next_day(world)
    assert "left out" not in wrap_up.body


async def test_what_most_did_not_say_is_named(
    world: World, maya: Person, ben: Person, chi: Person
) -> None:
    question = await asked(world, maya)
    await ben.says(good(question), to=question)
    await chi.says(partial(question), to=question)
    await maya.says(partial(question), to=question)
    wrap_up, _ = await next_day(world)
    said = plain(wrap_up.body).partition("Most often left out")[2].partition("What a good")[0]
    assert said.count("(2 of 3)") == 3
    assert partial(question).split(" first")[0] not in said


async def test_a_shared_answer_is_shown_with_its_writers_name_and_no_other(
    world: World, maya: Person, ben: Person, chi: Person
) -> None:
    question = await asked(world, maya)
    await ben.says(good(question), to=question)
    assert (await ben.presses("Share")).title == "Shared, from the wrap-up on"
    await chi.says(partial(question) + " Secret.", to=question)
    wrap_up, _ = await next_day(world)
    assert f"Ben (100 / 100): {good(question)}" in plain(wrap_up.body)
    assert "Secret" not in wrap_up.body
    assert "Chi" not in wrap_up.body


async def test_what_was_shared_can_be_taken_back(
    world: World, maya: Person, ben: Person, database: Database
) -> None:
    question = await asked(world, maya)
    await ben.says(good(question), to=question)
    await ben.presses("Share")
    assert (await ben.presses("Keep it to myself")).title == "Kept to yourself"
    wrap_up, _ = await next_day(world)
    assert "Ben" not in wrap_up.body
    [(shared,)] = await rows(database, "SELECT shared FROM attempts")
    assert not shared


async def test_the_best_three_are_shown(world: World, maya: Person) -> None:
    question = await asked(world, maya)
    for name, answer in (
        ("Dan", partial(question)),
        ("Eva", good(question)),
        ("Fay", good(question)),
        ("Gus", good(question)),
    ):
        person = world.person(name, group="prep")
        await person.says(answer, to=question)
        await person.presses("Share")
    wrap_up, _ = await next_day(world)
    assert [name for name in ("Dan", "Eva", "Fay", "Gus") if name in wrap_up.body] == [
        "Eva",
        "Fay",
        "Gus",
    ]


async def test_only_a_groups_answers_that_score_can_be_shared(
    world: World, maya: Person, ben: Person, ana: Person
) -> None:
    own = await ana.says("/practice")
    told = await ana.says(good(own))
    assert "Share" not in labels(told)
    question = await asked(world, maya)
    told = await ben.says("idk", to=question)
    assert "Share" not in labels(told)


async def test_nobody_shares_somebody_elses_answer(
    world: World, maya: Person, ben: Person, chi: Person
) -> None:
    question = await asked(world, maya)
    await ben.says(good(question), to=question)
    assert ben.last is not None
    request = chi.request("x")
    context = await world.app.services.resolve(request)
    with pytest.raises(NotFound):
        await world.app.services.practice.share(context.actor, 1, shared=True)


async def test_it_is_too_late_to_share_after_the_wrap_up(
    world: World, maya: Person, ben: Person
) -> None:
    question = await asked(world, maya)
    await ben.says(good(question), to=question)
    await next_day(world)
    context = await world.app.services.resolve(ben.request("x"))
    with pytest.raises(Conflict):
        await world.app.services.practice.share(context.actor, 1, shared=True)


async def test_an_answer_after_the_wrap_up_is_judged_and_does_not_score(
    world: World, maya: Person, ben: Person, chi: Person, database: Database
) -> None:
    question = await asked(world, maya)
    await ben.says(good(question), to=question)
    await next_day(world)
    told = await chi.says(good(question), to=question)
    assert told.title.startswith("100 / 100")
    assert "has been wrapped up, so this one does not score" in told.body
    assert "Share" not in labels(told)
    assert [bool(each) for (each,) in await rows(database, "SELECT scores FROM attempts")] == [
        True,
        False,
    ]


async def test_an_answer_sent_before_the_wrap_up_scores_though_it_reaches_us_after_it(
    world: World, maya: Person, ben: Person, chi: Person
) -> None:
    question = await asked(world, maya)
    await ben.says(good(question), to=question)
    before = world.clock.now() + timedelta(hours=1)
    await next_day(world)
    context = await world.app.services.resolve(chi.request("x"))
    result = await world.app.services.practice.submit(
        context.actor, context.chat, 1, good(question), "late", before
    )
    assert result.unscored == ""


async def test_plain_text_answers_the_open_question_not_one_that_is_wrapped_up(
    world: World, maya: Person, ben: Person
) -> None:
    await asked(world, maya)
    _, following = [*await next_day(world), *await next_day(world)]
    told = await ben.says(good(following))
    assert told.title.startswith("100 / 100")
    told = await ben.says("and one thing more")
    assert topic_of(told) == topic_of(following), "the older ones are wrapped up"


async def test_without_a_next_question_it_comes_after_a_week(
    world: World, maya: Person, ben: Person
) -> None:
    question = await asked(world, maya)
    await ben.says(good(question), to=question)
    await maya.says("/schedule pause")
    world.clock.advance(timedelta(days=7) - timedelta(seconds=1))
    await world.settle()
    assert len(world.adapter.sent) == 1
    world.clock.advance(timedelta(seconds=1))
    await world.settle()
    assert world.adapter.sent[-1][1].title.startswith("Wrap-up: ")


async def test_the_model_answer_costs_nothing_any_more(
    world: World, maya: Person, ben: Person, chi: Person
) -> None:
    question = await asked(world, maya)
    await ben.says(good(question), to=question)
    wrap_up, _ = await next_day(world)
    chi.sees(world.adapter.edits[-1][1])
    assert (await chi.presses("Model answer")).title == "Model answer"
    chi.sees(wrap_up)
    assert (await chi.presses("Practice")).title != "Model answer"


async def test_a_persons_own_daily_question_has_no_wrap_up(world: World, ana: Person) -> None:
    await ana.says("/schedule set 09:00 UTC")
    await ana.presses("Save")
    world.clock.set(NINE)
    await world.settle()
    await ana.says(good(world.adapter.sent[-1][1]))
    cards = await next_day(world)
    world.clock.advance(timedelta(days=30))
    await world.settle()
    assert not any(card.title.startswith("Wrap-up") for _, card, _ in world.adapter.sent)
    assert len(cards) == 1


async def test_while_nothing_can_be_sent_nothing_is_closed(
    world: World, maya: Person, ben: Person, chi: Person
) -> None:
    question = await asked(world, maya)
    await ben.says(good(question), to=question)
    world.adapter.faults = [Delayed(40)]
    assert await next_day(world) == []
    told = await chi.says(good(question), to=question)
    assert "wrapped up" not in told.body
    world.clock.advance(timedelta(seconds=40))
    await world.settle()
    titles = [card.title for _, card, _ in world.adapter.sent[1:]]
    assert [title.startswith("Wrap-up") for title in titles] == [True, False]
    assert "2 people answered." in world.adapter.sent[1][1].body


async def test_a_question_that_cannot_come_closes_none(
    world: World, maya: Person, ben: Person, chi: Person
) -> None:
    question = await asked(world, maya)
    world.adapter.faults = [Unreachable()]
    await next_day(world)
    told = await chi.says(good(question), to=question)
    assert "wrapped up" not in told.body


async def test_where_a_wrap_up_cannot_stand_the_next_question_still_comes(
    world: World, maya: Person, ben: Person
) -> None:
    question = await asked(world, maya)
    await ben.says(good(question), to=question)
    world.adapter.faults = [Unreachable()]
    following, wrap_up = await next_day(world)
    assert not following.title.startswith("Wrap-up")
    assert wrap_up.title.startswith("Wrap-up")


@pytest.mark.parametrize("fault", [Unsure(), RuntimeError()])
async def test_a_wrap_up_is_never_tried_again_when_it_may_have_come(
    world: World, maya: Person, ben: Person, fault: Exception
) -> None:
    question = await asked(world, maya)
    await ben.says(good(question), to=question)
    world.adapter.faults = [fault]
    await next_day(world)
    world.clock.advance(timedelta(hours=1))
    await world.settle()
    assert not any(card.title.startswith("Wrap-up") for _, card, _ in world.adapter.sent)
    assert world.adapter.edits[-1][1].fields == (("Wrapped up", "1 answer"),)


async def test_hostile_words_stay_words_in_a_wrap_up(world: World, maya: Person) -> None:
    question = await asked(world, maya)
    person = world.person("*Eve* [x](https://evil.example)", group="prep", role=Role.MEMBER)
    answer = f"{good(question)} *bold* [y](https://evil.example) @everyone"
    await person.says(answer, to=question)
    await person.presses("Share")
    wrap_up, _ = await next_day(world)
    assert "[y](https://evil.example) @everyone" in plain(wrap_up.body)
    assert "*Eve* [x](https://evil.example)" in plain(wrap_up.body)
