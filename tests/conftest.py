"""Fixtures that all tests share: both databases, a clock that stands still, the program."""

from __future__ import annotations

import traceback
import zoneinfo
from collections.abc import AsyncIterator, Iterator, MutableMapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

import pytest
import structlog

from bot.clock import MovableClock
from bot.settings import BankSettings, DatabaseSettings, Settings
from bot.store.uow import Database
from bot.testing import World
from tests import everycard

BANK = Path(__file__).parent / "small_bank"
"""Four questions whose wording tests may rely on; the real bank's may change."""

zoneinfo.reset_tzpath(to=())  # the pinned rules, as the program does it

pytest_plugins = ["tests.databases"]

everycard.install()


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", everycard.MARKER)


@pytest.fixture
def clock() -> MovableClock:
    """Return a clock that stands at a Monday morning."""
    return MovableClock(datetime(2026, 3, 23, 8, 0, tzinfo=UTC))


@pytest.fixture(autouse=True)
def _fresh_logging() -> Iterator[None]:
    """Give each test structlog's defaults, with nothing written."""
    structlog.configure(processors=[_drop], cache_logger_on_first_use=False)
    yield
    structlog.reset_defaults()


@pytest.fixture(autouse=True)
def _every_card_can_be_shown(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that makes a card or a form which Discord or Telegram would refuse."""
    forgiven = request.node.get_closest_marker("unshowable") is not None
    with everycard.watched(forgiven=forgiven):
        yield


def _drop(_logger: object, _method: str, _event: MutableMapping[str, Any]) -> NoReturn:
    if _method in ("error", "exception"):  # an incident that a test did not expect should be seen
        traceback.print_exc()
    raise structlog.DropEvent


@pytest.fixture
def settings(address: str) -> Settings:
    """Return settings for a program on a new database of each kind."""
    return Settings(database=DatabaseSettings(url=address), bank=BankSettings(folder=BANK))


@pytest.fixture
async def world(
    settings: Settings, clock: MovableClock, database: Database
) -> AsyncIterator[World]:
    """Return a running program with the small bank, once on each kind of database."""
    async with World(settings, clock) as running:
        yield running
