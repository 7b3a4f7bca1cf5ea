from __future__ import annotations

import io
import re

import pytest

from bot.adapters.console.screen import Screen
from bot.chat.view import Button, Card, Style

CARD = Card("Title", "*bold* and `code`", rows=((Button("Drop", "drop", Style.DANGER),),))
READABLE = "  (only ana sees this)\n  Title\n    bold and `code`\n\n    [1] Drop\n"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "COLORTERM", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")


async def printed(*, plain: bool = False) -> str:
    out = Terminal()
    await Screen(out, plain=plain).response(CARD, "(only ana sees this)")
    return out.getvalue()


def codes(text: str) -> set[str]:
    return {code for run in re.findall(r"\x1b\[([0-9;]*)m", text) for code in run.split(";")}


async def test_a_terminal_with_colours_gets_them() -> None:
    text = await printed()
    assert {"1", "36", "31"} <= codes(text)
    assert re.sub(r"\x1b\[[0-9;]*m", "", text) == READABLE


async def test_no_color_leaves_weight_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    text = await printed()
    assert codes(text) <= {"0", "1", "2", "3"}
    assert re.sub(r"\x1b\[[0-9;]*m", "", text) == READABLE


async def test_a_dumb_terminal_gets_nothing_but_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    assert await printed() == READABLE


async def test_a_script_is_printed_without_any_styles() -> None:
    assert await printed(plain=True) == READABLE


@pytest.mark.parametrize(("columns", "width"), [("20", 20), ("60", 60), ("250", 100)])
def test_a_wide_terminal_is_not_filled(
    monkeypatch: pytest.MonkeyPatch, columns: str, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert Screen(Terminal()).width == width
    assert Screen(Terminal(), plain=True).width == 80


async def test_a_terminal_without_our_signs_still_shows_the_words() -> None:
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding="latin-1")
    await Screen(out, plain=True).say("🔥 12 days · good")
    assert raw.getvalue().decode("latin-1") == "  ? 12 days · good\n"
