"""Presses of buttons, and what came back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.telegram.messages import Message
from tests.telegram.updates import Pushed

if TYPE_CHECKING:
    from tests.telegram.api import BotApi
    from tests.telegram.people import Person


@dataclass(frozen=True)
class Answer:
    """What came back after a button was pressed: a notice, an alert, or a place to go to."""

    text: str
    alert: bool
    url: str


@dataclass(eq=False)
class Press:
    """One press of a button."""

    api: BotApi
    id: str
    person: Person
    message: Message
    data: str
    at: float
    stale: bool = False
    answer: Answer | None = None
    answered_at: float | None = None
    pushed: Pushed | None = field(default=None, repr=False)

    @property
    def latency_s(self) -> float:
        """Return how long the bot took to answer."""
        assert self.answered_at is not None, "the press was not answered"
        return self.answered_at - self.at

    async def answered(self, timeout: float = 5) -> Answer:
        """Wait for the answer."""
        answer = await self.api.pulse.until(lambda: self.answer, timeout)
        assert answer is not None, f"the press of {self.data!r} was not answered in {timeout} s"
        return answer
