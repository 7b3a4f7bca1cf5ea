"""Time to grade an answer with the offline critic, over the whole bank's model answers and more.

The baseline is a plain fuzzy comparison of the answer with every wording of the rubric.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from itertools import pairwise

from rapidfuzz import fuzz

from bot.bank.walk import read_bank
from bot.bundled import questions_folder
from bot.critics.keypoints import KeypointsCritic
from bot.domain.question import Question
from tests.benchmarks.figure import Figure

ROUNDS = 5


async def main() -> list[Figure]:
    """Measure."""
    bank = read_bank(questions_folder()).questions
    critic = KeypointsCritic()
    asked = [(question, question.rubric.model_answer) for question in bank]
    asked += [(one, other.rubric.points[0].text) for one, other in pairwise(bank)]
    prepared = _times(critic.judge, asked, rounds=1)
    ours, theirs = _times(critic.judge, asked), _times(_compare, asked)
    long = [(question, (question.rubric.model_answer + " ") * 12) for question in bank]
    longest = _times(critic.judge, [(q, answer[:10_000]) for q, answer in long], rounds=1)
    mine, plain = statistics.median(ours), statistics.median(theirs)
    against = f"fuzzy comparison {plain * 1000:.1f} ms, ratio {mine / plain:.1f}"
    return [
        Figure("grading an answer, p50", f"{mine * 1000:.1f} ms", against),
        Figure("grading an answer, p95", f"{_p95(ours) * 1000:.1f} ms"),
        Figure("grading 10,000 characters, p95", f"{_p95(longest) * 1000:.1f} ms"),
        Figure("grading, first time for a question, p95", f"{_p95(prepared) * 1000:.1f} ms"),
    ]


def _times(
    judge: Callable[[Question, str], object],
    asked: list[tuple[Question, str]],
    rounds: int = ROUNDS,
) -> list[float]:
    times = []
    for _ in range(rounds):
        for question, answer in asked:
            began = time.perf_counter()
            judge(question, answer)
            times.append(time.perf_counter() - began)
    return times


def _p95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


def _compare(question: Question, answer: str) -> float:
    wordings = [w for point in question.rubric.points for w in (point.text, *point.paraphrases)]
    return max(fuzz.partial_ratio(wording, answer) for wording in wordings)
