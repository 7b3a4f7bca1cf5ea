"""Everything that is sent by itself: due questions, and what is said besides them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from bot.chat.adapter import Adapter
from bot.services import Services
from bot.services.agenda import ToDo
from bot.workers.chatter import Chatter
from bot.workers.deliveries import Deliveries
from bot.workers.verdicts import Verdicts


class Sender:
    """Sends on some platforms."""

    def __init__(self, services: Services, *adapters: Adapter) -> None:
        self.services = services
        self.leads: Callable[[str], bool] = lambda _platform: True
        """Whether we are the one that sends on a platform."""
        self._adapters: dict[str, Adapter] = {}
        self.chatter = Chatter(services, self._adapters)
        self.deliveries: dict[str, Deliveries] = {}
        self.verdicts = Verdicts(services, self._adapters)
        self._settling = asyncio.Lock()  # whoever comes while it works finds nothing left to do
        for adapter in adapters:
            self.add(adapter)

    def add(self, adapter: Adapter) -> None:
        """Send on one more platform."""
        self._adapters[adapter.name] = adapter
        self.deliveries[adapter.name] = Deliveries(
            self.services, adapter, self.chatter.lost, lambda: self.leads(adapter.name)
        )

    @property
    def platforms(self) -> frozenset[str]:
        """Names of the platforms that it sends on now."""
        return frozenset(filter(self.leads, self._adapters))

    async def to_do(self) -> ToDo:
        """Return what there is to do now."""
        return await self.services.agenda.look(self.platforms)

    async def settle(self) -> None:
        """Make deliveries of what is due, send them, and tell the rest, until nothing is left."""
        async with self._settling:
            await self.services.dues.materialise()
            for each in self.deliveries.values():
                await each.drain()
            await self.chatter.tell(self.platforms)
            await self.verdicts.tell(self.platforms)

    def stop(self) -> None:
        """Begin nothing any more; the rest waits for whoever sends next."""
        self.chatter.stop()
        self.verdicts.stop()
        for each in self.deliveries.values():
            each.stop()
