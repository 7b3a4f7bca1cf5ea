"""Entities that Telegram finds by itself in plain text, and lengths as Telegram counts them."""

from __future__ import annotations

import re
from typing import Any

Entity = dict[str, Any]

CLOSED = frozenset(("code", "pre", "text_link", "text_mention", "url", "email", "mention"))
"""Inside these nothing is found."""

STYLES = ("bold", "italic", "underline", "strikethrough", "spoiler")

_TOP = "com|org|net|io|dev|me|app|ai|co|de|fr|ru|uk|us|eu|py|rs|sh|ms|in|info|edu|gov"
_FOUND = (
    ("url", re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)\]}'*_]", re.IGNORECASE)),
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    (
        "url",
        re.compile(
            rf"(?<![\w@./:-])(?:[a-z0-9-]+\.)+(?:{_TOP})(?![\w@])(?:/[^\s<>\"]*[^\s<>\".,;:!?)])?",
            re.IGNORECASE,
        ),
    ),
    ("mention", re.compile(r"(?<!\w)@[A-Za-z0-9_]{4,32}(?!\w)")),
    ("hashtag", re.compile(r"(?<![\w#])#\w*[^\W\d]\w*")),
    (
        "bot_command",
        re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])"),
    ),
)


def units(text: str) -> int:
    """Return a length in UTF-16 code units, as Telegram counts."""
    return len(text) + sum(1 for sign in text if ord(sign) > 0xFFFF)


def cut(text: str, entity: Entity) -> str:
    """Return the part of a text that an entity covers."""
    start, end = 2 * entity["offset"], 2 * (entity["offset"] + entity["length"])
    return text.encode("utf-16-le")[start:end].decode("utf-16-le")


def with_found(text: str, given: list[Entity]) -> list[Entity]:
    """Return the given entities and those that Telegram finds in the rest, in their order."""
    closed = [_span(entity) for entity in given if entity["type"] in CLOSED]
    every = list(given)
    for kind, pattern in _FOUND:
        for match in pattern.finditer(text):
            offset = units(text[: match.start()])
            span = (offset, offset + units(match[0]))
            if not any(span[0] < end and start < span[1] for start, end in closed):
                closed.append(span)
                every.append({"type": kind, "offset": offset, "length": span[1] - span[0]})
    return in_order(every)


def in_order(entities: list[Entity]) -> list[Entity]:
    """Return entities by where they start, outer ones first, and styles last."""

    def place(entity: Entity) -> tuple[int, int, int]:
        kind = entity["type"]
        style = STYLES.index(kind) if kind in STYLES else -1
        return entity["offset"], -entity["length"], style

    return sorted(entities, key=place)


def trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Return a text without the space around it; entities that cover only space go as well."""
    clean = text.strip()
    before = units(text[: len(text) - len(text.lstrip())])
    length = units(clean)
    kept = []
    for entity in entities:
        start, end = _span(entity)
        start, end = max(0, start - before), min(length, end - before)
        if end > start and cut(clean, {"offset": start, "length": end - start}).strip():
            kept.append({**entity, "offset": start, "length": end - start})
    return clean, in_order(kept)


def _span(entity: Entity) -> tuple[int, int]:
    return entity["offset"], entity["offset"] + entity["length"]
