"""Who people are and what they have set."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.chat.context import Actor, Chat, ChatKind, Place, Request, Role, Sender
from bot.chat.markup import visible
from bot.clock import Clock
from bot.domain.when import parse_hour
from bot.domain.zones import parse_zone
from bot.errors import Invalid
from bot.services.plans import replan
from bot.services.reach import regain
from bot.store.records import StoredChat, User
from bot.store.uow import Database

MAX_NAME = 100
"""Characters of a name that are kept."""


class Accounts:
    """People, their identities, and their settings."""

    def __init__(
        self, database: Database, clock: Clock, operators: frozenset[str] = frozenset()
    ) -> None:
        """Keep people in `database`; `operators` are those that run this, as "telegram:7000"."""
        self._database = database
        self._clock = clock
        self._operators = operators

    async def resolve(self, request: Request) -> tuple[Actor, Chat, Chat]:
        """Return the person, the chat that a request concerns, and the one it was made in.

        All are made known on first contact; a chat that we had lost is back.
        """
        request = _storable(request)
        sender, place, here = request.sender, request.place, request.here or request.place
        elsewhere = here != place
        known = await self._known(sender, place, left=elsewhere)
        user, chat = known or await self._meet(sender, place, here=not elsewhere)
        spoken_in = chat
        if elsewhere:
            also = await self._known(sender, here)
            spoken_in = (also or await self._meet(sender, here))[1]
        # In a direct chat there is nobody to moderate, whatever the platform says.
        role = sender.role if place.kind is ChatKind.GROUP else Role.MEMBER
        operates = f"{place.ref.platform}:{sender.id}" in self._operators
        return (
            Actor(user.id, sender.name, role, operates),
            _chat(chat, place),
            _chat(spoken_in, here),
        )

    async def _known(
        self, sender: Sender, place: Place, *, left: bool = False
    ) -> tuple[User, StoredChat] | None:
        """Return a person and a chat, if nothing about them is new.

        Args:
            sender: The person.
            place: The chat.
            left: Whether it may be one that cannot be reached: it is only spoken of.
        """
        async with self._database.read() as unit:
            found = await unit.users.find(place.ref.platform, sender.id)
            chat = await unit.chats.find(place.ref)
            if (
                found is None
                or found[1] != sender.name
                or chat is None
                or chat.title != place.title
                or (chat.left and not left)
                or not await unit.chats.is_member(chat.id, found[0].id)
            ):
                return None
            return found[0], chat

    async def get(self, actor: Actor) -> User:
        """Return a person's settings."""
        async with self._database.read() as unit:
            return await unit.users.get(actor.user_id)

    async def change(self, actor: Actor, *, zone: str, day_starts: str, board: str) -> User:
        """Change what is not empty; a zone moves no past day.

        Raises:
            Invalid: A value cannot be understood.
        """
        key = parse_zone(zone) if zone else None
        hour = parse_hour(day_starts) if day_starts else None
        if board not in ("", "show", "hide"):
            raise Invalid(f'"{board[:40]}" is neither show nor hide.', "board takes show or hide.")
        async with self._database.write() as unit:
            hidden = None if not board else board == "hide"
            await unit.users.change(actor.user_id, zone=key, day_starts_at=hour, hidden=hidden)
            await unit.commit()
        return await self.get(actor)

    async def _meet(
        self, sender: Sender, place: Place, *, here: bool = True
    ) -> tuple[User, StoredChat]:
        now = self._clock.now()
        async with self._database.write() as unit:
            chat = await unit.chats.ensure(place, now)
            if here:  # who speaks in a chat shows that it can be reached
                await regain(unit, chat, now)
            found = await unit.users.find(place.ref.platform, sender.id)
            if found is None:
                user = await unit.users.add(place.ref.platform, sender.id, sender.name, now)
            else:
                user = found[0]
                if found[1] != sender.name:
                    await unit.users.rename(user.id, place.ref.platform, sender.id, sender.name)
            if not await unit.chats.is_member(chat.id, user.id):
                await unit.chats.join(chat.id, user.id, now)
                if chat.kind is ChatKind.GROUP:
                    # Until they choose one, the group's zone is the likeliest guess at theirs.
                    await unit.users.adopt_zone([user.id], chat.zone)
                    await replan(unit, user.id, now)
            await unit.commit()
        return user, chat


def _chat(stored: StoredChat, place: Place) -> Chat:
    ref = replace(stored.ref, thread=place.ref.thread)
    return Chat(stored.id, ref, stored.kind, stored.title)


def _storable(request: Request) -> Request:
    """Return a request whose names every database can keep, and every board show."""
    name = visible(request.sender.name).strip()[:MAX_NAME] or "somebody"
    # A name like a command would be one to tap, wherever it is shown.
    name = re.sub(r"(?<!\S)/(?=\w)", "\N{DIVISION SLASH}", name)
    here = request.here
    return replace(
        request,
        sender=replace(request.sender, name=name),
        place=_titled(request.place),
        here=None if here is None else _titled(here),
    )


def _titled(place: Place) -> Place:
    return replace(place, title=visible(place.title).strip()[:MAX_NAME])
