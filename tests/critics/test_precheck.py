from __future__ import annotations

import pytest

from bot.critics.precheck import MAX_ANSWER, attempted, cut, visible_from
from bot.critics.words import fold


@pytest.mark.parametrize("text", ["", " \n\t\u3000", "\u200b\u2060\ufe0f", "\x00\x01"])
def test_nothing_visible_is_nothing(text: str) -> None:
    assert visible_from(text) is None


def test_an_answer_starts_where_it_can_be_seen() -> None:
    assert visible_from(" \u200b\n a queue") == 4


@pytest.mark.parametrize(
    "text",
    ["idk, skip", "I don't know", "dunno lol", "no clue, sorry", "...", "👍", "42", "Answer:", "x"],
)
def test_giving_up_is_no_attempt(text: str) -> None:
    assert not attempted(fold(text))


@pytest.mark.parametrize(
    "text", ["LIFO", "no", "I don't know, maybe a list?", "pass the object", "кэш"]
)
def test_a_word_about_something_is_an_attempt(text: str) -> None:
    assert attempted(fold(text))


def test_a_long_answer_is_cut_where_a_sentence_ends() -> None:
    answer = "A queue is fair. " * 400

    graded, truncated = cut(answer, 0)

    assert truncated
    assert len(graded) <= MAX_ANSWER
    assert graded.endswith("fair.")


def test_an_answer_of_the_limit_is_whole_whatever_space_follows_it() -> None:
    assert cut("a" * MAX_ANSWER + "  \n", 0) == ("a" * MAX_ANSWER, False)
