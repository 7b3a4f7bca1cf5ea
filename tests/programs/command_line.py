"""Runs the program as a person does: a process with arguments, stdin, stdout and a status."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "tests" / "bank" / "sample"
LIMIT_S = 120


@dataclass(frozen=True)
class Done:
    status: int
    out: str
    told: str


def drillmate(*args: str | Path, stdin: str | bytes = "") -> Done:
    """Run `drillmate` and return its status and what it wrote."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", *map(str, args)],
        cwd=ROOT,
        input=stdin.encode() if isinstance(stdin, str) else stdin,
        capture_output=True,
        timeout=LIMIT_S,
        check=False,
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())
