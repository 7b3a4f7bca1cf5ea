"""What a .dockerignore hides from the builder: the last pattern that fits a path decides."""

from __future__ import annotations

import re
from pathlib import PurePosixPath


class Ignored:
    """The patterns of one .dockerignore."""

    def __init__(self, text: str) -> None:
        """Read the patterns; "!" in front lets through what an earlier one hides."""
        lines = (line.strip() for line in text.splitlines())
        self._rules = [
            (not line.startswith("!"), _pattern(line.removeprefix("!").strip()))
            for line in lines
            if line and not line.startswith("#")
        ]

    def hides(self, path: str) -> bool:
        """Return whether a path (of the context, with /) does not reach the builder.

        A pattern that fits a folder fits all that is in it.
        """
        whole = PurePosixPath(path)
        names = [str(whole), *(str(folder) for folder in whole.parents if str(folder) != ".")]
        hidden = False
        for hides, pattern in self._rules:
            if any(pattern.fullmatch(name) for name in names):
                hidden = hides
        return hidden


def _pattern(text: str) -> re.Pattern[str]:
    """Return the expression for a pattern: ** is any folders, * and ? stay within one name."""
    out = ""
    rest = text.strip("/")
    while rest:
        if rest.startswith("**/"):
            out, rest = out + "(?:.*/)?", rest[3:]
        elif rest.startswith("**"):
            out, rest = out + ".*", rest[2:]
        elif rest[0] == "*":
            out, rest = out + "[^/]*", rest[1:]
        elif rest[0] == "?":
            out, rest = out + "[^/]", rest[1:]
        elif rest[0] == "[" and "]" in rest:
            end = rest.index("]") + 1
            out, rest = out + rest[:end], rest[end:]
        else:
            out, rest = out + re.escape(rest[0]), rest[1:]
    return re.compile(out)
