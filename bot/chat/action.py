"""Packs an action's name and arguments into a button's wire id, and back; nothing else does."""

from __future__ import annotations

import re

MAX_BYTES = 56
"""Telegram's 64 bytes of callback data, less our prefix and room for a version."""

_WIRE = re.compile(r"[a-z][a-z_]*(:[!-9;-~]*)*")


def pack(name: str, *args: str | int) -> str:
    """Return "name:arg:arg".

    Raises:
        ValueError: A separator, a space or a non-ASCII character in a part, or more than 56 bytes.
    """
    return check_wire(":".join(map(_part, (name, *args))))


def unpack(wire: str) -> tuple[str, tuple[str, ...]]:
    """Return the name and the arguments of a wire id; wrong ones are refused.

    Raises:
        ValueError: It is not one of ours.
    """
    name, *args = check_wire(wire).split(":")
    return name, tuple(args)


def check_wire(wire: str) -> str:
    """Return `wire` if it can travel in a button.

    Raises:
        ValueError: It cannot.
    """
    if len(wire) > MAX_BYTES or not _WIRE.fullmatch(wire):
        raise ValueError(f"not an action: {wire[:80]!r}")
    return wire


def _part(value: str | int) -> str:
    part = str(value)
    if ":" in part:
        raise ValueError(f"a part of an action holds a separator: {part!r}")
    return part
