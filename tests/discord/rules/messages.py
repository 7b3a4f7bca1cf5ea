"""What a message may be when it is sent, answered with or edited."""

from __future__ import annotations

from typing import Any

from tests.discord.rules.components import look_at_components, walk
from tests.discord.rules.embeds import look_at_embeds
from tests.discord.rules.form import (
    Check,
    Form,
    anything,
    bad_length,
    list_of,
    number,
    one_of,
    shape,
    snowflake,
    text,
    truth,
)
from tests.discord.rules.mentions import look_at_allowed
from tests.discord.rules.refused import Path, empty_message

CONTENT, ATTACHMENTS, NONCE = 2000, 10, 25
SUPPRESS_EMBEDS, EPHEMERAL, SILENT, V2 = 1 << 2, 1 << 6, 1 << 12, 1 << 15
_LEGACY = ("content", "embeds", "poll", "sticker_ids")
# Where in its request a message is, when it is not all of it.
_ROOTS = {"callback": ("data",), "forum": ("message",)}
_SETTABLE = {
    "create": SUPPRESS_EMBEDS | SILENT | V2,
    "forum": SUPPRESS_EMBEDS | SILENT | V2,
    "callback": SUPPRESS_EMBEDS | EPHEMERAL | SILENT | V2,
    "followup": SUPPRESS_EMBEDS | EPHEMERAL | SILENT | V2,
    "edit": SUPPRESS_EMBEDS | V2,
}


def check_message(
    body: dict[str, Any],
    *,
    where: str,
    old_flags: int = 0,
    files: int = 0,
    old: dict[str, Any] | None = None,
) -> None:
    """Raise Refused unless Discord would take this message.

    Args:
        body: What was sent; for a callback its `data`, for a forum post its `message`.
        where: "create", "edit", "callback", "followup" or "forum". An interaction's answer that
            updates the message it came from is an "edit".
        old_flags: The flags of the message that is edited.
        files: How many files were uploaded with it.
        old: The message that is edited; with it the outcome of the edit is checked as well.
    """
    form = Form(*_ROOTS.get(where, ()))
    _SHAPES[where](form, (), body)
    form.settle()
    flags = body.get("flags")
    if flags is not None:
        _look_at_flags(form, flags, old_flags, where)
    v2 = bool((flags or 0) & V2 or old_flags & V2)
    outcome = {**(old or {}), **{name: body[name] for name in body if name != "flags"}}
    if body.get("components") is not None:
        look_at_components(form, ("components",), body["components"], v2=v2)
    if v2:
        _look_at_legacy(form, outcome if old_flags & V2 == 0 else body)
    _look_at_attachments(form, body, files, edited=where == "edit")
    form.settle()
    if where == "edit" and old is None:
        return
    if not filled(outcome, files=files):
        raise empty_message()


def filled(message: dict[str, Any], *, files: int = 0) -> bool:
    """Return whether there is anything in a message: white space alone is nothing."""
    return bool((message.get("content") or "").strip() or files) or any(
        message.get(name)
        for name in ("embeds", "components", "sticker_ids", "sticker_items", "poll", "attachments")
    )


def _look_at_flags(form: Form, flags: int, old_flags: int, where: str) -> None:
    settable = _SETTABLE[where] | (old_flags if where == "edit" else 0)
    if flags & ~settable:
        message = f"The flags {flags & ~settable} cannot be set here"
        form.wrong(("flags",), "MESSAGE_FLAGS_INVALID", message)
    if old_flags & V2 and not flags & V2:
        message = "The IS_COMPONENTS_V2 flag cannot be removed"
        form.wrong(("flags",), "MESSAGE_CANNOT_REMOVE_COMPONENTS_V2_FLAG", message)


def _look_at_legacy(form: Form, message: dict[str, Any]) -> None:
    for name in _LEGACY:
        if message.get(name):
            told = f"The '{name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
            form.wrong((name,), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", told)
    if not message.get("components"):
        form.wrong(("components",), "BASE_TYPE_REQUIRED", "This field is required")


def _look_at_attachments(form: Form, body: dict[str, Any], files: int, *, edited: bool) -> None:
    """New files are named by their number, and a layout may show only files that are there."""
    if files > ATTACHMENTS:
        bad_length(form, ("attachments",), 0, ATTACHMENTS)
    given = body.get("attachments") or []
    ids = [str(attachment["id"]) for attachment in given]
    for place, name in enumerate(ids):
        if name in ids[:place]:
            message = "The specified attachment id is already used"
            form.wrong(("attachments", place, "id"), "ATTACHMENT_ID_DUPLICATED", message)
        elif int(name) >= files and not edited:
            message = "Only the files that were uploaded can be attached"
            form.wrong(("attachments", place, "id"), "ATTACHMENT_NOT_FOUND", message)
    names = {attachment.get("filename") for attachment in given}
    if edited or (files and None in names):
        return
    for component in walk(body.get("components") or ()):
        media = (component.get("media"), component.get("file"))
        pictures = [item.get("media") for item in component.get("items") or ()]
        for address in (item["url"] for item in (*media, *pictures) if item):
            if address.startswith("attachment://") and address.partition("://")[2] not in names:
                message = f"The referenced attachment {address} was not found"
                code = "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND"
                form.wrong(("components",), code, message)


def _look_at_nonce(form: Form, path: Path, value: Any) -> None:
    if isinstance(value, str):
        text(0, NONCE)(form, path, value)
    else:
        number(-(2**63), 2**63 - 1)(form, path, value)


_POLL_MEDIA = shape({}, {"text": text(1, 300), "emoji": anything})
_ANSWER_MEDIA = shape({}, {"text": text(1, 55), "emoji": anything})
_POLL = shape(
    {
        "question": _POLL_MEDIA,
        "answers": list_of(shape({"poll_media": _ANSWER_MEDIA}, {"answer_id": anything}), 1, 10),
    },
    {
        "duration": number(1, 32 * 24),
        "allow_multiselect": truth,
        "layout_type": one_of(1),
    },
)
_ATTACHMENT = shape(
    {"id": snowflake},
    {
        "filename": text(1, 1024),
        "description": text(0, 1024),
        "title": text(0, 1024),
        **dict.fromkeys(
            "content_type size url proxy_url height width duration_secs waveform ephemeral flags "
            "spoiler is_remix placeholder placeholder_version original_content_type "
            "content_scan_version clip_participants clip_created_at application".split(),
            anything,
        ),
    },
)


def _look_at_list_of_embeds(form: Form, path: Path, value: Any) -> None:
    look_at_embeds(form, path, value)


_REFERENCE = shape(
    {},
    {
        "type": one_of(0, 1),
        "message_id": snowflake,
        "channel_id": snowflake,
        "guild_id": snowflake,
        "fail_if_not_exists": truth,
    },
)
_EVERYWHERE: dict[str, Check] = {
    "content": text(0, CONTENT),
    "embeds": _look_at_list_of_embeds,
    "allowed_mentions": look_at_allowed,
    "components": anything,
    "attachments": list_of(_ATTACHMENT, 0, ATTACHMENTS),
    "flags": number(0, 2**31 - 1),
    "tts": truth,  # the library sends it with every message, edits too
}
_POSTED: dict[str, Check] = {**_EVERYWHERE, "sticker_ids": list_of(snowflake, 0, 3)}
_SHAPES: dict[str, Check] = {
    "create": shape(
        {},
        {
            **_POSTED,
            "poll": _POLL,
            "nonce": _look_at_nonce,
            "enforce_nonce": truth,
            "message_reference": _REFERENCE,
        },
    ),
    "edit": shape({}, {**_POSTED, "poll": anything}),
    "forum": shape({}, _POSTED),
    "callback": shape({}, {**_EVERYWHERE, "poll": _POLL}),
    "followup": shape(
        {},
        {**_EVERYWHERE, "poll": _POLL, "username": text(1, 80), "avatar_url": text(0, 2048)},
    ),
}
