"""A second critic that thinks what a test tells it to; the real one has tests of its own."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace

from bot.critics.base import CriticUnavailable
from bot.domain.critique import Critique, PointState, PointVerdict, score
from bot.domain.opinion import Opinion
from bot.domain.question import Question


@dataclass
class Second:
    """Finds every point covered, unless it is to fail.

    Attributes:
        faults: What the next calls fail with.
        asked: Answers that it was shown.
    """

    provider: str = "Acme"
    tokens: int = 1200
    most: int = 2000
    faults: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def estimate(self, question: Question, answer: str) -> int:
        """Return the same for all."""
        return self.most

    def cache_key(self, question: Question, answer: str) -> str:
        """Return a digest."""
        return hashlib.sha256(f"{question.slug} {answer.casefold()}".encode()).hexdigest()

    async def opinion(self, question: Question, answer: str) -> Opinion:
        """Return what the test wants."""
        self.asked.append(answer)
        if self.faults:
            raise CriticUnavailable(self.faults.pop(0))
        points = tuple(
            PointVerdict(point.id, PointState.COVERED, answer[:20])
            for point in question.rubric.points
        )
        return Opinion(points, tokens=self.tokens, model="acme-1")

    def merged(
        self, question: Question, answer: str, offline: Critique, opinion: Opinion
    ) -> Critique:
        """Believe every word."""
        return replace(
            offline,
            points=opinion.points,
            score=score(question.rubric, opinion.points),
            critic=f"{offline.critic}+llm",
        )

    def state(self) -> str:
        """Return that all is well."""
        return ""

    async def close(self) -> None:
        """Do nothing."""
