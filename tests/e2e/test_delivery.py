"""A broadcast by the real program, at the speed that the platform allows and no faster."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.clock import MovableClock, SystemClock
from bot.settings import BankSettings, DatabaseSettings, Settings
from bot.store.uow import Database
from tests.adapters.discord.stage import Stage as DiscordStage
from tests.adapters.telegram.stage import Stage as TelegramStage
from tests.benchmarks.delivery import ours
from tests.benchmarks.load.report import Result
from tests.benchmarks.load.rows import FAR, Target, fill
from tests.discord import DiscordApi
from tests.e2e.terminal import SMALL_BANK
from tests.rows import rows
from tests.telegram import BotApi

DUE, ALLOWED = 300, 100
CALM_S = 2.0

WRITTEN = {
    "users": "display_name, zone, zone_chosen, day_starts_at, hidden",
    "identities": "user_id, platform, platform_user_id, display_name, reachable",
    "chats": "platform, platform_chat_id, kind, title, zone, left_at, reports_thread",
    "chat_members": "chat_id, user_id",
    "subscriptions": (
        "chat_id, user_id, name, thread, ping, wrap_after_h, topic, difficulty, minute, days, "
        "around, zone, next_due_at, next_day, last_day, paused_at, ended_at, created_by"
    ),
    "audit_log": "actor_user_id, chat_id, verb, subject, before, after",
    "plans": "*",
}
"""What /schedule set leaves behind, less the moments at which it was."""


async def test_a_broadcast_on_telegram_is_told_of_no_limit_and_lets_people_pass(
    address: str,
) -> None:
    result = await ours(
        "telegram", DUE, ALLOWED, address, calm_s=CALM_S, at_once=True, bank=SMALL_BANK
    )
    check(result)


async def test_a_broadcast_on_discord_is_told_of_no_limit_and_lets_people_pass(
    tmp_path: Path,
) -> None:
    database = f"sqlite:///{tmp_path / 'run.db'}"
    result = await ours(
        "discord", DUE, ALLOWED, database, calm_s=CALM_S, at_once=True, bank=SMALL_BANK
    )
    check(result)


def check(result: Result) -> None:
    assert (result.arrived, result.lost, result.duplicates) == (DUE, 0, 0)
    assert result.refused == 0
    # Whoever asked while half of the questions were still to come was not the last to be served.
    assert result.early > 0
    assert result.early_answered == result.early
    assert [kind for kind, waited in result.interactive.items() if waited.unanswered] == []


@pytest.fixture
def filled(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'filled.db'}"


@pytest.fixture
def spoken(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'spoken.db'}"


async def test_a_private_schedule_in_the_load_test_is_what_the_program_writes(
    filled: str, spoken: str
) -> None:
    now = SystemClock().now()
    async with BotApi() as api:
        ana = api.person("Ana")
        async with TelegramStage(api, settings(spoken), MovableClock(now)) as stage:
            ana.says(f"/schedule set {now + FAR:%H:%M} UTC daily")
            ana.presses("Save", on=await ana.sees("Shall I save"))
            await ana.sees("Schedule saved")
            await stage.settles()
    await fill(filled, "telegram", [Target(str(ana.id), str(ana.id), "Ana")], now)
    assert await written(filled) == await written(spoken)


async def test_a_server_s_schedule_in_the_load_test_is_what_the_program_writes(
    filled: str, spoken: str
) -> None:
    now = SystemClock().now()
    async with DiscordApi() as api:
        maya = api.person("Maya")
        guild = api.guild("backend-prep", maya, bot=True)
        async with DiscordStage(api, settings(spoken), MovableClock(now)):
            time = f"{now + FAR:%H:%M}"
            run = maya.runs("schedule set", guild.general, time=time, zone="UTC")
            saved = maya.presses("Save", on=await run.shows("Shall I save"))
            await saved.shows("Schedule saved")
    target = Target(str(guild.id), str(maya.id), "Maya", guild.name, str(guild.general.id))
    await fill(filled, "discord", [target], now)
    assert await written(filled) == await written(spoken)


def settings(database: str) -> Settings:
    return Settings(database=DatabaseSettings(url=database), bank=BankSettings(folder=SMALL_BANK))


async def written(url: str) -> dict[str, list[tuple[object, ...]]]:
    """Return what a database keeps of a schedule."""
    database = Database(url)
    found = {
        table: await rows(database, f"SELECT {columns} FROM {table}")
        for table, columns in WRITTEN.items()
    }
    await database.close()
    return found
