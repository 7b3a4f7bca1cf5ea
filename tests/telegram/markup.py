"""Texts as a bot sends them: Telegram's HTML, parsed as strictly as it could be.

Telegram drops silently what may not be nested and links it cannot follow, and lets a lone `&`
pass; here these are refused, for each of them is a mistake in what was sent.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from tests.telegram.entities import Entity, in_order, trimmed, units, with_found
from tests.telegram.params import Params
from tests.telegram.refusals import Refused, bad

TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
MOST_ENTITIES = 100
MOST_BYTES = 9500

_ATTRIBUTE = r"""([A-Za-z-]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'<>]+))?"""
_TAG = re.compile(rf"<(/?)([A-Za-z][\w-]*)((?:\s+{_ATTRIBUTE})*)\s*>")
_REFERENCE = re.compile(r"&(?:(lt|gt|amp|quot)|#(\d{1,7})|#x([0-9A-Fa-f]{1,6}));")
_USER = re.compile(r"tg://user\?id=(\d+)$")
_LINK = re.compile(r"(?:https?://[^\s/]+\.[^\s]+|tg://\S+|mailto:\S+@\S+|[\w-]+(?:\.[\w-]+)+\S*)$")


def _unparsable(what: str) -> Refused:
    return bad(f"can't parse entities: {what}")


@dataclass
class _Open:
    tag: str
    attributes: dict[str, str]
    start: int
    language: str = ""
    code: tuple[int, int] | None = None


@dataclass
class _Parse:
    source: str
    text: list[str] = field(default_factory=list)
    length: int = 0
    stack: list[_Open] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def bytes_before(self, at: int) -> int:
        return len(self.source[:at].encode())

    def add(self, text: str) -> None:
        self.text.append(text)
        self.length += units(text)

    def opens(self, tag: str, attributes: dict[str, str], at: int) -> None:
        if tag not in TAGS:
            raise _unparsable(
                f'Unsupported start tag "{tag}" at byte offset {self.bytes_before(at)}'
            )
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise _unparsable(
                f'Tag "span" must have class "tg-spoiler" at byte offset {self.bytes_before(at)}'
            )
        outer = [TAGS[opened.tag] for opened in self.stack]
        inner = TAGS[tag]
        language_of_pre = inner == "code" and outer[-1:] == ["pre"]
        if ("code" in outer or "pre" in outer) and not language_of_pre:
            raise _unparsable(f'"{tag}" inside of code')
        if inner in ("code", "pre") and not language_of_pre and set(outer) - {"blockquote"}:
            raise _unparsable(f'"{tag}" inside of "{self.stack[-1].tag}"')
        if inner in ("blockquote", "text_link") and inner in outer:
            raise _unparsable(f'"{tag}" inside of "{tag}"')
        self.stack.append(_Open(tag, attributes, self.length))

    def closes(self, tag: str, at: int) -> None:
        offset = self.bytes_before(at)
        if not self.stack:
            raise _unparsable(f"Unexpected end tag at byte offset {offset}")
        opened = self.stack.pop()
        if opened.tag != tag:
            raise _unparsable(
                f"Unmatched end tag at byte offset {offset}, "
                f'expected "</{opened.tag}>", found "</{tag}>"'
            )
        if tag == "code" and self.stack and self.stack[-1].tag == "pre":
            self.stack[-1].code = (opened.start, self.length)
            self.stack[-1].language = opened.attributes.get("class", "").removeprefix("language-")
        elif self.length > opened.start:
            self.entities.append(self.entity(opened))

    def entity(self, opened: _Open) -> Entity:
        entity: Entity = {
            "type": TAGS[opened.tag],
            "offset": opened.start,
            "length": self.length - opened.start,
        }
        if opened.tag == "blockquote" and "expandable" in opened.attributes:
            entity["type"] = "expandable_blockquote"
        if opened.tag == "pre" and opened.code == (opened.start, self.length) and opened.language:
            entity["language"] = opened.language
        if opened.tag == "a":
            address = opened.attributes.get("href", "")
            if user := _USER.match(address):
                return {**entity, "type": "text_mention", "user_id": int(user[1])}
            if not _LINK.match(address):
                raise _unparsable(f"nobody can follow the link {address!r}")
            entity["url"] = address
        return entity


def parse(source: str) -> tuple[str, list[Entity]]:
    """Return plain text and entities. A `text_mention` carries `user_id` in place of the user."""
    parsed = _Parse(source)
    at = 0
    while at < len(source):
        sign = source[at]
        if sign == "<":
            tag = _TAG.match(source, at)
            if tag is None:
                raise _unparsable(f"Unclosed start tag at byte offset {parsed.bytes_before(at)}")
            if tag[1]:
                parsed.closes(tag[2].lower(), at)
            else:
                parsed.opens(tag[2].lower(), _attributes(tag[3]), at)
            at = tag.end()
        elif sign == "&":
            reference = _REFERENCE.match(source, at)
            if reference is None:
                raise _unparsable(f"unknown entity at byte offset {parsed.bytes_before(at)}")
            parsed.add(html.unescape(reference[0]))
            at = reference.end()
        else:
            end = min(
                (i for i in (source.find("<", at), source.find("&", at)) if i >= 0), default=-1
            )
            parsed.add(source[at : end if end >= 0 else len(source)])
            at = end if end >= 0 else len(source)
    if parsed.stack:
        tag_name = parsed.stack[-1].tag
        raise _unparsable(f'Can\'t find end tag corresponding to start tag "{tag_name}"')
    return "".join(parsed.text), in_order(parsed.entities)


def _attributes(source: str) -> dict[str, str]:
    return {
        match[1].lower(): html.unescape((match[2] or "").strip("\"'"))
        for match in re.finditer(_ATTRIBUTE, source)
    }


def read(params: Params, name: str, *, most: int, too_long: str) -> tuple[str, list[Entity]]:
    """Return a text parameter as people see it; `most` is in UTF-16 units after parsing."""
    source, mode = params.text(name), params.text("parse_mode")
    given = params.json("entities" if name == "text" else "caption_entities")
    if mode and mode.lower() != "html":
        raise bad("unsupported parse_mode")
    text, entities = parse(source) if mode else (source, list(given or []))
    if any(entity["offset"] + entity["length"] > units(text) for entity in entities):
        raise bad("entity is beyond the end of the text")
    text, entities = trimmed(text, entities)
    size = len(text.encode()) + sum(16 + len(entity.get("url", "")) for entity in entities)
    if units(text) > most or (entities and size > MOST_BYTES):
        raise bad(too_long)
    if len(entities) > MOST_ENTITIES:
        raise bad(f"more than {MOST_ENTITIES} entities, Telegram would drop the rest")
    return text, with_found(text, entities)
