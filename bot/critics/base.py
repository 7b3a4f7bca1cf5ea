"""What a critic is: the one seam between the program and whatever judges an answer."""

from __future__ import annotations

from typing import Protocol

from bot.domain.critique import Critique
from bot.domain.opinion import Opinion
from bot.domain.question import Question


class CriticUnavailable(Exception):
    """The critic has no judgement now; the attempt stands and is "not graded yet", never zero.

    Attributes:
        reason: Short and free of anything that somebody wrote.
    """

    def __init__(self, reason: str = "unavailable") -> None:
        """Keep the reason."""
        super().__init__(reason)
        self.reason = reason


class Critic(Protocol):
    """Something that says, point by point, what an answer covers.

    Attributes:
        name: Stored on every critique and shown on the card ("keypoints").
        version: Changes whenever the same answer could be judged otherwise.
    """

    name: str
    version: str

    async def critique(self, question: Question, answer: str) -> Critique:
        """Return what the critic says of `answer`, whatever string it is.

        Raises:
            CriticUnavailable: There is no judgement now; asking again later may help.
        """
        ...


class Listener(Protocol):
    """Somebody who writes down what was spoken.

    Attributes:
        provider: Who that is, as people are asked whether their answers may go there.
    """

    provider: str

    async def transcribe(self, sound: bytes, name: str, mime: str) -> str:
        """Return the words of a recording; empty if there are none.

        Raises:
            CriticUnavailable: They cannot listen now; asking again later may help.
        """
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


class SecondCritic(Protocol):
    """Somebody else who is asked what they think: slow, at a price, and never believed blindly.

    Attributes:
        provider: Who that is, as people are asked whether their answers may go there.
    """

    provider: str

    def estimate(self, question: Question, answer: str) -> int:
        """Return how many tokens asking takes at most."""
        ...

    def cache_key(self, question: Question, answer: str) -> str:
        """Return what is the same for answers about which nothing else would be said."""
        ...

    async def opinion(self, question: Question, answer: str) -> Opinion:
        """Return what they think.

        Raises:
            CriticUnavailable: They have no opinion now; asking again later may help.
        """
        ...

    def merged(
        self, question: Question, answer: str, offline: Critique, opinion: Opinion
    ) -> Critique:
        """Return the verdict that follows from both."""
        ...

    def state(self) -> str:
        """Return how they do, for operators: empty when all is well."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
