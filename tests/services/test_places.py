"""Chats that are lost, come back and move, and the messages of ours that stand in them."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.chat.context import ChatKind, ChatRef, MessageRef, Place, Said
from bot.services.places import MEMORY, RECENT
from bot.services.reach import Loss
from bot.store.uow import Database
from bot.testing import Person, World
from tests.answers import good, partial
from tests.rows import rows

NINE = datetime(2026, 3, 23, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


async def subscribe(person: Person) -> None:
    await person.says("/schedule set 09:00 UTC")
    await person.presses("Save")


async def sent_at(world: World, at: datetime) -> int:
    """Return how many questions come at an instant."""
    before = len(world.adapter.sent)
    world.clock.set(at)
    await world.settle()
    return len(world.adapter.sent) - before


async def id_of(world: World, person: Person) -> int:
    _, chat, _ = await world.app.services.accounts.resolve(person.request("/me"))
    return chat.id


async def test_a_lost_chats_schedule_waits_and_goes_on_when_it_is_back(
    world: World, ana: Person
) -> None:
    await subscribe(ana)
    places = world.app.services.places
    await places.lost(ana.place.ref)
    assert await sent_at(world, NINE) == 0
    assert await sent_at(world, NINE + DAY) == 0
    await places.back(ana.place)
    assert await sent_at(world, NINE + DAY) == 0, "what was missed is not made up for"
    assert await sent_at(world, NINE + 2 * DAY) == 1


async def test_a_chat_that_is_back_before_its_time_misses_nothing(
    world: World, ana: Person
) -> None:
    await subscribe(ana)
    places = world.app.services.places
    await places.lost(ana.place.ref)
    await world.restart()
    await world.app.services.places.back(ana.place)
    assert await sent_at(world, NINE) == 1


async def test_what_a_person_paused_stays_paused(world: World, ana: Person) -> None:
    await subscribe(ana)
    await ana.says("/schedule pause")
    places = world.app.services.places
    assert await places.lost(ana.place.ref) is None
    await places.back(ana.place)
    assert await sent_at(world, NINE) == 0
    await ana.says("/schedule resume")
    assert await sent_at(world, NINE + DAY) == 1


async def test_what_was_ended_stays_ended(world: World, ana: Person) -> None:
    await subscribe(ana)
    await ana.says("/schedule off")
    places = world.app.services.places
    await places.lost(ana.place.ref)
    await places.back(ana.place)
    assert await sent_at(world, NINE) == 0
    assert await sent_at(world, NINE + DAY) == 0


@pytest.mark.parametrize(("lost", "streak"), [(True, "2 days"), (False, "1 day")])
async def test_days_on_which_nothing_could_come_break_no_streak(
    world: World, ana: Person, lost: bool, streak: str
) -> None:
    await subscribe(ana)
    places = world.app.services.places
    world.clock.set(NINE + timedelta(hours=1))
    await ana.says(good(await ana.says("/practice")))
    if lost:
        await places.lost(ana.place.ref)
    world.clock.set(NINE + 4 * DAY - timedelta(hours=1))
    await places.back(ana.place)
    world.clock.set(NINE + 4 * DAY + timedelta(hours=1))
    await ana.says(good(await ana.says("/practice")))
    assert streak in (await ana.says("/streak")).title


async def test_who_set_a_groups_schedule_is_told_of_its_loss_once(
    world: World, maya: Person
) -> None:
    await subscribe(maya)
    direct = world.person("Maya")
    await direct.says("/start")
    places = world.app.services.places
    assert await places.lost(maya.place.ref) == Loss("#prep", direct.place.ref)
    assert await places.lost(maya.place.ref) is None


async def test_nobody_is_told_who_has_no_direct_chat_that_can_be_reached(
    world: World, maya: Person
) -> None:
    await subscribe(maya)
    places = world.app.services.places
    assert await places.lost(maya.place.ref) is None
    await places.back(maya.place)
    direct = world.person("Maya")
    await direct.says("/start")
    await places.lost(direct.place.ref)
    assert await places.lost(maya.place.ref) is None


async def test_nobody_is_told_of_what_nobody_waits_for(
    world: World, ana: Person, ben: Person, maya: Person
) -> None:
    places = world.app.services.places
    assert await places.lost(ChatRef("memory", "never heard of")) is None
    await subscribe(ana)
    assert await places.lost(ana.place.ref) is None, "a person knows that they blocked us"
    await ben.says("/start")
    assert await places.lost(ben.place.ref) is None, "no schedule"
    await world.person("Maya").says("/start")
    await subscribe(maya)
    await maya.says("/schedule pause")
    assert await places.lost(maya.place.ref) is None, "paused"
    await maya.says("/schedule off")
    assert await places.lost(maya.place.ref) is None, "ended"


async def test_a_chat_is_greeted_once(world: World) -> None:
    places = world.app.services.places
    group = Place(ChatRef("memory", "#new"), ChatKind.GROUP, "New")
    assert not await places.greet(group.ref), "never heard of"
    await places.back(group)
    assert await places.greet(group.ref)
    assert not await places.greet(group.ref)
    await places.lost(group.ref)
    await world.restart()
    await world.app.services.places.back(group)
    assert not await world.app.services.places.greet(group.ref)


async def test_who_has_done_something_in_a_chat_is_known_there(
    world: World, ben: Person, chi: Person
) -> None:
    places = world.app.services.places
    assert not await places.knows(ben.place.ref, "ben")
    await ben.says("/start")
    await world.person("Chi").says("/start")
    assert await places.knows(ben.place.ref, "ben")
    assert not await places.knows(ben.place.ref, "chi"), "only in the direct chat"
    assert not await places.knows(ben.place.ref, "nobody")
    await chi.says("/start")
    assert await places.knows(ben.place.ref, "chi")


async def test_a_reply_finds_the_action_that_takes_it_and_the_chat_it_is_for(
    world: World, ana: Person, ben: Person
) -> None:
    await ana.says("/start")
    await ben.says("/start")
    places = world.app.services.places
    here, there = MessageRef(ana.place.ref, "1"), MessageRef(ana.place.ref, "2")
    await places.keep(here, 0, "submit:1")
    await places.keep(there, await id_of(world, ben), "submit:2")
    await world.restart()
    places = world.app.services.places
    assert await places.replied(here) == (ana.place, "submit:1")
    assert await places.replied(there) == (ben.place, "submit:2")
    assert await places.replied(MessageRef(ana.place.ref, "3")) is None
    assert await places.replied(MessageRef(ben.place.ref, "1")) is None, "another chat's message"
    assert await places.replied(MessageRef(ChatRef("memory", "nowhere"), "1")) is None


async def test_a_message_that_was_edited_takes_replies_for_what_it_shows_now(
    world: World, ana: Person
) -> None:
    await ana.says("/start")
    places = world.app.services.places
    message = MessageRef(ana.place.ref, "1")
    await places.keep(message, 0, "submit:1")
    await places.keep(message, 0, "step")
    assert await places.replied(message) == (ana.place, "step")


async def test_the_newest_message_that_takes_replies_is_found_while_it_is_recent(
    world: World, ana: Person, ben: Person
) -> None:
    await ana.says("/start")
    await ben.says("/start")
    places = world.app.services.places
    assert await places.newest(ana.place.ref) is None
    for number in ("9", "10"):  # in the same second: the higher number is the newer one
        await places.keep(MessageRef(ana.place.ref, number), 0, f"submit:{number}")
    assert await places.newest(ana.place.ref) == (ana.place, "submit:10")
    world.clock.advance(timedelta(seconds=1))
    await places.keep(MessageRef(ana.place.ref, "8"), await id_of(world, ben), "submit:8")
    assert await places.newest(ana.place.ref) == (ben.place, "submit:8")
    assert await places.newest(ben.place.ref) is None
    world.clock.advance(RECENT)
    assert await places.newest(ana.place.ref) == (ben.place, "submit:8")
    world.clock.advance(timedelta(seconds=1))
    assert await places.newest(ana.place.ref) is None


async def test_messages_of_chats_nobody_knows_and_old_ones_are_not_kept(
    world: World, ana: Person
) -> None:
    places = world.app.services.places
    message = MessageRef(ana.place.ref, "1")
    await places.keep(message, 0, "submit:1")
    await ana.says("/start")
    assert await places.replied(message) is None
    await places.keep(message, 0, "submit:1")
    world.clock.advance(MEMORY)
    assert await places.sweep() == 0
    world.clock.advance(timedelta(seconds=1))
    assert await places.sweep() == 1
    assert await places.replied(message) is None


async def test_a_form_in_the_same_chat_is_awaited_there_and_of_that_person_only(
    world: World, ben: Person, chi: Person
) -> None:
    places = world.app.services.places
    assert await places.awaited(ben.place.ref, "ben") is None, "never heard of either"
    await ben.says("/practice")
    await chi.says("/start")
    assert await places.awaited(ben.place.ref, "ben") is None
    await ben.says("/answer")
    assert await places.awaited(ben.place.ref, "ben") == ben.place
    assert await places.awaited(ben.place.ref, "chi") is None
    await ben.says("/cancel")
    assert await places.awaited(ben.place.ref, "ben") is None


async def test_a_form_asked_aside_is_awaited_there_for_the_group_until_it_expires(
    world: World, ben: Person
) -> None:
    places = world.app.services.places
    direct = world.person("Ben")
    await direct.says("/start")
    await ben.says("/practice")
    await world.dispatch(replace(ben.request(Said("/answer")), aside=direct.place))
    assert await places.awaited(direct.place.ref, "ben") == ben.place
    assert await places.awaited(ben.place.ref, "ben") is None
    world.clock.advance(DAY - timedelta(seconds=1))
    assert await places.awaited(direct.place.ref, "ben") == ben.place
    world.clock.advance(timedelta(seconds=1))
    assert await places.awaited(direct.place.ref, "ben") is None


async def test_a_form_can_be_forgotten_and_others_forms_stay(
    world: World, ben: Person, chi: Person
) -> None:
    places = world.app.services.places
    await places.forget_form(ben.place.ref, "ben")
    for person in (ben, chi):
        await person.says("/practice")
        await person.says("/answer")
    await places.forget_form(ben.place.ref, "ben")
    await places.forget_form(ben.place.ref, "nobody")
    assert await places.awaited(ben.place.ref, "ben") is None
    assert await places.awaited(ben.place.ref, "chi") == chi.place


async def test_facts_are_kept_across_restarts(world: World) -> None:
    await world.app.services.places.note("memory.offset", "1")
    await world.app.services.places.note("memory.offset", "2")
    await world.restart()
    assert await world.app.services.places.fact("memory.offset") == "2"
    assert await world.app.services.places.fact("memory.other") is None


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
    outbox, here = world.app.services.outbox, frozenset({"memory"})
    assert len(await outbox.tallies(here)) == 1
    await moves(world)
    assert await outbox.tallies(here) == []


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
