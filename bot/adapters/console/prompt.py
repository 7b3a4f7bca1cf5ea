"""The prompt of a person at a keyboard: several lines, history, completion, a toolbar."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.application import get_app_or_none
from prompt_toolkit.completion import Completer
from prompt_toolkit.enums import DEFAULT_BUFFER
from prompt_toolkit.filters import has_focus
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.styles import Style

# No colours, only weight and reverse video: readable on any background and with NO_COLOR.
_STYLE = Style.from_dict({"bottom-toolbar": "reverse", "prompt": "bold"})


class Keyboard:
    """Asks the person for one line after the other."""

    def __init__(self, completer: Completer, status: Callable[[], str], history: Path | None):
        """Ask with `completer` behind Tab, and what `status` returns below.

        Args:
            completer: Offers what a line could become.
            status: The toolbar's text at this moment; empty for no toolbar.
            history: File that keeps what was typed, readable by its owner only; None forgets.
        """
        self._status = status
        self._session: PromptSession[str] = PromptSession(
            multiline=True,
            completer=completer,
            history=_history(history),
            key_bindings=_keys(),
            prompt_continuation=lambda width, number, wraps: " " * width,
            bottom_toolbar=self._toolbar,
            style=_STYLE,
            reserve_space_for_menu=6,
            enable_suspend=True,
        )

    async def read(self, label: str) -> str | None:
        """Return what was typed behind "label> "; None at the end of input.

        Raises:
            KeyboardInterrupt: Ctrl-C; what was typed is dropped.
        """
        prompt = FormattedText([("class:prompt", f"{label}> ")])
        try:
            return await self._session.prompt_async(prompt)
        except EOFError:
            return None

    def refresh(self) -> None:
        """Draw the toolbar anew, if the prompt is open."""
        if (app := get_app_or_none()) is not None:
            app.invalidate()

    def _toolbar(self) -> FormattedText | None:
        text = self._status()
        return FormattedText([("class:bottom-toolbar", f" {text} ")]) if text else None


def _keys() -> KeyBindings:
    keys = KeyBindings()
    typing = has_focus(DEFAULT_BUFFER)

    # A pasted block arrives as one key of its own, so its line breaks send nothing.
    @keys.add("enter", filter=typing)
    def send(event: KeyPressEvent) -> None:
        event.current_buffer.validate_and_handle()

    @keys.add("escape", "enter", filter=typing)
    def new_line(event: KeyPressEvent) -> None:
        event.current_buffer.newline(copy_margin=False)

    return keys


def _history(path: Path | None) -> History:
    """Return the history in that file; a place that cannot be written forgets at the end."""
    if path is not None:
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            with path.open("ab"):
                return FileHistory(str(path))
    return InMemoryHistory()
