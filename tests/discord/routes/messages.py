"""Messages in channels: written, read, changed, taken away."""

from __future__ import annotations

from typing import Any

from tests.discord import posting
from tests.discord.asked import Asked, missing_permissions, route
from tests.discord.channels import FORUM, Channel, Thread
from tests.discord.messages import Message
from tests.discord.roles import may
from tests.discord.rules.messages import check_message
from tests.discord.rules.refused import Refused, invalid

OLD_S = 3600


@route("POST", "/channels/{channel_id}/messages")
def create(asked: Asked) -> Any:
    channel, body = asked.channel(), asked.form
    check_message(body, where="create", files=len(asked.files))
    if channel.kind == FORUM:
        raise Refused(400, 50008, "Cannot send messages in a non-text channel")
    may_write(asked, channel, body)
    nonce = body.get("nonce")
    if nonce is not None and body.get("enforce_nonce"):
        first = asked.api.nonces.get((channel.id, str(nonce)))
        if first and asked.api.loop_time() - first[1] <= asked.api.nonce_window_s:
            return first[0].shown()
    reference = _reference(asked, channel, body)
    message = posting.post(channel, asked.api.me, body, asked.files, reference=reference)
    if nonce is not None:
        asked.api.nonces[channel.id, str(nonce)] = (message, asked.api.loop_time())
    return message.shown()


def may_write(asked: Asked, channel: Channel, body: dict[str, Any]) -> None:
    """Refuse what the bot may not write here; embeds are just left out."""
    api = asked.api
    person = next((one for one in channel.recipients if one is not api.me), None)
    if person is not None:
        if not (person.shares_guild or person.installed):
            what = "Cannot send messages to this user due to having no mutual guilds"
            raise Refused(403, 50278, what)
        if person.dms_closed:
            raise Refused(403, 50007, "Cannot send messages to this user")
        return
    if isinstance(channel, Thread):
        if not may(api.me, channel, "send_messages_in_threads"):
            raise missing_permissions()
        if channel.archived and channel.locked and not may(api.me, channel, "manage_threads"):
            raise Refused(400, 50083, "Thread is archived")
        if channel.locked and not may(api.me, channel, "manage_threads"):
            raise Refused(403, 160005, "Thread is locked")
    elif not may(api.me, channel, "send_messages"):
        raise missing_permissions()
    if asked.files and not may(api.me, channel, "attach_files"):
        raise missing_permissions()
    if not may(api.me, channel, "embed_links"):
        without = {key: value for key, value in body.items() if key not in ("embeds", "embed")}
        if not asked.files and not any(without.get(key) for key in posting.SAYING):
            raise missing_permissions()  # nothing would be left of it
        body.clear()
        body.update(without)


def _reference(asked: Asked, channel: Channel, body: dict[str, Any]) -> Message | None:
    given = body.get("message_reference")
    if not given:
        return None
    found = channel.message(int(given.get("message_id") or 0))
    if found is None:
        if given.get("fail_if_not_exists", True):
            wrong = ("REPLIES_UNKNOWN_MESSAGE", "Unknown message")
            raise invalid({("message_reference",): wrong})
        return None
    if not may(asked.api.me, channel, "read_message_history"):
        raise Refused(403, 160002, "Cannot reply without permission to read message history")
    return found


@route("GET", "/channels/{channel_id}/messages")
def listed(asked: Asked) -> Any:
    channel, query = asked.channel(), asked.query
    if not may(asked.api.me, channel, "read_message_history"):
        return []
    limit = int(query.get("limit", 50))
    if not 1 <= limit <= 100:
        wrong = ("NUMBER_TYPE_MAX", "int value should be between 1 and 100.")
        raise invalid({("limit",): wrong})
    every = channel.messages
    if "before" in query:
        chosen = [one for one in every if one.id < int(query["before"])][-limit:]
    elif "after" in query:
        chosen = [one for one in every if one.id > int(query["after"])][:limit]
    elif "around" in query:
        number, half = int(query["around"]), limit // 2
        earlier = [one for one in every if one.id < number][-half:] if half else []
        chosen = earlier + [one for one in every if one.id >= number][: limit - half]
    else:
        chosen = every[-limit:]
    return [_as_read(asked, one) for one in reversed(chosen)]


@route("GET", "/channels/{channel_id}/messages/{message_id}")
def read(asked: Asked) -> Any:
    channel = asked.channel("read_message_history")
    return _as_read(asked, asked.message(channel))


def _as_read(asked: Asked, message: Message) -> dict[str, Any]:
    """Return a message as the bot reads it over REST: no content without the intent."""
    api, shown = asked.api, message.shown()
    readable = (
        message.channel.guild is None
        or message.sender is api.me
        or api.me in message.pings
        or api.message_content_allowed
    )
    if readable:
        return shown
    return {**shown, "content": "", "embeds": [], "attachments": [], "components": []}


@route("PATCH", "/channels/{channel_id}/messages/{message_id}")
def change(asked: Asked) -> Any:
    channel, body = asked.channel(), asked.form
    message = asked.message(channel)
    if message.sender is not asked.api.me:
        only_flags = set(body) == {"flags"} and may(asked.api.me, channel, "manage_messages")
        if not only_flags:
            raise Refused(403, 50005, "Cannot edit a message authored by another user")
    check_edit(asked, message)
    check_change(message, body, len(asked.files))
    if isinstance(channel, Thread) and channel.archived:
        raise Refused(400, 50083, "Thread is archived")
    if asked.files and channel.guild and not may(asked.api.me, channel, "attach_files"):
        raise missing_permissions()
    posting.edit(message, body, asked.files)
    return message.shown()


def check_change(message: Message, body: dict[str, Any], files: int) -> None:
    """Refuse an edit after which a message would not be one."""
    check_message(
        body,
        where="edit",
        old_flags=message.shown_flags(),
        files=files,
        old=message.shown(deep=False),
    )


def check_edit(asked: Asked, message: Message) -> None:
    """Refuse too many changes of messages older than an hour."""
    api = asked.api
    age = (api.snowflakes.next() - message.id) / (1000 << 22)
    if age > api.old_message_s and not api.limits.edits_old(
        str(message.channel.id), api.loop_time()
    ):
        text = "Maximum number of edits to messages older than 1 hour reached. Try again later"
        raise Refused(400, 30046, text)


@route("DELETE", "/channels/{channel_id}/messages/{message_id}")
def remove(asked: Asked) -> Any:
    channel = asked.channel()
    message = asked.message(channel)
    mine = message.sender is asked.api.me
    if not mine and channel.guild is None:
        raise Refused(403, 50003, "Cannot execute action on a DM channel")
    if not mine and not may(asked.api.me, channel, "manage_messages"):
        raise missing_permissions()
    if isinstance(channel, Thread) and channel.archived:
        raise Refused(400, 50083, "Thread is archived")
    posting.delete(message)
