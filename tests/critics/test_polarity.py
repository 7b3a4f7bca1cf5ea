from __future__ import annotations

import pytest

from bot.critics.polarity import denied, denies
from bot.critics.words import spoken


def denied_words(text: str) -> set[str]:
    found = spoken(text)
    return {token.word for token, no in zip(found, denied(found), strict=True) if no}


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        ("the queue is not fair", "fair", True),
        ("the queue isn't fair", "fair", True),
        ("it never blocks", "blocks", True),
        ("it is not true that queues are fair", "fair", True),
        ("it is wrong that queues are fair", "fair", True),
        ("no two threads can run at once", "run", True),
        ("it is not never fair", "fair", False),
        ("not only fast but fair", "fast", False),
        ("don't forget the lock", "lock", False),
        ("no longer fair", "fair", True),
        ("it is not fair because it is greedy", "greedy", False),
        ("returns None or a value", "value", False),
        ("with no match it gives an empty result list", "list", False),
        ("moving the head is not possible", "moving", True),
    ],
)
def test_a_negation_covers_what_it_denies_and_no_more(text: str, word: str, expected: bool) -> None:
    assert (word in denied_words(text)) is expected


def test_verbs_that_deny_count_only_when_asked_for() -> None:
    found = spoken("it prevents races")

    assert not any(denied(found))
    assert denied(found, verbal=True)[-1]


def test_a_noun_without_something_does_not_make_the_clause_negative() -> None:
    assert not denies(spoken("it runs without a lock"))
    assert denies(spoken("it does not run"))
