"""The first minute of a newcomer, and what everybody else gets to see."""

from __future__ import annotations

from dataclasses import replace
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
    told = plain(card.body)
    assert "daily question comes around 18:00 Berlin time, first today. Here is one to" in told
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
    card = await ana.says("what is this?")
    assert card.title == "No question is open here."
    assert "like Berlin, to begin; /practice gets you" in plain(card.body)


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


async def test_a_time_that_has_passed_begins_tomorrow(ana: Person) -> None:
    await ana.says("/start")
    await ana.presses("Berlin 09:00")
    await ana.presses("07:00")
    assert "around 07:00 Berlin time, first tomorrow." in plain(
        (await ana.presses("Everything")).body
    )


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


async def test_a_time_without_a_zone_leads_back_to_the_place(
    ana: Person, database: Database
) -> None:
    for wire in ("when", "hour:~540", "about:~540:any"):
        outcome = await ana.world.dispatch(ana.request(Pressed(wire)))
        assert isinstance(outcome.response, Reply)
        assert outcome.response.card.title == "Hello, I am Drillmate", wire
    assert await rows(database, "SELECT count(*) FROM subscriptions") == [(0,)]


async def test_a_new_time_keeps_the_days_and_no_tap_in_passing_ends_a_schedule(
    ana: Person, database: Database
) -> None:
    await ana.says("/schedule set 09:00 Berlin tue-fri")
    await ana.presses("Save")
    await ana.says("/start")
    await ana.presses("Another time")
    assert (await ana.presses("18:00")).title == "A question Tue-Fri around 18:00"
    card = await ana.presses("Everything")
    assert "question comes Tue-Fri around 18:00 Berlin time, first tomorrow." in plain(card.body)
    await ana.says("/start")
    await ana.presses("Another time")
    told = plain((await ana.presses("No daily question")).body)
    assert "Tue-Fri around 18:00 Berlin time, as before; /schedule off ends it." in told
    assert "still open" in told
    assert await rows(database, "SELECT minute, ended_at FROM subscriptions") == [(1080, None)]
    await ana.says("/schedule pause")
    outcome = await ana.world.dispatch(ana.request(Pressed("hour:no")))
    assert isinstance(outcome.response, Reply)
    assert "is paused, and stays so" in plain(outcome.response.card.body)


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
    said = plain(asked.body)
    assert said.startswith("You are in. The group gets a question every day at 09:00, UTC time")
    assert "#prep is asked:" in said


async def test_a_group_that_has_a_schedule_is_told_of_it_instead_of_how_to_start(
    world: World,
) -> None:
    await world.person("Maya").says("/settings zone=New_York")
    maya = world.person("Maya", group="prep", role=Role.MODERATOR)
    assert "/schedule set 09:00 New York mon-fri" in plain((await maya.says("/start")).body)
    await maya.says("/schedule set 09:00 New York mon-fri")
    await maya.presses("Save")
    card = await maya.says("/start")
    assert "gets a question Mon-Fri at 09:00, New York time" in plain(card.body)
    assert "/schedule set" not in plain(card.body)
    await maya.says("/schedule pause")
    ben = world.person("Ben", group="prep")
    assert "daily question is paused" in plain((await ben.says("/start")).body)
    assert "daily question is paused" in plain((await ben.presses("Join in")).body)


async def test_a_groups_name_forges_no_markup(world: World) -> None:
    maya = world.person("Maya", group="*x*||y||", role=Role.MODERATOR)
    await maya.says("/schedule set 09:00 UTC")
    await maya.presses("Save")
    world.clock.set(datetime(2026, 3, 23, 9, 0, tzinfo=UTC))
    await world.settle()
    await maya.says("/start")
    assert "#*x*||y|| is asked:" in plain((await maya.presses("Join in")).body)


async def test_ones_own_question_in_a_group_is_not_passed_off_as_the_groups(world: World) -> None:
    ben = world.person("Ben", group="prep")
    await ben.says("/practice")
    await ben.says("/start")
    assert (await ben.presses("Join in")).title == "You are in: #prep"


async def test_joining_where_there_is_no_group_says_hello(ana: Person) -> None:
    outcome = await ana.world.dispatch(ana.request(Pressed("join")))
    assert isinstance(outcome.response, Reply)
    assert outcome.response.card.title == "Hello, I am Drillmate"


async def _says_in(world: World, language: str) -> Card:
    ana = world.person("Ana")
    ana.sender = replace(ana.sender, language=language)
    return await ana.says("/start")
