"""Embeds and their limits."""

from __future__ import annotations

from typing import Any

from tests.discord.rules.form import (
    Form,
    anything,
    list_of,
    moment,
    number,
    shape,
    text,
    truth,
    url,
)
from tests.discord.rules.refused import Path

MOST = 10
TOTAL = 6000

_LINK = url(2048, "http", "https")
_PICTURE = url(2048, "http", "https", "attachment")
# An embed that was received and is sent again carries what Discord added to its pictures.
_ADDED = dict.fromkeys(
    "proxy_url proxy_icon_url height width flags content_type placeholder placeholder_version "
    "description".split(),
    anything,
)
_MEDIA = shape({"url": _PICTURE}, _ADDED)
_EMBED = shape(
    {},
    {
        "type": anything,
        "flags": anything,
        "title": text(0, 256),
        "description": text(0, 4096),
        "url": _LINK,
        "timestamp": moment,
        "color": number(0, 0xFFFFFF),
        "footer": shape({"text": text(1, 2048)}, {"icon_url": _PICTURE, **_ADDED}),
        "author": shape({"name": text(1, 256)}, {"url": _LINK, "icon_url": _PICTURE, **_ADDED}),
        "fields": list_of(
            shape({"name": text(1, 256), "value": text(1, 1024)}, {"inline": truth}), 0, 25
        ),
        "image": _MEDIA,
        "thumbnail": _MEDIA,
        "video": _MEDIA,
        "provider": shape({}, {"name": text(0, 256), "url": _LINK}),
    },
)
_SHOWN = ("title", "description", "author", "footer", "fields", "image", "thumbnail", "video")


def check_embeds(embeds: Any) -> None:
    """Raise Refused unless Discord would take these embeds."""
    form = Form()
    look_at_embeds(form, ("embeds",), embeds)
    form.settle()


def look_at_embeds(form: Form, path: Path, embeds: Any) -> None:
    """Note what is wrong with embeds."""
    list_of(_EMBED, 0, MOST)(form, path, embeds)
    if form.errors:
        return
    total = 0
    for place, embed in enumerate(embeds):
        if not any(embed.get(name) for name in _SHOWN):
            where = (*path, place, "description")
            form.wrong(where, "BASE_TYPE_REQUIRED", "This field is required")
        total += sum(map(len, texts(embed)))
        if total > TOTAL:
            message = f"Embed size exceeds maximum size of {TOTAL}"
            form.wrong((*path, place), "MAX_EMBED_SIZE_EXCEEDED", message)


def texts(embed: dict[str, Any]) -> list[str]:
    """Return what a person reads in an embed, in order; these count towards the 6,000."""
    fields = [field for field in embed.get("fields") or () if field]
    return [
        piece
        for piece in (
            (embed.get("author") or {}).get("name"),
            embed.get("title"),
            embed.get("description"),
            *(field.get(part) for field in fields for part in ("name", "value")),
            (embed.get("footer") or {}).get("text"),
        )
        if piece
    ]
