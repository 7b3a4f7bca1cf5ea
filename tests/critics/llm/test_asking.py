"""What of an answer is sent, what it may cost, and which answers are the same."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.critics.llm import asking
from bot.critics.llm.instructions import instructions
from bot.domain.question import Question, Rubric
from tests.critics.rubrics import STACKS, VERBS


def test_the_instructions_have_a_version_and_do_not_show_it() -> None:
    assert instructions().version == "1"
    assert instructions().text.startswith("You check")
    assert "score" in instructions().text


@pytest.mark.parametrize(
    ("answer", "sent"),
    [
        ("a\u200bb\u202ec\u2066d\ufeff", "abcd"),
        ("Lists\U000e0067\U000e0069 are mutable", "Lists are mutable"),
        ("x\ufe0f\u3164\u2800y\x00\x1b[31m", "xy[31m"),
        ("half a \ud83d character", "half a  character"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("  around  ", "around"),
        ("e\u0301", "\u00e9"),
    ],
)
def test_what_nobody_sees_is_not_sent(answer: str, sent: str) -> None:
    assert asking.clean(answer) == sent


def test_a_long_answer_is_cut_behind_a_sentence() -> None:
    cut = asking.clean("A queue is not a stack. " * 500)

    assert len(cut) <= 2_000
    assert cut.endswith("a stack.")
    assert len(asking.clean("x" * 9_000)) == 2_000


@given(st.text(max_size=300))
def test_any_answer_stands_between_its_boundaries_in_one_line(answer: str) -> None:
    system, user = asking.messages(STACKS, answer)

    rubric, blank, start, text, end = user["content"].split("\n")
    assert json.loads(rubric)["question"] == STACKS.prompt
    assert (blank, start) == ("", end)
    assert json.loads(text) == asking.clean(answer)
    assert start not in text
    json.dumps([system, user], ensure_ascii=False).encode()


def test_answers_that_differ_in_nothing_seen_are_the_same() -> None:
    key = asking.cache_key(STACKS, "A stack  is LIFO.", "m-1")

    assert key == asking.cache_key(STACKS, " a STACK is\nlifo.\u200b ", "m-1")
    assert len(key) == 64


def test_whatever_could_change_an_opinion_changes_the_key() -> None:
    point = replace(STACKS.rubric.points[0], text="A stack is LIFO, and tall.")
    other = Rubric((point, *STACKS.rubric.points[1:]), STACKS.rubric.misconceptions)
    changed: Question = replace(STACKS, rubric=other)

    keys = {
        asking.cache_key(STACKS, "A stack is LIFO.", "m-1"),
        asking.cache_key(STACKS, "A stack is LIFO.", "m-2"),
        asking.cache_key(STACKS, "A stack is FIFO.", "m-1"),
        asking.cache_key(VERBS, "A stack is LIFO.", "m-1"),
        asking.cache_key(changed, "A stack is LIFO.", "m-1"),
    }

    assert len(keys) == 5


def test_a_usual_opinion_fits_a_persons_day_several_times() -> None:
    assert asking.estimate(STACKS, "A stack is LIFO. " * 20, 2_000) < 5_000
