"""Bad input from outside: a sentence that says what is wrong and what to do, and nothing lost."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.terminal import ENVIRONMENT, SMALL_BANK


def drillmate(
    *arguments: str, typed: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the program in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        input=typed,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=ENVIRONMENT | environment,
        timeout=120,
        check=False,
    )


def console(file: Path | str, typed: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Replay lines in the terminal chat."""
    return drillmate("console", "--database", f"sqlite:///{file}", typed=typed, **environment)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return where a database can be made."""
    return tmp_path / "d.db"


def test_an_unknown_command_names_the_nearest_and_fails_the_script(file: Path) -> None:
    done = console(file, "/practise\n/help\n")
    assert done.returncode == 1
    assert "There is no command /practise." in done.stdout
    assert "Did you mean /practice?" in done.stdout
    assert "Line 1 failed" in done.stdout


def test_a_script_in_which_all_goes_well_ends_with_status_0(file: Path) -> None:
    assert console(file, "/start\n/practice\n/help\n").returncode == 0


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("/schedule set 9 Atlantis", "Atlantis"),
        ("/schedule set 99:99", "99:99"),
        ("/schedule set 9 EST", "EST"),
        ("/settings day_starts=25", "25"),
        ("/practice cooking", "cooking"),
        ("!clock tomorrow", "tomorrow"),
        ("!dance", "dance"),
    ],
)
def test_a_wrong_value_is_named(file: Path, line: str, sentence: str) -> None:
    done = console(file, f"{line}\n")
    assert done.returncode == 1
    assert sentence in done.stdout.partition("\n")[2]
    assert done.stderr == ""


def test_control_characters_and_long_answers_are_kept_and_shown_harmlessly(file: Path) -> None:
    hostile = "boil \x1b[31mthe\x07 water\x08 \u202ekcab\u202c first"
    done = console(file, f"/practice core-python\n{hostile}\n/practice\n{'boil water ' * 1000}\n")
    assert done.returncode == 0
    assert "\x1b" not in done.stdout
    assert "\u202e" not in done.stdout
    assert "first 4,000 characters were graded" in " ".join(done.stdout.split())
    with sqlite3.connect(file) as opened:
        kept = [answer for (answer,) in opened.execute("SELECT answer FROM attempts ORDER BY id")]
    opened.close()
    assert len(kept[1]) > 10_000


def test_a_broken_question_file_is_named_with_line_and_remedy(file: Path, tmp_path: Path) -> None:
    bank = tmp_path / "bank"
    shutil.copytree(SMALL_BANK, bank)
    broken = bank / "core-python" / "tea.toml"
    broken.write_text(broken.read_text().replace("weight = 40", "weight = 400"))
    done = console(file, "/practice\n", DRILLMATE_BANK__FOLDER=str(bank))
    assert done.returncode == 1
    line = broken.read_text().splitlines().index("weight = 400") + 1
    assert f"{broken}:{line}: points[0].weight:" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("place", ["/proc/nothing/d.db", "/dev/null/d.db"])
def test_a_path_that_cannot_be_written_is_told_in_a_sentence(place: str) -> None:
    done = console(place, "/start\n")
    assert done.returncode == 1
    assert place in done.stderr
    assert "--database" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_read_only_database_is_told_in_a_sentence_and_nothing_is_lost(file: Path) -> None:
    assert console(file, "/start\n").returncode == 0
    before = file.read_bytes()
    with sqlite3.connect(file) as opened:
        opened.execute("PRAGMA journal_mode=DELETE")
    opened.close()
    done = console(f"file:{file}?mode=ro&uri=true", "/practice\n/start\n")
    assert done.returncode == 1
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr
    assert file.stat().st_size == len(before)


def test_a_file_that_is_no_database_is_told_in_a_sentence(file: Path) -> None:
    file.write_bytes(b"this is a letter to my grandmother, not a database" * 100)
    done = console(file, "/start\n")
    assert done.returncode == 1
    assert "is not a database" in done.stderr
    assert file.read_bytes().startswith(b"this is a letter")


def test_a_database_of_a_newer_version_is_refused(file: Path) -> None:
    assert console(file, "/start\n").returncode == 0
    with sqlite3.connect(file) as opened:
        opened.execute("UPDATE alembic_version SET version_num = '0042'")
    opened.close()
    done = console(file, "/start\n")
    assert done.returncode == 1
    assert "made by a newer Drillmate (revision 0042" in done.stderr
    assert "Nothing was changed" in done.stderr


def test_a_wrong_setting_is_named(file: Path) -> None:
    done = console(file, "/start\n", DRILLMATE_LOG__LEVEL="LOUD")
    assert done.returncode == 1
    assert "DRILLMATE_LOG__LEVEL" in done.stderr


def test_a_script_that_is_not_there_is_named(file: Path) -> None:
    done = drillmate("console", "--database", f"sqlite:///{file}", "--script", "no-such-file.txt")
    assert done.returncode == 1
    assert "no-such-file.txt cannot be read" in done.stderr


def test_doctor_says_what_is_set_up(file: Path) -> None:
    done = drillmate("doctor", "--database", f"sqlite:///{file}")
    assert done.returncode == 0
    assert "4 in" in done.stdout
    assert str(file) in done.stdout


def test_run_without_a_token_or_a_terminal_says_what_to_do(file: Path) -> None:
    done = drillmate("run", "--database", f"sqlite:///{file}")
    assert done.returncode == 1
    assert "drillmate console" in done.stderr


def test_a_role_that_does_not_exist_is_named_with_those_that_do(file: Path) -> None:
    done = drillmate("run", "--role", "boss", "--database", f"sqlite:///{file}")
    assert done.returncode == 1
    assert "There is no role 'boss'." in done.stderr
    assert "all, gateway, sender, worker" in done.stderr


def test_work_is_shared_on_postgresql_only(file: Path) -> None:
    done = drillmate("run", "--role", "sender", "--database", f"sqlite:///{file}")
    assert done.returncode == 1
    assert "takes PostgreSQL" in done.stderr
    assert not file.exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DRILLMATE_METRICS__LISTEN", "everywhere"),
        ("DRILLMATE_OPERATORS", "me and my friend"),
        ("DRILLMATE_TELEGRAM__PER_SECOND", "0"),
    ],
)
def test_a_setting_that_cannot_be_read_is_named(file: Path, name: str, value: str) -> None:
    done = drillmate("doctor", "--database", f"sqlite:///{file}", **{name: value})
    assert done.returncode == 1
    assert name in done.stderr
    assert "Traceback" not in done.stderr


def test_metrics_that_cannot_be_shown_are_told_in_a_sentence(file: Path) -> None:
    done = console(file, "/help\n", DRILLMATE_METRICS__LISTEN="192.0.2.1:9464")
    assert done.returncode == 1
    assert "The metrics cannot be shown at 192.0.2.1:9464" in done.stderr
    assert "DRILLMATE_METRICS__LISTEN" in done.stderr
