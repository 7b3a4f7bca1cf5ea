from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from bot.chat.dialog import SKIP, Dialog, Filled, Refused, advance, ask, back, start
from bot.chat.markup import plain, storable
from bot.chat.view import Button, Form, Input

NAME = Input("name", "Your name", about="As others see it", max_length=20)
SIZE = Input("size", "Size", choices=(("Small", "s"), ("Extra large", "xl")))
NOTE = Input("note", "Note", multiline=True, required=False)
OLD = Input("old", "Old value", value="as it was")
ORDER = Form("Order", "order:7", (NAME, SIZE, NOTE), given=(("shop", "12"),))

DIALOGS = TypeAdapter(Dialog)


def kept(dialog: Dialog) -> Dialog:
    """Return the dialog as it is after a restart."""
    return DIALOGS.validate_json(DIALOGS.dump_json(dialog))


def onward(dialog: Dialog, text: str) -> Dialog:
    after = advance(dialog, text)
    assert isinstance(after, Dialog)
    return after


def refusal(dialog: Dialog, text: str) -> str:
    refused = advance(dialog, text)
    assert isinstance(refused, Refused)
    assert refused.dialog == dialog
    return refused.reason


def one(asked: Input) -> Dialog:
    return start(Form("One", "one", (asked,)))


def value(asked: Input, text: str) -> str:
    filled = advance(one(asked), text)
    assert isinstance(filled, Filled)
    return filled.values[asked.name]


def test_a_form_is_asked_step_by_step_and_filled_with_all_values() -> None:
    dialog = start(ORDER)
    assert ask(dialog).title == "Order (1 of 3)"
    dialog = onward(dialog, "  Ana ")
    assert ask(dialog).title == "Order (2 of 3)"
    dialog = onward(dialog, "extra LARGE")
    assert ask(dialog).title == "Order (3 of 3)"
    wanted = {"shop": "12", "name": "Ana", "size": "xl", "note": "two\nlines"}
    assert advance(dialog, "two\nlines") == Filled("order:7", wanted)


def test_a_restart_between_any_two_steps_loses_nothing() -> None:
    dialog = start(ORDER)
    for text in ("Ana", "s"):
        assert kept(dialog) == dialog
        assert ask(kept(dialog)) == ask(dialog)
        dialog = onward(kept(dialog), text)
    assert kept(dialog) == dialog
    assert advance(kept(dialog), "fine") == advance(dialog, "fine")


@given(st.text(), st.text(max_size=20))
def test_whatever_is_typed_survives_a_restart(given_value: str, typed: str) -> None:
    form = replace(ORDER, given=(("shop", storable(given_value)),))
    after = advance(start(form), storable(typed))
    dialog = after.dialog if isinstance(after, Refused) else after
    assert isinstance(dialog, Dialog)
    assert kept(dialog) == dialog


@given(st.text())
def test_any_text_moves_a_dialog_on_or_is_refused_with_a_reason(text: str) -> None:
    for asked in (NAME, SIZE, NOTE, OLD):
        after = advance(one(asked), text)
        assert isinstance(after, Filled) or (isinstance(after, Refused) and after.reason != "")


@pytest.mark.parametrize("typed", ["s", "S", "small", "SMALL", " Small "])
def test_a_choice_is_taken_by_its_label_or_its_value_in_any_case(typed: str) -> None:
    assert value(SIZE, typed) == "s"


@pytest.mark.parametrize("typed", ["medium", "sm", "-", "s,xl"])
def test_what_is_not_among_the_choices_is_refused(typed: str) -> None:
    assert refusal(one(SIZE), typed) == f'"{typed}" is not one of the choices.'


def test_a_long_wrong_choice_is_repeated_in_part() -> None:
    assert refusal(one(SIZE), "x" * 3000) == f'"{"x" * 40}" is not one of the choices.'


@pytest.mark.parametrize("typed", ["", "  ", "\n\t"])
def test_nothing_is_refused_where_a_value_is_required(typed: str) -> None:
    assert refusal(one(NAME), typed) == "That was empty. Nothing was saved yet."
    assert refusal(one(OLD), typed) == "That was empty. Nothing was saved yet."
    assert value(NOTE, typed) == ""


def test_a_dash_keeps_what_stands_there_and_leaves_empty_what_may_be() -> None:
    assert value(OLD, SKIP) == "as it was"
    assert value(NOTE, SKIP) == ""
    assert value(replace(NOTE, value="was"), SKIP) == "was"
    assert value(NAME, SKIP) == "-"
    optional = replace(SIZE, required=False)
    assert value(optional, SKIP) == ""
    assert value(optional, "") == ""


def test_exactly_the_limit_fits_and_one_more_is_told_with_both_numbers() -> None:
    assert value(NAME, "x" * 20) == "x" * 20
    reason = refusal(one(replace(NAME, max_length=4000)), "x" * 5234)
    assert "5,234 characters, 1,234 too many: at most 4,000 fit" in reason
    assert "nothing was saved" in reason


def test_the_card_says_what_is_asked_which_choices_there_are_and_the_ways_out() -> None:
    card = ask(one(SIZE))
    assert card.title == "One"
    assert plain(card.body).splitlines() == ["Size", "/cancel to stop"]
    assert card.rows == ((Button("Small", "pick::0:0"), Button("Extra large", "pick::0:1")),)
    about = plain(ask(one(NAME)).body).splitlines()
    assert about == ["Your name", "As others see it", "/cancel to stop"]
    assert plain(ask(one(NOTE)).body).endswith("- to leave it empty, /cancel to stop")
    old = plain(ask(one(OLD)).body).splitlines()
    assert old == ["Old value", "Now: as it was", "Send - to keep it, /cancel to stop"]


def test_a_refusal_stands_above_the_question() -> None:
    lines = plain(ask(one(NAME), "Too *long*.").body).splitlines()
    assert lines[:2] == ["Too *long*.", "Your name"]


def test_what_people_typed_cannot_forge_markup_in_the_card() -> None:
    asked = replace(OLD, value="*bold* [x](https://e.org)", about="`code` ||spoiler||")
    assert "*bold* [x](https://e.org)" in plain(ask(one(asked)).body)
    assert "`code` ||spoiler||" in plain(ask(one(asked)).body)


def test_going_back_asks_again_from_the_wrong_value_on_and_keeps_the_others_for_a_dash() -> None:
    last = onward(onward(start(ORDER), "Ana"), "s")
    filled = advance(last, "my note")
    assert isinstance(filled, Filled)
    again = kept(back(last, filled, "size"))
    assert ask(again).title == "Order (2 of 3)"
    assert "Now: s" in plain(ask(again).body)
    assert advance(onward(again, "xl"), SKIP) == Filled(
        "order:7", {"shop": "12", "name": "Ana", "size": "xl", "note": "my note"}
    )


def test_going_back_for_a_name_that_no_step_asks_for_begins_anew_with_all_that_was_said() -> None:
    last = onward(onward(start(ORDER), "Ana"), "s")
    filled = advance(last, "my note")
    assert isinstance(filled, Filled)
    again = back(last, filled, "nothing of the sort")
    assert ask(again).title == "Order (1 of 3)"
    assert advance(onward(onward(again, SKIP), SKIP), SKIP) == filled
