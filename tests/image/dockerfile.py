"""Reads a Dockerfile: as much of the format as ours uses, and no word of ours is known here.

What it does not know (here-documents, ONBUILD, other escapes than the backslash) is refused, so
that nothing is silently left out.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field

KNOWN = frozenset(
    "ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL RUN SHELL STOPSIGNAL USER VOLUME "
    "WORKDIR".split()
)
_VARIABLE = re.compile(
    r"\\(?P<sign>\$)|\$(?:(?P<bare>\w+)|\{(?P<name>\w+)(?::(?P<how>[-+])(?P<word>[^}]*))?\})"
)


@dataclass(frozen=True)
class Instruction:
    """One instruction: `COPY --from=lean /venv /venv` has a flag and a rest."""

    line: int
    name: str
    flags: Mapping[str, str]
    rest: str

    def form(self) -> list[str] | None:
        """Return the words of the JSON form; None if this is the shell form."""
        if not self.rest.startswith("["):
            return None
        words = json.loads(self.rest)
        if not all(isinstance(word, str) for word in words):
            raise ValueError(f"line {self.line}: {self.name} takes a list of strings")
        return list(words)

    def words(self) -> list[str]:
        """Return the words of either form, without quotation marks."""
        form = self.form()
        return shlex.split(self.rest) if form is None else form

    def pairs(self) -> dict[str, str]:
        """Return the names and values of ENV, LABEL and ARG; a name without a value has ""."""
        pairs = {}
        for word in self.words():
            name, _, value = word.partition("=")
            pairs[name] = value
        return pairs


@dataclass
class Stage:
    """One FROM and what follows it."""

    source: str
    name: str
    instructions: list[Instruction] = field(default_factory=list)

    def last(self, name: str) -> Instruction | None:
        """Return the last instruction of that name, which is the one that counts."""
        return next((one for one in reversed(self.instructions) if one.name == name), None)


@dataclass
class Dockerfile:
    """All stages; the last one is the image."""

    stages: list[Stage]

    @property
    def image(self) -> Stage:
        """Return the stage that is kept."""
        return self.stages[-1]

    def named(self, name: str) -> Stage | None:
        """Return the stage of that name, if it is one."""
        return next((stage for stage in self.stages if stage.name == name), None)

    def ancestry(self, stage: Stage) -> list[Stage]:
        """Return the stage and those it is made from, the last one first."""
        line = [stage]
        while (above := self.named(line[-1].source)) is not None:
            line.append(above)
        return line


def expand(text: str, values: Mapping[str, str]) -> str:
    """Return `text` with $NAME, ${NAME}, ${NAME:-else} and ${NAME:+instead} filled in."""

    def fill(match: re.Match[str]) -> str:
        if match["sign"]:
            return "$"
        value = values.get(match["bare"] or match["name"], "")
        if match["how"] == "-":
            return value or match["word"]
        if match["how"] == "+":
            return match["word"] if value else ""
        return value

    return _VARIABLE.sub(fill, text)


def parse(text: str, arguments: Mapping[str, str] | None = None) -> Dockerfile:
    """Return the stages.

    Args:
        text: The Dockerfile.
        arguments: Values for the ARGs before the first FROM (--build-arg).

    Raises:
        ValueError: Something in it is not known here.
    """
    stages: list[Stage] = []
    before: dict[str, str] = {}
    for one in _instructions(text):
        if one.name == "FROM":
            source, *alias = expand(one.rest, before).split()
            if alias and (len(alias) != 2 or alias[0].upper() != "AS"):
                raise ValueError(f"line {one.line}: FROM takes an image and AS name")
            stages.append(Stage(source, alias[1] if alias else str(len(stages))))
        elif stages:
            stages[-1].instructions.append(one)
        elif one.name == "ARG":
            before |= {**one.pairs(), **(arguments or {})}
        else:
            raise ValueError(f"line {one.line}: {one.name} stands before the first FROM")
    return Dockerfile(stages)


def _instructions(text: str) -> list[Instruction]:
    """Return the instructions, with continued lines joined and comments left out."""
    found: list[Instruction] = []
    start, joined = 0, ""
    for number, raw in enumerate(text.splitlines(), 1):
        if raw.lstrip().startswith("#") or (joined and not raw.strip()):
            continue  # a comment may stand between continued lines too
        if not joined:
            start = number
        joined += raw.strip() if not joined else " " + raw.strip()
        if joined.endswith("\\"):
            joined = joined[:-1].rstrip()
            continue
        if joined:
            found.append(_instruction(start, joined))
        joined = ""
    if joined:
        raise ValueError(f"line {start}: the last line ends with a backslash")
    return found


def _instruction(line: int, text: str) -> Instruction:
    name, _, rest = text.partition(" ")
    if name.upper() not in KNOWN:
        raise ValueError(f"line {line}: {name} is not known here")
    if "<<" in rest:
        raise ValueError(f"line {line}: here-documents are not known here")
    flags = {}
    rest = rest.strip()
    while match := re.match(r"--([a-z-]+)(?:=(\S*))?\s+", rest):
        flags[match[1]] = match[2] or ""
        rest = rest[match.end() :]
    return Instruction(line, name.upper(), flags, rest)
