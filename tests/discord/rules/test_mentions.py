from __future__ import annotations

from typing import Any

import pytest

from tests.discord.rules.mentions import Mentions, mentions_in, notified
from tests.discord.rules.messages import check_message
from tests.discord.rules.wrongs import wrongs

ALL = "@everyone <@1> <@!2> <@&3> <@1>"


def test_a_text_names_users_roles_and_everyone_once() -> None:
    assert mentions_in(ALL) == Mentions(["1", "2"], ["3"], everyone=True)
    assert mentions_in("@here").everyone


@pytest.mark.parametrize(
    "text", ["`<@1>`", "```py\n<@1> @here```", "``a ` <@1>``", "<@x>", "@heres"]
)
def test_in_code_and_in_words_nobody_is_named(text: str) -> None:
    assert mentions_in(text) == Mentions()


def test_a_backquote_that_nothing_closes_hides_nothing() -> None:
    assert mentions_in("` <@1>").users == ["1"]


@pytest.mark.parametrize(
    ("allowed", "who"),
    [
        (None, Mentions(["1", "2", "9"], ["3"], everyone=True)),
        ({"parse": []}, Mentions()),
        ({"parse": ["users"]}, Mentions(["1", "2"])),
        ({"parse": ["everyone", "roles"]}, Mentions([], ["3"], everyone=True)),
        ({"parse": [], "users": [2, 5], "roles": ["3"]}, Mentions(["2"], ["3"])),
        ({"parse": [], "replied_user": True}, Mentions(["9"])),
    ],
)
def test_only_who_may_be_named_is_notified(allowed: dict[str, Any] | None, who: Mentions) -> None:
    assert notified([ALL, "<@2>"], allowed, "9") == who


@pytest.mark.parametrize(
    ("allowed", "told"),
    [
        (
            {"parse": ["users"], "users": ["1"]},
            {"": "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE"},
        ),
        ({"parse": ["people"]}, {".parse.0": "BASE_TYPE_CHOICES"}),
        ({"users": list(range(101))}, {".users": "BASE_TYPE_MAX_LENGTH"}),
        ({"roles": ["1", 1]}, {".roles": "SET_TYPE_ALREADY_CONTAINS_VALUE"}),
    ],
)
def test_what_may_be_named_is_said_in_one_way(
    allowed: dict[str, Any], told: dict[str, str]
) -> None:
    body = {"content": "a", "allowed_mentions": allowed}
    expected = {f"allowed_mentions{path}": code for path, code in told.items()}
    assert wrongs(check_message, body, where="create") == expected
