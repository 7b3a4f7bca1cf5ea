"""What the console needs from above: time that can be moved, and the work that time brings."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from bot.chat.context import Request
from bot.chat.dispatch import Resolve
from bot.clock import MovableClock


@dataclass(frozen=True, slots=True)
class Stage:
    """The program around the console, as the composition root hands it over.

    Attributes:
        clock: What time it is; runs on at a keyboard, stands still in a script.
        settle: Run scheduler, sender and edits until nothing is due at the clock's instant.
        next_due: The earliest instant in the future at which something becomes due, if any.
        resolve: The context of a request, for completions.
        status: The toolbar's line for the sender of a request.
        shown: Keeps where a card stands that something is to follow.
    """

    clock: MovableClock
    settle: Callable[[], Awaitable[None]]
    next_due: Callable[[], Awaitable[datetime | None]]
    resolve: Resolve
    status: Callable[[Request], Awaitable[str]]
    shown: Callable[[str, str], Awaitable[None]]

    async def move(self, target: datetime) -> None:
        """Move the clock to `target`, playing on the way all that becomes due in between.

        Backwards it only moves: what was sent stays sent.
        """
        played: datetime | None = None
        while (due := await self.next_due()) is not None and due <= target:
            if due == played:  # it stays due (a platform that said "later"): do not wait for it
                break
            played = due
            self.clock.set(max(due, self.clock.now()))
            await self.settle()
        self.clock.set(target)
        await self.settle()
