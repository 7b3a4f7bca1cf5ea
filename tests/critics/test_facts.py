from __future__ import annotations

import pytest

from bot.critics.clauses import split
from bot.critics.facts import Claim, FactReader, Stated
from bot.critics.words import fold
from bot.domain.question import Fact

FACT = Fact(
    ("tuple", "tuples"),
    "mutable",
    ("mutable", "be changed", "modify", "append"),
    False,
    ("immutable", "read only"),
)
READER = FactReader(FACT, ["list", "lists"])


def read(text: str, carried: str | None = None) -> list[Stated]:
    (clause,) = split(fold(text), text)
    return READER.read(clause, carried)


@pytest.mark.parametrize(
    "text",
    [
        "tuples are immutable",
        "a tuple can not be changed",
        "you can't modify a tuple",
        "tuples aren't mutable",
        "modifying a tuple raises TypeError",
        "immutable tuples",
        "unlike lists tuples are read only",
        "it is not true that tuples can be changed",
    ],
)
def test_right_ways_to_state_a_fact_are_right(text: str) -> None:
    assert [stated.claim for stated in read(text)] == [Claim.RIGHT]


@pytest.mark.parametrize(
    "text",
    ["tuples are mutable", "a tuple can be changed", "tuples are not immutable"],
)
def test_the_fact_the_other_way_round_is_surely_wrong(text: str) -> None:
    assert [(stated.claim, stated.sure) for stated in read(text)] == [(Claim.WRONG, True)]


@pytest.mark.parametrize(
    "text",
    ["lists are mutable", "you can append to a list", "it is mutable"],
)
def test_what_is_said_of_another_or_of_nobody_is_no_statement(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "a tuple can contain mutable objects",
        "if a tuple could be changed",
        "the elements inside a tuple can be changed",
    ],
)
def test_what_is_not_plainly_said_accuses_nobody(text: str) -> None:
    assert not any(stated.claim is Claim.WRONG and stated.sure for stated in read(text))


def test_a_pronoun_carries_the_subject_over() -> None:
    assert [stated.claim for stated in read("they cannot be changed", "tupl")] == [Claim.RIGHT]
    assert read("they cannot be changed", "list") == []


def test_a_property_left_out_is_that_of_the_clause_before() -> None:
    text = "a list can be changed, a tuple can't"
    first, second = split(fold(text), text, {"list", "tupl"})

    stated = READER.read(second, None, READER.affirmation(first))

    assert [each.claim for each in stated] == [Claim.RIGHT]
