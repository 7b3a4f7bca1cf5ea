"""Selects, in messages and in modals, and emojis of components."""

from __future__ import annotations

import unicodedata
from typing import Any

from tests.discord.rules.form import (
    Check,
    Form,
    anything,
    bad_length,
    list_of,
    number,
    one_of,
    shape,
    snowflake,
    text,
    truth,
)
from tests.discord.rules.refused import Path

STRING, CHANNEL = 3, 8
MOST = 25


def look_at_emoji(form: Form, path: Path, value: Any) -> None:
    """Note what is wrong with an emoji: one of a server has an id, any other is a character."""
    found = len(form.errors)
    _EMOJI(form, path, value)
    if len(form.errors) > found or value.get("id"):
        return
    name = value.get("name") or ""
    if not any(unicodedata.category(sign) in ("So", "Sk", "Me", "Cn") for sign in name):
        symbols = any(ord(sign) >= 0x2000 and not sign.isalnum() for sign in name)
        if not symbols:
            form.wrong((*path, "name"), "COMPONENT_INVALID_EMOJI", "Invalid emoji")


def look_at_select(form: Form, path: Path, select: dict[str, Any]) -> None:
    """Note what is wrong with a select of any kind."""
    found = len(form.errors)
    _SHAPES[select["type"]](form, path, select)
    if len(form.errors) > found:
        return
    least, most = bounds(select)
    if least > most:
        message = f"min_values {least} is more than max_values {most}"
        form.wrong((*path, "min_values"), "SELECT_COMPONENT_MIN_OVER_MAX", message)
    if select["type"] != STRING:
        chosen = select.get("default_values")
        if chosen and not least <= len(chosen) <= most:
            bad_length(form, (*path, "default_values"), least, most)
        return
    look_at_options(form, (*path, "options"), select["options"], most)


def look_at_options(form: Form, path: Path, options: list[dict[str, Any]], most: int) -> None:
    """Note fewer options than may be chosen, values there twice, and too many defaults."""
    if len(options) < most:
        bad_length(form, path, most, MOST)
    values = [option["value"] for option in options]
    for place, value in enumerate(values):
        if value in values[:place]:
            message = "The specified option value is already used"
            where = (*path, place, "value")
            form.wrong(where, "COMPONENT_OPTION_VALUE_DUPLICATED", message)
    if sum(1 for option in options if option.get("default")) > most:
        message = f"More than {most} options are chosen from the start"
        form.wrong(path, "SELECT_COMPONENT_TOO_MANY_DEFAULTS", message)


def bounds(select: dict[str, Any]) -> tuple[int, int]:
    """Return how many values must and may be chosen."""
    least, most = select.get("min_values"), select.get("max_values")
    return 1 if least is None else least, 1 if most is None else most


_EMOJI = shape({}, {"id": snowflake, "name": text(1, 32), "animated": truth})
OPTION: dict[str, Check] = {"label": text(1, 100), "value": text(1, 100)}
OPTION_MORE: dict[str, Check] = {"description": text(0, 100), "default": truth}
_DEFAULTS = list_of(shape({"id": snowflake, "type": one_of("user", "role", "channel")}, {}), 0, 25)
_NEEDED: dict[str, Check] = {"type": anything, "custom_id": text(1, 100)}
_MORE: dict[str, Check] = {
    "id": number(0, 2**31 - 1),
    "placeholder": text(0, 150),
    "min_values": number(0, MOST),
    "max_values": number(1, MOST),
    "disabled": truth,
    "required": truth,
}
_OPTIONS = list_of(shape(OPTION, {**OPTION_MORE, "emoji": look_at_emoji}), 1, MOST)
_SHAPES: dict[int, Check] = {
    STRING: shape({**_NEEDED, "options": _OPTIONS}, _MORE),
    **{kind: shape(_NEEDED, {**_MORE, "default_values": _DEFAULTS}) for kind in (5, 6, 7)},
    CHANNEL: shape(
        _NEEDED,
        {
            **_MORE,
            "default_values": _DEFAULTS,
            "channel_types": list_of(number(0, 16), 0, 14),
        },
    ),
}
