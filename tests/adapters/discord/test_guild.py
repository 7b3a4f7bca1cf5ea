"""A study group's server: commands, the daily question, answers that only their owner sees."""

from __future__ import annotations

from datetime import timedelta

from bot.clock import MovableClock
from tests.adapters.discord.stage import Stage
from tests.answers import GOOD as ANSWERS
from tests.discord import DiscordApi, Guild, Message, Person


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
    assert [button.label for button in question.buttons] == ["Answer", "Hint", "Skip"]
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
