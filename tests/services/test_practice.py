"""Questions and answers, as a person lives them, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.chat.markup import plain
from bot.clock import MovableClock
from bot.critics.base import CriticUnavailable
from bot.critics.keypoints import KeypointsCritic
from bot.errors import NotFound
from bot.store.uow import Database
from bot.testing import Person, World
from tests.answers import good, partial, topic_of
from tests.rows import count, rows


async def test_an_answer_is_graded_with_the_persons_own_words(ana: Person) -> None:
    asked = await ana.says("/practice")
    told = await ana.says(partial(asked))
    assert told.title.startswith("40 / 100")
    assert partial(asked).rstrip(".").split(" first")[0] in plain(told.body)
    assert "⬜ Not found" in told.body


async def test_a_full_answer_gets_full_marks_and_a_streak(ana: Person) -> None:
    asked = await ana.says("/practice")
    told = await ana.says(good(asked))
    assert told.title == "100 / 100 · strong"
    assert "🔥 1 day" in plain(told.body)


async def test_the_answer_is_kept_word_for_word(ana: Person, database: Database) -> None:
    asked = await ana.says("/practice")
    await ana.says(good(asked))
    assert await rows(database, "SELECT answer FROM attempts") == [(good(asked),)]


async def test_only_the_first_answer_to_a_question_scores(ana: Person, database: Database) -> None:
    asked = await ana.says("/practice")
    message = await _answer_by_form(ana, partial(asked))
    assert message.startswith("40 / 100")
    ana.sees(asked)
    await ana.presses("Answer")
    again = await ana.says(good(asked))
    assert "the first answer is what scores" in again.body
    kept = await rows(database, "SELECT scores, score FROM attempts ORDER BY id")
    assert [(bool(scores), score) for scores, score in kept] == [(True, 40), (False, 100)]


async def test_the_same_words_sent_in_again_are_the_same_answer(
    ana: Person, database: Database
) -> None:
    asked = await ana.says("/practice")
    first = await _answer_by_form(ana, good(asked))
    ana.sees(asked)
    await ana.presses("Answer")
    again = await ana.says(good(asked))
    assert first.startswith(again.title)
    assert "the first answer is what scores" not in again.body
    assert await count(database, "attempts") == 1


async def test_the_same_message_twice_is_one_answer(ana: Person, database: Database) -> None:
    asked = await ana.says("/practice")
    first = await ana.says(good(asked), key="message-7")
    await ana.says("/skip")
    ana.sees(asked)
    twice = await ana.says(good(asked), key="message-7")
    assert twice.title == first.title
    assert await count(database, "attempts") == 1


async def test_what_is_no_attempt_does_not_use_up_the_question(
    ana: Person, database: Database
) -> None:
    asked = await ana.says("/practice")
    told = await ana.says("idk, skip")
    assert told.title == "Not graded"
    assert await count(database, "streak_days") == 0
    told = await ana.says(good(asked))
    assert told.title.startswith("100 / 100")


async def test_seeing_the_model_answer_first_forfeits_the_score(
    ana: Person, database: Database
) -> None:
    asked = await ana.says("/practice")
    warned = await ana.says("/reveal")
    assert "no longer scores" in warned.body
    shown = await ana.presses("Show it")
    assert shown.title == "Model answer"
    ana.sees(asked)
    await ana.presses("Answer")
    told = await ana.says(good(asked))
    assert "does not score" in told.body
    [(scores,)] = await rows(database, "SELECT scores FROM attempts")
    assert not scores
    assert await count(database, "streak_days") == 0


async def test_the_model_answer_seen_elsewhere_forfeits_the_groups_question_too(
    ben: Person, maya: Person, world: World, clock: MovableClock
) -> None:
    await maya.says("/schedule set 09:00 UTC")
    await maya.presses("Save")
    clock.set(datetime(2026, 3, 23, 9, 0, tzinfo=UTC))
    await world.settle()
    [(_, asked, _)] = world.adapter.sent
    direct = world.person("Ben")
    context = await world.app.services.resolve(direct.request("/start"))
    practice = world.app.services.practice
    copy = await practice.serve_slug(context.actor, context.chat, topic_of(asked))
    await practice.submit(context.actor, context.chat, copy.serving.id, "boil it", "key")
    await practice.reveal(context.actor, context.chat, copy.serving.id)
    told = await ben.says(good(asked))
    assert "does not score" in told.body


async def test_the_model_answer_after_an_answer_costs_nothing(ana: Person) -> None:
    asked = await ana.says("/practice")
    await ana.says(good(asked))
    shown = await ana.presses("Model answer")
    assert shown.title == "Model answer"


async def test_hints_say_more_each_time_and_end(ana: Person) -> None:
    await ana.says("/practice")
    first = await ana.says("/hint")
    second = await ana.presses("Next hint")
    last = await ana.says("/hint")
    assert first.title == "💡 Hint 1 of 2"
    assert second.title == last.title == "💡 Hint 2 of 2"
    assert first.body != second.body


async def test_practice_shows_the_open_question_again_until_it_is_answered_or_skipped(
    ana: Person,
) -> None:
    asked = await ana.says("/practice")
    again = await ana.says("/practice")
    assert topic_of(again) == topic_of(asked)
    assert "Still open" in again.body
    await ana.says("/skip")
    assert topic_of(await ana.says("/practice")) != topic_of(asked)


async def test_no_question_repeats_until_all_were_asked(ana: Person) -> None:
    seen = []
    for _ in range(8):
        asked = await ana.says("/practice")
        seen.append(topic_of(asked))
        await ana.says(good(asked))
    assert sorted(seen[:4]) == sorted(seen[4:]) == ["bread", "rice", "soup", "tea"]


async def test_a_topic_and_a_difficulty_narrow_the_draw(ana: Person) -> None:
    assert topic_of(await ana.says("/practice core medium")) == "soup"
    assert topic_of(await ana.says("/practice databases")) in ("bread", "rice")
    nothing = await ana.says("/practice databases senior")
    assert nothing.title == "No question fits that."
    wrong = await ana.says("/practice cooking")
    assert "is not a topic" in wrong.title
    assert "core-python, databases" in plain(wrong.body)


@pytest.mark.parametrize("answer", ["a" * 12_000, "tea \x00\x07 water \x1b[31m", "\ud800 boil"])
async def test_hostile_answers_are_kept_and_answered(
    ana: Person, database: Database, answer: str
) -> None:
    await ana.says("/practice")
    told = await ana.says(answer)
    assert ana.last is not None
    assert ana.last.error == ""
    assert told.title
    assert await count(database, "attempts") == 1


async def test_a_long_answer_says_what_was_graded(ana: Person, database: Database) -> None:
    asked = await ana.says("/practice")
    answer = (good(asked) + " ") * 160
    told = await ana.says(answer)
    assert len(answer) > 10_000
    assert "first 4,000 characters were graded" in told.body
    [(kept,)] = await rows(database, "SELECT answer FROM attempts")
    assert kept == answer.strip()


async def test_an_answer_beyond_all_bounds_is_refused_in_a_sentence(
    ana: Person, database: Database
) -> None:
    await ana.says("/practice")
    told = await ana.says("boil " * 5_000)
    assert "20,000 are the most" in told.title
    assert await count(database, "attempts") == 0


async def test_text_with_nothing_open_says_how_to_get_a_question(ana: Person) -> None:
    told = await ana.says("hello there")
    assert told.title == "No question is open here."
    assert "/practice" in told.body


async def test_nobody_can_answer_or_reveal_somebody_elses_question(
    ben: Person, chi: Person
) -> None:
    asked = await ben.says("/practice")
    chi.sees(asked)
    for label in ("Answer", "Hint", "Skip"):
        refused = await chi.presses(label)
        assert refused.title == "That question was asked of somebody else."


async def test_an_answer_that_a_crash_left_unjudged_is_judged_at_the_next_start(
    ana: Person, world: World, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = await ana.says("/practice")
    judge = world.app.services.judge

    async def die(*_: object) -> None:
        raise KeyboardInterrupt  # what a signal does between the two transactions

    monkeypatch.setattr(type(judge), "judge", die)
    with pytest.raises(KeyboardInterrupt):
        await ana.says(good(asked))
    monkeypatch.undo()
    assert await rows(database, "SELECT scores FROM attempts") == [(None,)]
    await world.restart()
    [(score, points)] = await rows(database, "SELECT score, points FROM attempts")
    assert (score, points) == (100, 100)
    assert await count(database, "streak_days") == 1
    await world.restart()
    [(points,)] = await rows(database, "SELECT points FROM totals WHERE period = 'all'")
    assert points == 100


async def test_a_reply_to_an_older_question_answers_that_one(
    ben: Person, maya: Person, world: World, clock: MovableClock
) -> None:
    await maya.says("/schedule set 09:00 UTC daily")
    await maya.presses("Save")
    for day in (23, 24):
        clock.set(datetime(2026, 3, day, 9, 0, tzinfo=UTC))
        await world.settle()
    (_, first, _), (_, second, _) = world.adapter.sent
    told = await ben.says(good(first), to=first)
    assert topic_of(first) != topic_of(second)
    assert topic_of(told) == topic_of(first)
    assert told.title.startswith("100")


async def _answer_by_form(person: Person, answer: str) -> str:
    await person.presses("Answer")
    return (await person.says(answer)).title


async def test_a_follow_up_leads_to_its_question_and_never_to_another_groups(
    ben: Person, world: World, database: Database
) -> None:
    context = await world.app.services.resolve(ben.request("/start"))
    practice = world.app.services.practice
    served = await practice.serve_slug(context.actor, context.chat, "tea")
    assert served.question.slug == "tea"
    stranger = world.person("Eve", group="elsewhere")
    elsewhere = await world.app.services.resolve(stranger.request("/start"))
    async with database.write() as unit:
        stored = await unit.questions.by_slug("tea")
        assert stored is not None
        await unit.questions.set_status(stored.id, "retired")
        await unit.commit()
    with pytest.raises(NotFound):
        await practice.serve_slug(elsewhere.actor, elsewhere.chat, "tea")
    with pytest.raises(NotFound):
        await practice.get(elsewhere.actor, elsewhere.chat, served.serving.id)


async def test_an_answer_that_cannot_be_judged_does_not_keep_the_program_from_starting(
    ana: Person, world: World, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = await ana.says("/practice")

    async def down(*_: object) -> None:
        raise CriticUnavailable

    monkeypatch.setattr(KeypointsCritic, "critique", down)
    told = await ana.says(good(asked))
    assert "send it again" in told.body
    await world.restart()
    monkeypatch.undo()
    world.clock.advance(timedelta(seconds=1))
    await ana.says("/reveal")
    await ana.presses("Show it")
    await world.restart()
    [(scores, score)] = await rows(database, "SELECT scores, score FROM attempts")
    assert (bool(scores), score) == (True, 100), "what was seen after the answer costs nothing"


async def test_a_model_answer_cannot_be_pasted_into_a_second_serving(
    ana: Person, world: World
) -> None:
    context = await world.app.services.resolve(ana.request("/start"))
    practice = world.app.services.practice
    first = await practice.serve_slug(context.actor, context.chat, "tea")
    await practice.reveal(context.actor, context.chat, first.serving.id)
    world.clock.advance(timedelta(minutes=5))
    await practice.serve_slug(context.actor, context.chat, "tea")
    told = await ana.says("Boil the water. Steep it three minutes.")
    assert "does not score" in told.body
