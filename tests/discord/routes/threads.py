"""Threads and posts in forums."""

from __future__ import annotations

from typing import Any

from tests.discord import posting
from tests.discord.asked import Asked, Reply, missing_permissions, route
from tests.discord.channels import FORUM, PRIVATE_THREAD, PUBLIC_THREAD, TEXT, Channel, Thread
from tests.discord.messages import Message
from tests.discord.roles import may
from tests.discord.routes.channels import ARCHIVE_AFTER, check_name, tags_of
from tests.discord.rules.messages import check_message
from tests.discord.rules.refused import Refused, invalid


@route("POST", "/channels/{channel_id}/threads")
def open_thread(asked: Asked) -> Any:
    channel, form = asked.channel(), asked.form
    _check(asked, channel, form)
    if channel.kind == FORUM:
        return _open_post(asked, channel, form)
    kind = form.get("type", PRIVATE_THREAD)
    needed = "create_public_threads" if kind == PUBLIC_THREAD else "create_private_threads"
    if kind not in (PUBLIC_THREAD, PRIVATE_THREAD):
        raise invalid({("type",): ("BASE_TYPE_CHOICES", "Not a kind of thread")})
    if not may(asked.api.me, channel, needed):
        raise missing_permissions()
    return _opened(asked, channel, form, kind=kind)


@route("POST", "/channels/{channel_id}/messages/{message_id}/threads")
def open_from_message(asked: Asked) -> Any:
    channel, form = asked.channel(), asked.form
    message = asked.message(channel)
    _check(asked, channel, form)
    if not may(asked.api.me, channel, "create_public_threads"):
        raise missing_permissions()
    if message.thread is not None:
        raise Refused(400, 160004, "A thread has already been created for this message")
    return _opened(asked, channel, form, starter=message)


def _check(asked: Asked, channel: Channel, form: dict[str, Any]) -> None:
    if channel.kind not in (TEXT, FORUM):
        raise Refused(400, 50024, "Cannot execute action on this channel type")
    check_name(form.get("name"))
    if form.get("auto_archive_duration", 1440) not in (*ARCHIVE_AFTER, None):
        raise invalid({("auto_archive_duration",): ("BASE_TYPE_CHOICES", "Not a duration")})
    assert channel.guild is not None
    active = sum(not thread.archived for thread in channel.guild.threads)
    if active >= asked.api.limits.active_threads:
        raise Refused(400, 160006, "Maximum number of active threads reached")


def _opened(
    asked: Asked,
    channel: Channel,
    form: dict[str, Any],
    *,
    kind: int = PUBLIC_THREAD,
    starter: Message | None = None,
) -> Reply:
    thread = Thread(
        channel,
        form["name"].strip(),
        asked.api.me,
        kind=kind,
        auto_archive_duration=form.get("auto_archive_duration") or 1440,
        starter=starter,
        thread_id=starter.id if starter else None,
    )
    if starter is not None:
        starter.thread = thread
    thread.tell("THREAD_CREATE", {"newly_created": True})
    asked.api.pulse.beat()
    return Reply(201, thread.shown())


def _open_post(asked: Asked, forum: Channel, form: dict[str, Any]) -> Reply:
    api = asked.api
    body = form.get("message")
    if not isinstance(body, dict):
        raise invalid({("message",): ("BASE_TYPE_REQUIRED", "This field is required")})
    tags = tags_of(forum, form.get("applied_tags") or [])
    check_message(body, where="forum", files=len(asked.files))
    if not may(api.me, forum, "send_messages"):
        raise missing_permissions()
    if asked.files and not may(api.me, forum, "attach_files"):
        raise missing_permissions()
    if not may(api.me, forum, "embed_links"):
        body.pop("embeds", None)
        if not asked.files and not any(body.get(key) for key in posting.SAYING):
            raise missing_permissions()
    thread = Thread(
        forum,
        form["name"].strip(),
        api.me,
        auto_archive_duration=form.get("auto_archive_duration") or 1440,
    )
    thread.applied_tags = tags
    thread.tell("THREAD_CREATE", {"newly_created": True})
    starter = posting.post(thread, api.me, body, asked.files, message_id=thread.id)
    thread.starter = starter
    return Reply(201, {**thread.shown(), "message": starter.shown()})


@route("PUT", "/channels/{channel_id}/thread-members/@me")
def join(asked: Asked) -> Any:
    thread = _thread(asked)
    if asked.api.me not in thread.joined:
        thread.joined.append(asked.api.me)


@route("DELETE", "/channels/{channel_id}/thread-members/@me")
def leave(asked: Asked) -> Any:
    thread = _thread(asked)
    if asked.api.me in thread.joined:
        thread.joined.remove(asked.api.me)


@route("PUT", "/channels/{channel_id}/thread-members/{user_id}")
def add_member(asked: Asked) -> Any:
    thread, person = _thread(asked), asked.api.people.get(asked.number("user_id"))
    if person is None:
        raise Refused(404, 10013, "Unknown User")
    if person not in thread.joined:
        thread.joined.append(person)


def _thread(asked: Asked) -> Thread:
    found = asked.channel()
    if not isinstance(found, Thread):
        raise Refused(400, 50024, "Cannot execute action on this channel type")
    if found.archived:
        raise Refused(400, 50083, "Thread is archived")
    return found


@route("GET", "/channels/{channel_id}/threads/archived/public")
def archived(asked: Asked) -> Any:
    channel = asked.channel("read_message_history")
    found = [one for one in channel.threads if one.archived and not one.deleted]
    members = [one.member(asked.api.me) for one in found if asked.api.me in one.joined]
    shown = [one.shown() for one in found]
    return {"threads": shown, "members": members, "has_more": False}


@route("GET", "/guilds/{guild_id}/threads/active")
def active_threads(asked: Asked) -> Any:
    me = asked.api.me
    found = [
        one for one in asked.guild().threads if not one.archived and may(me, one, "view_channel")
    ]
    return {
        "threads": [one.shown() for one in found],
        "members": [one.member(me) for one in found if me in one.joined],
        "has_more": False,
    }
