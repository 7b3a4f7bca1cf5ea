"""The inbox: what a platform told us survives a crash, and is dealt with once."""

from __future__ import annotations

from datetime import timedelta

from bot.store.uow import Database
from bot.testing import World
from tests.rows import rows


async def test_what_comes_twice_is_taken_once(world: World) -> None:
    inbox = world.app.services.inbox
    assert await inbox.take("memory", "u1", "first", 1)
    assert not await inbox.take("memory", "u1", "another", 2)
    assert await inbox.waiting("memory") == [("u1", "first")]


async def test_what_was_dealt_with_is_not_taken_again(world: World) -> None:
    inbox = world.app.services.inbox
    await inbox.take("memory", "u1", "first", 1)
    await inbox.done("memory", ["u1"])
    assert not await inbox.take("memory", "u1", "first", 1)
    assert await inbox.waiting("memory") == []


async def test_platforms_do_not_share_keys(world: World) -> None:
    inbox = world.app.services.inbox
    assert await inbox.take("memory", "u1", "ours", 1)
    assert await inbox.take("elsewhere", "u1", "theirs", 1)
    await inbox.done("elsewhere", ["u1"])
    assert await inbox.waiting("memory") == [("u1", "ours")]
    assert await inbox.waiting("elsewhere") == []


async def test_the_order_is_the_platforms_and_not_that_of_arrival(world: World) -> None:
    inbox = world.app.services.inbox
    for number in (10, 9, 100):
        await inbox.take("memory", f"u{number}", str(number), number)
    assert await inbox.waiting("memory") == [("u9", "9"), ("u10", "10"), ("u100", "100")]


async def test_what_is_done_leaves_no_contents_behind(world: World, database: Database) -> None:
    inbox = world.app.services.inbox
    for number, text in enumerate(("a secret", "", "kept")):
        await inbox.take("memory", f"u{number}", text, number)
    await inbox.done("memory", ["u0", "u1", "never came"])
    await inbox.done("memory", [])
    kept = await rows(database, "SELECT key, payload FROM updates ORDER BY number")
    assert kept == [("u0", None), ("u1", None), ("u2", "kept")]


async def test_what_a_crash_left_waits_after_the_restart(world: World) -> None:
    for number in (2, 1, 3):
        await world.app.services.inbox.take("memory", f"u{number}", "x" * number, number)
    await world.app.services.inbox.done("memory", ["u1"])
    await world.restart()
    assert await world.app.services.inbox.waiting("memory") == [("u2", "xx"), ("u3", "xxx")]
    assert not await world.app.services.inbox.take("memory", "u1", "x", 1)


async def test_after_two_days_what_is_done_is_forgotten_and_what_is_not_is_kept(
    world: World,
) -> None:
    inbox = world.app.services.inbox
    await inbox.take("memory", "done", "x", 1)
    await inbox.take("memory", "waiting", "y", 2)
    await inbox.done("memory", ["done"])
    world.clock.advance(timedelta(days=2))
    await inbox.take("memory", "young", "z", 3)
    await inbox.done("memory", ["young"])
    assert await inbox.sweep() == 0, "two days are not over"
    world.clock.advance(timedelta(seconds=1))
    assert await inbox.sweep() == 1
    assert await inbox.waiting("memory") == [("waiting", "y")]
    assert not await inbox.take("memory", "waiting", "y", 2)
    assert not await inbox.take("memory", "young", "z", 3)
    assert await inbox.take("memory", "done", "x", 1), "nobody tells it again after two days"
