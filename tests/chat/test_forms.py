from __future__ import annotations

from datetime import UTC, datetime

import pytest
from pydantic import TypeAdapter

from bot.chat.context import Role
from bot.chat.dialog import Dialog
from bot.chat.markup import plain
from bot.chat.view import Button, Form
from bot.errors import Conflict, Invalid, NotAllowed, NotFound, TooSoon, Unavailable, UserError
from tests.chat.kitchen import Room, Size, card

LATER = datetime(2026, 3, 24, tzinfo=UTC)
ORDERED = [{"dish": "fish soup", "count": 2, "size": Size.LARGE}]


async def test_missing_values_are_asked_for_and_the_command_gets_all_of_them(room: Room) -> None:
    first = await room.says("/order size=large")
    assert (first.private, card(first).title) == (True, "/order (1 of 2)")
    assert plain(card(first).body).splitlines()[:2] == ["Dish", "What to cook"]
    second = await room.says("fish soup")
    assert (second.private, card(second).title) == (True, "/order (2 of 2)")
    done = await room.says("2")
    assert (card(done).title, card(done).body, done.private) == ("Done", "True", True)
    assert room.kitchen.orders == ORDERED
    assert room.dialogs.kept == {}


async def test_a_restart_between_any_two_steps_changes_nothing(room: Room) -> None:
    adapter = TypeAdapter(Dialog)
    for text in ("/order size=large", "fish soup", "2"):
        await room.says(text)
        for key, dialog in room.dialogs.kept.items():
            room.dialogs.kept[key] = adapter.validate_json(adapter.dump_json(dialog))
    assert room.kitchen.orders == ORDERED


async def test_where_the_platform_has_forms_it_gets_the_form_itself(room: Room) -> None:
    room.native_forms = True
    outcome = await room.calls("order", {"size": "large"})
    form = outcome.response
    assert isinstance(form, Form)
    assert (form.title, form.submit, outcome.private) == ("/order", "run:order", True)
    assert [(asked.name, asked.label) for asked in form.inputs] == [
        ("dish", "Dish"),
        ("count", "Count"),
    ]
    await room.submits(form.submit, dict(form.given) | {"dish": "fish soup", "count": "2"})
    assert room.kitchen.orders == ORDERED


async def test_what_was_typed_into_a_refused_form_is_in_it_when_it_is_opened_again(
    room: Room,
) -> None:
    room.native_forms = True
    first = (await room.calls("order", {"size": "large"})).response
    assert isinstance(first, Form)
    values = dict(first.given) | {"dish": "fish soup", "count": "many"}
    refused = await room.submits(first.submit, values)
    assert refused.error == "Invalid"
    [[button]] = card(refused).rows
    assert isinstance(button, Button)
    again = (await room.presses(button.action)).response
    assert isinstance(again, Form)
    assert [(each.name, each.label, each.value) for each in again.inputs] == [
        ("dish", "Dish", "fish soup"),
        ("count", "Count", "many"),
    ]
    await room.submits(again.submit, dict(again.given) | {"dish": "fish soup", "count": "2"})
    assert room.kitchen.orders == ORDERED


async def test_a_form_that_nobody_was_shown_cannot_be_opened_again(room: Room) -> None:
    room.native_forms = True
    await room.calls("order", {"size": "large"})
    for wire in ("refill:000000", "refill", "refill:0:1"):
        assert (await room.presses(wire)).error == "Conflict"


async def test_a_wrong_value_is_refused_before_the_missing_ones_are_asked_for(room: Room) -> None:
    outcome = await room.says("/order size=huge")
    assert (outcome.error, room.dialogs.kept) == ("Invalid", {})


async def test_a_commands_own_form_is_filled_step_by_step(room: Room) -> None:
    assert card(await room.says("/complain")).title == "Complaint (1 of 2)"
    assert card(await room.says("It was cold")).title == "Complaint (2 of 2)"
    await room.says("1")
    assert room.kitchen.orders == [{"order_id": 7, "what": "It was cold", "stars": 1}]


async def test_a_dialog_survives_other_commands_and_buttons_in_between(room: Room) -> None:
    await room.says("/complain")
    await room.says("/menu")
    await room.says("It was cold")
    await room.presses("again:3")
    await room.says("1")
    assert room.kitchen.orders[-1] == {"order_id": 7, "what": "It was cold", "stars": 1}


async def test_a_new_form_takes_the_place_of_the_old_one(room: Room) -> None:
    await room.says("/complain")
    await room.says("/order")
    await room.says("soup")
    await room.says("1")
    assert room.kitchen.orders == [{"dish": "soup", "count": 1, "size": Size.SMALL}]
    assert room.dialogs.kept == {}


async def test_each_person_has_a_dialog_of_their_own(room: Room) -> None:
    await room.says("/complain")
    room.user_id = 2
    await room.says("not a value")
    assert room.kitchen.orders == [{"text": "not a value"}]


@pytest.mark.parametrize("typed", ["/cancel", " /Cancel ", "/cancel@somebot"])
async def test_cancel_forgets_the_form_and_says_so(room: Room, typed: str) -> None:
    await room.says("/complain")
    outcome = await room.says(typed)
    assert (card(outcome).title, outcome.private, outcome.error) == ("Cancelled", True, "")
    await room.says("plain text again")
    assert room.kitchen.orders == [{"text": "plain text again"}]


async def test_cancel_with_nothing_to_cancel_says_that(room: Room) -> None:
    outcome = await room.says("/cancel")
    assert (card(outcome).title, outcome.error) == ("There is nothing to cancel.", "Conflict")


async def test_a_value_that_does_not_fit_is_asked_for_again(room: Room) -> None:
    await room.says("/complain")
    outcome = await room.says("  ")
    assert (card(outcome).title, outcome.private) == ("Complaint (1 of 2)", True)
    assert plain(card(outcome).body).startswith("That was empty.")


async def test_a_value_that_only_the_command_can_refuse_is_asked_for_again(room: Room) -> None:
    await room.says("/complain")
    await room.says("It was cold")
    outcome = await room.says("none")
    assert (outcome.error, outcome.private) == ("Invalid", True)
    assert card(outcome).title == "Complaint (2 of 2)"
    assert plain(card(outcome).body).startswith('"none" is not a value for stars')
    await room.says("1")
    assert room.kitchen.orders == [{"order_id": 7, "what": "It was cold", "stars": 1}]


async def test_the_dialog_goes_back_to_the_step_whose_value_the_product_refused(
    room: Room,
) -> None:
    room.kitchen.failure = Invalid("Say more.", "Two words at least.", field="what")
    await room.says("/complain")
    await room.says("Cold")
    outcome = await room.says("1")
    assert (card(outcome).title, outcome.private) == ("Complaint (1 of 2)", True)
    lines = plain(card(outcome).body).splitlines()
    assert lines[0] == "Say more. Two words at least."
    assert "Now: Cold" in lines
    room.kitchen.failure = None
    second = await room.says("It was cold")
    assert "Now: 1" in plain(card(second).body)
    await room.says("-")
    assert room.kitchen.orders == [{"order_id": 7, "what": "It was cold", "stars": 1}]


async def test_a_refused_value_of_a_command_is_asked_for_again_too(room: Room) -> None:
    await room.says("/order soup")
    outcome = await room.says("many")
    assert (card(outcome).title, outcome.error) == ("/order", "Invalid")
    await room.says("2")
    assert room.kitchen.orders == [{"dish": "soup", "count": 2, "size": Size.SMALL}]


@pytest.mark.parametrize(
    ("failure", "kept"),
    [
        (Conflict("Too late."), False),
        (NotFound("Gone."), False),
        (NotAllowed("Not you."), False),
        (Unavailable("Away."), True),
        (TooSoon("Wait.", retry_at=LATER), True),
    ],
    ids=lambda value: type(value).__name__,
)
async def test_a_form_that_can_never_be_taken_is_forgotten_and_one_that_may_be_is_kept(
    room: Room, failure: UserError, kept: bool
) -> None:
    await room.says("/complain")
    await room.says("It was cold")
    room.kitchen.failure = failure
    outcome = await room.says("1")
    assert (card(outcome).title, outcome.error) == (failure.message, type(failure).__name__)
    room.kitchen.failure = None
    await room.says("1")
    as_value = {"order_id": 7, "what": "It was cold", "stars": 1}
    assert room.kitchen.orders == [as_value if kept else {"text": "1"}]


async def test_a_form_survives_an_incident_so_that_its_last_value_can_be_sent_again(
    room: Room,
) -> None:
    await room.says("/complain")
    await room.says("It was cold")
    room.kitchen.failure = RuntimeError()
    assert card(await room.says("1")).title == "Broken"
    room.kitchen.failure = None
    await room.says("1")
    assert room.kitchen.orders == [{"order_id": 7, "what": "It was cold", "stars": 1}]


async def test_a_form_of_an_older_version_is_forgotten_instead_of_swallowing_all_text(
    room: Room,
) -> None:
    await room.says("/complain")
    ((key, dialog),) = room.dialogs.kept.items()
    room.dialogs.kept[key] = Dialog(dialog.title, "gone:7", dialog.inputs[:1])
    assert (await room.says("It was cold")).error == "Conflict"
    await room.says("hello")
    assert room.kitchen.orders == [{"text": "hello"}]


async def test_who_lost_the_role_meanwhile_cannot_finish_the_form(room: Room) -> None:
    room.role = Role.MODERATOR
    await room.says("/menu set")
    room.role = Role.MEMBER
    outcome = await room.says("stew")
    assert (outcome.error, room.kitchen.orders) == ("NotAllowed", [])


async def test_what_no_database_can_keep_never_gets_into_a_dialog(room: Room) -> None:
    await room.says("/complain")
    await room.says("c\x00old\ud800")
    (dialog,) = room.dialogs.kept.values()
    assert dict(dialog.values) == {"what": "cold?"}
