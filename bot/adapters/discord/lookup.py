"""Finding a message of ours whose sending was in doubt, after Discord has forgotten its nonce."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import discord

from bot.adapters.discord.render import PREFIX
from bot.chat.view import Button, Card

BACK = 25
"""Messages of a channel that are looked through."""
POSTS = 5
"""Newest posts of a forum that are looked through."""


async def sent_before(
    place: discord.abc.Messageable | discord.ForumChannel, card: Card, me: int
) -> discord.Message | None:
    """Return our message in a channel or forum that has a card's first button, if there is one.

    Without the permission to read what was written, nothing is found.

    Args:
        place: Where to look.
        card: A card whose first button is on no other message.
        me: Our own id.
    """
    wanted = next(
        (each.action for row in card.rows for each in row if isinstance(each, Button)), ""
    )
    if not wanted:
        return None
    try:
        if isinstance(place, discord.ForumChannel):
            return await _first_of_a_post(place, f"{PREFIX}{wanted}", me)
        async for message in place.history(limit=BACK):
            if message.author.id == me and f"{PREFIX}{wanted}" in _ids(message.components):
                return message
    except (discord.Forbidden, discord.NotFound):
        return None
    return None


async def _first_of_a_post(
    forum: discord.ForumChannel, wanted: str, me: int
) -> discord.Message | None:
    posts = [each for each in await forum.guild.active_threads() if each.parent_id == forum.id]
    for post in sorted(posts, key=lambda each: each.id, reverse=True)[:POSTS]:
        if post.owner_id != me:
            continue
        message = await post.fetch_message(post.id)  # a post has the id of its first message
        if wanted in _ids(message.components):
            return message
    return None


def _ids(components: Iterable[Any]) -> Iterator[str]:
    for each in components:
        if custom_id := getattr(each, "custom_id", None):
            yield custom_id
        yield from _ids(getattr(each, "children", ()))
