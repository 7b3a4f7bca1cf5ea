"""A message comes to be or changes: what it holds, whom it pings, and who is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.discord import intents
from tests.discord.channels import Channel, Thread
from tests.discord.drawing import drawn, embedded
from tests.discord.messages import (
    DEFAULT,
    EPHEMERAL,
    REPLY,
    SILENT,
    SUPPRESS_EMBEDS,
    V2,
    Attachment,
    Message,
)
from tests.discord.roles import may
from tests.discord.rules.components import texts
from tests.discord.rules.mentions import notified
from tests.discord.sessions import Session

if TYPE_CHECKING:
    from tests.discord.interactions import Interaction
    from tests.discord.people import Person

KEPT_FLAGS = SUPPRESS_EMBEDS | SILENT | V2

SAYING = ("content", "components", "sticker_ids", "poll", "message_reference")
"""Fields of which a message needs one besides embeds and files."""


def post(
    channel: Channel,
    sender: Person,
    body: dict[str, Any],
    files: list[Attachment],
    *,
    reference: Message | None = None,
    interaction: Interaction | None = None,
    kind: int = DEFAULT,
    message_id: int | None = None,
) -> Message:
    """Put a checked message into a channel; one in answer to an interaction may be private."""
    api = channel.api
    flags = body.get("flags") or 0
    message = Message(
        channel,
        sender,
        message_id or api.snowflakes.next(),
        api.now(),
        flags=flags & KEPT_FLAGS,
        kind=REPLY if reference else kind,
        nonce=body.get("nonce"),
        reference=reference,
        interaction=interaction,
        by_webhook=interaction is not None,
    )
    if interaction is not None and flags & EPHEMERAL:
        message.ephemeral_to = interaction.person
    fill(message, body, files)
    ping(message, body.get("allowed_mentions"))
    channel.every.append(message)
    if isinstance(channel, Thread) and sender not in channel.joined:
        channel.joined.append(sender)
    announce(message)
    return message


def fill(message: Message, body: dict[str, Any], files: list[Attachment]) -> None:
    """Give a message the content that a body brings; what is not in it stays."""
    api = message.channel.api
    if "attachments" in body:
        kept = {str(one.get("id")) for one in body["attachments"] or []}
        message.attachments = [one for one in message.attachments if str(one.id) in kept]
    for file in files:
        api.store(file, message.channel)
    message.attachments = message.attachments + files
    if body.get("flags") is not None:
        message.flags = (message.flags & V2) | (body["flags"] & KEPT_FLAGS)
    if "content" in body:
        message.content = (body["content"] or "").strip()
    if "embeds" in body or "embed" in body:
        embeds = body.get("embeds") or ([body["embed"]] if body.get("embed") else [])
        message.embeds = embedded(embeds, message.attachments)
    if "components" in body:
        message.components = drawn(body["components"] or [], message.attachments)


def ping(message: Message, allowed: dict[str, Any] | None) -> None:
    """Find out who is notified of a new message."""
    channel, api = message.channel, message.channel.api
    answered = message.reference.sender if message.reference else None
    found = notified(
        [message.content, *texts(message.components)],
        allowed,
        str(answered.id) if answered else None,
    )
    ids = {int(number) for number in found.users}
    guild = channel.guild
    everybody = list(channel.recipients) if guild is None else [*guild.people, api.me]
    if guild is not None:
        everywhere = message.interaction is None and may(
            message.sender, channel, "mention_everyone"
        )
        everywhere = everywhere or (
            message.interaction is not None and may(api.me, channel, "mention_everyone")
        )
        for role in guild.roles[1:]:
            if str(role.id) in found.roles and (role.mentionable or everywhere):
                message.pinged_roles.append(role.id)
                ids |= {person.id for person in role.members}
        if found.everyone and everywhere:
            message.pinged_everyone = True
            ids |= {person.id for person in guild.people}
    if message.ephemeral_to is not None:
        ids &= {message.ephemeral_to.id}
    message.pings = [
        person
        for person in everybody
        if person.id in ids
        and person is not message.sender
        and may(person, channel, "view_channel")
    ]


def announce(message: Message, name: str = "MESSAGE_CREATE") -> None:
    """Tell the bot of a message, as far as it may see it."""
    channel = message.channel
    api = channel.api
    if isinstance(channel, Thread) and channel.archived and name == "MESSAGE_CREATE":
        channel.set(archived=False)
    api.pulse.beat()
    told = channel.of_bot and may(api.me, channel, "view_channel")
    if not told or message.ephemeral_to is not None or message.loading:
        return
    shown = message.shown()
    if channel.guild is not None:
        shown["guild_id"] = str(channel.guild.id)
        if channel.guild.has(message.sender) and not message.by_webhook:
            shown["member"] = channel.guild.member(message.sender)

    def as_seen(session: Session) -> dict[str, Any]:
        may_read = (
            channel.guild is None
            or message.sender is api.me
            or api.me in message.pings
            or session.intents & intents.MESSAGE_CONTENT
        )
        if may_read:
            return shown
        empty: dict[str, Any] = {"embeds": [], "attachments": [], "components": []}
        hidden = {**shown, "content": "", **empty}
        if hidden.get("referenced_message") and message.reference is not None:
            quoted = message.reference
            if quoted.sender is not api.me and api.me not in quoted.pings:
                inner = {**hidden["referenced_message"], "content": "", **empty}
                hidden["referenced_message"] = inner
        return hidden

    needs = intents.DIRECT_MESSAGES if channel.guild is None else intents.GUILD_MESSAGES
    api.gateway_events.dispatch(name, shown, guild=channel.guild, needs=needs, seen=as_seen)


def edit(message: Message, body: dict[str, Any], files: list[Attachment]) -> None:
    """Change a message; edits ping nobody."""
    fill(message, body, files)
    message.edits += 1
    message.edited_at = message.channel.api.now()
    announce(message, "MESSAGE_UPDATE")


def delete(message: Message) -> None:
    """Take a message away."""
    channel = message.channel
    message.deleted = True
    channel.api.pulse.beat()
    if not channel.of_bot or message.ephemeral_to is not None:
        return
    if not may(channel.api.me, channel, "view_channel"):
        return
    data = {"id": str(message.id), "channel_id": str(channel.id)}
    needs = intents.DIRECT_MESSAGES
    if channel.guild is not None:
        data["guild_id"] = str(channel.guild.id)
        needs = intents.GUILD_MESSAGES
    channel.api.gateway_events.dispatch("MESSAGE_DELETE", data, guild=channel.guild, needs=needs)
