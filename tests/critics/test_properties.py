"""What holds for every string whatever."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.critics.keypoints import KeypointsCritic
from bot.critics.quotes import MAX_QUOTE
from bot.domain.critique import PointState, Status
from bot.domain.question import Question
from tests.critics.rubrics import BARE, STACKS, VERBS

CRITIC = KeypointsCritic()
WORDS = st.sampled_from(
    "a stack queue is not isn't LIFO FIFO last first in out , . ; : ( ) ``` ** durable volatile "
    "newest oldest undo PUT PATCH replaces whole only unlike if \n ? \u202e \U000e0067 \x00 \ud800 "
    "ﬁ Ⅼ а 😀 O( == no never without".split(" ")
)
ANSWERS = st.one_of(
    st.text(st.characters(), max_size=300),
    st.lists(WORDS, max_size=60).map(" ".join),
    st.lists(WORDS, max_size=30).map("".join),
)
QUESTIONS = st.sampled_from((STACKS, VERBS, BARE))


@settings(max_examples=300, deadline=None)
@given(question=QUESTIONS, answer=ANSWERS)
def test_any_answer_gets_a_sound_critique(question: Question, answer: str) -> None:
    critique = CRITIC.judge(question, answer)

    assert 0 <= critique.score <= 100
    assert [point.id for point in critique.points] == [p.id for p in question.rubric.points]
    for point in critique.points:
        assert bool(point.quote) is (point.state is not PointState.NOT_FOUND)
    quotes = [point.quote for point in critique.points]
    quotes += [found.quote for found in critique.misconceptions]
    for quote in quotes:
        assert quote in answer
        assert len(quote) <= MAX_QUOTE
    if not critique.status.is_attempt:
        assert critique.score == 0


@settings(max_examples=100, deadline=None)
@given(question=QUESTIONS, answer=ANSWERS)
def test_the_same_answer_gets_the_same_critique(question: Question, answer: str) -> None:
    assert CRITIC.judge(question, answer) == KeypointsCritic().judge(question, answer)


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(), min_size=1, max_size=8), st.integers(500, 2_000))
def test_what_is_repeated_without_end_is_still_judged(part: str, times: int) -> None:
    assert CRITIC.judge(STACKS, part * times).status in set(Status)
