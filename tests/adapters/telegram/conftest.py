"""Fixtures of a study group on Telegram."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.clock import MovableClock
from bot.settings import BankSettings, DatabaseSettings, Settings
from tests.adapters.telegram.stage import Stage
from tests.conftest import BANK
from tests.telegram import BotApi, Chat, Person

TOKEN = "4200:TEST-token_for_the_tests_of_drillmate"


@pytest.fixture
async def api(clock: MovableClock) -> AsyncIterator[BotApi]:
    """Return a Bot API server whose messages bear the clock's time; nothing may break its rules."""
    async with BotApi(token=TOKEN, username="drillmate_bot", now=clock.now) as running:
        running.limits.scale = 0.02  # a group's minute is 1.2 s, for the program's limiter too
        yield running
    assert running.breaches == []


@pytest.fixture
def plain(tmp_path: Path) -> Settings:
    """Return settings on a new SQLite file and the small bank."""
    url = f"sqlite:///{tmp_path / 'telegram.db'}"
    return Settings(database=DatabaseSettings(url=url), bank=BankSettings(folder=BANK))


@pytest.fixture
async def stage(api: BotApi, plain: Settings, clock: MovableClock) -> AsyncIterator[Stage]:
    """Return the running program."""
    async with Stage(api, plain, clock) as running:
        yield running


@pytest.fixture
def maya(api: BotApi) -> Person:
    """Return somebody who moderates."""
    return api.person("Maya")


@pytest.fixture
def ana(api: BotApi) -> Person:
    """Return a member."""
    return api.person("Ana")


@pytest.fixture
def ben(api: BotApi) -> Person:
    """Return another member."""
    return api.person("Ben")


@pytest.fixture
async def group(api: BotApi, stage: Stage, maya: Person, ana: Person, ben: Person) -> Chat:
    """Return Maya's group, which has let the bot in and been greeted."""
    made = api.group("backend-prep", owner=maya, members=[ana, ben])
    maya.adds_bot(made)
    await stage.settles()
    return made
