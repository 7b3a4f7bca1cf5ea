"""Wrap-ups on Discord: in the channel, in a thread, in a forum."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.clock import MovableClock
from tests.adapters.discord.stage import Stage
from tests.adapters.discord.test_guild import daily, good
from tests.discord import DiscordApi, Fault, Guild, Message, Person


async def answers(person: Person, question: Message, *, share: bool = False) -> None:
    """Answer a question in its form."""
    pressed = await person.presses("Answer", on=question).answered()
    assert pressed.modal is not None
    critique = await person.submits(pressed.modal, text=good(question)).shows("/ 100")
    if share:
        told = await person.presses("Share", on=critique).shows("Shared, from the wrap-up on")
        assert told.ephemeral_to is person


async def test_it_replies_to_the_question_that_it_wraps_up(
    stage: Stage, clock: MovableClock, guild: Guild, maya: Person, ana: Person
) -> None:
    question = await daily(stage, clock, guild, maya)
    await answers(ana, question, share=True)
    clock.advance(timedelta(days=1))
    await stage.sends()
    wrap_up = await guild.general.sees("1 person answered.")
    assert wrap_up.reference is question
    assert "**Ana** (100 / 100): " in wrap_up.text
    assert wrap_up.pings == []
    assert [b.label for b in question.buttons] == ["Model answer", "Answer", "Discuss"]
    assert "Wrapped up" in question.text


async def test_it_stands_in_the_thread_where_the_question_is_discussed_and_not_before(
    stage: Stage, clock: MovableClock, guild: Guild, maya: Person, ana: Person
) -> None:
    question = await daily(stage, clock, guild, maya)
    await ana.presses("Discuss", on=question).shows("Talk it over there")
    await answers(ana, question)
    thread = question.thread
    assert thread is not None
    assert not any("What a good answer says" in m.text for m in thread.messages)
    clock.advance(timedelta(days=1))
    await stage.sends()
    await thread.sees("What a good answer says")
    assert not any("Wrap-up" in m.text for m in guild.general.messages)


async def test_a_thread_that_was_filed_away_is_opened_for_it(
    stage: Stage, clock: MovableClock, guild: Guild, maya: Person, ana: Person
) -> None:
    question = await daily(stage, clock, guild, maya)
    await ana.presses("Discuss", on=question).shows("Talk it over there")
    await answers(ana, question)
    assert question.thread is not None
    question.thread.archives()
    await stage.stops()
    await stage.starts()
    clock.advance(timedelta(days=1))
    await stage.sends()
    await question.thread.sees("1 person answered.")
    assert not question.thread.archived


async def test_it_stands_by_itself_when_the_question_has_been_deleted(
    stage: Stage, clock: MovableClock, guild: Guild, maya: Person, ana: Person
) -> None:
    question = await daily(stage, clock, guild, maya)
    await answers(ana, question)
    maya.deletes(question)
    clock.advance(timedelta(days=1))
    await stage.sends()
    wrap_up = await guild.general.sees("1 person answered.")
    assert wrap_up.reference is None


@pytest.mark.parametrize("cut", [Fault.RESET_AFTER, Fault.RESET_BEFORE])
async def test_it_is_never_posted_twice(
    api: DiscordApi,
    stage: Stage,
    clock: MovableClock,
    guild: Guild,
    maya: Person,
    ana: Person,
    cut: Fault,
) -> None:
    question = await daily(stage, clock, guild, maya)
    await answers(ana, question)
    api.fail("POST /channels/{channel_id}/messages", cut, times=1)
    clock.advance(timedelta(days=1))
    await stage.sends()
    clock.advance(timedelta(minutes=1))
    await stage.sends()
    assert sum("Wrap-up" in m.text for m in guild.general.messages) <= 1


async def test_it_stands_in_the_channel_where_its_thread_is_closed_to_us(
    stage: Stage, clock: MovableClock, guild: Guild, maya: Person, ana: Person
) -> None:
    question = await daily(stage, clock, guild, maya)
    await ana.presses("Discuss", on=question).shows("Talk it over there")
    await answers(ana, question)
    guild.denies("send_messages_in_threads")
    clock.advance(timedelta(days=1))
    await stage.sends()
    wrap_up = await guild.general.sees("1 person answered.")
    assert wrap_up.reference is question
