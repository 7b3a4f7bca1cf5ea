"""Every code block of the bank is run: what a person reads has been seen to work."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bot import bundled
from bot.bank.fault import BankFaults
from bot.bank.format import parse
from bot.bank.walk import question_files
from bot.domain.question import Code

LIMIT_S = 60


def blocks(language: str) -> dict[str, Code]:
    """Return the bank's blocks by "slug-number"; a file with faults is another test's business."""
    found: dict[str, Code] = {}
    for path in question_files(bundled.questions_folder()):
        try:
            question = parse(path, path.read_text("utf-8"))
        except BankFaults:
            continue
        for number, code in enumerate(question.rubric.code, 1):
            if code.language == language:
                found[f"{question.slug}-{number}"] = code
    return found


PYTHON = blocks("python")
SQL = blocks("sql")


@pytest.mark.parametrize("code", PYTHON.values(), ids=PYTHON)
def test_a_python_block_runs_as_a_script_and_does_what_it_claims(
    code: Code, tmp_path: Path
) -> None:
    script = tmp_path / "block.py"
    script.write_text("\n".join((code.setup, code.source, code.check)), "utf-8")
    done = subprocess.run(
        [sys.executable, "-W", "error::DeprecationWarning", str(script)],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        timeout=LIMIT_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("code", SQL.values(), ids=SQL)
def test_an_sql_block_runs_on_sqlite_and_every_value_its_check_selects_is_true(code: Code) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(f"{code.setup}\n;{code.source}")
        if code.check:
            rows = connection.execute(code.check).fetchall()
            assert rows
            assert all(all(row) for row in rows)


def test_there_are_blocks_to_run() -> None:
    assert len(PYTHON) >= 40
