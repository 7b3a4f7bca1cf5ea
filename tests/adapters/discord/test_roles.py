"""A process that listens and one that only sends, with one token: each does its own part."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.clock import MovableClock
from bot.settings import Settings
from tests.adapters.discord.stage import Stage
from tests.discord import DiscordApi, Guild, Person


@pytest.fixture
async def stage(api: DiscordApi, plain: Settings, clock: MovableClock) -> AsyncIterator[Stage]:
    """Return the process that listens."""
    async with Stage(api, plain.model_copy(update={"role": "gateway"}), clock) as running:
        yield running


@pytest.fixture
async def sender(
    api: DiscordApi, stage: Stage, guild: Guild, plain: Settings, clock: MovableClock
) -> AsyncIterator[Stage]:
    """Return the process that sends."""
    async with Stage(api, plain.model_copy(update={"role": "sender"}), clock) as running:
        yield running


async def test_who_sends_posts_the_question_and_who_listens_answers_people_once(
    sender: Stage, clock: MovableClock, guild: Guild, maya: Person, ana: Person
) -> None:
    forum = guild.forum("drills")
    run = maya.runs("schedule set", guild.general, time="09:00", zone="UTC")
    preview = await run.shows("Shall I save this schedule?")
    await maya.presses("Save", on=preview).shows("Schedule saved")
    await maya.runs("schedule place", guild.general, channel=forum).shows("Schedule saved")
    clock.advance(timedelta(hours=1))
    await sender.sends()
    [post] = forum.threads  # who only sends knows what kind of channel that is
    question = await post.sees("no answers yet")
    interaction = ana.presses("Hint", on=question)
    await interaction.shows("Hint 1")
    said = await sender.rows("SELECT hints FROM turns")
    assert said == [(1,)]
    refused = [call for call in guild.api.calls if call.status in (400, 404)]
    assert refused == []  # nobody answered what the other had answered


async def test_a_direct_message_is_answered_by_one_of_them(
    sender: Stage, guild: Guild, ana: Person
) -> None:
    ana.says("/streak")
    await ana.dm.sees("No streak yet")
    assert sum("No streak yet" in message.text for message in ana.dm.messages) == 1
