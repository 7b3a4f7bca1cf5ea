"""A fault in a bank file: which file, which line, which field, what is wrong, and the remedy."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing wrong in one file of the bank.

    Attributes:
        path: The file.
        line: Line in it, from 1.
        field: Where in the file's structure ("points[2].paraphrases").
        message: What is wrong.
        remedy: What to do about it.
    """

    path: Path
    line: int
    field: str
    message: str
    remedy: str

    def __str__(self) -> str:
        """Return "file:line: field: message. remedy", as editors can jump to."""
        where = f" {self.field}:" if self.field else ""
        return f"{self.path}:{self.line}:{where} {self.message}. {self.remedy}"


class BankFaults(Exception):
    """The bank cannot be used as it is; `faults` says why, file by file."""

    def __init__(self, faults: list[Fault]) -> None:
        """Keep the faults, sorted by file and line."""
        self.faults = sorted(faults)
        super().__init__("\n".join(map(str, self.faults)))


_HEADER = re.compile(r"^\s*(\[\[?)\s*([A-Za-z0-9_.\-]+)\s*\]\]?")
# Strings and comments: what looks like structure inside them is none.
_OPAQUE = re.compile(
    "|".join(
        (
            r'"""(?:\\.|[^\\])*?"{3,5}',
            r"'''.*?'{3,5}",
            r'"(?:\\.|[^"\\\n])*"',
            r"'[^'\n]*'",
            r"#[^\n]*",
        )
    ),
    re.DOTALL,
)
_KEY = re.compile(r"^\s*([A-Za-z0-9_\-]+)\s*=")


def locate(text: str, path: tuple[str | int, ...]) -> int:
    """Return the line of `text` (TOML) on which the value at `path` begins.

    tomllib tells no positions, so the headers and keys are counted here, with multi-line strings
    and arrays stepped over. Falls back to the nearest enclosing table, then to line 1.

    Args:
        text: The whole file.
        path: Keys and indexes, as ("points", 2, "facts", 0, "holds").
    """
    names = tuple(str(part) for part in path)
    best, best_depth = 1, 0
    counts: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    for number, line in _structural_lines(text):
        if header := _HEADER.match(line):
            table = _resolve(tuple(header[2].split(".")), header[1] == "[[", counts)
            here = table
        elif key := _KEY.match(line):
            here = (*table, key[1])
        else:
            continue
        common = min(len(here), len(names))
        if here[:common] == names[:common] and common > best_depth:
            best, best_depth = number, common
    return best


def _resolve(
    keys: tuple[str, ...], repeated: bool, counts: dict[tuple[str, ...], int]
) -> tuple[str, ...]:
    """Turn a header's dotted name into a path with the indexes of the arrays it is inside."""
    path: tuple[str, ...] = ()
    for place, key in enumerate(keys):
        path = (*path, key)
        if place == len(keys) - 1 and repeated:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, str(counts[path]))
    return path


def _structural_lines(text: str) -> list[tuple[int, str]]:
    """Return the numbered lines that are not inside a multi-line string or array."""
    bare = _OPAQUE.sub(lambda match: "\n" * match[0].count("\n"), text)
    found: list[tuple[int, str]] = []
    depth = 0
    for number, line in enumerate(bare.split("\n"), start=1):
        if depth == 0:
            found.append((number, line))
        if depth or not _HEADER.match(line):
            depth += line.count("[") - line.count("]")
    return found
