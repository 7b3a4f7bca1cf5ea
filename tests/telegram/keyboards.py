"""Buttons under messages: what Telegram takes for a keyboard."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tests.telegram.entities import units
from tests.telegram.refusals import bad

MOST_BUTTONS = 100
MOST_IN_A_ROW = 8
STYLES = ("primary", "success", "danger")
ACTIONS = frozenset(
    "url callback_data web_app login_url switch_inline_query switch_inline_query_current_chat "
    "switch_inline_query_chosen_chat copy_text callback_game pay".split()
)


@dataclass(frozen=True)
class Button:
    """A button as people see it; `data` is what the bot gets when it is pressed."""

    label: str
    data: str | None = None
    url: str | None = None
    style: str | None = None


@dataclass
class Markup:
    """What comes below a message or in place of the keyboard."""

    raw: dict[str, Any] | None = None
    rows: list[list[Button]] | None = None
    force_reply: dict[str, Any] | None = None
    reply_keyboard: dict[str, Any] | None = None


def read(raw: Any, *, inline_only: bool = False) -> Markup:
    """Return a `reply_markup` that Telegram would take, or refuse it."""
    if raw is None:
        return Markup(rows=[])
    if not isinstance(raw, dict):
        raise bad("can't parse reply keyboard markup JSON object")
    if "inline_keyboard" in raw:
        return _inline(raw["inline_keyboard"])
    if inline_only:
        raise bad("inline keyboard expected")
    if raw.get("force_reply"):
        placeholder = raw.get("input_field_placeholder")
        if placeholder is not None and not 1 <= units(placeholder) <= 64:
            raise bad("input field placeholder must be 1-64 characters long")
        return Markup(rows=[], force_reply=raw)
    if "keyboard" in raw or "remove_keyboard" in raw:
        return Markup(rows=[], reply_keyboard=raw)
    raise bad("object expected as reply markup")


def _inline(rows: Any) -> Markup:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad('field "inline_keyboard" must be of type Array of Arrays')
    if sum(map(len, rows)) > MOST_BUTTONS:
        raise bad("REPLY_MARKUP_TOO_LONG")
    if any(len(row) > MOST_IN_A_ROW for row in rows):
        raise bad(f"REPLY_MARKUP_TOO_LONG: more than {MOST_IN_A_ROW} buttons in a row")
    kept = [row for row in rows if row]
    buttons = [[_button(button) for button in row] for row in kept]
    return Markup(raw={"inline_keyboard": kept} if kept else None, rows=buttons)


def _button(raw: dict[str, Any]) -> Button:
    label = raw.get("text")
    if not isinstance(label, str) or not label.strip():
        raise bad("can't parse inline keyboard button: the text must be non-empty")
    if len(ACTIONS & raw.keys()) != 1:
        raise bad(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    data, url, style = raw.get("callback_data"), raw.get("url"), raw.get("style")
    if data is not None and not 1 <= len(data.encode()) <= 64:
        raise bad("BUTTON_DATA_INVALID")
    if url is not None and not _opens(url):
        raise bad("BUTTON_URL_INVALID")
    if "copy_text" in raw and not 1 <= units(raw["copy_text"]["text"]) <= 256:
        raise bad("BUTTON_COPY_TEXT_INVALID")
    if style is not None and style not in STYLES:
        raise bad("can't parse inline keyboard button: unknown style")
    return Button(label, data, url, style)


def _opens(url: str) -> bool:
    if re.search(r"\s", url) or units(url) > 2048:
        return False
    parts = urlsplit(url)
    if parts.scheme == "tg":
        return bool(parts.netloc or parts.path)
    return parts.scheme in ("http", "https") and "." in (parts.hostname or "").strip(".")
