"""Components and embeds as Discord gives them back: numbered, with what was left out filled in."""

from __future__ import annotations

import copy
from typing import Any

from tests.discord.messages import SELECTS, Attachment
from tests.discord.rules.components import numbered, walk

CONTAINER, SECTION, THUMBNAIL, GALLERY, FILE, SEPARATOR = 17, 9, 11, 12, 13, 14

DEFAULTS: dict[int, dict[str, Any]] = {
    **{kind: {"min_values": 1, "max_values": 1} for kind in SELECTS},
    THUMBNAIL: {"description": None, "spoiler": False},
    FILE: {"spoiler": False},
    SEPARATOR: {"spacing": 1, "divider": True},
    CONTAINER: {"accent_color": None, "spoiler": False},
}


def drawn(components: list[dict[str, Any]], files: list[Attachment]) -> list[dict[str, Any]]:
    """Return checked components with ids, defaults, and addresses of the files they show."""
    made = numbered(components)
    for one in walk(made):
        one.pop("required", None)  # says nothing in messages
        for key, value in DEFAULTS.get(one["type"], {}).items():
            if one.get(key) is None:
                one[key] = value
        for item in one.get("items") or []:
            item |= {"description": None, "spoiler": False} | item
        for media in (one.get("media"), one.get("file"), *(_media(one.get("items")))):
            if media:
                _resolve(media, files, one)
        for key in [key for key, value in one.items() if value is None and key in _DROPPED]:
            del one[key]
    return made


_DROPPED = ("label", "placeholder", "emoji", "url", "custom_id", "sku_id", "disabled", "options")


def _media(items: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    return [item["media"] for item in items or []]


def _resolve(media: dict[str, Any], files: list[Attachment], owner: dict[str, Any]) -> None:
    for file in files:
        if media["url"] == f"attachment://{file.filename}":
            media["url"] = file.url
            if owner["type"] == FILE:
                owner |= {"name": file.filename, "size": len(file.content)}
    media |= {"id": str(owner["id"]), "proxy_url": media["url"]}


def embedded(embeds: list[dict[str, Any]], files: list[Attachment]) -> list[dict[str, Any]]:
    """Return checked embeds with their type, and addresses of the files they show."""
    made = []
    for sent in embeds:
        embed = {
            key: copy.deepcopy(value) for key, value in sent.items() if value not in (None, [], "")
        }
        embed["type"] = "rich"
        for one in embed.get("fields", []):
            one.setdefault("inline", False)
        for key in ("image", "thumbnail"):
            for file in files:
                if embed.get(key, {}).get("url") == f"attachment://{file.filename}":
                    embed[key]["url"] = file.url
        made.append(embed)
    return made
