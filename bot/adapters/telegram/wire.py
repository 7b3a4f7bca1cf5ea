"""What a button's data and a link's start parameter carry: a chat of ours and an action. Pure.

A group's question can be answered in the person's direct chat: what is pressed there must still
concern the group, after any restart, so the chat's id travels along.
"""

from __future__ import annotations

import base64
import binascii
import re

from bot.chat.action import MAX_BYTES, check_wire

MAX_DATA = 64
"""Bytes of a button's data (telegram.constants.InlineKeyboardButtonLimit)."""
MAX_START = 64
"""Characters of a start parameter (PLATFORMS.md, 2)."""

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_DATA = re.compile(r"d([0-9a-z]{0,12}):(.+)", re.DOTALL)
_START = re.compile(r"([0-9a-z]{1,12})-([A-Za-z0-9_-]+)")


def data(action: str, chat: int = 0) -> str:
    """Return a button's data.

    Args:
        action: What it does.
        chat: Our id of the chat that it concerns; 0: the one that it stands in.

    Raises:
        ValueError: It does not fit.
    """
    made = f"d{_base36(chat) if chat else ''}:{check_wire(action)}"
    if len(made) > MAX_DATA:
        raise ValueError(f"chat {chat} does not fit beside {MAX_BYTES} bytes")
    return made


def read_data(text: str) -> tuple[int, str] | None:
    """Return chat and action of a button's data; None if it is none of ours."""
    found = _DATA.fullmatch(text)
    if found is None:
        return None
    try:
        return int(found[1] or "0", 36), check_wire(found[2])
    except ValueError:  # anybody's program can send what no button of ours carries
        return None


def start(action: str, chat: int) -> str | None:
    """Return the start parameter that does something in our direct chat; None if it is too long."""
    coded = base64.urlsafe_b64encode(check_wire(action).encode()).decode().rstrip("=")
    made = f"{_base36(chat)}-{coded}"
    return made if len(made) <= MAX_START else None


def read_start(text: str) -> tuple[int, str] | None:
    """Return chat and action of a start parameter; None if it is none of ours."""
    found = _START.fullmatch(text)
    if found is None:
        return None
    padded = found[2] + "=" * (-len(found[2]) % 4)
    try:
        action = check_wire(base64.urlsafe_b64decode(padded).decode("ascii"))
    except (ValueError, binascii.Error):
        return None
    return int(found[1], 36), action


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"
