"""Start-up time and memory of the terminal chat, against a Python that does nothing."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.figure import Figure

ROUNDS = 7


async def main() -> list[Figure]:
    """Measure."""
    nothing, small = _run([sys.executable, "-c", "pass"])
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{Path(folder) / 'start.db'}"
        command = [sys.executable, "-m", "bot", "console", "--database", database]
        first, _ = _run(command, rounds=1)
        again, peak = _run(command)
    return [
        Figure("first start, with migration and import", f"{first:.2f} s"),
        Figure("start, until input is read", f"{again:.2f} s", f"bare Python {nothing:.2f} s"),
        Figure("memory at its peak", f"{peak / 1024:.0f} MB", f"bare Python {small / 1024:.0f} MB"),
    ]


def _run(command: list[str], rounds: int = ROUNDS) -> tuple[float, int]:
    """Return median seconds and peak KB of a command that reads an empty script."""
    done = [
        json.loads(subprocess.check_output([sys.executable, "-c", _MEASURE, *command]))
        for _ in range(rounds)
    ]
    return statistics.median(seconds for seconds, _ in done), max(peak for _, peak in done)


# In a small process of its own: a child's peak counts what its parent had when it forked.
_MEASURE = """
import json, resource, subprocess, sys, time
began = time.perf_counter()
nul = subprocess.DEVNULL
subprocess.run(sys.argv[1:], stdin=nul, stdout=nul, check=True)
took = time.perf_counter() - began
print(json.dumps([took, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss]))
"""
