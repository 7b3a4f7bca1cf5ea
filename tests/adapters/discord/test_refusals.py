"""What Discord refuses: each means something, and nothing is lost by it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.clock import MovableClock
from tests.adapters.discord.stage import Stage
from tests.adapters.discord.test_guild import daily, good
from tests.discord import DiscordApi, Fault, Guild, Person

SEND = "POST /channels/{channel_id}/messages"
EDIT = "PATCH /channels/{channel_id}/messages/{message_id}"
THREAD = "POST /channels/{channel_id}/messages/{message_id}/threads"
CALLBACK = "POST /interactions/{interaction_id}/{interaction_token}/callback"


async def test_an_old_message_that_was_edited_too_often_keeps_its_tally_and_is_left_alone(
    stage: Stage, clock: MovableClock, guild: Guild, maya: Person, ana: Person
) -> None:
    question = await daily(stage, clock, guild, maya)
    guild.api.fail(EDIT, Fault.REFUSED(400, 30046, "Maximum number of edits"), times=1)
    pressed = await ana.presses("Answer", on=question).answered()
    assert pressed.modal is not None
    await ana.submits(pressed.modal, text=good(question)).shows("100 / 100")
    await stage.sends()
    edits = [c for c in guild.api.calls if c.route == EDIT]
    clock.advance(timedelta(minutes=1))
    await stage.sends()
    assert [c for c in guild.api.calls if c.route == EDIT] == edits
    assert len(edits) == 1
    assert await stage.rows("SELECT answers, answers_shown FROM servings") == [(1, 1)]


async def test_who_closes_their_direct_messages_is_sent_nothing_until_they_speak_again(
    stage: Stage, clock: MovableClock, guild: Guild, ana: Person
) -> None:
    ana.installs_app()
    run = ana.runs("schedule set", None, time="09:00", zone="UTC")
    await ana.presses("Save", on=await run.shows("Shall I save")).shows("Schedule saved")
    guild.api.fail(SEND, Fault.REFUSED(403, 50007, "Cannot send messages to this user"), times=1)
    clock.advance(timedelta(hours=1))
    await stage.sends()
    clock.advance(timedelta(days=1))
    before = len(guild.api.calls)
    await stage.sends()
    assert len(guild.api.calls) == before
    await ana.runs("streak", None).shows("")
    clock.advance(timedelta(days=1))
    await stage.sends()
    await ana.sees("Reply to this message")


async def test_who_shares_no_server_with_us_any_more_holds_up_nobody(
    stage: Stage, clock: MovableClock, guild: Guild, maya: Person, ana: Person
) -> None:
    ana.installs_app()
    run = ana.runs("schedule set", None, time="09:00", zone="UTC")
    await ana.presses("Save", on=await run.shows("Shall I save")).shows("Schedule saved")
    fault = Fault.REFUSED(403, 50278, "Cannot send messages to this user")
    guild.api.fail("POST /users/@me/channels", fault, times=1)
    guild.api.fail(SEND, fault, times=1, channel=ana.dm)
    await daily(stage, clock, guild, maya)
    states = await stage.rows("SELECT state FROM deliveries ORDER BY state")
    assert states == [("failed",), ("sent",)]


async def test_a_thread_that_somebody_else_has_just_opened_is_the_one(
    stage: Stage, clock: MovableClock, guild: Guild, maya: Person, ana: Person
) -> None:
    question = await daily(stage, clock, guild, maya)
    guild.api.fail(THREAD, Fault.REFUSED(400, 160004, "A thread has already been created"), times=1)
    told = await ana.presses("Discuss", on=question).shows("Talk it over there")
    [link] = [b.url for b in told.buttons if b.url]
    assert link.endswith(f"/{question.id}")


async def test_a_server_full_of_threads_is_told_so(
    stage: Stage, clock: MovableClock, guild: Guild, maya: Person, ana: Person
) -> None:
    question = await daily(stage, clock, guild, maya)
    full = Fault.REFUSED(400, 160006, "Maximum number of active threads reached")
    guild.api.fail(THREAD, full, times=1)
    told = await ana.presses("Discuss", on=question).shows("as many threads as Discord allows")
    assert told.ephemeral_to is ana


async def test_an_interaction_that_was_answered_already_breaks_nothing(
    stage: Stage, clock: MovableClock, guild: Guild, maya: Person, ana: Person
) -> None:
    question = await daily(stage, clock, guild, maya)
    answered = Fault.REFUSED(400, 40060, "Interaction has already been acknowledged.")
    guild.api.fail(CALLBACK, answered, times=1)
    lost = ana.presses("Hint", on=question)
    async with asyncio.timeout(5):
        while not any(c.route == CALLBACK and c.code == 40060 for c in guild.api.calls):
            await asyncio.sleep(0.01)
    assert lost.response is None
    await ana.presses("Hint", on=question).shows("Hint")


async def test_a_button_of_a_message_whose_own_token_is_over_works(
    api: DiscordApi, stage: Stage, guild: Guild, ana: Person
) -> None:
    run = ana.runs("practice", guild.general)
    card = await run.shows("How do you")
    api.expires(run)
    pressed = await ana.presses("Answer", on=card).answered()
    assert pressed.modal is not None
    critique = await ana.submits(pressed.modal, text=good(card)).shows("100 / 100")
    assert critique.ephemeral_to is ana


async def test_what_is_longer_than_a_message_comes_in_several_and_all_of_it(
    stage: Stage, clock: MovableClock, guild: Guild, maya: Person
) -> None:
    run = maya.runs("question add", guild.general)
    form = await run.answered()
    assert form.modal is not None
    answer = "\n\n".join(f"Paragraph {number}: " + "word " * 90 for number in range(8))[:3990]
    points = "\n".join(f"Point {number} " + "about this " * 26 for number in range(13))[:3990]
    await maya.submits(
        form.modal,
        prompt="How would you slice a very long melon?",
        topic="core-python",
        points=points,
        answer=answer,
    ).shows("Question added")
    [(slug,)] = await stage.rows("SELECT slug FROM questions WHERE chat_id IS NOT NULL")
    shown = maya.runs("question show", guild.general, slug=slug)
    await shown.shows("Point 12")
    assert len(shown.messages) > 1
    assert "Point 0" in shown.messages[0].text
    assert {m.ephemeral_to for m in shown.messages} == {maya}
