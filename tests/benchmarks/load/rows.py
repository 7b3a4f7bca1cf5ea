"""Subscriptions by the thousand, written straight into a database as the program writes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.domain.cadence import EVERY_DAY
from bot.store.tables import (
    AuditRow,
    ChatMemberRow,
    ChatRow,
    IdentityRow,
    SubscriptionRow,
    UserRow,
)
from bot.store.uow import Database
from tests.benchmarks.database import migrated

FAR = timedelta(hours=12)
"""When everything is due at first: on nobody's way, until `make_due` says otherwise."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where one question is to come.

    Attributes:
        chat: The platform's id of the chat.
        person: The platform's id of who set the schedule.
        name: What they are called.
        group: Title of the group, empty for a direct chat.
        thread: Channel or topic of the group.
        place: The platform's id of where the message is to be seen.
    """

    chat: str
    person: str
    name: str
    group: str = ""
    thread: str = ""
    place: int = 0


async def fill(url: str, platform: str, targets: Sequence[Target], now: datetime) -> None:
    """Let every target's person have set a daily question in a new database.

    What one `/schedule set` leaves behind stands in tests/e2e/test_delivery.py, which compares.
    """
    await migrated(url)
    database = Database(url)
    minute, day = _local(now + FAR)
    rows = [_rows(platform, *each, minute, day, now) for each in enumerate(targets, start=1)]
    tables = (UserRow, IdentityRow, ChatRow, ChatMemberRow, SubscriptionRow, AuditRow)
    async with database.engine.begin() as connection:
        # No ids are given, so that a sequence goes on behind them; in a new database they count
        # from one in the order of the rows.
        for table, column in zip(tables, zip(*rows, strict=True), strict=True):
            await connection.execute(sa.insert(table), list(column))
    await database.close()


async def make_due(url: str, at: datetime) -> None:
    """Let all subscriptions be due at a whole minute, as if their people had chosen it."""
    assert at == _whole(at), "schedules know minutes only"
    minute, day = _local(at)
    change = sa.update(SubscriptionRow).values(minute=minute, next_due_at=at, next_day=day)
    database = Database(url)
    async with database.engine.begin() as connection:
        await connection.execute(change)
    await database.close()


def _rows(
    platform: str, number: int, target: Target, minute: int, day: Any, now: datetime
) -> tuple[dict[str, Any], ...]:
    group = bool(target.group)
    schedule = {
        "minute": minute,
        "days": sorted(EVERY_DAY),
        "around": False,
        "zone": "UTC",
        "ended": False,
    }
    return (
        {"display_name": target.name, "zone": "UTC", "zone_chosen": not group, "created_at": now},
        {
            "user_id": number,
            "platform": platform,
            "platform_user_id": target.person,
            "display_name": target.name,
        },
        {
            "platform": platform,
            "platform_chat_id": target.chat,
            "kind": "group" if group else "dm",
            "title": target.group,
            "zone": "UTC",
            "created_at": now,
            "greeted_at": now if group else None,
        },
        {"chat_id": number, "user_id": number, "joined_at": now},
        {
            "chat_id": number,
            "user_id": None if group else number,
            "name": "daily",
            "minute": minute,
            "days": EVERY_DAY,
            "around": False,
            "zone": "UTC",
            "thread": target.thread,
            "next_due_at": _whole(now + FAR),
            "next_day": day,
            "created_by": number,
            "created_at": now,
        },
        {
            "at": now,
            "actor_user_id": number,
            "chat_id": number,
            "verb": "schedule set",
            "subject": f"chat:{number}",
            "before": None,
            "after": schedule,
        },
    )


def _local(at: datetime) -> tuple[int, Any]:
    at = at.astimezone(UTC)
    return at.hour * 60 + at.minute, at.date()


def _whole(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
