"""Takes a command line apart: "/schedule set 09:00 zone=UTC" to a command and its values."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.chat.command import Command, Parameter, Registry
from bot.errors import Invalid, NotFound


@dataclass(frozen=True, slots=True)
class Line:
    """A command and the values typed for it, by name, not yet converted."""

    command: Command
    values: dict[str, str]


def is_command(text: str) -> bool:
    """Return whether `text` is meant as a command line."""
    return re.match(r"/[A-Za-z]\w*(?![\w/.])", text) is not None  # no "/etc/hosts"


def parse(registry: Registry, text: str) -> Line:
    """Take a command line apart.

    A family's member may be written with a space or an underscore ("/question add",
    "/question_add"), and Telegram's "/practice@somebot" is understood.

    Raises:
        NotFound: No such command; the hint names the nearest.
        Invalid: More values than the command takes, or the same one twice.
    """
    name, rest = _split_name(registry.commands.keys(), text)
    if name is None:
        raise _unknown(registry, text)
    command = registry.commands[name]
    return Line(command, _values(command, rest))


def nearest(names: Iterable[str], typed: str, count: int = 3) -> list[str]:
    """Return up to `count` of `names` that look like `typed`, most alike first."""
    return difflib.get_close_matches(typed.casefold(), list(names), n=count, cutoff=0.5)


def _split_name(names: Iterable[str], text: str) -> tuple[str | None, str]:
    match = re.match(r"/([A-Za-z_]+)(?:@\w+)?(?=\s|$)(?:\s+([A-Za-z_]+)(?=\s|$))?", text)
    if match is None:
        return None, text
    first, second = match[1].casefold(), (match[2] or "").casefold()
    known = set(names)
    family, _, member = first.partition("_")
    for name, end in (
        (f"{first} {second}", match.end()),
        (f"{family} {member}", match.end(1)),
        (first, match.end(1)),
    ):
        if name in known:
            rest = text[end:]
            return name, re.sub(r"^@\w+", "", rest).strip()
    return None, text


def _unknown(registry: Registry, text: str) -> NotFound:
    typed = " ".join(re.sub(r"[^\w\s]", " ", text).split()[:2])[:40]
    first = typed.partition(" ")[0].casefold()
    family = sorted(name for name in registry.commands if name.startswith(f"{first} "))
    if family:
        ways = ", ".join(f"/{name}" for name in family)
        return NotFound(f"/{first} needs a second word.", f"Try one of: {ways}.")
    near = nearest(registry.commands, typed) or nearest(registry.commands, first)
    ways = " or ".join(f"/{name}" for name in near[:2])
    hint = f"Did you mean {ways}? /help lists all." if ways else "/help lists all commands."
    return NotFound(f"There is no command /{typed}.", hint)


def _values(command: Command, rest: str) -> dict[str, str]:
    values: dict[str, str] = {}
    waiting = list(command.typed)
    while rest:
        named = _named(command, rest)
        if named is None and waiting and waiting[0].option.rest:
            values[waiting[0].name] = rest
            return values
        if named is not None:
            parameter, rest = named
            name = parameter.name
            if name in values:
                raise Invalid(f"{name} is given twice.", f"Usage: {command.usage}", field=name)
            waiting = [p for p in waiting if p.name != name]
            value, rest = (rest.strip(), "") if parameter.option.rest else _next_word(rest)
        elif waiting:
            name = waiting.pop(0).name
            value, rest = _next_word(rest)
        else:
            word, _ = _next_word(rest)
            message = f'"{word[:40]}" is more than /{command.name} takes.'
            raise Invalid(message, f"Usage: {command.usage}. Quote values that have spaces.")
        values[name] = value
    return values


def _named(command: Command, text: str) -> tuple[Parameter, str] | None:
    """Return the parameter that "name=value ..." names, if any, and what follows the sign."""
    name, sign, after = text.partition("=")
    for parameter in command.parameters:
        if sign and parameter.name == name:
            if parameter.option.pick is not None:
                raise Invalid(
                    f"{name} cannot be typed: it is picked, where the app offers it.",
                    f"Usage here: {command.usage}",
                    field=name,
                )
            return parameter, after
    return None


_WORD = re.compile(r"""(?:"([^"]*)"|'([^']*)')(?=\s|$)|(\S*)""")


def _next_word(text: str) -> tuple[str, str]:
    """Return the first word and the rest.

    Quotes hold a word together when they begin and end it; elsewhere, as in "don't", and left
    open, they are characters like any other.
    """
    match = _WORD.match(text)
    assert match is not None, "the last alternative matches nothing at all"
    return match[match.lastindex or 0], text[match.end() :].strip()
