"""Grades for answers to a question from what was learned on the other questions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import ExtraTreesRegressor  # type: ignore[import-untyped]

from tests.benchmarks.shortanswers.agreement import (
    TOP,
    Numbers,
    pearson,
    rmse,
    rounded,
    spearman,
    weighted_kappa,
)

TREES, LEAF, TRIED = 120, 4, 0.33
"""Trees, least answers in a leaf, and share of the features tried at a split."""
INNER_TREES = 40
PARTS = 3
"""In how many parts the questions learned from are parted to see how such predictions spread."""

Learn = Callable[[Numbers, Numbers], Callable[[Numbers], Numbers]]
"""Takes features and scores, and returns what predicts scores from features."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How well predictions agree with people.

    Attributes:
        pearson: Correlation.
        spearman: Correlation of ranks.
        rmse: Error in grades of 0 to 5.
        qwk: Quadratic weighted kappa of whole grades. They are cut so that each grade is as
            frequent as in what was learned from; rounding would give few low ones, because
            predictions crowd around the mean.
        qwk_rounded: The same of grades that are only rounded.
    """

    pearson: float
    spearman: float
    rmse: float
    qwk: float
    qwk_rounded: float


@dataclass(frozen=True, slots=True)
class Measured:
    """Answers as numbers.

    Attributes:
        features: A row an answer.
        scores: What people gave, 0 to 1.
        asked: The question of each answer.
    """

    features: Numbers
    scores: Numbers
    asked: NDArray[Any]

    def where(self, chosen: NDArray[np.bool_]) -> Measured:
        """Return those answers."""
        return Measured(self.features[chosen], self.scores[chosen], self.asked[chosen])

    def with_more(self, other: Measured) -> Measured:
        """Return these answers and others."""
        return Measured(
            np.concatenate([self.features, other.features]),
            np.concatenate([self.scores, other.scores]),
            np.concatenate([self.asked, other.asked]),
        )


def left_out(tested: Measured, learn: Learn, more: Measured | None = None) -> Agreement:
    """Return the agreement on answers whose question nothing was learned from.

    Args:
        tested: The answers to predict, and to learn from when their question is not the one.
        learn: What learns.
        more: Answers that are learned from too, under the same condition.
    """
    every = tested.with_more(more) if more else tested
    scores = tested.scores
    predicted = np.zeros(len(scores))
    grades = np.zeros(len(scores), np.int64)
    for question in dict.fromkeys(tested.asked.tolist()):
        test = tested.asked == question
        known = every.where(every.asked != question)
        predict = learn(known.features, known.scores)
        predicted[test] = np.clip(predict(tested.features[test]), 0, 1)
        cuts = _cuts(tested.where(~test), learn)
        grades[test] = np.searchsorted(cuts, predicted[test], side="right")
    return Agreement(
        pearson(scores, predicted),
        spearman(scores, predicted),
        rmse(scores, predicted),
        weighted_kappa(rounded(scores), grades),
        weighted_kappa(rounded(scores), rounded(predicted)),
    )


def trees(count: int = TREES) -> Learn:
    """Return what learns with extremely randomised trees, from a fixed seed."""

    def learn(features: Numbers, scores: Numbers) -> Callable[[Numbers], Numbers]:
        model = ExtraTreesRegressor(
            count, min_samples_leaf=LEAF, max_features=TRIED, random_state=0, n_jobs=1
        )
        predict: Callable[[Numbers], Numbers] = model.fit(features, scores).predict
        return predict

    return learn


def line(features: Numbers, scores: Numbers) -> Callable[[Numbers], Numbers]:
    """Learn a straight line through a single feature: all that a baseline is given."""
    column = features[:, 0]
    if column.std() == 0:
        return lambda rows: np.full(len(rows), scores.mean())
    slope, start = np.polyfit(column, scores, 1)
    return lambda rows: slope * rows[:, 0] + start


def _cuts(known: Measured, learn: Learn) -> Numbers:
    """Return the predictions at which grades 1 to 5 begin.

    They part predictions for unknown questions as people's grades part the answers.
    """
    quick = learn if learn is line else trees(INNER_TREES)
    names = list(dict.fromkeys(known.asked.tolist()))
    guessed = np.full(len(known.scores), known.scores.mean())
    for part in range(PARTS if len(names) > 1 else 0):
        test = np.isin(known.asked, names[part::PARTS])
        if test.any() and not test.all():
            others = known.where(~test)
            guessed[test] = quick(others.features, others.scores)(known.features[test])
    grades = rounded(known.scores)
    below = [float(np.mean(grades < grade)) for grade in range(1, TOP + 1)]
    cuts: Numbers = np.quantile(guessed, below)
    return cuts
