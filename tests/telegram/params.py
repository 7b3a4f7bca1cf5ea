"""What a request asks for: form fields, multipart with files, or JSON, read in one way."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.telegram.refusals import bad

TEXTS = frozenset(
    "text caption parse_mode callback_query_id url description short_description name question "
    "question_parse_mode explanation explanation_parse_mode secret_token language_code action "
    "file_id type inline_message_id business_connection_id".split()
)
"""Parameters whose value is the text itself, even where it looks like JSON."""


@dataclass(frozen=True)
class Upload:
    """A file that came with a request."""

    filename: str
    content: bytes
    mime_type: str


class Params:
    """The parameters of one call, as sent, and read as what they should be."""

    def __init__(self, raw: dict[str, Any], files: dict[str, Upload]) -> None:
        self.raw = raw
        self.files = files

    def __contains__(self, name: str) -> bool:
        return name in self.raw or name in self.files

    def text(self, name: str) -> str:
        """Return a string; empty when it was not given."""
        value = self.raw.get(name, "")
        return value if isinstance(value, str) else json.dumps(value)

    def whole(self, name: str, default: int | None = None) -> int | None:
        """Return a whole number."""
        value = self.raw.get(name)
        if value is None or value == "":
            return default
        try:
            return int(value)
        except (TypeError, ValueError):
            raise bad(f"{name} must be a whole number") from None

    def flag(self, name: str, default: bool = False) -> bool:
        """Return a yes or no."""
        value = self.raw.get(name)
        return default if value is None else value is True or value in ("true", "True", "1")

    def json(self, name: str) -> Any:
        """Return a structure; None when it was not given."""
        value = self.raw.get(name)
        if not isinstance(value, str) or not value:
            return value or None
        try:
            return json.loads(value)
        except ValueError:
            raise bad(f"can't parse {name}: JSON object expected") from None

    def decoded(self) -> dict[str, Any]:
        """Return everything, for a test to look at."""
        return {name: _decode(name, value) for name, value in self.raw.items()} | self.files


def _decode(name: str, value: Any) -> Any:
    if name in TEXTS or not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


async def read(request: web.Request) -> Params:
    """Return the parameters of a request, from its query and its body."""
    raw: dict[str, Any] = dict(request.query)
    files: dict[str, Upload] = {}
    if request.content_type == "application/json":
        raw |= await request.json()
    else:
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                content = value.file.read()
                value.file.close()
                files[name] = Upload(value.filename, content, value.content_type)
            else:
                raw[name] = value
    return Params(raw, files)
