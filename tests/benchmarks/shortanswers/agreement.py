"""How well grades agree with people's, in the four measures that papers on grading use."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
TOP = 5
"""The best grade: scores from 0 to 1 are told as grades from 0 to 5, as the papers do."""


def pearson(left: Numbers, right: Numbers) -> float:
    """Return the linear correlation; 0 where one side never changes."""
    if left.std() == 0 or right.std() == 0:
        return 0.0
    return float(np.corrcoef(left, right)[0, 1])


def spearman(left: Numbers, right: Numbers) -> float:
    """Return the correlation of the ranks; equals share a rank."""
    return pearson(_ranks(left), _ranks(right))


def rmse(scores: Numbers, predicted: Numbers) -> float:
    """Return the root mean square error, in grades."""
    return float(np.sqrt(np.mean((scores - predicted) ** 2))) * TOP


def rounded(scores: Numbers) -> NDArray[np.int64]:
    """Return scores as whole grades, halves upwards."""
    return np.clip(np.floor(scores * TOP + 0.5), 0, TOP).astype(np.int64)


def weighted_kappa(left: NDArray[np.int64], right: NDArray[np.int64]) -> float:
    """Return the quadratic weighted kappa of two lists of whole grades."""
    counts = np.zeros((TOP + 1, TOP + 1))
    np.add.at(counts, (left, right), 1)
    grades = np.arange(TOP + 1)
    apart: NDArray[Any] = (grades[:, None] - grades[None, :]) ** 2
    by_chance = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum()
    expected = float((apart * by_chance).sum())
    return 1 - float((apart * counts).sum()) / expected if expected else 0.0


def _ranks(numbers: Numbers) -> Numbers:
    _, place, count = np.unique(numbers, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    ranks: Numbers = (last - (count - 1) / 2)[place]
    return ranks
