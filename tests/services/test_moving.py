"""Chats that get another id: all that is theirs goes along, once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.chat.context import ChatRef, MessageRef
from bot.store.uow import Database
from bot.testing import Person, World
from tests.answers import good, partial
from tests.rows import rows
from tests.services.test_places import DAY, NINE, id_of, sent_at, subscribe

NEW = "#super"
"""The id that the group "#prep" gets."""


async def moves(world: World, old: str = "#prep", new: str = NEW) -> bool:
    return await world.app.services.places.moved(ChatRef("memory", old), new)


async def posted(database: Database, chat_id: int, message_id: str) -> None:
    """Let the last serving of a chat be shown by a message."""
    async with database.write() as unit:
        [(last,)] = await rows(database, f"SELECT max(id) FROM servings WHERE chat_id = {chat_id}")
        await unit.servings.posted(last, message_id)
        await unit.commit()


async def alter(database: Database, statement: str) -> None:
    async with database.engine.begin() as connection:
        await connection.execute(sa.text(statement))


async def differences(world: World) -> dict[int, list[str]]:
    """Return by chat what `drillmate board` would complain about."""
    boards = world.app.services.leaderboards
    return {each: await boards.differences(each) for each in await boards.chats()}


async def test_a_chat_that_moved_is_the_same_by_either_id(world: World, ben: Person) -> None:
    await ben.says(good(await ben.says("/practice")))
    before = await id_of(world, ben)
    assert await moves(world)
    for person in (ben, world.person("Ben", group="super")):
        actor, chat, here = await world.app.services.accounts.resolve(person.request("/me"))
        assert (actor.user_id, chat.id, here.id) == (1, before, before)
        assert chat.ref == ChatRef("memory", NEW), "what we send goes to the new id"
    assert "1 answer" in (await world.person("Ben", group="super").says("/leaderboard")).body


async def test_a_move_told_twice_or_of_a_chat_nobody_knows_does_nothing(
    world: World, ben: Person, database: Database
) -> None:
    await ben.says("/start")
    assert await moves(world)
    assert not await moves(world)
    assert not await moves(world, "#nowhere", "#elsewhere")
    assert await rows(database, "SELECT platform_chat_id FROM chats") == [(NEW,)]


async def test_the_schedule_goes_on_at_the_new_id(world: World, maya: Person) -> None:
    await subscribe(maya)
    await moves(world)
    assert await sent_at(world, NINE) == 1
    assert world.adapter.sent[-1][0] == ChatRef("memory", NEW)


async def test_a_chat_that_was_lost_before_it_moved_goes_on(world: World, maya: Person) -> None:
    await subscribe(maya)
    await world.app.services.places.lost(maya.place.ref)
    await moves(world)
    assert await sent_at(world, NINE) == 1


async def test_what_was_paused_before_it_moved_stays_paused(world: World, maya: Person) -> None:
    await subscribe(maya)
    await maya.says("/schedule pause")
    await world.app.services.places.lost(maya.place.ref)
    await moves(world)
    assert await sent_at(world, NINE) == 0


async def test_messages_that_stayed_behind_take_no_replies_and_their_numbers_are_free(
    world: World, maya: Person, ben: Person, database: Database
) -> None:
    await subscribe(maya)
    await sent_at(world, NINE)
    [(old,)] = await rows(database, "SELECT platform_message_id FROM servings")
    places = world.app.services.places
    assert await places.replied(MessageRef(maya.place.ref, old)) is not None
    await moves(world)
    assert await places.replied(MessageRef(maya.place.ref, old)) is None
    assert await places.replied(MessageRef(ChatRef("memory", NEW), old)) is None
    await sent_at(world, NINE + DAY)
    await posted(database, await id_of(world, maya), old)
    found = await rows(database, "SELECT platform_message_id FROM servings ORDER BY id")
    assert found == [(f"old:{old}",), (old,)]


async def test_a_tally_that_stayed_behind_is_not_edited(
    world: World, maya: Person, ben: Person
) -> None:
    await subscribe(maya)
    await sent_at(world, NINE)
    [(_, asked, _)] = world.adapter.sent
    await ben.says(good(asked))
    tallies, here = world.app.services.tallies, frozenset({"memory"})
    assert len(await tallies.untold(here)) == 1
    await moves(world)
    assert await tallies.untold(here) == []


async def test_a_form_on_its_way_goes_on_in_the_chat_that_moved(world: World, ben: Person) -> None:
    asked = await ben.says("/practice")
    await ben.says("/answer")
    await moves(world)
    told = await world.person("Ben", group="super").says(good(asked))
    assert told.title.startswith("100 / 100")


async def test_the_young_twin_of_a_chat_that_moved_becomes_part_of_it(
    world: World, ben: Person, chi: Person, database: Database
) -> None:
    """The new id was heard of before the move: people have met, asked and answered there."""
    later_ben, zoe = world.person("Ben", group="super"), world.person("Zoe", group="super")
    await ben.says(good(await ben.says("/practice")))
    await chi.says(partial(await chi.says("/practice")))
    await later_ben.says(partial(await later_ben.says("/practice")))
    await zoe.says(good(await zoe.says("/practice")))
    kept, young = await id_of(world, ben), await id_of(world, zoe)
    assert kept != young
    for chat_id in (kept, young):
        await posted(database, chat_id, "7")
    await world.app.services.places.keep(MessageRef(ben.place.ref, "1"), 0, "submit:1")
    await world.app.services.places.keep(MessageRef(zoe.place.ref, "1"), 0, "submit:3")
    await alter(database, f"UPDATE questions SET chat_id = {young} WHERE slug LIKE '%soup'")

    assert await moves(world)

    assert [found for (found,) in await rows(database, "SELECT id FROM chats")] == [kept]
    actors = {}
    for person in (ben, chi, later_ben, zoe):
        actor, chat, _ = await world.app.services.accounts.resolve(person.request("/me"))
        assert chat.id == kept
        actors[actor.user_id] = actor.name
    assert sorted(actors.values()) == ["Ben", "Chi", "Zoe"]
    members = await rows(database, "SELECT chat_id, user_id FROM chat_members")
    assert sorted(members) == sorted((kept, user_id) for user_id in actors)
    assert await differences(world) == {kept: []}
    board = await rows(
        database, "SELECT points, answers FROM totals WHERE period = 'all' ORDER BY user_id"
    )
    assert sorted(board) == [(40, 1), (100, 1), (140, 2)]
    messages = await rows(
        database,
        "SELECT platform_message_id FROM servings WHERE platform_message_id IS NOT NULL"
        " ORDER BY platform_message_id",
    )
    assert messages == [("7",), ("old:7",)]
    replied = await world.app.services.places.replied(MessageRef(zoe.place.ref, "1"))
    assert replied is not None
    assert (replied[0].ref, replied[1]) == (zoe.place.ref, "submit:3")
    asked = await rows(database, "SELECT chat_id FROM questions WHERE slug LIKE '%soup'")
    assert asked == [(kept,)]
    await ben.says(good(await ben.says("/practice")))
    assert await differences(world) == {kept: []}


async def test_forms_of_the_young_twin_go_on_unless_the_chat_has_one_of_its_own(
    world: World, ben: Person, database: Database
) -> None:
    later_ben, zoe = world.person("Ben", group="super"), world.person("Zoe", group="super")
    asked = await ben.says("/practice")
    await ben.says("/answer")
    for person in (later_ben, zoe):
        await person.says("/practice")
        await person.says("/answer")
    await moves(world)
    kept = await id_of(world, ben)
    assert await rows(database, "SELECT chat_id, user_id FROM dialogs ORDER BY user_id") == [
        (kept, 1),
        (kept, 2),
    ]
    await later_ben.says(good(asked))
    [(serving_id,)] = await rows(database, "SELECT serving_id FROM attempts")
    assert serving_id == 1, "the form was that of the old chat's question"


async def test_a_reply_elsewhere_to_a_question_of_the_young_twin_is_for_the_chat(
    world: World, ben: Person
) -> None:
    await ben.says("/start")
    zoe, direct = world.person("Zoe", group="super"), world.person("Zoe")
    await zoe.says("/start")
    await direct.says("/start")
    places = world.app.services.places
    message = MessageRef(direct.place.ref, "1")
    await places.keep(message, await id_of(world, zoe), "submit:1")
    await moves(world)
    replied = await places.replied(message)
    assert replied is not None
    assert (replied[0].ref, replied[1]) == (ChatRef("memory", NEW), "submit:1")


@pytest.mark.parametrize("where", ["both", "old", "young"])
async def test_after_a_move_one_schedule_is_left_and_runs(
    world: World, maya: Person, database: Database, where: str
) -> None:
    later = Person(world, maya.sender, replace(maya.place, ref=ChatRef("memory", NEW)))
    await maya.says("/start")
    await later.says("/start")
    if where != "young":
        await subscribe(maya)
    if where != "old":
        await later.says(f"/schedule set {'10:00' if where == 'both' else '09:00'} UTC")
        await later.presses("Save")
    await moves(world)
    kept = await id_of(world, maya)
    assert await rows(database, "SELECT chat_id, minute FROM subscriptions") == [(kept, 540)]
    assert await sent_at(world, NINE) == 1
    assert await sent_at(world, NINE + timedelta(hours=1)) == 0
    assert world.adapter.sent[-1][0] == ChatRef("memory", NEW)
    assert await sent_at(world, NINE + DAY) == 1


async def test_the_members_of_a_young_twin_have_the_schedule_of_the_chat(
    world: World, maya: Person
) -> None:
    zoe = world.person("Zoe", group="super")
    await maya.says("/schedule set 09:00 UTC mon-fri")
    await maya.presses("Save")
    await zoe.says("/start")
    await moves(world)
    world.clock.set(datetime(2026, 3, 27, 10, 0, tzinfo=UTC))
    await zoe.says(good(await zoe.says("/practice")))
    world.clock.set(datetime(2026, 3, 30, 10, 0, tzinfo=UTC))
    await zoe.says(good(await zoe.says("/practice")))
    assert "2 days" in (await zoe.says("/streak")).title, "the weekend could not be missed"


async def test_both_chats_tell_of_the_move_at_once_and_it_happens_once(
    world: World, ben: Person, database: Database
) -> None:
    await ben.says(good(await ben.says("/practice")))
    later_ben = world.person("Ben", group="super")
    await later_ben.says(partial(await later_ben.says("/practice")))
    told = await asyncio.gather(*(moves(world) for _ in range(4)))
    assert sorted(told) == [False, False, False, True]
    totals = await rows(database, "SELECT points, answers FROM totals WHERE period = 'all'")
    assert totals == [(140, 2)]
