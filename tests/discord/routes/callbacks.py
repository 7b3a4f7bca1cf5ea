"""The first response to an interaction."""

from __future__ import annotations

from typing import Any

from tests.discord import posting
from tests.discord.asked import Asked, Reply, route
from tests.discord.interactions import AUTOCOMPLETE, COMMAND, COMPONENT, SUBMIT, Interaction
from tests.discord.messages import DEFAULT, EPHEMERAL, FROM_COMMAND, FROM_MENU, Message
from tests.discord.modals import Modal
from tests.discord.routes.messages import check_change
from tests.discord.rules.commands import check_autocomplete
from tests.discord.rules.messages import check_message
from tests.discord.rules.modals import check_modal
from tests.discord.rules.refused import Refused, invalid

MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, SUGGESTIONS, MODAL = 4, 5, 6, 7, 8, 9
POSSIBLE = {
    COMMAND: (MESSAGE, DEFERRED, MODAL),
    COMPONENT: (MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, MODAL),
    AUTOCOMPLETE: (SUGGESTIONS,),
    SUBMIT: (MESSAGE, DEFERRED),
}


@route("POST", "/interactions/{interaction_id}/{interaction_token}/callback", auth=False)
def respond(asked: Asked) -> Any:
    api, form = asked.api, asked.form
    interaction = api.interactions.get(asked.number("interaction_id"))
    if interaction is None or interaction.token != asked.path["interaction_token"]:
        raise Refused(404, 10062, "Unknown interaction")
    if interaction.response is not None:
        raise Refused(400, 40060, "Interaction has already been acknowledged.")
    if not interaction.token_is_valid:
        raise Refused(404, 10062, "Unknown interaction")
    if interaction.channel.deleted:
        raise Refused(404, 10003, "Unknown Channel")
    kind, data = form.get("type"), form.get("data") or {}
    possible = POSSIBLE[interaction.kind]
    if interaction.kind == SUBMIT and interaction.message is not None:
        possible = (*possible, DEFERRED_UPDATE, UPDATE)
    if kind not in possible:
        wrong = ("INTERACTION_TYPE", f"Type {kind} is not possible for this interaction")
        raise invalid({("type",): wrong})
    message = WORK[kind](interaction, data, asked)
    interaction.responded_at = api.loop_time()
    api.pulse.beat()
    if asked.query.get("with_response") not in ("true", "1", "True"):
        return None
    return Reply(200, _told(interaction, kind, message))


def _told(interaction: Interaction, kind: int, message: Message | None) -> dict[str, Any]:
    callback: dict[str, Any] = {"id": str(interaction.id), "type": interaction.kind}
    told: dict[str, Any] = {"interaction": callback}
    if message is not None:
        callback["response_message_id"] = str(message.id)
        callback["response_message_loading"] = message.loading
        callback["response_message_ephemeral"] = message.ephemeral_to is not None
        if kind in (MESSAGE, UPDATE):
            told["resource"] = {"type": kind, "message": message.shown()}
    return told


def kind_of(interaction: Interaction) -> int:
    """Return what kind of message answers an interaction."""
    if interaction.kind != COMMAND:
        return DEFAULT
    return FROM_COMMAND if interaction.data["type"] == 1 else FROM_MENU


def _message(interaction: Interaction, data: dict[str, Any], asked: Asked) -> Message:
    check_message(data, where="callback", files=len(asked.files))
    message = posting.post(
        interaction.channel,
        asked.api.me,
        data,
        asked.files,
        interaction=interaction,
        kind=kind_of(interaction),
    )
    interaction.response, interaction.original = "message", message
    interaction.private = message.ephemeral_to is not None
    return message


def _deferred(interaction: Interaction, data: dict[str, Any], asked: Asked) -> Message:
    flags = data.get("flags") or 0
    if flags & ~EPHEMERAL:
        raise invalid({("data", "flags"): ("BASE_TYPE_CHOICES", "Only 64 is possible here")})
    message = Message(
        interaction.channel,
        asked.api.me,
        asked.api.snowflakes.next(),
        asked.api.now(),
        kind=kind_of(interaction),
        interaction=interaction,
        by_webhook=True,
        loading=True,
        ephemeral_to=interaction.person if flags & EPHEMERAL else None,
    )
    interaction.channel.every.append(message)
    interaction.response, interaction.original = "deferred", message
    interaction.private = bool(flags & EPHEMERAL)
    return message


def _deferred_update(interaction: Interaction, data: dict[str, Any], asked: Asked) -> Message:
    assert interaction.message is not None
    interaction.response = "deferred_update"
    interaction.private = interaction.message.ephemeral_to is not None
    return interaction.message


def _update(interaction: Interaction, data: dict[str, Any], asked: Asked) -> Message:
    message = interaction.message
    assert message is not None
    if message.deleted:
        raise Refused(404, 10008, "Unknown Message")
    check_change(message, data, len(asked.files))
    posting.edit(message, data, asked.files)
    interaction.response = "update"
    interaction.private = message.ephemeral_to is not None
    return message


def _suggest(interaction: Interaction, data: dict[str, Any], asked: Asked) -> None:
    choices = data.get("choices")
    if not isinstance(choices, list):
        wrong = ("BASE_TYPE_REQUIRED", "This field is required")
        raise invalid({("data", "choices"): wrong})
    check_autocomplete(choices)
    interaction.choices, interaction.response = choices, "autocomplete"


def _open(interaction: Interaction, data: dict[str, Any], asked: Asked) -> None:
    check_modal(data)
    interaction.modal, interaction.response = Modal(data, interaction), "modal"


WORK = {
    MESSAGE: _message,
    DEFERRED: _deferred,
    DEFERRED_UPDATE: _deferred_update,
    UPDATE: _update,
    SUGGESTIONS: _suggest,
    MODAL: _open,
}
