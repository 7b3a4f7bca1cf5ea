"""What follows the first response: with the interaction's token, for 15 minutes."""

from __future__ import annotations

from typing import Any

from tests.discord import posting
from tests.discord.asked import Asked, route
from tests.discord.interactions import Interaction
from tests.discord.messages import EPHEMERAL, Message
from tests.discord.routes.messages import check_change
from tests.discord.rules.messages import check_message
from tests.discord.rules.refused import Refused

_PATH = "/webhooks/{webhook_id}/{webhook_token}"
MOST_IN_USER_INSTALL = 5


def _interaction(asked: Asked) -> Interaction:
    api = asked.api
    if asked.number("webhook_id") != api.application_id:
        raise Refused(404, 10015, "Unknown Webhook")
    token = asked.path["webhook_token"]
    found = next((one for one in api.interactions.values() if one.token == token), None)
    if found is None or not found.token_is_valid:
        raise Refused(401, 50027, "Invalid Webhook Token")
    if found.channel.deleted:
        raise Refused(404, 10003, "Unknown Channel")
    if found.response in (None, "modal", "autocomplete"):
        raise Refused(404, 10015, "Unknown Webhook")
    return found


def _original(interaction: Interaction) -> Message:
    updates = interaction.response in ("update", "deferred_update")
    found = interaction.message if updates else interaction.original
    if found is None or found.deleted:
        raise Refused(404, 10008, "Unknown Message")
    return found


def _named(asked: Asked, interaction: Interaction) -> Message:
    number = asked.number("message_id")
    for one in (interaction.original, *interaction.followups, interaction.message):
        if one is not None and one.id == number and not one.deleted:
            return one
    raise Refused(404, 10008, "Unknown Message")


@route("POST", _PATH, auth=False)
def follow_up(asked: Asked) -> Any:
    interaction, body = _interaction(asked), asked.form
    check_message(body, where="followup", files=len(asked.files))
    first = interaction.original
    if first is not None and first.loading and not first.deleted:
        _resolve(first, body, asked, pings=True)
        return first.shown()
    if interaction.user_install_only and len(interaction.followups) >= MOST_IN_USER_INSTALL:
        text = "This interaction has reached the maximum number of follow-up messages"
        raise Refused(400, 40094, text)
    message = posting.post(
        interaction.channel,
        asked.api.me,
        body,
        asked.files,
        interaction=interaction,
    )
    interaction.followups.append(message)
    asked.api.pulse.beat()
    return message.shown()


def _resolve(message: Message, body: dict[str, Any], asked: Asked, *, pings: bool = False) -> None:
    """Put something where people read that the bot is thinking; who sees it stays."""
    message.loading = False
    message.flags = 0
    posting.fill(message, {**body, "flags": (body.get("flags") or 0) & ~EPHEMERAL}, asked.files)
    if pings:
        posting.ping(message, body.get("allowed_mentions"))
    posting.announce(message, "MESSAGE_UPDATE")


def _change(message: Message, asked: Asked) -> Any:
    check_change(message, asked.form, len(asked.files))
    if message.loading:
        _resolve(message, asked.form, asked)
    else:
        posting.edit(message, asked.form, asked.files)
    return message.shown()


@route("GET", _PATH + "/messages/@original", auth=False)
def original(asked: Asked) -> Any:
    return _original(_interaction(asked)).shown()


@route("PATCH", _PATH + "/messages/@original", auth=False)
def change_original(asked: Asked) -> Any:
    return _change(_original(_interaction(asked)), asked)


@route("DELETE", _PATH + "/messages/@original", auth=False)
def delete_original(asked: Asked) -> Any:
    posting.delete(_original(_interaction(asked)))


@route("GET", _PATH + "/messages/{message_id}", auth=False)
def one_message(asked: Asked) -> Any:
    return _named(asked, _interaction(asked)).shown()


@route("PATCH", _PATH + "/messages/{message_id}", auth=False)
def change_message(asked: Asked) -> Any:
    return _change(_named(asked, _interaction(asked)), asked)


@route("DELETE", _PATH + "/messages/{message_id}", auth=False)
def delete_message(asked: Asked) -> Any:
    posting.delete(_named(asked, _interaction(asked)))
