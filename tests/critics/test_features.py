"""Answers as numbers: what each number must be able to tell apart."""

from __future__ import annotations

import pytest

from bot.critics.embedding import embedding
from bot.critics.features import Yardstick
from bot.critics.resemblance import Rarity, Text, by_words, turned
from bot.critics.words import stem

QUESTION = "What does a load balancer do?"
RIGHT = (
    "A load balancer spreads incoming requests over several servers and skips unhealthy ones.",
    "It shares the traffic out between machines and leaves out those that fail their checks.",
)
WRONG = ("A load balancer stores copies of pages so that servers are asked less often.",)
RARITY = Rarity([QUESTION, *RIGHT, "A cache stores copies of pages.", "A queue holds messages."])
WITHOUT = Yardstick(QUESTION, RIGHT, WRONG, RARITY)


def test_a_better_answer_measures_more() -> None:
    good = WITHOUT.measure("It spreads requests over many servers and leaves out unhealthy ones")
    poor = WITHOUT.measure("It makes the website more secure")

    for name in ("recall", "best f1", "best letters", "pooled", "match", "lead over wrong"):
        assert good[name] > poor[name], name


def test_repeating_the_question_is_no_recall() -> None:
    found = WITHOUT.measure("A load balancer does load balancer things")

    assert found["recall"] == 0
    assert found["whole recall"] > 0


def test_a_paraphrase_counts_as_much_as_the_reference() -> None:
    found = WITHOUT.measure(RIGHT[1])

    assert found["best f1"] == pytest.approx(1)
    assert found["f1"] < 0.5


def test_a_wrong_example_is_known_again() -> None:
    found = WITHOUT.measure("A load balancer stores copies of pages, servers are asked less often")

    assert found["wrong f1"] > found["best f1"]
    assert found["accused"] > found["match"]
    assert found["lead over wrong"] < 0


def test_what_one_side_denies_is_turned() -> None:
    said = Text("the balancer skips unhealthy servers")

    assert turned(Text("the balancer does not skip unhealthy servers"), said) > 0
    assert turned(Text("unhealthy servers the balancer skips"), said) == 0


def test_words_that_many_texts_have_weigh_less() -> None:
    assert RARITY(stem("balancer")) < RARITY(stem("traffic"))


@pytest.mark.parametrize("answer", ["", "?", "\ud800", "🙂", "не знаю", "a " * 3_000])
def test_any_answer_measures_by_the_same_names(answer: str) -> None:
    found = WITHOUT.measure(answer)

    assert found.keys() == WITHOUT.measure(RIGHT[0]).keys()
    assert all(value == value for value in found.values())  # not a number is no measure


def test_a_reference_with_nothing_of_its_own_measures_nothing() -> None:
    found = by_words(Text("spreads traffic"), Text(QUESTION), Text(QUESTION), RARITY)

    assert found["recall"] == found["f1"] == 0


def test_meaning_adds_measures_and_sees_other_words() -> None:
    vectors = embedding()
    if vectors is None:
        pytest.skip("no embeddings installed")
    yardstick = Yardstick(QUESTION, RIGHT, WRONG, RARITY, vectors)
    near = yardstick.measure("It distributes the HTTP calls among multiple hosts")
    far = yardstick.measure("It paints the fence with green colour")

    assert near.keys() > WITHOUT.measure("").keys()
    assert near["words recall"] > far["words recall"]
    assert near["mean cosine"] > far["mean cosine"]
    assert yardstick.measure("")["cosine"] == 0
