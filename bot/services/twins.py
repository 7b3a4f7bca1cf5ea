"""Second copies of scheduled questions: found when somebody presses one of their buttons.

After an unsure send a question is sent once more, and the first copy may be there after all
(DELIVERY.md, 6).
"""

from __future__ import annotations

from datetime import timedelta

from bot.chat.action import unpack
from bot.chat.context import MessageRef
from bot.clock import Clock
from bot.store.uow import Database

TWINS = timedelta(days=7)
"""How long after an unsure send its first copy is looked for."""
ASKED = timedelta(minutes=1)
"""How long it is taken to hold that there are none: the sender may be another process."""
MAX_DIGITS = 18
"""Digits of a row's id that surely fit its column."""


class Twins:
    """Tells copies from the message that counts."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._none_until = clock.now()

    async def is_twin(self, message: MessageRef, action: str) -> bool:
        """Return whether a message is a second copy of a scheduled question."""
        try:
            name, args = unpack(action)
        except ValueError:
            return False
        if name not in ("answer", "hint", "skip") or not args or not _is_id(args[0]):
            return False
        if not await self._may_be():
            return False
        async with self._database.read() as unit:
            chat = await unit.chats.find(message.chat)
            serving = await unit.servings.get(int(args[0]))
            if chat is None or serving is None or serving.delivery_id is None:
                return False
            if serving.chat_id != chat.id or serving.message_id in (None, message.id):
                return False
            if await unit.posts.find(chat.id, message.id) is not None:
                return False  # a card of ours that shows the same question: a hint, for one
            delivery = await unit.deliveries.get(serving.delivery_id)
            return delivery.tries > 1

    def expect(self) -> None:
        """Note that something is sent once more."""
        self._none_until = self._clock.now()

    async def _may_be(self) -> bool:
        """Return whether anything was sent more than once lately; seldom asked of the database."""
        now = self._clock.now()
        if now < self._none_until:
            return False
        async with self._database.read() as unit:
            found = await unit.deliveries.any_tried_again(now - TWINS)
        if not found:
            self._none_until = now + ASKED
        return found


def _is_id(text: str) -> bool:
    """Return whether `text`, which anybody can forge, can be the id of a row."""
    return text.isdecimal() and len(text) <= MAX_DIGITS
