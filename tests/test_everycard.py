from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.chat.view import Button, Card, Form, Input, Link, Media
from tests import everycard

ROOT = Path(__file__).parents[1]
TWICE = ((Button("A", "a"), Button("B", "a")),)
FILE = """
import pytest
from bot.chat.view import Button, Card

BAD = Card("", "made while this is imported", rows=((Button("A", "a"), Button("B", "a")),))

def make():
    return Card("", "made in a test", rows=((Button("A", "a"), Button("B", "a")),))

def test_unmarked():
    make()

@pytest.mark.unshowable
def test_marked():
    make()

def test_of_another_card():
    Card("fine")

async def test_asynchronous():
    make()
"""
CONFTEST = "from tests.conftest import _every_card_can_be_shown, pytest_configure"


@pytest.mark.parametrize(
    "fields",
    [
        {"rows": TWICE},
        {"rows": tuple((Button(str(n), f"pick:{n}"),) for n in range(20))},
        {"rows": ((Link("Docs", "ftp://docs.example"),),)},
        {"rows": ((Link("Docs", f"https://docs.example/{'x' * 600}"),),)},
        {"media": tuple(Media(f"{n}.png", b"", "image/png", "") for n in range(11))},
    ],
    ids="twice many scheme long pictures".split(),
)
def test_a_card_that_cannot_be_shown_is_found(fields: dict[str, object]) -> None:
    with pytest.raises(AssertionError, match="Discord cannot show Card"), everycard.watched():
        Card("T", **fields)  # type: ignore[arg-type]


def test_a_form_that_cannot_be_shown_is_found() -> None:
    twice = (Input("a", "A"), Input("a", "B"))
    with pytest.raises(AssertionError, match="Discord cannot show Form"), everycard.watched():
        Form("T", "go", twice)
    far = tuple((str(n), "x" * 101) for n in range(2))
    with pytest.raises(AssertionError, match="Discord cannot show Form"), everycard.watched():
        Form("T", "go", (Input("a", "A", choices=far),))


def test_a_card_that_only_telegram_refuses_is_found() -> None:
    rows = ((Link("Docs", "https://"),),)
    with pytest.raises(AssertionError, match="Telegram cannot show Card"), everycard.watched():
        Card("T", rows=rows)


def test_cards_that_can_be_shown_pass_and_what_was_wrong_is_told_again() -> None:
    with everycard.watched():
        Card("T", "x" * 9000, rows=((Button("A", "a"),),))
        Form("T", "go", (Input("a", "A"),))
    for _ in range(2):
        with pytest.raises(AssertionError), everycard.watched():
            Card("T", rows=TWICE)


def test_what_is_made_on_purpose_is_forgiven() -> None:
    with everycard.watched(forgiven=True):
        Card("T", rows=TWICE)


def test_only_so_many_are_looked_at() -> None:
    with everycard.watched():
        for number in range(everycard.MOST):
            Card(f"{number} of those that are looked at")
        Card("one more", rows=TWICE)


def test_it_is_in_force_in_every_test(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(CONFTEST, encoding="utf-8")
    (tmp_path / "test_made.py").write_text(FILE, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    options = ["-c", str(ROOT / "pyproject.toml"), "--rootdir", str(ROOT), str(tmp_path)]
    ran = subprocess.run(
        [*command, *options], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert "4 passed, 2 errors" in ran.stdout, ran.stdout + ran.stderr
    assert "ERROR" in ran.stdout
    assert "test_unmarked" in ran.stdout.partition("short test summary")[2]
