"""What buttons and links carry: every action of the product, and nothing that was made up."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.telegram import wire
from bot.chat.action import MAX_BYTES, pack, unpack
from bot.chat.command import OWN, RUN
from bot.commands import registry

CHATS = st.integers(0, 10**9)
NAMES = sorted({*registry().actions, *OWN})
COMMANDS = sorted(name.replace(" ", "_") for name in registry().commands)
PARTS = st.text(
    st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters=":"), max_size=24
)
WIRE_SIGNS = frozenset(string.ascii_letters + string.digits + "_-")


@st.composite
def actions(draw: st.DrawFn) -> str:
    """Return an action that the product can make: any of its names, with anything in it."""
    name = draw(st.sampled_from(NAMES))
    args: list[str | int] = [draw(st.sampled_from(COMMANDS))] if name == RUN else []
    for part in draw(st.lists(PARTS | st.integers(0, 2**63 - 1), max_size=4)):
        longer = ":".join(map(str, (name, *args, part)))
        if len(longer) <= MAX_BYTES:
            args.append(part)
    return pack(name, *args)


@given(actions(), CHATS)
def test_a_buttons_data_comes_back_as_it_was_and_fits(action: str, chat: int) -> None:
    made = wire.data(action, chat)
    assert 1 <= len(made.encode()) <= 64
    assert wire.read_data(made) == (chat, action)


@given(actions(), CHATS)
def test_a_links_parameter_comes_back_as_it_was_or_is_none(action: str, chat: int) -> None:
    made = wire.start(action, chat)
    if made is None:
        assert len(action) > 40
    else:
        assert 1 <= len(made) <= 64
        assert set(made) <= WIRE_SIGNS
        assert wire.read_start(made) == (chat, action)


@pytest.mark.parametrize("chat", [0, 1, 35, 36, 10**9])
@pytest.mark.parametrize(
    "action",
    [
        "join",
        "practice",
        pack("answer", 2**31),
        pack("hint", 10**12),
        pack("result", 2**31),
        pack("ask", "authentication-vs-permission-classes"),
        pack("run", "practice", "core-python", 3),
        pack("run", "leaderboard", "week"),
    ],
)
def test_whatever_a_link_may_lead_to_fits_into_one(action: str, chat: int) -> None:
    made = wire.start(action, chat)
    assert made is not None
    assert wire.read_start(made) == (chat, action)


def test_the_longest_action_fits_beside_every_chat_up_to_a_billion() -> None:
    longest = "a" * MAX_BYTES
    assert len(wire.data(longest, 10**9)) == 64
    with pytest.raises(ValueError, match="does not fit"):
        wire.data(longest, 36**6)
    with pytest.raises(ValueError, match="not an action"):
        wire.data(longest + "a", 1)


def test_data_without_a_chat_concerns_the_chat_that_it_stands_in() -> None:
    assert wire.data("hint:7") == "d:hint:7"
    assert wire.read_data("d:hint:7") == (0, "hint:7")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "d",
        "d:",
        "d1",
        "hint:7",
        "x1:hint:7",
        "D1:hint:7",
        "dA:hint:7",
        "d-1:hint:7",
        "d 1:hint:7",
        "d١:hint:7",
        "d1234567890abc:hint:7",
        "\nd1:hint:7",
        *("d1:" + action for action in ("Hint:7", "7", ":7", "hint 7", "hint:7\n", "hint:é", "\0")),
        "d1:" + "a" * (MAX_BYTES + 1),
    ],
)
def test_forged_data_is_refused(text: str) -> None:
    assert wire.read_data(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "drill",
        "1-",
        "-aGludDo3",
        "1_aGludDo3",
        "1-aGludDo3-",
        "1-a",
        "1-aGludDo3=",
        "1-aGlud Do3",
        "1-aGludDo3\n",
        "A-aGludDo3",
        "١-aGludDo3",
        "1234567890abc-aGludDo3",
        "1-SGludDo3",  # Hint:7
        "1-w6k",  # é
        "1-_____w",  # no text at all
        "1-AAAA",
    ],
)
def test_a_forged_parameter_is_refused(text: str) -> None:
    assert wire.read_start(text) is None


@given(st.text(max_size=80) | st.from_regex(r"d[0-9a-z]{0,13}:[ -~]{0,60}", fullmatch=True))
def test_whatever_is_pressed_is_refused_or_is_an_action_of_a_chat_a_database_can_hold(
    text: str,
) -> None:
    if (read := wire.read_data(text)) is not None:
        chat, action = read
        assert 0 <= chat < 2**63
        assert unpack(action)


@given(st.text(max_size=80) | st.from_regex(r"[0-9a-z]{1,13}-[A-Za-z0-9_-]{1,60}", fullmatch=True))
def test_whatever_a_link_carries_is_refused_or_is_an_action_of_a_chat_a_database_can_hold(
    text: str,
) -> None:
    if (read := wire.read_start(text)) is not None:
        chat, action = read
        assert 0 <= chat < 2**63
        assert unpack(action)
