"""A measured figure, and how it is measured: medians of several rounds."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of a benchmark.

    Attributes:
        name: What was measured.
        value: With its unit.
        against: The baseline and the ratio to it, if there is one.
    """

    name: str
    value: str
    against: str = ""

    def __str__(self) -> str:
        return f"{self.name:<46} {self.value:>18}  {self.against}"


def seconds(work: Callable[[], object], rounds: int = 5) -> float:
    """Return the median time of `work` over several rounds, after one to warm up."""
    work()
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return statistics.median(times)
