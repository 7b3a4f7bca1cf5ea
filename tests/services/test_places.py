"""Chats that are lost and come back, and the messages of ours that stand in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.chat.context import ChatKind, ChatRef, MessageRef, Place, Said
from bot.services.places import MEMORY, RECENT
from bot.services.reach import Loss
from bot.testing import Person, World
from tests.answers import good

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
    assert await places.lost(maya.place.ref) == Loss("#prep", "memory", direct.place.ref, "maya")
    assert await places.lost(maya.place.ref) is None


async def test_nobody_is_told_who_has_no_direct_chat_that_can_be_reached(
    world: World, maya: Person
) -> None:
    await subscribe(maya)
    places = world.app.services.places
    assert await places.lost(maya.place.ref) == Loss("#prep", "memory", None, "maya")
    await places.back(maya.place)
    direct = world.person("Maya")
    await direct.says("/start")
    await places.lost(direct.place.ref)
    assert await places.lost(maya.place.ref) == Loss("#prep", "memory", None, "maya")


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
