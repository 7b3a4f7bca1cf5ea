"""What a trial came to, as figures that can be read and compared."""

from __future__ import annotations

import os
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Quantiles:
    """Times in milliseconds; None where there is nothing to take them of."""

    p50: float | None
    p95: float | None
    max: float | None

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Quantiles:
        """Return those of some times in seconds."""
        if not seconds:
            return cls(None, None, None)
        ordered = sorted(seconds)
        p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
        return cls(_ms(statistics.median(ordered)), _ms(p95), _ms(ordered[-1]))

    def __str__(self) -> str:
        return " / ".join("-" if each is None else f"{each:.1f}" for each in self._all)

    @property
    def _all(self) -> tuple[float | None, ...]:
        return self.p50, self.p95, self.max


@dataclass(frozen=True, slots=True)
class Interactive:
    """How long people waited, who did one kind of thing.

    Attributes:
        calm: Milliseconds before anything was due.
        broadcast: Milliseconds while the questions went out.
        added: Milliseconds in the broadcast beyond the calm median.
        count: How many waited during the broadcast.
        unanswered: How many of all got no reply until the end.
    """

    calm: Quantiles
    broadcast: Quantiles
    added: Quantiles
    count: int
    unanswered: int


@dataclass(frozen=True, slots=True)
class Result:
    """One contender's.

    Attributes:
        arrived: Places that got their question.
        lost: Places that did not.
        duplicates: Questions beyond the first in a place.
        others: What else counted against the limit, from the due moment to the last question.
        optimum_s: (questions + others) / allowed.
        drain_s: From the due moment until the last question was at the server; None: none was.
        ratio: Of the two; None unless all arrived.
        refused: Requests answered 429.
        early: Presses before half of the questions had come ...
        early_answered: ... and those of them answered before the last question came.
        cpu_s_per_1000: Processor seconds for a thousand requests that counted.
        memory_mb: At its peak.
        memory_start_mb: When it served and nothing was scheduled by the test.
    """

    contender: str
    due: int
    allowed: int
    arrived: int
    lost: int
    duplicates: int
    others: int
    optimum_s: float
    drain_s: float | None
    ratio: float | None
    refused: int
    early: int
    early_answered: int
    interactive: dict[str, Interactive]
    cpu_s_per_1000: float | None
    memory_mb: float
    memory_start_mb: float

    def as_json(self) -> dict[str, Any]:
        """Return it for a program to read."""
        return asdict(self)

    def __str__(self) -> str:
        lines = [
            f"{self.contender}: {self.arrived} of {self.due} questions arrived,"
            f" {self.lost} lost, {self.duplicates} twice",
            f"  {'drain':<34} {_show(self.drain_s, 's')}, optimum {self.optimum_s:.1f} s,"
            f" ratio {_show(self.ratio, '', 3)}",
            f"  {'requests refused with 429':<34} {self.refused}",
        ]
        for kind, waited in self.interactive.items():
            lines += [
                f"  {f'{kind}, calm, p50 / p95 / max':<34} {waited.calm} ms",
                f"  {f'{kind}, broadcast ({waited.count})':<34} {waited.broadcast} ms",
                f"  {f'{kind}, added wait':<34} {waited.added} ms",
                f"  {f'{kind}, unanswered':<34} {waited.unanswered}",
            ]
        lines += [
            f"  {'processor for 1,000 sends':<34} {_show(self.cpu_s_per_1000, 's', 2)}",
            f"  {'memory, at its peak':<34} {self.memory_mb:.0f} MB,"
            f" when ready {self.memory_start_mb:.0f} MB",
        ]
        return "\n".join(lines)


def processor_s(pid: int) -> float:
    """Return the processor seconds that a process has used."""
    # The name before the last bracket may hold anything.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    ticks = int(fields[11]) + int(fields[12])  # utime and stime, proc(5)
    return ticks / os.sysconf("SC_CLK_TCK")


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)


def _show(value: float | None, unit: str, digits: int = 1) -> str:
    return "-" if value is None else f"{value:.{digits}f} {unit}".rstrip()
