"""A typed line -> text, a button's number, or a directive to the terminal itself. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.chat.parse import nearest
from bot.errors import Invalid

MAX_NAME = 32
"""Characters of a person's or a group's name: what Discord takes for a person's."""


@dataclass(frozen=True, slots=True)
class Text:
    """Something said to the bot: a command line, an answer, a form's value."""

    text: str


@dataclass(frozen=True, slots=True)
class Number:
    """A number alone: a button, if the last card has such a one."""

    number: int


@dataclass(frozen=True, slots=True)
class PlayAs:
    """`!as NAME`, `!mod NAME`; no name means the person being played."""

    name: str
    moderator: bool = False


@dataclass(frozen=True, slots=True)
class GoTo:
    """`!in CHAT`."""

    chat: str


@dataclass(frozen=True, slots=True)
class MoveClock:
    """`!clock +1d`; nothing typed asks for the time."""

    typed: str


@dataclass(frozen=True, slots=True)
class Bare:
    """A directive that takes nothing: dm, due, show, who, help or quit."""

    name: str


Entry = Text | Number | PlayAs | GoTo | MoveClock | Bare

DIRECTIVES = {
    "as": ("!as NAME", "type as NAME from now on"),
    "mod": ("!mod NAME", "type as NAME, a moderator of this group"),
    "in": ("!in CHAT", "go to a group; naming it makes it"),
    "dm": ("!dm", "go back to the direct chat with the bot"),
    "clock": ("!clock +1d", "move the clock, playing all in between (+2h30m, -1d, a date)"),
    "due": ("!due", "send what is due now"),
    "show": ("!show", "show what the last card hides"),
    "who": ("!who", "who is here, where, and what time it is"),
    "help": ("!help", "this list"),
    "quit": ("!quit", "leave (Ctrl-D does too)"),
}
"""How each directive is typed and what it does, in the order in which !help lists them."""

_NAMED = re.compile(r"!([A-Za-z]+)(?:\s+(.*))?", re.DOTALL)
_NUMBER = re.compile(r"[0-9]{1,4}")
_ESCAPED = re.compile(r"\\(?=![A-Za-z]|#|[0-9]{1,4}\Z)")


def read(line: str) -> Entry | None:
    """Return what a line means; None if nothing was typed.

    A backslash before a `!`, a `#` or a number makes it text.

    Raises:
        Invalid: A directive that does not exist, or a value that it does not take.
    """
    text = line.strip()
    if not text:
        return None
    if directive := _NAMED.fullmatch(text):
        return _directive(directive[1].lower(), (directive[2] or "").strip())
    if _NUMBER.fullmatch(text):
        return Number(int(text))
    if text.startswith("/"):
        return Text(text)
    # The first line keeps its indentation: an answer may be code.
    return Text(_ESCAPED.sub("", line.rstrip().lstrip("\r\n"), count=1))


def _directive(name: str, rest: str) -> Entry:
    match name:
        case "as":
            return PlayAs(_name(rest, name))
        case "mod":
            return PlayAs(_name(rest, name) if rest else "", moderator=True)
        case "in":
            return GoTo(_name(rest.removeprefix("#"), name))
        case "clock":
            return MoveClock(rest)
        case "dm" | "due" | "show" | "who" | "help" | "quit":
            if rest:
                raise Invalid(f"!{name} stands alone.", f"Type !{name} and nothing after it.")
            return Bare(name)
        case _:
            raise _unknown(name)


def _name(typed: str, directive: str) -> str:
    name = " ".join(typed.split())
    usage = f"For instance: {'!in prep' if directive == 'in' else f'!{directive} Ana'}."
    if not name:
        raise Invalid(f"!{directive} needs a name.", usage)
    if len(name) > MAX_NAME:
        raise Invalid(f"That name has {len(name)} characters; {MAX_NAME} are the most.", usage)
    extra = "-_" if directive == "in" else " -_"
    if wrong := next((c for c in name if not (c.isalnum() or c in extra)), ""):
        allowed = "letters, digits, - and _" + ("" if directive == "in" else ", and spaces")
        shown = {" ": "A space"}.get(wrong, f'"{wrong}"' if wrong.isprintable() else "That")
        raise Invalid(f"{shown} cannot be in a name: it takes {allowed}.", usage)
    return name


def _unknown(name: str) -> Invalid:
    near = nearest(DIRECTIVES, name, count=1)
    meant = f"Did you mean !{near[0]}? " if near else ""
    known = ", ".join(f"!{name}" for name in DIRECTIVES)
    return Invalid(
        f"There is no !{name[:32]}.",
        f"{meant}There are {known}. To say it to the bot, type \\!{name[:32]}.",
    )
