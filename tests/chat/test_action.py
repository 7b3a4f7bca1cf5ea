import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.action import MAX_BYTES, pack, unpack
from bot.chat.view import Button

NAMES = st.from_regex(r"[a-z][a-z_]{0,11}", fullmatch=True)
PARTS = st.text(
    st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters=":"), max_size=10
)


@given(NAMES, st.lists(PARTS | st.integers(-(10**9), 10**9), max_size=4))
def test_what_is_packed_comes_back_as_it_was(name: str, args: list[str | int]) -> None:
    wire = pack(name, *args)
    assert unpack(wire) == (name, tuple(map(str, args)))
    assert len(wire.encode()) <= MAX_BYTES


@given(NAMES, st.text(max_size=20))
def test_any_argument_is_either_refused_or_comes_back_as_it_was(name: str, arg: str) -> None:
    try:
        wire = pack(name, arg)
    except ValueError:
        return
    assert unpack(wire) == (name, (arg,))


@pytest.mark.parametrize(
    "part", ["a:b", "a b", " ", "a\n", "\n", "é", "日本", "\x00", "\x7f", "\ud800"]
)
def test_a_separator_a_space_and_foreign_characters_are_refused_in_an_argument(part: str) -> None:
    with pytest.raises(ValueError, match="action"):
        pack("answer", part)


@pytest.mark.parametrize("name", ["", "a:b", "A", "a b", "1", "_a", "a1", "a\n", "é"])
def test_a_name_that_could_not_be_told_from_an_argument_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="action"):
        pack(name, "x")


def test_exactly_56_bytes_travel_and_one_more_does_not() -> None:
    longest = pack("a", "x" * (MAX_BYTES - 2))
    assert len(longest) == MAX_BYTES == 56
    with pytest.raises(ValueError, match="not an action"):
        pack("a", "x" * (MAX_BYTES - 1))


def test_empty_arguments_keep_their_places() -> None:
    assert unpack(pack("sched", "", "UTC", "")) == ("sched", ("", "UTC", ""))
    assert unpack(pack("help")) == ("help", ())


@given(st.text(max_size=80) | st.text("a:_!\n ", max_size=80))
@settings(max_examples=300)
def test_a_wire_id_from_anywhere_is_unpacked_or_refused_with_value_error_only(wire: str) -> None:
    try:
        name, args = unpack(wire)
    except ValueError:
        return
    assert pack(name, *args) == wire


def test_a_megabyte_is_refused_without_being_read() -> None:
    with pytest.raises(ValueError, match="not an action"):
        unpack("a" + ":" * 1_000_000)


def test_a_button_cannot_be_made_with_an_action_that_cannot_travel() -> None:
    with pytest.raises(ValueError, match="not an action"):
        Button("Go", "not an action")
