"""The whole measurement: every system on the same answers, as a table or as JSON."""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np

from bot.critics.embedding import Embedding, embedding
from bot.critics.resemblance import Rarity
from tests.benchmarks.shortanswers import systems
from tests.benchmarks.shortanswers.agreement import Numbers
from tests.benchmarks.shortanswers.answers import Examples, Graded, draw, read_answers
from tests.benchmarks.shortanswers.prediction import (
    Agreement,
    Learn,
    Measured,
    left_out,
    line,
    trees,
)

System = tuple[Callable[[Sequence[Examples]], Numbers], Learn]


@dataclass(frozen=True, slots=True)
class Report:
    """What was measured.

    Attributes:
        data: Name of the file.
        questions: How many there are.
        answers: How many were graded, in the first draw.
        exemplars: Paraphrases a question, as asked for.
        wrong: Wrong examples a question, as asked for.
        draws: For each system its agreement, one for each draw of the examples.
    """

    data: str
    questions: int
    answers: int
    exemplars: int
    wrong: int
    draws: dict[str, list[Agreement]]

    def as_json(self) -> str:
        """Return everything, the means of the draws first."""
        found = asdict(self)
        found["systems"] = {name: means(each) for name, each in self.draws.items()}
        return json.dumps(found, indent=1)

    def __str__(self) -> str:
        head = (
            f"{self.data}: {self.questions} questions, {self.answers} answers,"
            f" {self.exemplars} paraphrases and {self.wrong} wrong examples a question"
        )
        columns = f"{'':<28}{'r':>7}{'rho':>7}{'RMSE':>7}{'QWK':>7}{'rounded':>9}   r of each draw"
        rows = []
        for name, each in self.draws.items():
            mean = means(each)
            figures = "".join(
                f"{mean[key]:>7.3f}" for key in ("pearson", "spearman", "rmse", "qwk")
            )
            drawn = " ".join(f"{one.pearson:.3f}" for one in each)
            rows.append(f"{name:<28}{figures}{mean['qwk_rounded']:>9.3f}   {drawn}")
        return "\n".join([head, columns, *rows])


def means(draws: Sequence[Agreement]) -> dict[str, float]:
    """Return the mean of each measure."""
    every = [asdict(each) for each in draws]
    return {name: round(statistics.mean(each[name] for each in every), 4) for name in every[0]}


def measure(path: Path, exemplars: int = 0, wrong: int = 0, draws: int = 1) -> Report:
    """Return how well every system predicts the scores in `path`, leaving one question out.

    Raises:
        ValueError: The file has not what is needed.
    """
    answers = read_answers(path)
    known = _systems(answers, embedding())
    seeds = range(draws if exemplars or wrong else 1)
    drawn = [draw(answers, exemplars, wrong, seed) for seed in seeds]
    found: dict[str, list[Agreement]] = {}
    for name, (features, learn) in known.items():
        measured = [_measured(examples, features(examples)) for examples in drawn]
        # Another draw of the examples of other questions shows more ways in which rubrics differ.
        more = [*measured[1:], measured[0]] if len(measured) > 1 else [None]
        found[name] = [
            left_out(one, learn, another) for one, another in zip(measured, more, strict=True)
        ]
    questions = len({each.qid for each in answers})
    return Report(
        path.name, questions, sum(len(each.rest) for each in drawn[0]), exemplars, wrong, found
    )


def _measured(examples: Sequence[Examples], features: Numbers) -> Measured:
    rest = [graded for each in examples for graded in each.rest]
    scores = np.array([graded.score for graded in rest])
    return Measured(features, scores, np.array([graded.qid for graded in rest]))


def _systems(answers: Sequence[Graded], vectors: Embedding | None) -> dict[str, System]:
    """Return what is compared; where no embedding is installed, what does without."""
    # What a rubric knows: questions and references, no answers.
    rarity = Rarity(sorted({text for each in answers for text in (each.question, each.reference)}))
    found: dict[str, System] = {}
    if vectors:
        found["critic"] = partial(systems.critic, rarity=rarity, vectors=vectors), trees()
    found["critic without embeddings"] = (
        partial(systems.critic, rarity=rarity, vectors=None),
        trees(),
    )
    found["TF-IDF cosine"] = systems.tf_idf, line
    found["token F1"] = systems.token_f1, line
    if vectors:
        found["embedding cosine"] = partial(systems.cosine, vectors=vectors), line
    return found
