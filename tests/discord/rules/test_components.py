from __future__ import annotations

from typing import Any

import pytest

from tests.discord.rules.components import buttons, check_components, numbered, texts, walk
from tests.discord.rules.wrongs import wrongs

TEXT = {"type": 10, "content": "hello"}
PICTURE = {"type": 11, "media": {"url": "https://example.org/a.png"}}


def button(name: str = "a", **fields: Any) -> dict[str, Any]:
    return {"type": 2, "style": 1, "label": "Go", "custom_id": name, **fields}


def select(*labels: str, **fields: Any) -> dict[str, Any]:
    options = [{"label": label, "value": label} for label in labels]
    return {"type": 3, "custom_id": "s", "options": options, **fields}


def row(*components: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(components)}


def container(*components: dict[str, Any]) -> dict[str, Any]:
    return {"type": 17, "components": list(components)}


def section(*components: dict[str, Any], accessory: dict[str, Any]) -> dict[str, Any]:
    return {"type": 9, "components": list(components), "accessory": accessory}


def test_rows_of_buttons_and_selects_are_taken() -> None:
    link = {"type": 2, "style": 5, "label": "Read", "url": "https://example.org"}
    emoji = button("e", label=None, emoji={"id": None, "name": "✅"})
    check_components([row(button(), link, emoji), row(select("a", "b")), row(USERS)], v2=False)


USERS = {"type": 5, "custom_id": "u", "max_values": 3, "disabled": False, "required": True}


def test_a_layout_of_everything_is_taken() -> None:
    gallery = {"type": 12, "items": [{"media": {"url": "https://example.org/a.png"}}]}
    separator = {"type": 14, "divider": True, "spacing": 2}
    parts = (TEXT, section(TEXT, accessory=PICTURE), gallery, separator, row(button()))
    check_components([container(*parts), section(TEXT, TEXT, accessory=button("b"))], v2=True)


@pytest.mark.parametrize(
    ("component", "told"),
    [
        (button(label="l" * 81), {"label": "BASE_TYPE_MAX_LENGTH"}),
        (button(label=None), {"label": "BASE_TYPE_REQUIRED"}),
        (button("c" * 101), {"custom_id": "BASE_TYPE_BAD_LENGTH"}),
        (button(custom_id=None), {"custom_id": "BASE_TYPE_REQUIRED"}),
        (button(style=7), {"style": "BASE_TYPE_CHOICES"}),
        (
            button(style=5),
            {
                "url": "BASE_TYPE_REQUIRED",
                "custom_id": "BUTTON_COMPONENT_FIELD_NOT_ALLOWED",
            },
        ),
        (button(url="https://a.org"), {"url": "BUTTON_COMPONENT_FIELD_NOT_ALLOWED"}),
        (
            button(style=5, custom_id=None, url="javascript://x"),
            {"url": "URL_TYPE_INVALID_SCHEME"},
        ),
        (
            button(style=5, custom_id=None, url="https://" + "a" * 505),
            {"url": "BASE_TYPE_MAX_LENGTH"},
        ),
        (button(emoji={"name": "smile"}), {"emoji.name": "COMPONENT_INVALID_EMOJI"}),
        (button(colour=1), {"colour": "UNKNOWN_FIELD"}),
        ({"type": 4, "custom_id": "a", "style": 1}, {"type": "UNION_TYPE_CHOICES"}),
        (select(), {"options": "BASE_TYPE_BAD_LENGTH"}),
        (select(*map(str, range(26))), {"options": "BASE_TYPE_BAD_LENGTH"}),
        (
            select("l" * 101),
            {
                "options.0.label": "BASE_TYPE_BAD_LENGTH",
                "options.0.value": "BASE_TYPE_BAD_LENGTH",
            },
        ),
        (select("a", "a"), {"options.1.value": "COMPONENT_OPTION_VALUE_DUPLICATED"}),
        (select("a", max_values=2), {"options": "BASE_TYPE_BAD_LENGTH"}),
        (select("a", min_values=2), {"min_values": "SELECT_COMPONENT_MIN_OVER_MAX"}),
        (select("a", placeholder="p" * 151), {"placeholder": "BASE_TYPE_MAX_LENGTH"}),
    ],
)
def test_every_component_of_a_row_has_its_limits(
    component: dict[str, Any], told: dict[str, str]
) -> None:
    expected = {f"components.0.components.0.{path}": code for path, code in told.items()}
    assert wrongs(check_components, [row(component)], v2=False) == expected


@pytest.mark.parametrize(
    ("components", "told"),
    [
        ([row(button(str(n))) for n in range(6)], {"components": "BASE_TYPE_MAX_LENGTH"}),
        (
            [row(*(button(str(n)) for n in range(6)))],
            {"components.0.components": "BASE_TYPE_BAD_LENGTH"},
        ),
        (
            [row(button(), select("a"))],
            {"components.0.components": "COMPONENT_LAYOUT_WIDTH_EXCEEDED"},
        ),
        ([row()], {"components.0.components": "BASE_TYPE_BAD_LENGTH"}),
        ([button()], {"components.0.type": "UNION_TYPE_CHOICES"}),
        ([container(TEXT)], {"components.0.type": "UNION_TYPE_CHOICES"}),
        ([row(button(), button())], {"components": "COMPONENT_CUSTOM_ID_DUPLICATED"}),
        ([row(button(id=3), button("b", id=3))], {"components": "COMPONENT_ID_DUPLICATED"}),
    ],
)
def test_rows_have_their_limits(components: list[dict[str, Any]], told: dict[str, str]) -> None:
    assert wrongs(check_components, components, v2=False) == told


@pytest.mark.parametrize(
    ("components", "told"),
    [
        ([TEXT] * 41, {"components": "BASE_TYPE_MAX_LENGTH"}),
        (
            [container(*[TEXT] * 20), container(*[TEXT] * 19)],
            {"components": "BASE_TYPE_BAD_LENGTH"},
        ),
        (
            [{"type": 10, "content": "a" * 2500}, container({"type": 10, "content": "a" * 1501})],
            {"components": "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED"},
        ),
        ([container(container(TEXT))], {"components.0.components.0.type": "UNION_TYPE_CHOICES"}),
        ([container()], {"components.0.components": "BASE_TYPE_BAD_LENGTH"}),
        ([PICTURE], {"components.0.type": "UNION_TYPE_CHOICES"}),
        (
            [section(TEXT, TEXT, TEXT, TEXT, accessory=PICTURE)],
            {"components.0.components": "BASE_TYPE_BAD_LENGTH"},
        ),
        ([section(TEXT, accessory=TEXT)], {"components.0.accessory.type": "UNION_TYPE_CHOICES"}),
        ([{"type": 10, "content": ""}], {"components.0.content": "BASE_TYPE_REQUIRED"}),
        (
            [{"type": 13, "file": {"url": "https://example.org/a"}}],
            {"components.0.file.url": "URL_TYPE_INVALID_SCHEME"},
        ),
        ([button()], {"components.0.type": "UNION_TYPE_CHOICES"}),
    ],
)
def test_layouts_have_their_limits(components: list[dict[str, Any]], told: dict[str, str]) -> None:
    assert wrongs(check_components, components, v2=True) == told


def test_a_layout_is_read_from_the_top() -> None:
    parts = [container(section(TEXT, accessory=button("b")), {"type": 10, "content": "end"})]
    assert [item["type"] for item in walk(parts)] == [17, 9, 10, 2, 10]
    assert texts(parts) == ["hello", "end"]
    assert [item["custom_id"] for item in buttons(parts)] == ["b"]


def test_components_get_the_numbers_that_nobody_took() -> None:
    parts = [{**container(TEXT, {**TEXT, "id": 2}), "id": 0}]
    assert [item["id"] for item in walk(numbered(parts))] == [1, 3, 2]
    assert parts[0]["id"] == 0
