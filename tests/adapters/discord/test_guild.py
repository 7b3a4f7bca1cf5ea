"""A study group's server: commands, the daily question, answers that only their owner sees."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.clock import MovableClock
from tests.adapters.discord.stage import Stage
from tests.answers import GOOD as ANSWERS
from tests.discord import DiscordApi, Fault, Guild, Message, Person


def good(question: Message) -> str:
    """Return an answer that covers everything a question asks for."""
    return next(answer for word, answer in ANSWERS.items() if word in question.text)


async def daily(stage: Stage, clock: MovableClock, guild: Guild, maya: Person) -> Message:
    """Set a daily question up, and let it come."""
    run = maya.runs("schedule set", guild.general, time="09:00", zone="UTC")
    preview = await run.shows("Shall I save this schedule?")
    await maya.presses("Save", on=preview).shows("Schedule saved")
    clock.advance(timedelta(hours=1))
    await stage.sends()
    return await guild.general.sees("no answers yet")


async def test_a_moderator_sets_the_daily_question_and_it_comes(
    stage: Stage, clock: MovableClock, guild: Guild, maya: Person
) -> None:
    question = await daily(stage, clock, guild, maya)
    assert [button.label for button in question.buttons] == ["Answer", "Hint", "Skip", "Discuss"]
    assert question.v2
    assert question.pings == []
    [(number,)] = await stage.rows("SELECT id FROM deliveries")
    assert question.nonce == f"d{number}"


async def test_an_answer_is_given_in_a_form_and_its_critique_is_for_its_owner_alone(
    stage: Stage, clock: MovableClock, guild: Guild, maya: Person, ana: Person, ben: Person
) -> None:
    question = await daily(stage, clock, guild, maya)
    pressed = await ana.presses("Answer", on=question).answered()
    assert pressed.modal is not None
    critique = await ana.submits(pressed.modal, text=good(question)).shows("/ 100")
    assert critique.ephemeral_to is ana
    assert not ben.sees_message(critique)
    await stage.sends()
    assert "1 answer" in question.text


async def test_a_ping_reply_counts_as_an_answer_and_only_a_button_shows_what_is_said_of_it(
    stage: Stage, clock: MovableClock, guild: Guild, maya: Person, ana: Person, ben: Person
) -> None:
    question = await daily(stage, clock, guild, maya)
    ana.says(good(question), guild.general, reply_to=question)
    note = await guild.general.sees("Only you can see what is said of it")
    assert "/ 100" not in note.text
    critique = await ana.presses("Show me", on=note).shows("/ 100")
    assert critique.ephemeral_to is ana
    refused = await ben.presses("Show me", on=note).shows("not one of yours")
    assert refused.ephemeral_to is ben
    assert [row[0] for row in await stage.rows("SELECT answer FROM attempts")] == [good(question)]


async def test_chatter_is_not_answered(guild: Guild, ana: Person, api: DiscordApi) -> None:
    before = len(api.calls)
    ana.says("what a day", guild.general)
    await ana.runs("help", guild.general).shows("/practice")
    assert [call.route for call in api.calls[before:]] == [
        "POST /interactions/{interaction_id}/{interaction_token}/callback"
    ]


async def test_topics_are_offered_while_typing(guild: Guild, ana: Person) -> None:
    offered = await ana.types("practice", "topic", "data", guild.general).suggestions()
    assert [value for _, value in offered] == ["databases"]


async def test_what_only_moderators_may_do_is_refused_by_the_service(
    stage: Stage, guild: Guild, maya: Person, ana: Person
) -> None:
    run = ana.runs("schedule set", guild.general, time="09:00", zone="UTC")
    refused = await run.shows("Only a moderator")
    assert refused.ephemeral_to is ana
    preview = await maya.runs("schedule set", guild.general, time="09:00", zone="UTC").shows("save")
    await ana.presses("Save", on=preview).shows("Only a moderator")
    assert await stage.rows("SELECT * FROM subscriptions") == []


async def test_the_board_is_the_servers_whatever_the_channel(
    stage: Stage, clock: MovableClock, guild: Guild, maya: Person, ana: Person
) -> None:
    question = await daily(stage, clock, guild, maya)
    pressed = await ana.presses("Answer", on=question).answered()
    assert pressed.modal is not None
    await ana.submits(pressed.modal, text=good(question)).shows("/ 100")
    board = await maya.runs("leaderboard", guild.text("elsewhere")).shows("backend-prep")
    assert "Ana" in board.text


async def test_a_question_is_added_in_one_form_and_what_was_typed_survives_a_mistake(
    stage: Stage, guild: Guild, maya: Person
) -> None:
    opened = await maya.runs("question add", guild.general, difficulty=2).answered()
    assert opened.modal is not None
    values: dict[str, Any] = {
        "prompt": "How do you keep a noisy customer from slowing the others?",
        "topic": "databases",
        "points": "Limit the requests of each customer (40)",
        "answer": "I limit the requests of each customer.",
        "wrong": "just add more servers",
    }
    refused = await maya.submits(opened.modal, **values).shows("does not say what is right")
    assert await stage.rows("SELECT slug FROM questions WHERE chat_id IS NOT NULL") == []
    again = await maya.presses("Open the form again", on=refused).answered()
    assert again.modal is not None
    assert [each.label for each in again.modal.inputs] == [
        each.label for each in opened.modal.inputs
    ]
    kept = {each.custom_id: each.value for each in again.modal.inputs if each.value}
    assert kept.items() >= {name: values[name] for name in ("prompt", "points", "wrong")}.items()
    values["wrong"] = "just add more servers => The noisy customer takes them all."
    await maya.submits(again.modal, **values).shows("Question added")
    found = await maya.runs("question search", guild.general, text="noisy").shows("1 question")
    assert found.ephemeral_to is maya


async def test_discuss_opens_one_thread_below_the_question_for_all(
    stage: Stage, clock: MovableClock, guild: Guild, maya: Person, ana: Person, ben: Person
) -> None:
    question = await daily(stage, clock, guild, maya)
    for person in (ana, ben):
        led = await person.presses("Discuss", on=question).shows("Discussion")
        assert led.ephemeral_to is person
        [link] = led.buttons
        assert link.url == f"https://discord.com/channels/{guild.id}/{question.id}"
    [thread] = guild.general.threads
    assert thread.name in question.text.replace("**", "")


async def test_who_wants_to_discuss_is_told_what_is_missing(
    stage: Stage, clock: MovableClock, guild: Guild, maya: Person, ana: Person
) -> None:
    question = await daily(stage, clock, guild, maya)
    guild.denies("create_public_threads")
    await ana.presses("Discuss", on=question).shows("Create Public Threads")
    guild.allows("create_public_threads")
    guild.api.fail(
        "POST /channels/{channel_id}/messages/{message_id}/threads",
        Fault.REFUSED(400, 160006, "Maximum number of active threads reached"),
    )
    await ana.presses("Discuss", on=question).shows("as many threads as Discord allows")
