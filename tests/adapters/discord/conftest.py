"""Fixtures of a study group on Discord."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.clock import MovableClock
from bot.settings import BankSettings, DatabaseSettings, Settings
from tests.adapters.discord.stage import Stage
from tests.conftest import BANK
from tests.discord import DiscordApi, Guild, Person


@pytest.fixture
async def api(clock: MovableClock) -> AsyncIterator[DiscordApi]:
    """Return a Discord whose messages bear the clock's time; nothing may break its rules."""
    async with DiscordApi(now=clock.now) as running:
        running.limits.scale = 0.02  # the library itself waits after the fifth message in a row
        yield running
    assert running.breaches == []


@pytest.fixture
def plain(tmp_path: Path) -> Settings:
    """Return settings on a new SQLite file and the small bank."""
    url = f"sqlite:///{tmp_path / 'discord.db'}"
    return Settings(database=DatabaseSettings(url=url), bank=BankSettings(folder=BANK))


@pytest.fixture
async def stage(api: DiscordApi, plain: Settings, clock: MovableClock) -> AsyncIterator[Stage]:
    """Return the running program."""
    async with Stage(api, plain, clock) as running:
        yield running


@pytest.fixture
def maya(api: DiscordApi) -> Person:
    """Return somebody who moderates."""
    return api.person("Maya")


@pytest.fixture
def ana(api: DiscordApi) -> Person:
    """Return a member."""
    return api.person("Ana")


@pytest.fixture
def ben(api: DiscordApi) -> Person:
    """Return another member."""
    return api.person("Ben")


@pytest.fixture
async def guild(api: DiscordApi, stage: Stage, maya: Person, ana: Person, ben: Person) -> Guild:
    """Return Maya's server, which has let the bot in and been greeted."""
    made = api.guild("backend-prep", maya, [ana, ben])
    maya.adds_bot(made)
    await made.general.sees("Drillmate")
    return made
