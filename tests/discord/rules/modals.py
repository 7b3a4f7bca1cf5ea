"""Forms that the bot shows: what they may hold."""

from __future__ import annotations

from typing import Any

from tests.discord.rules.components import ROW, TEXT, look_at_names, look_at_type
from tests.discord.rules.form import Check, Form, anything, list_of, number, shape, text
from tests.discord.rules.inputs import INPUTS, TEXT_INPUT, look_at_input
from tests.discord.rules.refused import Path
from tests.discord.rules.submissions import LABEL, check_submit

__all__ = ["LABEL", "check_modal", "check_submit"]

MOST = 5

_TYPE: dict[str, Check] = {"type": anything}
_ID: dict[str, Check] = {"id": number(0, 2**31 - 1)}
_SHAPES: dict[int, Check] = {
    ROW: shape({**_TYPE, "components": list_of(anything, 1, 1)}, _ID),
    TEXT: shape({**_TYPE, "content": text(1, 4000)}, _ID),
    LABEL: shape(
        {**_TYPE, "label": text(1, 45), "component": anything},
        {**_ID, "description": text(1, 100)},
    ),
}
_MODAL = shape(
    {
        "title": text(1, 45),
        "custom_id": text(1, 100),
        "components": list_of(anything, 1, MOST),
    },
    {},
)


def check_modal(data: dict[str, Any]) -> None:
    """Raise Refused unless Discord would show this modal."""
    form = Form("data")
    _MODAL(form, (), data)
    form.settle()
    for place, component in enumerate(data["components"]):
        _look_at_part(form, ("components", place), component)
    form.settle()
    look_at_names(form, ("components",), data["components"])
    form.settle()


def _look_at_part(form: Form, path: Path, part: Any) -> None:
    if not look_at_type(form, path, part, (ROW, TEXT, LABEL)):
        return
    found = len(form.errors)
    _SHAPES[part["type"]](form, path, part)
    if len(form.errors) > found:
        return
    if part["type"] == LABEL:
        inside = (*path, "component")
        if look_at_type(form, inside, part["component"], INPUTS):
            look_at_input(form, inside, part["component"])
            if part["component"].get("label") is not None:
                message = "A text input in a label cannot have a label of its own"
                form.wrong((*inside, "label"), "TEXT_INPUT_COMPONENT_LABEL_IN_LABEL", message)
    elif part["type"] == ROW:
        inside = (*path, "components", 0)
        item = part["components"][0]
        if look_at_type(form, inside, item, (TEXT_INPUT,)):
            look_at_input(form, inside, item)
            if item.get("label") is None:
                form.wrong((*inside, "label"), "BASE_TYPE_REQUIRED", "This field is required")
