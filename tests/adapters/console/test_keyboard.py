"""A person at a keyboard: keys go in through a real pipe, the prompt draws on a dummy terminal."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.data_structures import Size
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput
from prompt_toolkit.output.vt100 import Vt100_Output

from bot.chat.context import Said
from tests.adapters.console.theatre import Theatre, question


class Terminal(Vt100_Output):
    """A terminal that knows where its cursor is, so that it need not be asked."""

    def get_rows_below_cursor_position(self) -> int:
        return 20


@dataclass
class Keyboard:
    """The console with somebody at its keys."""

    theatre: Theatre
    keys: PipeInput

    async def sits_through(
        self, *steps: str | Callable[[], bool], history: Path | None = None
    ) -> str:
        """Run the console; type each string, wait for each condition. Return what was printed."""
        console = self.theatre.console = self.theatre.adapter(None, history=history)

        async def act() -> None:
            for step in steps:
                if isinstance(step, str):
                    self.keys.send_text(step)
                    continue
                async with asyncio.timeout(5):
                    while not step():
                        await asyncio.sleep(0)

        async with asyncio.TaskGroup() as group:
            group.create_task(act())
            await console.run(self.theatre.dispatch)
        return self.theatre.out.getvalue()

    def has_printed(self, text: str) -> Callable[[], bool]:
        return lambda: text in self.theatre.out.getvalue()

    @property
    def said(self) -> list[str]:
        events = [request.event for request in self.theatre.requests]
        return [event.text for event in events if isinstance(event, Said)]


@pytest.fixture
def keyboard() -> Iterator[Keyboard]:
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        yield Keyboard(Theatre(), keys)


async def test_enter_sends_and_alt_enter_begins_a_new_line(keyboard: Keyboard) -> None:
    printed = await keyboard.sits_through("one\x1b\rtwo\r", "!quit\r")
    assert keyboard.said == ["one\ntwo"]
    assert "You said\n    one\n    two\n" in printed


async def test_what_is_pasted_stays_one_entry(keyboard: Keyboard) -> None:
    await keyboard.sits_through("\x1b[200~def f():\r\n    return 1\n\x1b[201~", "\r", "!quit\r")
    assert keyboard.said == ["def f():\n    return 1"]


async def test_nothing_typed_is_echoed_again(keyboard: Keyboard) -> None:
    printed = await keyboard.sits_through("/practice\r", "!quit\r")
    assert "/practice" not in printed
    assert "Question for you" in printed


async def test_a_number_presses_a_button(keyboard: Keyboard) -> None:
    printed = await keyboard.sits_through("/practice\r", "1\r", "!quit\r")
    assert "  pressed [1] Hint\n  A hint on 1\n    Look closer.\n" in printed


async def test_what_becomes_due_appears_while_the_prompt_is_open(keyboard: Keyboard) -> None:
    keyboard.theatre.plan(1, "dm:you", question("It is time"))

    def an_hour_passes() -> bool:
        keyboard.theatre.clock.set(keyboard.theatre.due[0][0])
        return True

    printed = await keyboard.sits_through(
        "half typed",
        an_hour_passes,
        keyboard.has_printed("It is time"),
        "\r",
        "!quit\r",
    )
    assert "[Fri 27 Mar 2026 09:00 UTC] to you\n  It is time\n" in printed
    assert keyboard.said == ["half typed"]
    assert "half typed\n    to question 1\n" in printed


async def test_ctrl_c_drops_the_line_and_goes_on(keyboard: Keyboard) -> None:
    printed = await keyboard.sits_through(
        "never mind\x03", keyboard.has_printed("Nothing was sent."), "/secret\r", "!quit\r"
    )
    assert "never mind" not in keyboard.said
    assert "A secret" in printed


async def test_ctrl_d_leaves(keyboard: Keyboard) -> None:
    printed = await keyboard.sits_through("\x04")
    assert printed.startswith("  Drillmate in the terminal.")
    assert keyboard.said == []


async def test_a_refused_line_is_told_and_the_next_one_is_asked_for(keyboard: Keyboard) -> None:
    printed = await keyboard.sits_through("!nope\r", "/nope\r", "!who\r", "!quit\r")
    assert "There is no !nope." in printed
    assert "There is no command /nope." in printed
    assert "Playing you in a direct chat." in printed
    assert not keyboard.theatre.console.failed


async def test_the_history_file_is_for_its_owner_only(keyboard: Keyboard, tmp_path: Path) -> None:
    path = tmp_path / "state" / "history"
    await keyboard.sits_through("/practice\r", "!quit\r", history=path)
    assert "+/practice\n" in path.read_text()
    assert path.stat().st_mode & 0o777 == 0o600


async def test_a_history_that_cannot_be_kept_stops_nobody(
    keyboard: Keyboard, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    await keyboard.sits_through("/practice\r", "!quit\r", history=tmp_path / "file" / "history")
    assert keyboard.said[-1] != "!quit"
    assert "/practice" in keyboard.said


async def test_the_toolbar_shows_the_status_of_who_is_typing() -> None:
    drawn = io.StringIO()
    terminal = Terminal(drawn, lambda: Size(24, 80), term="xterm")
    with create_pipe_input() as keys, create_app_session(input=keys, output=terminal):
        keyboard = Keyboard(Theatre(), keys)
        await keyboard.sits_through(
            lambda: "status of you" in drawn.getvalue(),
            "!as Ana\r",
            lambda: "status of Ana" in drawn.getvalue(),
            "!quit\r",
        )
    assert "Ana> " in drawn.getvalue()
