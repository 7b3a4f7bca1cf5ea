"""A serving with all that a card of it needs."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.question import Question
from bot.store.records import Serving
from bot.store.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class ServingView:
    """A question as it was served.

    Attributes:
        group: Whether a whole chat was asked, rather than one person.
    """

    serving: Serving
    question: Question

    @property
    def group(self) -> bool:
        """Whether a whole chat was asked, rather than one person."""
        return self.serving.user_id is None


async def view(unit: UnitOfWork, serving: Serving) -> ServingView:
    """Return a serving with its question in the wording that was served."""
    stored = await unit.questions.by_revision(serving.revision_id)
    return ServingView(serving, stored.question)
