from __future__ import annotations

from typing import Any

import pytest

from tests.discord.rules.schema import Schemas
from tests.discord.rules.spec import Spec, load

SEND = "/channels/{channel_id}/messages"
CALLBACK = "/interactions/{interaction_id}/{interaction_token}/callback"
ROOT: dict[str, Any] = {
    "paths": {},
    "tree": {
        "type": "object",
        "properties": {
            "id": {"type": "string", "pattern": "^[0-9]+$", "format": "snowflake"},
            "leaves": {"type": "array", "items": {"$ref": "#/tree"}, "maxItems": 1},
            "kind": {"oneOf": [{"const": 1}, {"const": 2}]},
            "size": {"type": ["integer", "null"], "minimum": 1, "format": "int32"},
            "grown": {"type": "string", "format": "date-time"},
        },
        "required": ["id"],
    },
}


@pytest.fixture
def spec() -> Spec:
    found = load()
    if found is None:
        pytest.skip("the specification is not here")
    return found


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({"id": "5", "leaves": [{"id": "6"}], "kind": 2, "size": None}, []),
        ({}, ["t lacks id"]),
        ({"id": 5}, ["t.id is not ['string']: 5"]),
        ({"id": "a"}, ["t.id is not like ^[0-9]+$: 'a'"]),
        ({"id": "5", "colour": 1}, ["t has no field colour"]),
        ({"id": "5", "kind": 3}, ["t.kind is not one of [1, 2]: 3"]),
        ({"id": "5", "size": 0}, ["t.size is 0, not between 1 and 2147483647"]),
        ({"id": "5", "size": True}, ["t.size is not ['integer', 'null']: True"]),
        ({"id": "5", "grown": "soon"}, ["t.grown is not a date and time: 'soon'"]),
        ({"id": "5", "leaves": [{}]}, ["t.leaves[0] lacks id"]),
        ({"id": "5", "leaves": [{"id": "1"}] * 2}, ["t.leaves is 2 long, not 0 to 1"]),
    ],
)
def test_a_schema_finds_what_is_wrong(value: dict[str, Any], told: list[str]) -> None:
    assert Schemas(ROOT, sent=False).test(ROOT["tree"])(value, "t") == told


def test_a_bot_may_send_ids_as_numbers_and_numbers_in_quotes() -> None:
    assert Schemas(ROOT, sent=True).test(ROOT["tree"])({"id": 5, "size": "3"}, "t") == []


def test_requests_are_looked_at(spec: Spec) -> None:
    row = {"type": 1, "components": [{"type": 2, "style": 1, "custom_id": "a", "label": "b"}]}
    message = {"content": "a", "components": [row], "tts": False, "nonce": "n"}
    assert spec.of_request("POST", SEND, message) == []
    assert spec.of_request("POST", CALLBACK, {"type": 4, "data": {"components": [row]}}) == []
    assert spec.of_request("POST", SEND, {**message, "text": 1}) == ["body has no field text"]
    row["components"] = [{"type": 2, "style": 9, "custom_id": "a"}]
    (told,) = spec.of_request("POST", SEND, message)
    assert "components[0].components[0].style is not one of" in told
    assert spec.of_request("POST", SEND, None) == [f"POST {SEND} needs a body"]
    assert spec.of_request("POST", "/nowhere", {}) == ["POST /nowhere is not in the specification"]


def test_answers_are_looked_at(spec: Spec) -> None:
    assert spec.of_response("GET", "/gateway", 200, {"url": "wss://example.org"}) == []
    assert spec.of_response("GET", "/gateway", 200, {}) == ["GET /gateway -> 200 lacks url"]
    assert spec.of_response("GET", "/gateway", 204, None)
    assert spec.of_response("DELETE", "/channels/{c}/messages/{m}", 204, None) == []
    assert spec.of_response("POST", SEND, 403, {"code": 50001, "message": "Missing Access"}) == []
    assert spec.of_response("POST", SEND, 403, {"error": 50001}) == [
        f"POST {SEND} -> 403 lacks message: {{'error': 50001}}",
        f"POST {SEND} -> 403 lacks code: {{'error': 50001}}",
    ]
    limited = {"message": "wait", "retry_after": 0.5, "global": False}
    assert spec.of_response("POST", SEND, 429, limited) == []
