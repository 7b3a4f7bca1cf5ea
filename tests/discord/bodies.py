"""What a request brings: JSON, or a form of JSON and files."""

from __future__ import annotations

import copy
import json
import re
from typing import Any

from aiohttp import BodyPartReader, web

from tests.discord.messages import Attachment
from tests.discord.rules.refused import Refused

FILE_LIMIT = 10 * 2**20
_FILE = re.compile(r"files\[(\d+)\]")


async def read(request: web.Request) -> tuple[Any, list[Attachment]]:
    """Return the JSON of a request, None if it has none, and its files, in order."""
    if request.content_type == "multipart/form-data":
        return await _form(request)
    raw = await request.read()
    if not raw:
        return None, []
    if request.content_type != "application/json":
        raise Refused(400, 50035, f"Expected application/json, not {request.content_type}")
    return _json(raw), []


def _json(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        raise Refused(400, 50109, "The request body contains invalid JSON.") from None


async def _form(request: web.Request) -> tuple[Any, list[Attachment]]:
    body: Any = {}
    files: dict[int, Attachment] = {}
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader)
        content = bytes(await part.read())
        named = _FILE.fullmatch(part.name or "")
        if part.name == "payload_json":
            body = _json(content)
        elif named:
            if len(content) > FILE_LIMIT:
                raise Refused(413, 40005, "Request entity too large")
            files[int(named[1])] = Attachment(part.filename or "unknown", content)
        else:
            raise Refused(400, 50035, f"There is no form field {part.name!r}")
    for one in _described(body):
        file = files.get(int(one.get("id", -1)))
        if file is not None:
            file.description = one.get("description")
            file.filename = one.get("filename") or file.filename
    return body, [files[number] for number in sorted(files)]


def _described(body: Any) -> list[dict[str, Any]]:
    """Return what the JSON says of its files, wherever the message in it is."""
    if not isinstance(body, dict):
        return []
    for inner in (body, body.get("data"), body.get("message")):
        if isinstance(inner, dict) and isinstance(inner.get("attachments"), list):
            return [one for one in inner["attachments"] if isinstance(one, dict)]
    return []


def copied(body: Any) -> Any:
    """Return a body that may be changed while the call keeps what was sent."""
    return copy.deepcopy(body)
