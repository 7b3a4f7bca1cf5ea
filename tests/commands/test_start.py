"""The first minute of a newcomer, and what everybody else gets to see."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.chat.context import Pressed, Role
from bot.chat.markup import plain
from bot.chat.view import Card, Link, Reply
from bot.store.uow import Database
from bot.testing import Person, World
from tests.answers import topic_of
from tests.rows import rows


@pytest.fixture
def ana(world: World) -> Person:
    return world.person("Ana")


def labels(card: Card) -> list[str]:
    return [item.label for row in card.rows for item in row]


async def test_three_taps_lead_to_the_first_question(
    world: World, ana: Person, database: Database
) -> None:
    card = await ana.says("/start")
    assert "Berlin 09:00" in labels(card)
    card = await ana.presses("Berlin 09:00")
    assert card.title == "Berlin, where it is 09:00 now"
    card = await ana.presses("18:00")
    assert card.title == "A question every day around 18:00"
    card = await ana.presses("Everything")
    assert card.kind == "question"
    assert "the first on Mon 23 Mar, 1" in plain(card.body)
    assert topic_of(card)
    kept = await rows(database, "SELECT minute, zone, topic FROM subscriptions")
    assert kept == [(1080, "Europe/Berlin", None)]
    world.clock.set(datetime(2026, 3, 23, 18, 0, tzinfo=UTC))
    await world.settle()
    assert len(world.adapter.sent) == 1


async def test_each_step_takes_the_place_of_the_one_before(ana: Person) -> None:
    await ana.says("/start")
    for label, replaces in (("Berlin 09:00", True), ("09:00", True), ("Everything", False)):
        await ana.presses(label)
        assert ana.last is not None
        assert isinstance(ana.last.response, Reply)
        assert ana.last.response.edit is replaces


async def test_a_topic_can_be_chosen(ana: Person, database: Database) -> None:
    await ana.says("/start")
    await ana.presses("Berlin 09:00")
    card = await ana.presses("09:00")
    await ana.presses(labels(card)[1])
    [(topic,)] = await rows(database, "SELECT topic FROM subscriptions")
    assert topic


@pytest.mark.parametrize("typed", ["Nairobi", "nairobi ", "Africa/Nairobi"])
async def test_a_city_may_simply_be_typed(ana: Person, typed: str) -> None:
    await ana.says("/start")
    assert (await ana.says(typed)).title == "Nairobi, where it is 11:00 now"


async def test_what_is_no_city_is_told_as_before(ana: Person) -> None:
    await ana.says("/start")
    assert (await ana.says("what is this?")).title == "No question is open here."


async def test_a_region_and_a_form_lead_to_the_same(ana: Person) -> None:
    await ana.says("/start")
    card = await ana.presses("Africa")
    assert "Lagos 09:00" in labels(card)
    card = await ana.presses("Back")
    assert card.title == "Hello, I am Drillmate"
    await ana.presses("Africa")
    await ana.presses("Type a city")
    refused = await ana.says("Berlinn")
    assert "Did you mean Europe/Berlin" in plain(refused.body)
    assert (await ana.says("Lagos")).title == "Lagos, where it is 09:00 now"


async def test_another_time_may_be_typed(ana: Person) -> None:
    await ana.says("/start")
    await ana.presses("Berlin 09:00")
    await ana.presses("Another time")
    await ana.says("25 o'clock")
    assert (await ana.says("7:45pm")).title == "A question every day at 19:45"


async def test_nobody_has_to_have_a_daily_question(ana: Person, database: Database) -> None:
    await ana.says("/start")
    await ana.presses("Berlin 09:00")
    card = await ana.presses("No daily question")
    assert card.kind == "question"
    assert await rows(database, "SELECT count(*) FROM subscriptions") == [(0,)]


async def test_the_likely_places_are_those_of_the_persons_language(world: World) -> None:
    card = await _says_in(world, "de")
    assert labels(card)[:3] == ["Berlin 09:00", "Vienna 09:00", "Zurich 09:00"]


async def test_buttons_pressed_twice_or_out_of_order_do_no_harm(
    ana: Person, database: Database
) -> None:
    await ana.says("/start")
    for wire in (
        *("about:~540:any", "about:~540:any", "hour:~540", "zone:Asia/Tokyo", "where", "when"),
        *("zone:Asia/Tokyo", "about:~600:any", "region:europe", "hour:no"),
    ):
        outcome = await ana.world.dispatch(ana.request(Pressed(wire)))
        assert outcome.error == "", wire
    kept = await rows(database, "SELECT minute, zone FROM subscriptions")
    assert kept == [(600, "Asia/Tokyo")]


@pytest.mark.parametrize(
    "wire",
    [
        *("zone:Europe/Nowhere", "zone", "region:moon", "hour:9999", "hour:soon", "hour:~"),
        *("about:~540:gone", "about:x:any", "about:~540"),
    ],
)
async def test_buttons_of_another_time_are_answered_kindly(ana: Person, wire: str) -> None:
    outcome = await ana.world.dispatch(ana.request(Pressed(wire)))
    assert outcome.error in ("Conflict", "Invalid", "NotFound")


async def test_who_has_been_here_is_not_asked_again(ana: Person) -> None:
    await ana.says("/settings zone=Berlin")
    card = await ana.says("/start")
    assert card.title == "Good to see you"
    assert labels(card) == ["Next question", "Daily question", "Add me to a group"]
    assert isinstance(card.rows[1][0], Link)
    await ana.presses("Daily question")
    await ana.presses("09:00")
    await ana.presses("Everything")
    card = await ana.says("/start")
    assert "A question every day around 09:00; the next on" in plain(card.body)
    assert labels(card)[0] == "Go on"
    await ana.says("/schedule pause")
    assert "is paused" in plain((await ana.says("/start")).body)


async def test_in_a_group_only_moderators_hear_how_to_start_the_daily_question(
    world: World,
) -> None:
    maya = world.person("Maya", group="prep", role=Role.MODERATOR)
    ben = world.person("Ben", group="prep")
    assert "/schedule set 09:00 Berlin" in plain((await maya.says("/start")).body)
    card = await ben.says("/start")
    assert "A moderator can start" in plain(card.body)
    told = await ben.presses("Join in")
    assert "no daily question yet" in plain(told.body)
    await maya.says("/schedule set 09:00 UTC")
    await maya.presses("Save")
    await ben.says("/start")
    assert "Mon 23 Mar, 09:00" in plain((await ben.presses("Join in")).body)
    world.clock.set(datetime(2026, 3, 23, 9, 0, tzinfo=UTC))
    await world.settle()
    await ben.says("/start")
    asked = await ben.presses("Join in")
    assert asked.kind == "question"
    assert "You are in. #prep is asked:" in asked.body


async def test_joining_where_there_is_no_group_says_hello(ana: Person) -> None:
    outcome = await ana.world.dispatch(ana.request(Pressed("join")))
    assert isinstance(outcome.response, Reply)
    assert outcome.response.card.title == "Hello, I am Drillmate"


async def _says_in(world: World, language: str) -> Card:
    from dataclasses import replace

    ana = world.person("Ana")
    ana.sender = replace(ana.sender, language=language)
    return await ana.says("/start")
