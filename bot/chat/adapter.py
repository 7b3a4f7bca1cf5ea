"""All a platform must do, and the two ways in which it may fail."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

from bot.chat.context import ChatRef, MessageRef, Request
from bot.chat.dispatch import Outcome
from bot.chat.view import Card

Dispatch = Callable[[Request], Awaitable[Outcome]]


class Unreachable(Exception):
    """The chat cannot be reached any more: blocked, kicked, deleted. Stop sending to it.

    Attributes:
        reason: For the log.
        advice: What whoever set its schedule can do about it; empty: let us in again.
    """

    def __init__(self, reason: str = "", advice: str = "") -> None:
        """Keep reason and advice."""
        super().__init__(reason)
        self.reason = reason
        self.advice = advice


class Delayed(Exception):
    """Not now: try again in `retry_after_s` seconds. Nothing was sent."""

    def __init__(self, retry_after_s: float) -> None:
        """Keep the wait in seconds."""
        super().__init__(f"try again in {retry_after_s:g} s")
        self.retry_after_s = retry_after_s


class NotConnected(Delayed):
    """We are not connected just now, which is no chat's fault. Nothing was sent."""

    def __init__(self) -> None:
        """A moment later it may go."""
        super().__init__(1.0)


class Unsure(Exception):
    """It may or may not have been sent: the platform gave no answer in time."""


class Adapter(Protocol):
    """A platform."""

    name: str
    tally_every_s: float
    """Seconds between two edits of one message's tally, at least."""
    in_flight: int
    """Sends that may be under way at once; so many may be twins after a crash."""

    async def run(self, dispatch: Dispatch) -> None:
        """Connect, publish the commands, serve until cancelled."""
        ...

    async def run_sending(self) -> None:
        """Connect and only send, until cancelled: another process listens and answers."""
        ...

    def connected(self) -> bool:
        """Return whether something could be sent now, as far as we know."""
        ...

    def per_second(self) -> float:
        """Return how many requests a second are made at most now."""
        ...

    def paused_s(self) -> float:
        """Return for how many seconds the platform wants to hear nothing from us."""
        ...

    def direct(self, person_id: str) -> ChatRef | None:
        """Return a person's direct chat, where the platform lets us begin one; else None."""
        ...

    async def send(
        self,
        chat: ChatRef,
        card: Card,
        *,
        key: str,
        under: MessageRef | None = None,
        retry: bool = False,
    ) -> MessageRef:
        """Post a card.

        Args:
            chat: Where.
            card: What.
            key: The same for every try at the same message.
            retry: Whether an earlier try may have sent it: it is looked for first, where a
                platform lets us.
            under: The message of ours that it belongs to: it stands in that one's discussion, if
                there is one, else it replies to it. If that is gone, it stands by itself.

        Raises:
            Unreachable: Stop sending there.
            Delayed: Nothing was sent; try later.
            Unsure: It may have been sent.
        """
        ...

    async def replace(self, address: str, card: Card) -> None:
        """Replace a card that said it is followed by something, where it stands.

        Args:
            address: What this adapter has kept of where that is.
            card: What follows.

        Raises:
            Unreachable: It stands there no more, or cannot be replaced any more.
            Delayed: Try later.
        """
        ...

    async def edit(self, message: MessageRef, card: Card) -> None:
        """Replace a message's card.

        Raises:
            Unreachable: The message or the chat is gone.
            Delayed: Try later.
        """
        ...
