from __future__ import annotations

import pytest

from bot.critics.clauses import split
from bot.critics.words import fold, stem

SUBJECTS = {stem("stack"), stem("queue")}


def clauses(text: str) -> list[str]:
    found = split(fold(text), text, SUBJECTS)
    return [" ".join(token.word for token in clause.tokens) for clause in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A stack is LIFO; a queue is FIFO.", ["a stack is lifo", "a queue is fifo"]),
        ("A stack grows but a queue waits", ["a stack grows", "but a queue waits"]),
        ("stacks are LIFO and queues are FIFO", ["stacks are lifo", "and queues are fifo"]),
        ("push and pop items", ["push and pop items"]),
        ("stack: LIFO, queue: FIFO", ["stack lifo", "queue fifo"]),
        ("Queues, unlike stacks, are fair", ["queues unlike stacks are fair"]),
        ("It has push, pop and peek", ["it has push pop and peek"]),
        ("call f(x) on it (which is slow)", ["call f x on it", "which is slow"]),
        ("Use e.g. a deque. It is fast", ["use a deque", "it is fast"]),
        ("- first\n- second thing", ["first", "second thing"]),
    ],
)
def test_a_clause_says_one_thing(text: str, expected: list[str]) -> None:
    assert clauses(text) == expected


def test_a_clause_knows_whether_it_is_code_and_whether_it_asks() -> None:
    text = "Is it fair?\n```python\nqueue.get()\n```\nYes"

    found = split(fold(text), text)

    assert [(clause.asks, clause.code) for clause in found] == [
        (True, False),
        (False, True),
        (False, True),
        (False, False),
    ]


def test_an_open_fence_hides_nothing() -> None:
    text = "stacks ``` are LIFO"

    assert not any(clause.code for clause in split(fold(text), text))
