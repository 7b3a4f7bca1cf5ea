"""Chats that let us in, put us out, and move."""

from __future__ import annotations

from contextlib import suppress
from uuid import uuid4

import structlog

from bot.adapters.telegram.inbound import Belonging, Migrated
from bot.adapters.telegram.members import Members
from bot.adapters.telegram.outgoing import Outgoing
from bot.cards.schedule import lost
from bot.chat.adapter import Delayed, Dispatch, Unreachable, Unsure
from bot.chat.context import ChatKind, ChatRef, Pressed, Request, Sender
from bot.chat.view import Reply
from bot.services.places import Places

log = structlog.get_logger(__name__)

HELLO = "hello"
"""Action with which we introduce ourselves to a group."""


class Lives:
    """Keeps track of where we can write."""

    def __init__(self, places: Places, members: Members, outgoing: Outgoing) -> None:
        self._places = places
        self._members = members
        self._outgoing = outgoing

    async def belonging(self, change: Belonging, dispatch: Dispatch) -> None:
        """Follow a change of our membership; introduce ourselves where we have never been."""
        place = change.place
        self._members.forget(place.ref)
        if not change.reachable:
            loss = await self._places.lost(place.ref)
            log.info("chat lost", kind=place.kind.value)
            if loss is not None and loss.owner is not None:
                with suppress(Unreachable, Delayed, Unsure):
                    await self._outgoing.send(loss.owner, lost(loss.title))
            return
        await self._places.back(place)
        log.info("chat reachable", kind=place.kind.value)
        in_group = change.new and place.kind is ChatKind.GROUP
        if in_group and await self._places.greet(place.ref):
            await self._greet(change, dispatch)

    async def migrated(self, move: Migrated) -> None:
        """Follow a group to its new id; both chats tell of it, and a send may have before."""
        if await self._places.moved(move.old, move.new_id):
            log.info("chat moved")

    async def moved(self, old: ChatRef, new_id: str) -> None:
        """Follow a group to the new id that a send told of."""
        await self.migrated(Migrated(old, new_id))

    async def _greet(self, change: Belonging, dispatch: Dispatch) -> None:
        role = await self._members.role(change.place.ref, change.by.id)
        by = Sender(change.by.id, change.by.name, role, change.by.language)
        outcome = await dispatch(Request(by, change.place, Pressed(HELLO), f"hello:{uuid4().hex}"))
        if not isinstance(outcome.response, Reply) or outcome.error:
            return
        card = outcome.response.card
        try:
            await self._outgoing.patiently(lambda: self._outgoing.send(change.place.ref, card))
        except Unreachable:
            await self._places.lost(change.place.ref)
        except (Delayed, Unsure):
            log.info("not greeted")
