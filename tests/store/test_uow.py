"""Units of work: all or nothing, in line, and with the pragmas that make SQLite safe and fast."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.chat.context import ChatKind, ChatRef, Place
from bot.errors import Invalid
from bot.store.tables import Base, UserRow
from bot.store.types import UtcDateTime, Weekdays
from bot.store.uow import Database, normalise
from tests.rows import count, rows

NOW = datetime(2026, 3, 23, 8, 0, tzinfo=UTC)


async def test_without_commit_nothing_lasts(database: Database) -> None:
    async with database.write() as unit:
        await unit.users.add("console", "ana", "Ana", NOW)
    assert await count(database, "users") == 0


async def test_an_error_undoes_everything_before_it(database: Database) -> None:
    async def fail() -> None:
        async with database.write() as unit:
            await unit.users.add("console", "ana", "Ana", NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await count(database, "users") == 0


async def test_many_writers_at_once_wait_in_line(database: Database) -> None:
    async def join(number: int) -> None:
        async with database.write() as unit:
            await unit.users.add("console", f"p{number}", "P", NOW)
            await unit.kv.put("latest", str(number))
            await unit.commit()

    await asyncio.gather(*(join(number) for number in range(60)))
    assert await count(database, "users") == 60


async def test_two_processes_writing_at_once_do_not_lock_each_other_out(tmp_path: Path) -> None:
    from bot.store.migrate import migrate

    url = f"sqlite:///{tmp_path / 'shared.db'}"
    one, other = Database(url), Database(url)
    await migrate(one)

    async def join(database: Database, name: str) -> None:
        for number in range(40):
            async with database.write() as unit:
                await unit.kv.get("latest")  # a read first is what breaks deferred transactions
                await unit.kv.put(f"{name}{number}", "x")
                await unit.commit()

    await asyncio.gather(join(one, "a"), join(other, "b"))
    assert await count(one, "kv") == 80
    await one.close()
    await other.close()


async def test_sqlite_runs_with_the_pragmas_of_the_design(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'p.db'}")
    found = {
        name: (await rows(database, f"PRAGMA {name}"))[0][0]
        for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    }
    assert found == {
        "journal_mode": "wal",
        "synchronous": 1,
        "foreign_keys": 1,
        "busy_timeout": 5000,
    }
    await database.close()


async def test_a_person_cannot_have_two_scoring_attempts_at_one_serving(
    database: Database,
) -> None:
    async with database.engine.begin() as connection:
        await _one_serving(connection)
        insert = (
            "INSERT INTO attempts (user_id, serving_id, answer, submitted_at, day, board_day, "
            "zone, dedupe_key, scores, points, shared) VALUES (1, 1, 'a', '2026-03-23 08:00', "
            "'2026-03-23', '2026-03-23', 'UTC', '{}', {}, 0, false)"
        )
        await connection.execute(sa.text(insert.format("k1", "true")))
        await connection.execute(sa.text(insert.format("k2", "false")))
    with pytest.raises(IntegrityError):
        async with database.engine.begin() as connection:
            await connection.execute(sa.text(insert.format("k3", "true")))


async def test_naive_times_are_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="naive"):
        async with database.write() as unit:
            await unit.users.add("console", "ana", "Ana", datetime(2026, 1, 1))  # noqa: DTZ001


async def test_instants_come_back_in_utc(database: Database) -> None:
    east = datetime(2026, 3, 23, 17, 0, tzinfo=timezone(timedelta(hours=9)))
    async with database.write() as unit:
        place = Place(ChatRef("console", "#prep"), ChatKind.GROUP, "#prep")
        await unit.chats.ensure(place, east)
        await unit.commit()
    [(kept,)] = await rows(database, "SELECT created_at FROM chats")
    found = UtcDateTime().process_result_value(
        datetime.fromisoformat(kept) if isinstance(kept, str) else kept, database.engine.dialect
    )
    assert found == NOW
    assert found.tzinfo is UTC


def test_weekdays_survive_as_a_bit_mask() -> None:
    kind, dialect = Weekdays(), sa.create_engine("sqlite://").dialect
    for mask in range(128):
        days = kind.process_result_value(mask, dialect)
        assert kind.process_bind_param(days, dialect) == mask


@pytest.mark.parametrize("url", ["mysql://host/db", "not an address", ""])
def test_a_database_that_we_do_not_speak_is_refused_in_a_sentence(url: str) -> None:
    with pytest.raises(Invalid) as refused:
        normalise(url)
    assert "sqlite:///" in refused.value.hint


def test_every_table_that_names_a_person_forgets_them_with_the_person() -> None:
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column.table.name == UserRow.__tablename__:
                assert key.ondelete in ("CASCADE", "SET NULL"), f"{table.name}.{key.parent.name}"


async def _one_serving(connection: AsyncConnection) -> None:
    for statement in (
        "INSERT INTO users (id, display_name, zone, zone_chosen, day_starts_at, hidden, "
        "created_at) VALUES (1, 'A', 'UTC', false, 0, false, '2026-03-23 08:00')",
        "INSERT INTO chats (id, platform, platform_chat_id, kind, title, zone, created_at) "
        "VALUES (1, 'console', '#p', 'group', '', 'UTC', '2026-03-23 08:00')",
        "INSERT INTO questions (id, slug, status, current_number, created_at) "
        "VALUES (1, 'q', 'published', 1, '2026-03-23 08:00')",
        "INSERT INTO question_revisions (id, question_id, number, kind, topic, level, "
        "difficulty, prompt, tags, covers, rubric, author, licence, content_hash, created_at) "
        "VALUES (1, 1, 1, 'open', 't', 'I', 1, 'p', '[]', '[]', '{\"points\": []}', '', '', '', "
        "'2026-03-23 08:00')",
        "INSERT INTO servings (id, revision_id, question_id, chat_id, served_at, answers, "
        "answers_shown) VALUES (1, 1, 1, 1, '2026-03-23 08:00', 0, 0)",
    ):
        await connection.exec_driver_sql(statement)
