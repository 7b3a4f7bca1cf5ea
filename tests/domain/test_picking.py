from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.picking import Candidate, pick


def pool(size: int) -> list[Candidate]:
    return [Candidate(number, f"question-{number}", 0) for number in range(size)]


def show(candidates: list[Candidate], key: str, count: int, since: int = 0) -> list[str]:
    """Pick `count` times, noting each in `candidates`; return the slugs."""
    shown = []
    for step in range(since, since + count):
        chosen = pick(candidates, key)
        shown.append(chosen.slug)
        candidates[candidates.index(chosen)] = replace(
            chosen, times_shown=chosen.times_shown + 1, last_shown=step + 1
        )
    return shown


@given(st.integers(1, 12), st.text(st.characters(codec="utf-8"), max_size=5))
def test_every_question_comes_once_before_any_comes_again(size: int, key: str) -> None:
    candidates = pool(size)
    for number in range(4):
        assert len(set(show(candidates, key, size, number * size))) == size


@given(st.integers(2, 12), st.text(st.characters(codec="utf-8"), max_size=5))
def test_a_question_stays_away_for_half_the_pool(size: int, key: str) -> None:
    shown = show(pool(size), key, 4 * size)
    for place, slug in enumerate(shown):
        assert slug not in shown[place + 1 : place + 1 + size // 2]


def test_a_pool_of_one_repeats_it() -> None:
    assert show(pool(1), "chat:1", 3) == ["question-0"] * 3


def test_a_question_that_joins_late_comes_first_and_then_not_every_other_day() -> None:
    candidates = pool(20)
    show(candidates, "chat:1", 100)
    candidates.append(Candidate(20, "new", 0))
    shown = show(candidates, "chat:1", 30, since=100)
    assert shown[0] == "new"
    assert "new" not in shown[1:11]


def test_the_one_shown_last_is_left_out_even_if_it_was_shown_least() -> None:
    often = Candidate(1, "often", 5, 1)
    once = Candidate(2, "once", 1, 2)
    assert pick([often, once], "chat:1") == often


def test_one_never_shown_is_taken_before_all_others() -> None:
    fresh = Candidate(1, "fresh", 0)
    others = [Candidate(n, f"q{n}", 1, n) for n in range(2, 9)]
    assert pick([*others, fresh], "chat:1") == fresh


def test_chats_have_orders_of_their_own_and_rounds_differ() -> None:
    orders = {tuple(show(pool(10), f"chat:{number}", 10)) for number in range(20)}
    assert len(orders) == 20
    rounds = show(pool(10), "chat:1", 20)
    assert rounds[:10] != rounds[10:]


def test_all_questions_have_the_same_chance_to_come_first() -> None:
    firsts = [pick(pool(4), f"user:{number}").question_id for number in range(2_000)]
    assert all(420 < firsts.count(number) < 580 for number in range(4))


@given(st.permutations(pool(8)))
def test_the_order_of_the_candidates_does_not_matter(shuffled: list[Candidate]) -> None:
    assert pick(shuffled, "chat:1") == pick(pool(8), "chat:1")


def test_the_choice_hangs_on_the_slug_and_not_on_the_id() -> None:
    renumbered = [replace(one, question_id=100 - one.question_id) for one in pool(8)]
    assert pick(renumbered, "chat:1").slug == pick(pool(8), "chat:1").slug


def test_an_empty_pool_has_nothing_to_pick() -> None:
    with pytest.raises(ValueError, match="nothing to pick"):
        pick([], "chat:1")
