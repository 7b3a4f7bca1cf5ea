"""Who people are and what they have set."""

from __future__ import annotations

from dataclasses import replace

from bot.chat.context import Actor, Chat, ChatKind, Request, Role
from bot.chat.markup import visible
from bot.clock import Clock
from bot.domain.when import parse_hour
from bot.domain.zones import parse_zone
from bot.errors import Invalid
from bot.services.plans import replan
from bot.store.records import StoredChat, User
from bot.store.uow import Database

MAX_NAME = 100
"""Characters of a name that are kept."""


class Accounts:
    """People, their identities, and their settings."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def resolve(self, request: Request) -> tuple[Actor, Chat]:
        """Return the person and the chat of a request, made known on first contact."""
        request = _storable(request)
        sender, place = request.sender, request.place
        async with self._database.read() as unit:
            found = await unit.users.find(place.ref.platform, sender.id)
            chat = await unit.chats.find(place.ref)
            known = (
                found is not None
                and found[1] == sender.name
                and chat is not None
                and chat.title == place.title
                and not chat.left
                and await unit.chats.is_member(chat.id, found[0].id)
            )
        if known:
            assert found is not None
            assert chat is not None
            user = found[0]
        else:
            user, chat = await self._meet(request)
        # In a direct chat there is nobody to moderate, whatever the platform says.
        role = sender.role if place.kind is ChatKind.GROUP else Role.MEMBER
        return Actor(user.id, sender.name, role), Chat(chat.id, chat.ref, chat.kind, chat.title)

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

    async def _meet(self, request: Request) -> tuple[User, StoredChat]:
        sender, place, now = request.sender, request.place, self._clock.now()
        async with self._database.write() as unit:
            chat = await unit.chats.ensure(place, now)
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


def _storable(request: Request) -> Request:
    """Return a request whose names every database can keep, and every board show."""
    name = visible(request.sender.name).strip()[:MAX_NAME] or "somebody"
    title = visible(request.place.title).strip()[:MAX_NAME]
    return replace(
        request,
        sender=replace(request.sender, name=name),
        place=replace(request.place, title=title),
    )
