"""Question messages that show how many have answered."""

from __future__ import annotations

from dataclasses import dataclass

from bot.chat.context import MessageRef
from bot.services.views import ServingView, view
from bot.store.uow import Database

BATCH = 50
"""Tallies told at once."""


@dataclass(frozen=True, slots=True)
class Tally:
    """A question message whose tally is out of date."""

    message: MessageRef
    served: ServingView
    ping: str = ""


class Tallies:
    """Tallies between changed and told."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def untold(self, platforms: frozenset[str]) -> list[Tally]:
        """Return question messages whose tally is out of date."""
        async with self._database.read() as unit:
            found = []
            for serving in await unit.servings.untold(platforms, limit=BATCH):
                chat = await unit.chats.get(serving.chat_id)
                assert serving.message_id is not None
                message = MessageRef(chat.ref, serving.message_id)
                subscription = await unit.subscriptions.of_chat(chat.id)
                ping = subscription.ping if subscription is not None else ""
                found.append(Tally(message, await view(unit, serving), ping))
            return found

    async def told(self, tally: Tally) -> None:
        """Note which tally the message shows now."""
        async with self._database.write() as unit:
            await unit.servings.told(tally.served.serving.id, tally.served.serving.answers)
            await unit.commit()
