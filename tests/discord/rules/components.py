"""Buttons, selects and the layout of a message."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
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
    url,
)
from tests.discord.rules.refused import Path
from tests.discord.rules.selects import look_at_emoji, look_at_select

ROW, BUTTON, SECTION, TEXT, THUMBNAIL, GALLERY, FILE = 1, 2, 9, 10, 11, 12, 13
SEPARATOR, CONTAINER = 14, 17
SELECTS = (3, 5, 6, 7, 8)
MOST_ROWS, MOST_IN_ROW, MOST_IN_ALL, MOST_TEXT = 5, 5, 40, 4000

_ID = {"type": anything}
# What Discord adds to a picture is ignored when it comes back.
_ADDED = dict.fromkeys(
    "proxy_url height width placeholder placeholder_version content_type flags "
    "attachment_id loading_state id".split(),
    anything,
)
_MEDIA = shape({"url": url(2048, "http", "https", "attachment")}, _ADDED)
_COMMON: dict[str, Check] = {"id": number(0, 2**31 - 1)}
_SHAPES: dict[int, Check] = {
    ROW: shape({**_ID, "components": list_of(anything, 1, MOST_IN_ROW)}, _COMMON),
    BUTTON: shape(
        {**_ID, "style": one_of(1, 2, 3, 4, 5, 6)},
        {
            **_COMMON,
            "custom_id": text(1, 100),
            "label": text(0, 80),
            "disabled": truth,
            "url": url(512, "http", "https", "discord"),
            "sku_id": snowflake,
            "emoji": look_at_emoji,
        },
    ),
    SECTION: shape({**_ID, "components": list_of(anything, 1, 3), "accessory": anything}, _COMMON),
    TEXT: shape({**_ID, "content": text(1, MOST_TEXT)}, _COMMON),
    THUMBNAIL: shape(
        {**_ID, "media": _MEDIA}, {**_COMMON, "description": text(0, 1024), "spoiler": truth}
    ),
    GALLERY: shape(
        {
            **_ID,
            "items": list_of(
                shape({"media": _MEDIA}, {"description": text(0, 1024), "spoiler": truth}), 1, 10
            ),
        },
        _COMMON,
    ),
    FILE: shape(
        {**_ID, "file": shape({"url": url(2048, "attachment")}, _ADDED)},
        {**_COMMON, "spoiler": truth, "name": anything, "size": anything},
    ),
    SEPARATOR: shape(_ID, {**_COMMON, "divider": truth, "spacing": one_of(1, 2)}),
    CONTAINER: shape(
        {**_ID, "components": list_of(anything, 1, MOST_IN_ALL)},
        {**_COMMON, "accent_color": number(0, 0xFFFFFF), "spoiler": truth},
    ),
}
_IN_CONTAINER = (ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR)
_IN_MESSAGE = (*_IN_CONTAINER, CONTAINER)


def check_components(components: Any, v2: bool) -> None:
    """Raise Refused unless Discord would take these components in a message."""
    form = Form()
    look_at_components(form, ("components",), components, v2=v2)
    form.settle()


def look_at_components(form: Form, path: Path, components: Any, *, v2: bool) -> None:
    """Note what is wrong with the components of a message; `v2`: it has the layout's flag."""
    list_of(anything, 0, MOST_IN_ALL if v2 else MOST_ROWS)(form, path, components)
    if form.errors:
        return
    _inner(form, path, components, _IN_MESSAGE if v2 else (ROW,))
    if form.errors:
        return
    if v2 and sum(1 for _ in walk(components)) > MOST_IN_ALL:
        bad_length(form, path, 1, MOST_IN_ALL)
    if sum(map(len, texts(components))) > MOST_TEXT:
        message = f"Components displayable text size exceeds maximum size of {MOST_TEXT}"
        form.wrong(path, "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", message)
    look_at_names(form, path, components)


def look_at_names(form: Form, path: Path, components: list[dict[str, Any]]) -> None:
    """Note custom_ids and ids that are there twice."""
    for name, code in (
        ("custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED"),
        ("id", "COMPONENT_ID_DUPLICATED"),
    ):
        seen = set()
        for component in walk(components):
            value = component.get(name)
            if value and value in seen:
                told = "custom id" if name == "custom_id" else name
                form.wrong(path, code, f'Component {told} "{value}" cannot be duplicated')
            seen.add(value)


def look_at_type(form: Form, path: Path, component: Any, allowed: Iterable[int]) -> bool:
    """Return whether it is a component of an allowed type; otherwise that is noted."""
    if isinstance(component, dict) and component.get("type") in tuple(allowed):
        return True
    message = f'Value of field "type" must be one of {tuple(allowed)}.'
    form.wrong((*path, "type"), "UNION_TYPE_CHOICES", message)
    return False


def _inner(form: Form, path: Path, components: list[Any], allowed: tuple[int, ...]) -> None:
    for place, component in enumerate(components):
        _look_at(form, (*path, place), component, allowed)


def _look_at(form: Form, path: Path, component: Any, allowed: tuple[int, ...]) -> None:
    if not look_at_type(form, path, component, allowed):
        return
    kind = component["type"]
    if kind in SELECTS:
        look_at_select(form, path, component)
        return
    found = len(form.errors)
    _SHAPES[kind](form, path, component)
    if len(form.errors) > found:
        return
    inside = (*path, "components")
    if kind == ROW:
        _inner(form, inside, component["components"], (BUTTON, *SELECTS))
        if len(component["components"]) > 1 and any(
            isinstance(item, dict) and item.get("type") in SELECTS
            for item in component["components"]
        ):
            message = "The layout width of a row was exceeded"
            form.wrong(inside, "COMPONENT_LAYOUT_WIDTH_EXCEEDED", message)
    elif kind == CONTAINER:
        _inner(form, inside, component["components"], _IN_CONTAINER)
    elif kind == SECTION:
        _inner(form, inside, component["components"], (TEXT,))
        _look_at(form, (*path, "accessory"), component["accessory"], (BUTTON, THUMBNAIL))
    elif kind == BUTTON:
        _look_at_button(form, path, component)


def _look_at_button(form: Form, path: Path, button: dict[str, Any]) -> None:
    """A link has an address, a premium button an article, every other one a custom_id."""
    own = {5: "url", 6: "sku_id"}.get(button["style"], "custom_id")
    for name in ("custom_id", "url", "sku_id"):
        if name == own and not button.get(name):
            form.wrong((*path, name), "BASE_TYPE_REQUIRED", "This field is required")
        elif name != own and button.get(name):
            message = f"A button of style {button['style']} cannot have {name}"
            form.wrong((*path, name), "BUTTON_COMPONENT_FIELD_NOT_ALLOWED", message)
    if own == "sku_id":
        if button.get("label") or button.get("emoji"):
            message = "A premium button cannot have a label or an emoji"
            form.wrong((*path, "label"), "BUTTON_COMPONENT_FIELD_NOT_ALLOWED", message)
    elif not button.get("label") and not button.get("emoji"):
        message = "A button needs a label or an emoji"
        form.wrong((*path, "label"), "BASE_TYPE_REQUIRED", message)


def walk(components: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield all components, nested ones after what they are in, in the order they are read."""
    for component in components:
        yield component
        yield from walk(component.get("components") or ())
        for name in ("accessory", "component"):
            if component.get(name):
                yield from walk([component[name]])


def texts(components: Iterable[dict[str, Any]]) -> list[str]:
    """Return the contents of the TextDisplays, in order."""
    return [item["content"] for item in walk(components) if item["type"] == TEXT]


def buttons(components: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the buttons, in order."""
    return [item for item in walk(components) if item["type"] == BUTTON]


def numbered(components: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return a copy in which every component has an id, as Discord gives them out: 1, 2, 3..."""
    copied = copy.deepcopy(list(components))
    taken = {item["id"] for item in walk(copied) if item.get("id")}
    following = 1
    for item in walk(copied):
        if not item.get("id"):
            while following in taken:
                following += 1
            item["id"] = following
            taken.add(following)
    return copied
