"""The README's three days: replayed, equal to the kept output, and equal to what README shows."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests.e2e.terminal import ENVIRONMENT

ROOT = Path(__file__).parent.parent.parent
SCRIPT = ROOT / "tests" / "transcripts" / "three_days.txt"
KEPT = SCRIPT.with_suffix(".out")


def replay(database: Path) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in ENVIRONMENT.items() if k != "DRILLMATE_BANK__FOLDER"}
    command = [sys.executable, "-m", "bot", "console", "--database", f"sqlite:///{database}"]
    return subprocess.run(
        [*command, "--script", str(SCRIPT)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment,
        timeout=120,
        check=False,
    )


def test_three_days_of_two_people_and_a_moderator(tmp_path: Path) -> None:
    # After a change that is meant: make transcript, and read the difference.
    done = replay(tmp_path / "days.db")
    assert done.stderr == ""
    assert done.stdout == KEPT.read_text(encoding="utf-8")
    assert done.returncode == 0


def test_the_readme_shows_what_the_program_printed() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    [shown] = re.findall(r"<!-- transcript -->\n```text\n(.*?)```", readme, re.DOTALL)
    kept = KEPT.read_text(encoding="utf-8")
    parts = [part.strip("\n") for part in shown.split("\n[...]\n")]
    assert len(parts) > 1
    place = 0
    for part in parts:
        found = kept.find(part, place)
        assert found >= 0, f"not in this order in {KEPT.name}:\n{part}"
        place = found + len(part)
