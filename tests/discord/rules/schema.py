"""Checks of JSON made out of its schema, once, so that each message is looked at quickly.

What the specification of Discord's API uses of JSON Schema is here, and one thing more: a field
that is not described is wrong. In what a bot sends an id may be a number and a number in quotes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

Found = list[str]
Test = Callable[[Any, str], Found]
Raw = dict[str, Any]

_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}
_INT32 = 2**31
# Marks the branch of a union that is null: what is not an object has no `type`.
_NOTHING: set[Any] = {None}


class Schemas:
    """Named schemas and the tests made of them."""

    def __init__(self, root: Raw, *, sent: bool, extra: frozenset[str] = frozenset()) -> None:
        """Take the whole document; `extra` fields are let through wherever they are."""
        self._root = root
        self._sent = sent
        self._extra = extra
        self._named: dict[str, Test] = {}

    def test(self, schema: Raw) -> Test:
        """Return the test of a schema: it answers with what is wrong with a value."""
        return self._make(schema, closed=True)

    def resolved(self, schema: Raw) -> Raw:
        """Return what a reference points to, or the schema itself."""
        while "$ref" in schema:
            place = self._root
            for step in schema["$ref"].removeprefix("#/").split("/"):
                place = place[step]
            schema = place
        return schema

    def _make(self, schema: Raw, *, closed: bool) -> Test:
        if "$ref" in schema:
            return self._reference(schema["$ref"])
        tests: list[Test] = []
        if "type" in schema:
            tests.append(self._of_type(schema))
        if "enum" in schema:
            tests.append(_among(schema["enum"]))
        tests += [self._union(schema[word]) for word in ("oneOf", "anyOf") if word in schema]
        parts = schema.get("allOf", ())
        tests += [self._make(self.resolved(part), closed=False) for part in parts]
        if "properties" in schema or any("properties" in self.resolved(part) for part in parts):
            tests.append(self._of_object(schema, closed=closed))
        elif isinstance(schema.get("additionalProperties"), dict):
            tests.append(_each_value(self.test(schema["additionalProperties"])))
        if "items" in schema:
            tests.append(_each_item(self.test(schema["items"])))
        tests += _bounds(schema)

        def all_of(value: Any, path: str) -> Found:
            for test in tests:
                if wrong := test(value, path):
                    return wrong
            return []

        return tests[0] if len(tests) == 1 else all_of

    def _reference(self, name: str) -> Test:
        """Return the test of a named schema, made when it is first needed: some hold themselves."""

        def named(value: Any, path: str) -> Found:
            if name not in self._named:
                self._named[name] = self.test(self.resolved({"$ref": name}))
            return self._named[name](value, path)

        return named

    def _of_type(self, schema: Raw) -> Test:
        names = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        kinds = tuple(kind for name in names for kind in _TYPES[name])
        snowflake = self._sent and schema.get("format") == "snowflake"
        quoted = self._sent and "integer" in names

        def of_type(value: Any, path: str) -> Found:
            if isinstance(value, bool):
                return [] if bool in kinds else [f"{path} is not {names}: {value!r}"]
            if (
                isinstance(value, kinds)
                or (snowflake and isinstance(value, int))
                or (quoted and isinstance(value, str) and value.isdigit())
            ):
                return []
            return [f"{path} is not {names}: {value!r}"]

        return of_type

    def _of_object(self, schema: Raw, *, closed: bool) -> Test:
        fields = {name: self.test(field) for name, field in schema.get("properties", {}).items()}
        known = set(fields) | self._extra
        for part in schema.get("allOf", ()):
            known |= set(self.resolved(part).get("properties", ()))
        needed = schema.get("required", ())
        open_ = not closed or bool(schema.get("additionalProperties"))

        def of_object(value: Any, path: str) -> Found:
            if not isinstance(value, dict):
                return []
            wrong = [f"{path} lacks {name}" for name in needed if name not in value]
            for name, item in value.items():
                if name in fields:
                    wrong += fields[name](item, f"{path}.{name}")
                elif not open_ and name not in known:
                    wrong.append(f"{path} has no field {name}")
            return wrong

        return of_object

    def _union(self, branches: list[Raw]) -> Test:
        if all("const" in branch for branch in branches):
            return _among([branch["const"] for branch in branches])
        tests = [(self._types(branch), self.test(branch)) for branch in branches]

        def union(value: Any, path: str) -> Found:
            kind = value.get("type") if isinstance(value, dict) else None
            best: Found = [f"{path} is none of what it may be: {value!r}"]
            fewest = 10**6
            for types, test in tests:
                if types is not None and kind not in types:
                    continue
                wrong = test(value, path)
                if not wrong:
                    return []
                if len(wrong) < fewest and types is not _NOTHING:
                    best, fewest = wrong, len(wrong)
            return best

        return union

    def _types(self, branch: Raw) -> set[Any] | None:
        """Return the values of `type` that mark a branch, None when nothing marks it."""
        resolved = self.resolved(branch)
        if resolved.get("type") == "null":
            return _NOTHING
        kind = resolved.get("properties", {}).get("type", {})
        marked = "type" in resolved.get("required", ()) and "enum" in kind
        return set(kind["enum"]) if marked else None


def _among(values: list[Any]) -> Test:
    allowed = set(values)

    def among(value: Any, path: str) -> Found:
        return [] if value in allowed else [f"{path} is not one of {sorted(allowed)}: {value!r}"]

    return among


def _each_item(test: Test) -> Test:
    def each(value: Any, path: str) -> Found:
        items = value if isinstance(value, list) else ()
        return [bad for place, item in enumerate(items) for bad in test(item, f"{path}[{place}]")]

    return each


def _each_value(test: Test) -> Test:
    def each(value: Any, path: str) -> Found:
        items = value.items() if isinstance(value, dict) else ()
        return [bad for name, item in items for bad in test(item, f"{path}.{name}")]

    return each


def _bounds(schema: Raw) -> list[Test]:
    tests = [*_lengths(schema), *_range(schema)]
    if schema.get("uniqueItems"):
        tests.append(_distinct)
    if "pattern" in schema:
        tests.append(_like(re.compile(schema["pattern"])))
    if schema.get("format") == "date-time":
        tests.append(_moment)
    return tests


def _lengths(schema: Raw) -> list[Test]:
    bounds: list[int | None] = [
        schema.get("minLength", schema.get("minItems")),
        schema.get("maxLength", schema.get("maxItems", schema.get("maxProperties"))),
    ]
    if bounds == [None, None]:
        return []
    least = bounds[0] or 0
    greatest = float("inf") if bounds[1] is None else bounds[1]

    def length(value: Any, path: str) -> Found:
        if isinstance(value, (str, list, dict)) and not least <= len(value) <= greatest:
            return [f"{path} is {len(value)} long, not {least} to {greatest}"]
        return []

    return [length]


def _range(schema: Raw) -> list[Test]:
    small = schema.get("format") == "int32"
    least: float = schema.get("minimum", -_INT32 if small else float("-inf"))
    most: float = schema.get("maximum", _INT32 - 1 if small else float("inf"))
    if least == float("-inf") and most == float("inf"):
        return []

    def bounds(value: Any, path: str) -> Found:
        if isinstance(value, (int, float)) and not least <= value <= most:
            return [f"{path} is {value}, not between {least} and {most}"]
        return []

    return [bounds]


def _like(pattern: re.Pattern[str]) -> Test:
    def like(value: Any, path: str) -> Found:
        if isinstance(value, str) and not pattern.search(value):
            return [f"{path} is not like {pattern.pattern}: {value!r}"]
        return []

    return like


def _distinct(value: Any, path: str) -> Found:
    shown = [repr(item) for item in value] if isinstance(value, list) else []
    return [f"{path} has something twice"] if len(set(shown)) < len(shown) else []


def _moment(value: Any, path: str) -> Found:
    if isinstance(value, str):
        try:
            datetime.fromisoformat(value)
        except ValueError:
            return [f"{path} is not a date and time: {value!r}"]
    return []
