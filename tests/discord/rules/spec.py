"""The machine-readable specification of Discord's API, and what breaks it."""

from __future__ import annotations

import functools
import json
import os
import re
from pathlib import Path
from typing import Any

from tests.discord.rules.schema import Raw, Schemas, Test

_FILE = "discord-openapi.json"
_ROOT = Path(__file__).parents[3]

# The documentation has the first two, and the library sends the others in embeds and in posts in
# forums; the specification has none of them there.
_SENT_AS_WELL = frozenset({"nsfw", "tts", "flags", "type"})
# A post in a forum is answered with its first message, says the documentation.
_ANSWERED_AS_WELL = {("POST", "/channels/{}/threads"): frozenset({"message"})}
_JSON = "application/json"


@functools.cache
def load() -> Spec | None:
    """Return the specification, when there is one beside the project."""
    folder = os.environ.get("DRILLMATE_TEST_SPECS")
    path = (Path(folder) if folder else _ROOT.parent / "shared" / "data" / "specs") / _FILE
    return Spec(json.loads(path.read_text("utf-8"))) if path.is_file() else None


class Spec:
    """Which requests there are and what they and their answers hold.

    A route is a path with the variable parts in braces, whatever they are called.
    """

    def __init__(self, raw: Raw) -> None:
        self._operations: dict[tuple[str, str], Raw] = {
            (method.upper(), _plain(path)): operation
            for path, methods in raw["paths"].items()
            for method, operation in methods.items()
            if method != "parameters"
        }
        self._requests = Schemas(raw, sent=True, extra=_SENT_AS_WELL)
        self._responses = Schemas(raw, sent=False)
        self._tests: dict[tuple[str, str, str], Test | None] = {}

    def of_request(self, method: str, route: str, body: Any) -> list[str]:
        """Return what is wrong with a request; of an upload `body` is its `payload_json`."""
        operation = self._operations.get((method, _plain(route)))
        if operation is None:
            return [f"{method} {route} is not in the specification"]
        described = operation.get("requestBody")
        if not body and not (described or {}).get("required"):
            return []
        if described is None:
            return [f"{method} {route} takes no body"]
        if body is None:
            return [f"{method} {route} needs a body"]
        test = self._test(self._requests, (method, _plain(route), "request"), described)
        return test(body, "body") if test else []

    def of_response(self, method: str, route: str, status: int, body: Any) -> list[str]:
        """Return what is wrong with an answer; `body` is None when there is none."""
        operation = self._operations.get((method, _plain(route)))
        where = f"{method} {route} -> {status}"
        if status >= 400:
            return _of_error(where, status, body)
        if operation is None:
            return []
        answers = operation["responses"]
        described = answers.get(str(status))
        if described is None:
            return [f"{where} is not in the specification"]
        key = (method, _plain(route), str(status))
        test = self._test(self._responses, key, self._responses.resolved(described))
        if test is None:
            return [] if body is None else [f"{where} has no body"]
        extra = _ANSWERED_AS_WELL.get((method, _plain(route)), frozenset())
        if extra and isinstance(body, dict):
            body = {name: value for name, value in body.items() if name not in extra}
        return test(body, where) if body is not None else [f"{where} needs a body"]

    def _test(self, schemas: Schemas, key: tuple[str, str, str], described: Raw) -> Test | None:
        if key not in self._tests:
            content = described.get("content", {})
            form = content.get(_JSON) or content.get("multipart/form-data")
            self._tests[key] = schemas.test(form["schema"]) if form else None
        return self._tests[key]


def _of_error(where: str, status: int, body: Any) -> list[str]:
    """Return what is wrong with a refusal.

    Not by the specification: it has the codes of fields as numbers, and they are words.
    """
    if status >= 500:
        return []  # a proxy's page
    needed: dict[str, type] = {"message": str, "code": int}
    if status == 429:
        needed = {"message": str, "retry_after": float, "global": bool}
    given = body if isinstance(body, dict) else {}
    return [
        f"{where} lacks {name}: {body!r}"
        for name, kind in needed.items()
        if not isinstance(given.get(name), (int, kind) if kind is float else kind)
    ]


def _plain(route: str) -> str:
    """Return a route with nameless variables."""
    return re.sub(r"{[^}]*}", "{}", route)
