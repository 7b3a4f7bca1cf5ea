"""Time to grade an answer with the offline critic, over the whole bank's model answers and more.

The baseline is a plain fuzzy comparison of the answer with every wording of the rubric.

`python -m tests.benchmarks.grading --data FILE.jsonl` measures something else: how well the
critic's comparisons predict people's scores (shortanswers). A line of the file is an object with
qid, question, reference, answer and score (0 to 1).
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

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


def agreement(arguments: list[str]) -> None:
    """Print how well short answers are graded, as the command line asks."""
    parser = argparse.ArgumentParser("python -m tests.benchmarks.grading")
    parser.add_argument("--data", type=Path, required=True, help="graded answers, JSON lines")
    parser.add_argument(
        "--exemplars", type=int, default=0, help="good answers a question that become paraphrases"
    )
    parser.add_argument(
        "--wrong", type=int, default=0, help="bad answers a question that become wrong examples"
    )
    parser.add_argument("--draws", type=int, default=3, help="times that examples are drawn")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    asked = parser.parse_args(arguments)
    if min(asked.exemplars, asked.wrong) < 0 or asked.draws < 1:
        parser.error("examples are counted from 0, draws from 1")
    # Here, because the libraries that learn are slow to load and measuring speed needs none.
    from tests.benchmarks.shortanswers.report import measure

    try:
        found = measure(asked.data, asked.exemplars, asked.wrong, asked.draws)
    except (OSError, ValueError) as error:
        sys.exit(str(error))
    print(found.as_json() if asked.json else found)  # noqa: T201 - a program for the terminal


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


if __name__ == "__main__":
    agreement(sys.argv[1:])
