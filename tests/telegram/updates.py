"""Updates on their way to the bot: a queue that is polled, or emptied into a webhook."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout

from tests.telegram.pulse import Pulse
from tests.telegram.refusals import bad, conflict

NOT_BY_DEFAULT = frozenset(("chat_member", "message_reaction", "message_reaction_count"))
FIRST_UPDATE = 700_000_001


@dataclass(eq=False)
class Pushed:
    """An update. While held back it has no id; `again` keeps it through one confirmation."""

    kind: str
    body: dict[str, Any]
    id: int = 0
    again: bool = False

    def shown(self) -> dict[str, Any]:
        """Return it as the Bot API shows it."""
        return {"update_id": self.id, self.kind: self.body}


class Updates:
    """What the bot has still to confirm, in the order in which it gets it."""

    def __init__(self, pulse: Pulse, check: Callable[[dict[str, Any]], None]) -> None:
        self.pulse = pulse
        self.check = check
        self.queue: list[Pushed] = []
        self.held: list[Pushed] | None = None
        self.allowed: list[str] = []
        self.count = 0
        self.webhook: dict[str, Any] = {}
        self.failed: dict[str, Any] = {}
        self._poll: object | None = None
        self._worker: asyncio.Task[None] | None = None

    def push(self, kind: str, body: dict[str, Any]) -> Pushed | None:
        """Queue an update, unless the bot does not want its kind."""
        wanted = kind in self.allowed if self.allowed else kind not in NOT_BY_DEFAULT
        if not wanted:
            return None
        pushed = Pushed(kind, body)
        if self.held is None:
            self._enqueue(pushed)
        else:
            self.held.append(pushed)
        return pushed

    def _enqueue(self, pushed: Pushed) -> None:
        pushed.id = FIRST_UPDATE + self.count
        self.count += 1
        self.check(pushed.shown())
        self.queue.append(pushed)
        self.pulse.beat()

    def hold(self) -> None:
        """Deliver nothing new from now on."""
        self.held = self.held or []

    def release(self, order: str) -> None:
        """Deliver what was held back, as it came or the other way round."""
        held, self.held = self.held or [], None
        for pushed in reversed(held) if order == "reversed" else held:
            self._enqueue(pushed)

    def again(self, pushed: Pushed) -> None:
        """Deliver an update once more, as if its confirmation had been lost."""
        assert pushed.id, "it has not been delivered yet"
        pushed.again = True
        if pushed not in self.queue:
            self.queue.append(pushed)
            self.queue.sort(key=lambda one: one.id)
        self.pulse.beat()

    async def poll(
        self, offset: int, limit: int, timeout: float, allowed: list[str] | None
    ) -> list[dict[str, Any]]:
        """Answer getUpdates: what is there, or what comes within `timeout`."""
        if self.webhook:
            raise conflict(
                "can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first"
            )
        if not 1 <= limit <= 100:
            limit = 100
        if allowed is not None:
            self.allowed = allowed
        mine = self._poll = object()
        self._confirm(offset)

        def look() -> list[Pushed] | None:
            if self._poll is not mine or self.webhook:
                return []
            return self.queue[:limit] or None

        found = await self.pulse.until(look, timeout) or []
        if self._poll is not mine or self.webhook:
            raise conflict(
                "terminated by other getUpdates request; "
                "make sure that only one bot instance is running"
            )
        self._poll = None
        for pushed in found:
            pushed.again = False
        return [pushed.shown() for pushed in found]

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            self.queue = self.queue[offset:]
        else:
            self.queue = [one for one in self.queue if one.id >= offset or one.again]
        self.pulse.beat()

    def drop(self) -> None:
        """Forget everything that the bot has not confirmed."""
        self.queue.clear()
        self.pulse.beat()

    async def set_webhook(self, webhook: dict[str, Any]) -> None:
        """Send everything to an address from now on; {} ends that."""
        if self._worker:
            self._worker.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._worker
        self._worker, self.webhook, self.failed = None, webhook, {}
        self.pulse.beat()
        if webhook:
            self._worker = asyncio.get_running_loop().create_task(self._deliver())

    async def _deliver(self) -> None:
        wait = 0.05
        while True:
            pushed = await self.pulse.until(lambda: self.queue[0] if self.queue else None, 60)
            if pushed is None:
                continue
            pushed.again = False
            status = await self.post(pushed.shown())
            if 200 <= status < 300:
                wait = 0.05
                if pushed in self.queue and not pushed.again:
                    self.queue.remove(pushed)
                    self.pulse.beat()
            else:
                told = f"Wrong response from the webhook: {status}" if status else "Refused"
                self.failed = {"last_error_message": told}
                await asyncio.sleep(wait)
                wait = min(wait * 2, 0.5)

    async def post(self, update: dict[str, Any], secret: str | None = None) -> int:
        """Post one update to the webhook; return the status it answers, 0 for none."""
        if not self.webhook:
            raise bad("there is no webhook")
        secret = self.webhook.get("secret_token") if secret is None else secret
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
        try:
            async with (
                ClientSession(timeout=ClientTimeout(total=10)) as session,
                session.post(self.webhook["url"], json=update, headers=headers) as answer,
            ):
                return answer.status
        except (ClientError, TimeoutError):
            return 0
