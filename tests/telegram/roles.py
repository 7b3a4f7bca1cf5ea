"""What people do in groups besides talking: bring the bot, promote each other, come and go."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from tests.telegram import delivery
from tests.telegram.chats import Chat

if TYPE_CHECKING:
    from tests.telegram.people import Person


class Roles:
    """The part of a person that changes who is who in a group."""

    @property
    def _me(self) -> Person:
        return cast("Person", self)

    def adds_bot(self, chat: Chat) -> None:
        """Add the bot to a group."""
        assert not chat.bot_is_here, "it is there already"
        delivery.bot_becomes(chat, "member", by=self._me)
        chat.announce(self._me, new_chat_members=[self._me.api.me])

    def removes_bot(self, chat: Chat) -> None:
        """Remove the bot from a group."""
        chat.announce(self._me, left_chat_member=self._me.api.me)
        delivery.bot_becomes(chat, "kicked", by=self._me)

    def promotes_bot(self, chat: Chat) -> None:
        """Make the bot an administrator."""
        delivery.bot_becomes(chat, "administrator", by=self._me)

    def demotes_bot(self, chat: Chat) -> None:
        """Make the bot a plain member, with all that members may do."""
        delivery.bot_becomes(chat, "member", by=self._me)

    def restricts_bot(self, chat: Chat) -> None:
        """Let the bot send nothing."""
        delivery.bot_becomes(chat, "restricted", by=self._me)

    def promotes(self, person: Person, chat: Chat) -> None:
        """Make somebody an administrator."""
        assert self._me in chat.admins
        assert person in chat.people
        if person not in chat.admins:
            old = chat.member(person)
            chat.promoted.append(person)
            delivery.member_changed(chat, old, chat.member(person), by=self._me)

    def demotes(self, person: Person, chat: Chat) -> None:
        """Make an administrator a plain member."""
        assert self._me in chat.admins
        old = chat.member(person)
        chat.promoted.remove(person)
        delivery.member_changed(chat, old, chat.member(person), by=self._me)

    def joins(self, chat: Chat) -> None:
        """Come into a group."""
        assert self._me not in chat.people
        old = chat.member(self._me)
        chat.people.append(self._me)
        delivery.member_changed(chat, old, chat.member(self._me), by=self._me)
        chat.announce(self._me, new_chat_members=[self._me.shown()])

    def leaves(self, chat: Chat) -> None:
        """Go out of a group."""
        old = chat.member(self._me)
        chat.people.remove(self._me)
        chat.promoted = [person for person in chat.promoted if person is not self._me]
        delivery.member_changed(chat, old, chat.member(self._me), by=self._me)
        chat.announce(self._me, left_chat_member=self._me.shown())
