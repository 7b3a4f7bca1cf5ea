"""Who moderates a group and who is in it, as Telegram vouches for it.

Remembered for a minute: a group of busy members must not cost a request for every press, and an
administrator who was just made one must not wait long. Permissions are checked in the services;
this only says who somebody is.
"""

from __future__ import annotations

from typing import TypeVar

from telegram import Bot
from telegram.constants import ChatMemberStatus
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.chat.context import ChatRef, Role
from bot.clock import Clock
from bot.errors import Unavailable

MEMORY_S = 60.0
"""Seconds for which an answer of the server is believed."""
K = TypeVar("K")
V = TypeVar("V")

MAX_KEPT = 10_000
"""Groups and people remembered at most."""


class Members:
    """Roles in groups."""

    def __init__(self, bot: Bot, clock: Clock) -> None:
        self._bot = bot
        self._clock = clock
        self._moderators: dict[str, tuple[float, frozenset[str]]] = {}
        self._inside: dict[tuple[str, str], tuple[float, bool]] = {}

    async def role(self, group: ChatRef, user_id: str) -> Role:
        """Return what somebody who is in a group may do there."""
        moderates = user_id in await self._moderators_of(group)
        return Role.MODERATOR if moderates else Role.MEMBER

    async def role_from_outside(self, group: ChatRef, user_id: str) -> Role | None:
        """Return what somebody may do in a group they speak of elsewhere; None if not in it.

        Raises:
            Unavailable: Telegram cannot be asked now.
        """
        if user_id in await self._moderators_of(group):
            return Role.MODERATOR
        key, now = (group.id, user_id), self._now()
        at, inside = self._inside.get(key, (-MEMORY_S, False))
        if not 0 <= now - at < MEMORY_S:
            inside = await self._is_inside(group, user_id)
            _keep(self._inside, key, (now, inside))
        return Role.MEMBER if inside else None

    def forget(self, group: ChatRef) -> None:
        """Ask anew next time: something has changed."""
        self._moderators.pop(group.id, None)

    async def _moderators_of(self, group: ChatRef) -> frozenset[str]:
        now = self._now()
        at, known = self._moderators.get(group.id, (-MEMORY_S, frozenset()))
        if 0 <= now - at < MEMORY_S:
            return known
        try:
            admins = await self._bot.get_chat_administrators(group.id)
        except TelegramError:
            return known  # what was true last is likelier than that nobody moderates
        found = frozenset(str(each.user.id) for each in admins if not each.user.is_bot)
        _keep(self._moderators, group.id, (now, found))
        return found

    async def _is_inside(self, group: ChatRef, user_id: str) -> bool:
        try:
            member = await self._bot.get_chat_member(group.id, int(user_id))
        except (BadRequest, Forbidden):
            return False  # not there, or we are not
        except TelegramError as error:
            # Who cannot be asked about is not let in: links and buttons can be forged.
            message = "I cannot ask Telegram who is in that group right now."
            raise Unavailable(message, "Try again in a moment; nothing was lost.") from error
        restricted = member.status == ChatMemberStatus.RESTRICTED
        if restricted:
            return bool(getattr(member, "is_member", False))
        return member.status not in (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)

    def _now(self) -> float:
        return self._clock.now().timestamp()


def _keep(kept: dict[K, V], key: K, value: V) -> None:
    if len(kept) >= MAX_KEPT:
        del kept[next(iter(kept))]
    kept[key] = value
