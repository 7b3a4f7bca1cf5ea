"""What somebody did -> Request: in which chat's name, in which role, and where answers go.

A person may speak of a group in their direct chat: behind a button that came from there, in reply
to a card that did, or in a form. Telegram is asked then whether they are still in it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.adapters.telegram import wire
from bot.adapters.telegram.inbound import Press, Wrote, direct
from bot.adapters.telegram.members import Members
from bot.chat.action import pack, unpack
from bot.chat.command import RUN, Registry
from bot.chat.context import ChatKind, Event, Place, Pressed, Request, Role, Said, Sender
from bot.chat.dialog import STEP
from bot.chat.markup import storable
from bot.chat.parse import parse
from bot.errors import Conflict, NotAllowed, UserError
from bot.services.places import Places


@dataclass(frozen=True, slots=True)
class Meant:
    """What somebody means.

    Attributes:
        place: The chat.
        about: The action that a reply goes to.
        guessed: Whether they have named nothing, so that it is only the likeliest.
    """

    place: Place
    about: str = ""
    guessed: bool = False


class Requests:
    """Makes requests of what people do."""

    def __init__(self, registry: Registry, places: Places, members: Members) -> None:
        self._registry = registry
        self._places = places
        self._members = members
        self._families = {name.partition(" ")[0] for name in registry.commands} | {"cancel"}

    async def of_message(self, wrote: Wrote) -> Request | None:
        """Return the request that a message is; None if it is none.

        Raises:
            UserError: It is one that cannot be answered.
        """
        if wrote.payload:
            linked = await self._linked(wrote)
            if linked is not None:
                return linked
        if wrote.command and wrote.in_group and not wrote.addressed and not self._is_ours(wrote):
            return None  # another bot's
        if wrote.command == "start" and wrote.in_group and " " in wrote.text.strip():
            return None  # Telegram says it for who adds us by a link; we introduce ourselves anyway
        replied = await self._replied(wrote)
        if wrote.in_group:
            return await self._in_group(wrote, replied)
        return await self._in_private(wrote, replied)

    async def of_press(self, press: Press) -> Request:
        """Return the request that a press is.

        Raises:
            UserError: It is one that cannot be answered.
        """
        place = press.place
        if press.chat:
            found = await self._places.get(press.chat)
            if found is None or (press.in_group and found.ref != place.ref):
                raise _nowhere()  # ours never name another chat in a group
            if found.ref != place.ref:
                place = found
        event, key = Pressed(press.action), f"press:{press.id}"
        return await self._about(press.sender, press.place, place, event, key)

    async def _linked(self, wrote: Wrote) -> Request | None:
        read = wire.read_start(wrote.payload)
        place = await self._places.get(read[0]) if read is not None else None
        if read is None or place is None or not self.may_be_linked(read[1]):
            return None
        event = Pressed(read[1])
        try:
            return await self._about(wrote.sender, wrote.place, place, event, wrote.key)
        except Conflict:
            return None  # it leads nowhere, like any made-up one

    async def _in_group(self, wrote: Wrote, replied: Meant | None) -> Request | None:
        if not wrote.command and replied is None:
            return None  # chatter, which we only hear where privacy mode is off
        step = replied is not None and replied.about.startswith(f"{STEP}:")
        public = step or wrote.command == "cancel" or self._is_public(wrote)
        if wrote.anonymous and not public:
            raise NotAllowed(
                "You write as the group, so I cannot tell who you are.",
                "Write as yourself; what you get is private.",
            )
        about = replied.about if replied is not None else ""
        return Request(
            await self._ranked(wrote.sender, wrote.place),
            wrote.place,
            Said(wrote.text),
            wrote.key,
            about,
            aside=None if wrote.anonymous else direct(wrote.sender),
            at=wrote.at,
            quoted=storable(wrote.quoted),
        )

    async def _in_private(self, wrote: Wrote, replied: Meant | None) -> Request:
        here = wrote.place
        if wrote.command:
            # A schedule typed here is one's own, whatever card it replies to.
            meant = replied if replied is not None and not self._is_public(wrote) else Meant(here)
            if meant.about.startswith(f"{STEP}:"):
                meant = Meant(here)
        else:
            meant = await self._text_means(wrote, replied)
        # What follows /start is a link's parameter; one that leads nowhere is a plain hello.
        text = "/start" if wrote.command == "start" else wrote.text
        try:
            request = await self._about(wrote.sender, here, meant.place, Said(text), wrote.key)
        except (NotAllowed, Conflict):
            # What concerns a chat that is closed to them must not swallow all they say.
            if not meant.guessed:
                await self._places.forget_form(here.ref, wrote.sender.id)
                raise
            meant = Meant(here)
            request = await self._about(wrote.sender, here, here, Said(text), wrote.key)
        return replace(request, about=meant.about, at=wrote.at)

    async def _text_means(self, wrote: Wrote, replied: Meant | None) -> Meant:
        """Return what plain text in the direct chat is about.

        The card that it replies to; else the form on its way; else the newest card, if that
        concerns another chat; else whatever is open here.
        """
        here = wrote.place
        if replied is not None and not replied.about.startswith(f"{STEP}:"):
            return replied
        form = await self._places.awaited(here.ref, wrote.sender.id)
        if replied is not None:
            return Meant(form or here, replied.about)
        if form is not None:
            return Meant(form)
        newest = await self._places.newest(here.ref)
        if newest is not None and newest[0].ref != here.ref:
            return Meant(*newest, guessed=True)
        return Meant(here)

    async def _about(
        self, sender: Sender, here: Place, place: Place, event: Event, key: str
    ) -> Request:
        """Return a request that is made `here` and concerns `place`."""
        if place.kind is ChatKind.DM and place.ref != direct(sender).ref:
            raise _nowhere()  # somebody else's
        if place.ref == here.ref:
            aside = direct(sender) if here.kind is ChatKind.GROUP else None
            return Request(await self._ranked(sender, here), here, event, key, aside=aside)
        role = await self._members.role_from_outside(place.ref, sender.id)
        if role is None and not await self._places.knows(place.ref, sender.id):
            raise _nowhere()  # not even the group's name is for strangers
        if role is None:
            raise NotAllowed(
                f"You are not in {place.title or 'that group'} any more.",
                "Its questions are for its members. /practice gets you one of your own.",
            )
        return Request(replace(sender, role=role), place, event, key, here=here)

    async def _ranked(self, sender: Sender, place: Place) -> Sender:
        if place.kind is ChatKind.DM or sender.role is Role.MODERATOR:
            return sender
        return replace(sender, role=await self._members.role(place.ref, sender.id))

    async def _replied(self, wrote: Wrote) -> Meant | None:
        if wrote.replied is None:
            return None
        found = await self._places.replied(wrote.replied)
        if found is not None:
            return Meant(*found)
        # A copy that we do not know of: it was sent, and we never heard that it was. What its
        # buttons lead to tells which question it asks.
        chat, reply = wrote.copied
        if not reply:
            return None
        place = await self._places.get(chat) if chat else wrote.place
        return None if place is None else Meant(place, reply)

    def may_be_linked(self, action: str) -> bool:
        """Return whether an action may come by a link, which anybody can write.

        A command may only without values: an answer is a value too. What to practise is harmless.
        """
        name, args = unpack(action)
        if name != RUN:
            known = self._registry.actions.get(name)
            return known is not None and known.by_link
        command = self._registry.commands.get(args[0].replace("_", " ")) if args else None
        harmless = command is not None and command.by_link
        return harmless and (len(args) == 1 or args[0] == "practice")

    def _is_ours(self, wrote: Wrote) -> bool:
        return wrote.command.partition("_")[0] in self._families

    def _is_public(self, wrote: Wrote) -> bool:
        """Return whether all may see the answer to a command."""
        try:
            return not parse(self._registry, wrote.text).command.private
        except UserError:
            return False

    def again(self, text: str) -> str:
        """Return an action that does what the command line `text` asks for; empty if none can."""
        try:
            line = parse(self._registry, text)
        except UserError:
            return ""
        if not line.command.by_link:
            return ""
        name = line.command.name.replace(" ", "_")
        values = [line.values.get(each.name, "") for each in line.command.parameters]
        while values and not values[-1]:
            values.pop()
        try:
            return pack(RUN, name, *values)
        except ValueError:
            return pack(RUN, name)


def _nowhere() -> Conflict:
    """Return the same refusal for all that is not theirs, so that it tells nothing."""
    return Conflict("That leads nowhere.", "/start shows what there is for you.")
