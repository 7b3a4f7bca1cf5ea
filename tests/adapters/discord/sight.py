"""What Discord gets of what we render, by the library's own hand, and what its rules say to it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import discord
from discord.http import handle_message_parameters
from discord.webhook.async_ import interaction_message_response_params

from bot.adapters.discord.outgoing import edited, sent_as
from bot.adapters.discord.render import Rendered, Renderer, modal
from bot.chat.view import Card, Form
from tests.discord.rules.components import buttons, texts
from tests.discord.rules.mentions import Mentions, notified
from tests.discord.rules.messages import check_message
from tests.discord.rules.modals import check_modal

RENDERER = Renderer(4200)
NOBODY = discord.AllowedMentions.none()
"""What the client lets messages ping, unless one says otherwise."""

Body = dict[str, Any]


def created(made: Rendered) -> Body:
    """Return the body of the request that posts a message."""
    params = handle_message_parameters(**sent_as(made), previous_allowed_mentions=NOBODY)
    return _body(params, made)


def answered(made: Rendered) -> Body:
    """Return the message in the body of the request that answers an interaction with it."""
    params = interaction_message_response_params(
        type=4, **sent_as(made), previous_allowed_mentions=NOBODY
    )
    data: Body = _body(params, made)["data"]
    return data


def _body(params: Any, made: Rendered) -> Body:
    if params.payload is not None:
        return dict(params.payload)
    found: Body = json.loads(params.multipart[0]["value"])
    return found


def shown(card: Card) -> list[Body]:
    """Return a card's messages as they are posted.

    Raises:
        Refused: Discord would not take one of them.
    """
    found = []
    for made in RENDERER.card(card):
        body = created(made)
        check_message(body, where="create", files=len(made.files))
        check_message(answered(made), where="callback", files=len(made.files))
        found.append(body)
    assert found, "a card is a message at least"
    return found


def edits(card: Card) -> list[Body]:
    """Return the bodies of the requests that put a card's messages in place of others."""
    made = RENDERER.card(card)
    return [
        _body(handle_message_parameters(**edited(each), previous_allowed_mentions=NOBODY), each)
        for each in made
    ]


def opened(form: Form) -> Body:
    """Return a form's modal.

    Raises:
        Refused: Discord would not show it.
    """
    data: Body = modal(form).to_dict()
    check_modal(data)
    return data


def words(body: Body) -> list[str]:
    """Return the texts of a message in which Discord looks for Markdown and mentions."""
    content = body.get("content")
    return [*([content] if content else []), *texts(body.get("components") or ())]


def pinged(bodies: Iterable[Body]) -> list[Mentions]:
    """Return whom each message notifies."""
    return [notified(words(body), body.get("allowed_mentions"), None) for body in bodies]


def keys(body: Body) -> list[tuple[str, str]]:
    """Return label and target of a message's buttons: a custom id or an address."""
    found = buttons(body.get("components") or ())
    return [(each["label"], each.get("custom_id") or each["url"]) for each in found]
