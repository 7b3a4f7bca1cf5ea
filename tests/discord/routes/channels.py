"""Channels and threads as such."""

from __future__ import annotations

from typing import Any

from tests.discord.asked import Asked, missing_permissions, route
from tests.discord.channels import Channel, Thread
from tests.discord.roles import may
from tests.discord.rules.refused import Refused, invalid

ARCHIVE_AFTER = (60, 1440, 4320, 10080)


@route("GET", "/channels/{channel_id}")
def channel(asked: Asked) -> Any:
    return asked.channel().shown()


@route("PATCH", "/channels/{channel_id}")
def change_channel(asked: Asked) -> Any:
    found, form = asked.channel(), asked.form
    if "name" in form:
        check_name(form["name"])
    if not isinstance(found, Thread):
        if found.guild is None or not may(asked.api.me, found, "manage_channels"):
            raise missing_permissions()
        found.name = form.get("name") or found.name
        found.tell("CHANNEL_UPDATE")
        return found.shown()
    return _change_thread(asked, found, form)


def _change_thread(asked: Asked, thread: Thread, form: dict[str, Any]) -> Any:
    api = asked.api
    moderates = may(api.me, thread, "manage_threads")
    owns = thread.owner_person is api.me
    if "locked" in form and not moderates:
        raise missing_permissions()
    unarchives = thread.archived and form.get("archived") is False
    if unarchives and not (moderates or (may(api.me, thread, "send_messages_in_threads"))):
        raise missing_permissions()
    if unarchives and thread.locked and not moderates:
        raise missing_permissions()
    if not unarchives and not (moderates or owns):
        raise missing_permissions()
    if thread.archived and form.get("archived") is not False and set(form) - {"locked"}:
        raise Refused(400, 50083, "Thread is archived")
    if "auto_archive_duration" in form:
        if form["auto_archive_duration"] not in ARCHIVE_AFTER:
            raise invalid({("auto_archive_duration",): ("BASE_TYPE_CHOICES", "Not a duration")})
        thread.auto_archive_duration = form["auto_archive_duration"]
    if "applied_tags" in form:
        assert thread.parent is not None
        thread.applied_tags = tags_of(thread.parent, form["applied_tags"])
    thread.name = form.get("name") or thread.name
    thread.set(form.get("archived"), form.get("locked"))
    return thread.shown()


def check_name(name: Any) -> None:
    """Refuse a name that no channel may have."""
    if not isinstance(name, str) or not 1 <= len(name.strip()) <= 100:
        wrong = ("BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
        raise invalid({("name",): wrong})


def tags_of(forum: Channel, ids: list[Any]) -> list[str]:
    """Return the names of a forum's tags by their ids, if there may be so many."""
    if len(ids) > 5:
        wrong = ("BASE_TYPE_MAX_LENGTH", "Must be 5 or fewer in length.")
        raise invalid({("applied_tags",): wrong})
    names = {str(number): name for name, number in forum.tags.items()}
    if any(str(number) not in names for number in ids):
        raise Refused(404, 10087, "Unknown Tag")
    if not ids and forum.require_tag:
        raise Refused(400, 40067, "A tag is required to create a forum post in this channel")
    return [names[str(number)] for number in ids]


@route("DELETE", "/channels/{channel_id}")
def delete_channel(asked: Asked) -> Any:
    found = asked.channel()
    if found.guild is None:
        return found.shown()
    needed = "manage_threads" if isinstance(found, Thread) else "manage_channels"
    if not may(asked.api.me, found, needed):
        raise missing_permissions()
    found.guild.deletes(found)
    return found.shown()


@route("POST", "/channels/{channel_id}/typing")
def typing(asked: Asked) -> Any:
    found = asked.channel()
    thread = isinstance(found, Thread)
    needed = "send_messages_in_threads" if thread else "send_messages"
    if not may(asked.api.me, found, needed):
        raise missing_permissions()
    found.typing_at.append(asked.api.loop_time())
    asked.api.pulse.beat()
