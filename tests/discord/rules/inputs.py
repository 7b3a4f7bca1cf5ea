"""The inputs of a modal: what they may hold."""

from __future__ import annotations

from typing import Any

from tests.discord.rules.form import (
    Check,
    Form,
    anything,
    list_of,
    number,
    one_of,
    shape,
    text,
    truth,
)
from tests.discord.rules.refused import Path
from tests.discord.rules.selects import (
    OPTION,
    OPTION_MORE,
    bounds,
    look_at_options,
    look_at_select,
)

SELECTS = (3, 5, 6, 7, 8)
TEXT_INPUT, FILES, RADIOS, CHECKBOXES, CHECKBOX = 4, 19, 21, 22, 23
INPUTS = (*SELECTS, TEXT_INPUT, FILES, RADIOS, CHECKBOXES, CHECKBOX)

_TYPE: dict[str, Check] = {"type": anything}
_NAMED: dict[str, Check] = {**_TYPE, "custom_id": text(1, 100)}
_ID: dict[str, Check] = {"id": number(0, 2**31 - 1)}
_CHOSEN: dict[str, Check] = {
    **_ID,
    "required": truth,
    "min_values": number(0, 10),
    "max_values": number(1, 10),
}
_OPTION = shape(OPTION, OPTION_MORE)
_SHAPES: dict[int, Check] = {
    TEXT_INPUT: shape(
        {**_NAMED, "style": one_of(1, 2)},
        {
            **_ID,
            "label": text(1, 45),
            "value": text(0, 4000),
            "placeholder": text(0, 100),
            "required": truth,
            "min_length": number(0, 4000),
            "max_length": number(1, 4000),
        },
    ),
    FILES: shape(_NAMED, {**_CHOSEN, "file_types": list_of(text(1, 100), 0, 100)}),
    RADIOS: shape({**_NAMED, "options": list_of(_OPTION, 2, 10)}, {**_ID, "required": truth}),
    CHECKBOXES: shape({**_NAMED, "options": list_of(_OPTION, 1, 10)}, _CHOSEN),
    CHECKBOX: shape(_NAMED, {**_ID, "default": truth}),
}


def look_at_input(form: Form, path: Path, item: dict[str, Any]) -> None:
    """Note what is wrong with an input of any kind."""
    kind = item["type"]
    if kind in SELECTS:
        look_at_select(form, path, item)
        if item.get("disabled"):
            message = "A select in a modal cannot be disabled"
            form.wrong((*path, "disabled"), "COMPONENT_DISABLED_IN_MODAL", message)
        _look_at_required(form, path, item)
        return
    found = len(form.errors)
    _SHAPES[kind](form, path, item)
    if len(form.errors) > found:
        return
    if kind == TEXT_INPUT:
        _look_at_text_input(form, path, item)
    elif kind == RADIOS:
        look_at_options(form, (*path, "options"), item["options"], 1)
    elif kind == CHECKBOXES:
        most = item.get("max_values") or len(item["options"])
        look_at_options(form, (*path, "options"), item["options"], most)
    if kind in (CHECKBOXES, FILES):
        least, most = bounds(item)
        if least > most and (kind == FILES or item.get("max_values") is not None):
            message = f"min_values {least} is more than max_values {most}"
            form.wrong((*path, "min_values"), "COMPONENT_MIN_OVER_MAX", message)
        _look_at_required(form, path, item)


def _look_at_required(form: Form, path: Path, item: dict[str, Any]) -> None:
    if item.get("min_values") == 0 and item.get("required") is not False:
        message = "min_values must be at least 1 when the component is required"
        form.wrong((*path, "min_values"), "COMPONENT_REQUIRED_WITHOUT_VALUES", message)


def _look_at_text_input(form: Form, path: Path, item: dict[str, Any]) -> None:
    least, most = item.get("min_length") or 0, item.get("max_length") or 4000
    if least > most:
        message = f"min_length {least} is more than max_length {most}"
        form.wrong((*path, "min_length"), "TEXT_INPUT_COMPONENT_MIN_OVER_MAX", message)
    value = item.get("value")
    if value and not least <= len(value) <= most:
        message = f"Must be between {least} and {most} in length."
        form.wrong((*path, "value"), "BASE_TYPE_BAD_LENGTH", message)
