from __future__ import annotations

from typing import Any

import pytest

from tests.discord.rules.modals import check_modal, check_submit
from tests.discord.rules.wrongs import wrongs

OPTIONS = [{"label": "Yes", "value": "y"}, {"label": "No", "value": "n"}]
LONG = {"type": 4, "custom_id": "answer", "style": 2, "label": None}
SHORT = {"type": 4, "custom_id": "name", "style": 1, "required": False}
RADIO = {"type": 21, "custom_id": "radio", "options": OPTIONS, "required": False}
BOXES = {"type": 22, "custom_id": "boxes", "options": OPTIONS, "required": False}
BOX = {"type": 23, "custom_id": "box"}
FILES = {"type": 19, "custom_id": "files", "required": False}
SELECT = {"type": 3, "custom_id": "select", "options": OPTIONS}


def label(component: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"type": 18, "label": "Label", "component": component, **fields}


def modal(*components: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"title": "Title", "custom_id": "m", "components": list(components), **fields}


def old(component: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": [{**component, "label": "Label"}]}


def filled(component: dict[str, Any], **values: Any) -> Any:
    sent = check_submit(modal(label(component)), values)[0]["component"]
    return sent.get("value", sent.get("values"))


def test_modals_of_both_kinds_are_shown() -> None:
    check_modal(modal({"type": 10, "content": "The question"}, label(LONG), label(RADIO)))
    check_modal(modal(label(BOXES), label(BOX), label(FILES), label(SELECT), old(SHORT)))


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (modal(label(LONG), title="t" * 46), {"title": "BASE_TYPE_BAD_LENGTH"}),
        (modal(label(LONG), custom_id=""), {"custom_id": "BASE_TYPE_REQUIRED"}),
        (modal(), {"components": "BASE_TYPE_BAD_LENGTH"}),
        (
            modal(*(label({**LONG, "custom_id": str(n)}) for n in range(6))),
            {"components": "BASE_TYPE_BAD_LENGTH"},
        ),
        (modal(LONG), {"components.0.type": "UNION_TYPE_CHOICES"}),
        (modal(label(LONG, label="l" * 46)), {"components.0.label": "BASE_TYPE_BAD_LENGTH"}),
        (
            modal(label(LONG, description="d" * 101)),
            {"components.0.description": "BASE_TYPE_BAD_LENGTH"},
        ),
        (modal(label({"type": 2})), {"components.0.component.type": "UNION_TYPE_CHOICES"}),
        (modal(label(LONG), label(LONG)), {"components": "COMPONENT_CUSTOM_ID_DUPLICATED"}),
        (
            modal({"type": 1, "components": [SHORT]}),
            {"components.0.components.0.label": "BASE_TYPE_REQUIRED"},
        ),
        (
            modal({"type": 1, "components": [SELECT]}),
            {"components.0.components.0.type": "UNION_TYPE_CHOICES"},
        ),
    ],
)
def test_a_modal_has_its_limits(data: dict[str, Any], told: dict[str, str]) -> None:
    assert wrongs(check_modal, data) == {f"data.{path}": code for path, code in told.items()}


@pytest.mark.parametrize(
    ("component", "told"),
    [
        ({**LONG, "label": "twice"}, {"label": "TEXT_INPUT_COMPONENT_LABEL_IN_LABEL"}),
        ({**LONG, "placeholder": "p" * 101}, {"placeholder": "BASE_TYPE_MAX_LENGTH"}),
        ({**LONG, "max_length": 4001}, {"max_length": "NUMBER_TYPE_MAX"}),
        ({**LONG, "max_length": 3, "value": "four"}, {"value": "BASE_TYPE_BAD_LENGTH"}),
        (
            {**LONG, "max_length": 3, "min_length": 4},
            {"min_length": "TEXT_INPUT_COMPONENT_MIN_OVER_MAX"},
        ),
        ({**LONG, "style": 3}, {"style": "BASE_TYPE_CHOICES"}),
        ({**RADIO, "options": OPTIONS[:1]}, {"options": "BASE_TYPE_BAD_LENGTH"}),
        ({**BOXES, "max_values": 3}, {"options": "BASE_TYPE_BAD_LENGTH"}),
        (
            {**BOXES, "required": True, "min_values": 0},
            {"min_values": "COMPONENT_REQUIRED_WITHOUT_VALUES"},
        ),
        ({**FILES, "max_values": 11}, {"max_values": "NUMBER_TYPE_MAX"}),
        ({**SELECT, "disabled": True}, {"disabled": "COMPONENT_DISABLED_IN_MODAL"}),
        ({**BOX, "required": True}, {"required": "UNKNOWN_FIELD"}),
    ],
)
def test_every_input_has_its_limits(component: dict[str, Any], told: dict[str, str]) -> None:
    expected = {f"data.components.0.component.{path}": code for path, code in told.items()}
    assert wrongs(check_modal, modal(label(component))) == expected


def test_what_is_sent_names_the_components_and_what_they_hold() -> None:
    data = modal({"type": 10, "content": "Q"}, label(LONG), old(SHORT))
    assert check_submit(data, {"answer": "a\nb"}) == [
        {"type": 10, "id": 1},
        {
            "type": 18,
            "id": 2,
            "component": {"type": 4, "id": 3, "custom_id": "answer", "value": "a\nb"},
        },
        {
            "type": 1,
            "id": 4,
            "components": [{"type": 4, "id": 5, "custom_id": "name", "value": ""}],
        },
    ]


@pytest.mark.parametrize(
    ("component", "values", "sent"),
    [
        (SHORT, {}, ""),
        ({**SHORT, "value": "before"}, {}, "before"),
        ({**SHORT, "value": "before"}, {"name": ""}, ""),
        (RADIO, {}, None),
        (RADIO, {"radio": "No"}, "n"),
        ({**RADIO, "options": [*OPTIONS, {**OPTIONS[0], "value": "d", "default": True}]}, {}, "d"),
        (BOXES, {}, []),
        (BOXES, {"boxes": ["n", "Yes"]}, ["y", "n"]),
        (BOX, {}, False),
        (BOX, {"box": True}, True),
        (FILES, {}, []),
        (FILES, {"files": "17"}, ["17"]),
        (SELECT, {"select": "Yes"}, ["y"]),
    ],
)
def test_the_app_sends_what_was_filled_in(
    component: dict[str, Any], values: dict[str, Any], sent: object
) -> None:
    assert filled(component, **values) == sent


@pytest.mark.parametrize(
    ("component", "values", "told"),
    [
        (LONG, {}, "must be filled in"),
        (LONG, {"answer": "  "}, "must be filled in"),
        (LONG, {"answer": "a" * 4001}, "takes 4000"),
        ({**LONG, "min_length": 5}, {"answer": "four"}, "needs 5"),
        (SHORT, {"name": "a\nb"}, "single line"),
        (SHORT, {"nme": "a"}, "has no"),
        ({**RADIO, "required": True}, {}, "must be chosen"),
        (RADIO, {"radio": "Maybe"}, "does not offer"),
        (RADIO, {"radio": ["Yes", "No"]}, "only one"),
        ({**BOXES, "max_values": 1}, {"boxes": ["Yes", "No"]}, "between 1 and 1"),
        (SELECT, {}, "between 1 and 1"),
        (BOX, {"box": "yes"}, "True or False"),
    ],
)
def test_the_app_does_not_send_what_the_modal_does_not_allow(
    component: dict[str, Any], values: dict[str, Any], told: str
) -> None:
    with pytest.raises(AssertionError, match=told):
        filled(component, **values)
