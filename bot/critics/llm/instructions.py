"""What the model is told to do, and which version of that."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import NamedTuple


class Instructions(NamedTuple):
    """The text that begins every request, and its version."""

    version: str
    text: str


@cache
def instructions() -> Instructions:
    """Return the instructions; their file's first line names the version."""
    whole = files("bot.critics.llm").joinpath("instructions.md").read_text(encoding="utf-8")
    first, _, text = whole.partition("\n")
    return Instructions(first.removeprefix("version:").strip(), text.strip())
