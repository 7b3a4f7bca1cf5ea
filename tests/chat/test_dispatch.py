from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.chat.context import Called, Event, Pressed, Role, Said, Submitted
from bot.errors import Away, Conflict, Invalid, NotFound, TooSoon, Unavailable, UserError
from tests.chat.kitchen import Room, Size, card

STALE = "That button is from an older version."
LATER = datetime(2026, 3, 24, tzinfo=UTC)


async def test_a_command_line_reaches_its_command_with_its_values_converted(room: Room) -> None:
    outcome = await room.says("/order soup 2 large")
    assert room.kitchen.orders == [{"dish": "soup", "count": 2, "size": Size.LARGE}]
    assert (card(outcome).title, outcome.error) == ("Done", "")


async def test_a_command_that_the_platform_took_apart_reaches_the_same_command(room: Room) -> None:
    await room.calls("order", {"dish": "soup", "count": "2", "size": "", "unknown": "x"})
    assert room.kitchen.orders == [{"dish": "soup", "count": 2, "size": Size.SMALL}]


async def test_a_button_reaches_its_action_with_its_ids(room: Room) -> None:
    await room.presses("again:7")
    await room.presses("again:8:large")
    await room.presses("again:9:")
    assert room.kitchen.orders == [
        {"order_id": 7, "size": Size.SMALL},
        {"order_id": 8, "size": Size.LARGE},
        {"order_id": 9, "size": Size.SMALL},
    ]


async def test_a_native_form_reaches_its_action_with_ids_and_values(room: Room) -> None:
    await room.submits("complaint:7", {"what": "cold", "stars": "1"})
    assert room.kitchen.orders == [{"order_id": 7, "what": "cold", "stars": 1}]


async def test_plain_text_reaches_the_texts_command_to_the_letter(room: Room) -> None:
    await room.says("  two\n lines ")
    assert room.kitchen.orders == [{"text": "  two\n lines "}]


async def test_what_no_database_can_keep_is_taken_out_of_everything_typed(room: Room) -> None:
    await room.says("a\x00b\ud800")
    await room.calls("order", {"dish": "\x00s\udfffp", "count": "1"})
    await room.submits("complaint:7", {"what": "\x00\ud800", "stars": "1"})
    texts = [room.kitchen.orders[0]["text"], *(order.get("dish") for order in room.kitchen.orders)]
    assert texts[:3] == ["ab?", None, "s?p"]
    assert room.kitchen.orders[2]["what"] == "?"


async def test_a_command_is_as_private_as_it_was_declared_and_knows_it(room: Room) -> None:
    private = await room.says("/order soup 2")
    public = await room.says("/menu")
    assert (private.private, card(private).body) == (True, "True")
    assert (public.private, card(public).body) == (False, "False")
    assert (await room.says("some text")).private
    assert (await room.presses("again:7")).private is False
    submitted = await room.submits("complaint:7", {"what": "cold", "stars": "1"})
    assert (submitted.private, card(submitted).body) == (True, "True")


@pytest.mark.parametrize(
    "event",
    [
        Said("/menu set stew"),
        Said("/menu set"),
        Said("/menu_set stew"),
        Called("menu set", {"dish": "stew"}),
        Called("menu set"),
        Pressed("run:menu_set"),
        Submitted("run:menu_set", {"dish": "stew"}),
    ],
    ids=str,
)
async def test_what_is_for_moderators_is_refused_to_members_on_every_way(
    room: Room, event: Event
) -> None:
    outcome = await room(event)
    assert room.kitchen.orders == []
    assert outcome.private
    assert outcome.error == "NotAllowed"
    assert card(outcome).title == "/menu set is for moderators of this group."


@pytest.mark.parametrize(
    "event",
    [
        Said("/menu set stew"),
        Called("menu set", {"dish": "stew"}),
        Submitted("run:menu_set", {"dish": "stew"}),
    ],
    ids=str,
)
async def test_what_is_for_moderators_is_done_for_moderators_on_every_way(
    room: Room, event: Event
) -> None:
    room.role = Role.MODERATOR
    outcome = await room(event)
    assert (outcome.error, outcome.private) == ("", False)
    assert room.kitchen.orders == [{"dish": "stew"}]


@pytest.mark.parametrize(
    "wire",
    [
        "gone:7",
        "again",
        "again:7:small:extra",
        "again:seven",
        "again:",
        "again:7:huge",
        "again:" + "9" * 40,
        "complaint:7",
        "run",
        "run:",
        "run:gone",
        "run:menu_set_more",
        "run:menu:more",
        "run:order:soup:2:small:more:yet:another",
        "",
        ":",
        "AGAIN:7",
        "again 7",
        "again:7\n",
        "again:\x00",
        "\ud800",
        "日本:1",
        "x" * 10_000,
    ],
)
async def test_a_stale_or_forged_button_is_answered_kindly(room: Room, wire: str) -> None:
    outcome = await room.presses(wire)
    assert card(outcome).title == STALE
    assert (outcome.error, outcome.private, room.kitchen.orders) == ("Conflict", True, [])


@pytest.mark.parametrize(
    ("wire", "values"),
    [
        ("complaint:seven", {"what": "cold", "stars": "1"}),
        ("complaint", {"what": "cold", "stars": "1"}),
        ("complaint:7", {"what": "cold"}),
        ("complaint:7", {}),
    ],
)
async def test_a_form_whose_ids_or_values_fit_nothing_is_answered_kindly(
    room: Room, wire: str, values: dict[str, str]
) -> None:
    outcome = await room.submits(wire, values)
    assert (card(outcome).title, room.kitchen.orders) == (STALE, [])


@pytest.mark.parametrize("lacks", ["run:order", "run:order:soup", "run:order::2"])
async def test_a_button_that_runs_a_command_asks_for_what_lacks(room: Room, lacks: str) -> None:
    outcome = await room.presses(lacks)
    assert card(outcome).title.startswith("/order")
    assert (outcome.error, room.kitchen.orders) == ("", [])


async def test_a_button_that_runs_a_command_hands_its_values_over(room: Room) -> None:
    outcome = await room.presses("run:order:soup:2")
    assert outcome.error == ""
    [order] = room.kitchen.orders
    assert (order["dish"], order["count"]) == ("soup", 2)


@given(st.text(max_size=70) | st.text("agin:run_o07 ", max_size=20))
async def test_no_wire_id_breaks_anything(wire: str) -> None:
    room = Room()
    for event in (Pressed(wire), Submitted(wire, {"what": "x"})):
        assert (await room(event)).error in ("", "Conflict", "Invalid", "NotAllowed")


@given(st.text())
async def test_no_text_breaks_anything(text: str) -> None:
    assert (await Room().says(text)).error in ("", "Conflict", "Invalid", "NotFound", "NotAllowed")


@pytest.mark.parametrize(
    ("event", "error"),
    [
        (Said("/nothing"), "NotFound"),
        (Called("nothing"), "NotFound"),
        (Said("/menu 1 2"), "Invalid"),
        (Said("/order soup many"), "Invalid"),
        (Said("/cancel"), "Conflict"),
    ],
    ids=str,
)
async def test_what_cannot_be_done_is_told_privately(room: Room, event: Event, error: str) -> None:
    outcome = await room(event)
    assert (outcome.error, outcome.private) == (error, True)
    assert card(outcome).kind == "error"


@pytest.mark.parametrize(
    "failure",
    [
        NotFound("No.", "Hint."),
        Invalid("No.", "Hint.", field="dish"),
        Conflict("No.", "Hint."),
        TooSoon("No.", "Hint.", retry_at=LATER),
        Unavailable("No.", "Hint."),
    ],
    ids=repr,
)
async def test_an_error_of_the_command_is_a_private_card_even_of_a_public_command(
    room: Room, failure: UserError
) -> None:
    room.kitchen.failure = failure
    outcome = await room.says("/menu")
    assert (outcome.private, outcome.error) == (True, type(failure).__name__)
    assert (card(outcome).title, card(outcome).body) == ("No.", "Hint.")


@pytest.mark.parametrize("event", [Said("/menu"), Said("text"), Pressed("again:7")], ids=str)
async def test_anything_else_is_an_incident_that_shows_a_reference_and_nothing_more(
    room: Room, event: Event
) -> None:
    room.kitchen.failure = RuntimeError("secret *detail*")
    with capture_logs() as logs:
        outcome = await room(event)
    assert outcome.private
    assert len(outcome.error) == 6
    assert (card(outcome).title, card(outcome).body) == ("Broken", outcome.error)
    assert "secret" not in repr(outcome)
    trace, line = logs
    assert (trace["event"], trace["ref"], trace["log_level"]) == (
        "incident",
        outcome.error,
        "error",
    )
    assert trace["exc_info"]
    assert (line["event"], line["outcome"]) == ("request", outcome.error)


async def test_two_incidents_have_two_references(room: Room) -> None:
    room.kitchen.failure = RuntimeError()
    assert (await room.says("/menu")).error != (await room.says("/menu")).error


async def test_an_error_before_anybody_is_known_is_answered_as_well(room: Room) -> None:
    room.lost = Unavailable("The database is away.")
    with capture_logs() as logs:
        outcome = await room.says("/menu")
    assert (card(outcome).title, outcome.error) == ("The database is away.", "Unavailable")
    (line,) = logs
    assert line.keys() == {"event", "log_level", "request", "platform", "outcome", "ms"}
    room.lost = RuntimeError("secret")
    assert card(await room.says("/menu")).title == "Broken"


@pytest.mark.parametrize(
    ("event", "label", "outcome"),
    [
        (Said("/order soup 2"), "order", "ok"),
        (Said("/order"), "order", "ok"),
        (Said("/menu set secret"), "said", "NotAllowed"),
        (Said("secret words"), "text", "ok"),
        (Said("/secret"), "said", "NotFound"),
        (Said("/menu secret"), "said", "Invalid"),
        (Said("/cancel"), "said", "Conflict"),
        (Called("order", {"dish": "secret", "count": "1"}), "order", "ok"),
        (Called("secret"), "called", "NotFound"),
        (Pressed("again:7"), "again", "ok"),
        (Pressed("secret:7"), "pressed", "Conflict"),
        (Submitted("complaint:7", {"what": "secret", "stars": "1"}), "complaint", "ok"),
        (Submitted("secret", {}), "submitted", "Conflict"),
    ],
    ids=str,
)
async def test_every_request_makes_one_line_in_the_log_without_a_word_of_what_was_typed(
    room: Room, event: Event, label: str, outcome: str
) -> None:
    with capture_logs() as logs:
        await room(event)
    (line,) = logs
    assert line.pop("ms") >= 0
    assert line == {
        "event": "request",
        "log_level": "info",
        "request": label,
        "platform": "memory",
        "user": 1,
        "chat": 4,
        "outcome": outcome,
    }


async def test_a_step_of_a_form_is_logged_without_its_value(room: Room) -> None:
    await room.says("/complain")
    for text, label in (("secret", "step"), ("secret", "said"), ("/cancel", "cancel")):
        with capture_logs() as logs:
            await room.says(text)
        (line,) = logs
        assert "secret" not in repr(line)
        assert line["request"] == label


async def test_what_a_database_in_a_failover_could_not_do_is_done_when_it_is_back(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.chat.dispatch.FIRST_AGAIN_S", 0.01)
    room.kitchen.away = 3
    outcome = await room.says("/order soup 2")
    assert (outcome.error, len(room.kitchen.orders)) == ("", 1)


async def test_a_database_that_stays_away_is_told_in_a_sentence(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.chat.dispatch.PATIENCE_S", 0.05)
    monkeypatch.setattr("bot.chat.dispatch.FIRST_AGAIN_S", 0.01)
    room.lost = Away()
    outcome = await room.says("/order soup 2")
    assert outcome.error == "Away"
    assert card(outcome).title == "My notes are out of reach just now."
    assert room.kitchen.orders == []
