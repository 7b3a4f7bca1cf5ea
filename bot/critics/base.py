"""What a critic is: the one seam between the program and whatever judges an answer."""

from __future__ import annotations

from typing import Protocol

from bot.domain.critique import Critique
from bot.domain.question import Question


class CriticUnavailable(Exception):
    """The critic has no judgement now; the attempt stands and is "not graded yet", never zero."""


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
