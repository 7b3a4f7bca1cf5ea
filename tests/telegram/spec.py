"""The machine-readable specification of the Bot API, and what breaks it."""

from __future__ import annotations

import functools
import json
import os
from pathlib import Path
from typing import Any

from tests.telegram.params import Params

_FILE = "telegram-bot-api.json"
_ROOT = Path(__file__).parents[2]


@functools.cache
def load() -> Spec | None:
    """Return the specification, when there is one beside the project."""
    folder = os.environ.get("DRILLMATE_TEST_SPECS")
    path = (Path(folder) if folder else _ROOT.parent / "shared" / "data" / "specs") / _FILE
    return Spec(json.loads(path.read_text("utf-8"))) if path.is_file() else None


class Spec:
    """Which methods, parameters and objects there are."""

    def __init__(self, raw: dict[str, Any]) -> None:
        self.methods: dict[str, Any] = raw["methods"]
        self.types: dict[str, Any] = raw["types"]

    def of_request(self, method: str, params: Params) -> list[str]:
        """Return what is wrong with a request."""
        if method not in self.methods:
            return [f"{method} is not a method"]
        fields = {field["name"]: field for field in self.methods[method].get("fields", [])}
        wrong = [
            f"{method} needs {name}"
            for name, field in fields.items()
            if field["required"] and name not in params
        ]
        attached = {
            value.removeprefix("attach://")
            for value in _strings(params.decoded())
            if value.startswith("attach://")
        }
        for name in (*params.raw, *params.files):
            if name in fields:
                given = params.files.get(name) or params.raw[name]
                wrong += self._any(fields[name]["types"], given, f"{method}.{name}", sent=True)
            elif name not in attached:
                wrong.append(f"{method} has no parameter {name}")
        return wrong

    def of_result(self, method: str, result: Any) -> list[str]:
        """Return what is wrong with the result of a method."""
        return self._any(self.methods[method]["returns"], result, method)

    def of_update(self, update: dict[str, Any]) -> list[str]:
        """Return what is wrong with an update."""
        return self._one("Update", update, "update")

    def _any(self, types: list[str], value: Any, path: str, *, sent: bool = False) -> list[str]:
        found = [self._one(kind, _as_sent(kind, value) if sent else value, path) for kind in types]
        return min(found, key=len)

    def _one(self, kind: str, value: Any, path: str) -> list[str]:
        if kind.startswith("Array of "):
            if not isinstance(value, list):
                return [f"{path} is not a list"]
            inner = kind.removeprefix("Array of ")
            return [
                wrong
                for number, item in enumerate(value)
                for wrong in self._one(inner, item, f"{path}[{number}]")
            ]
        if kind in _PLAIN:
            fits = isinstance(value, _PLAIN[kind]) and (
                kind == "Boolean" or not isinstance(value, bool)
            )
            return [] if fits else [f"{path} is not {kind}: {value!r}"]
        described = self.types[kind]
        if described.get("subtypes"):
            return self._any(described["subtypes"], value, path)
        fields = {field["name"]: field for field in described.get("fields", [])}
        if not fields and (kind == "InputFile" or not isinstance(value, dict)):
            return []  # a file, or something the specification describes in prose only
        if not isinstance(value, dict):
            return [f"{path} is not {kind}: {value!r}"]
        wrong = [
            f"{path} ({kind}) lacks {name}"
            for name, field in fields.items()
            if field["required"] and name not in value
        ]
        for name, item in value.items():
            if name not in fields:
                wrong.append(f"{path} ({kind}) has no {name}")
            else:
                wrong += self._any(fields[name]["types"], item, f"{path}.{name}")
        return wrong


_PLAIN: dict[str, type | tuple[type, ...]] = {
    "Integer": int,
    "Float": (int, float),
    "String": str,
    "Boolean": bool,
}


def _as_sent(kind: str, value: Any) -> Any:
    if kind in ("String", "InputFile") or not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for item in inner for text in _strings(item)]
