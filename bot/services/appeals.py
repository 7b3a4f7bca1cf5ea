"""Appeals: a verdict that somebody finds unfair is looked at by a person, who decides.

Alone that is the writer themselves, for nobody else is concerned. In a group points are at stake,
so it is a moderator, and never about an answer of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.chat.context import Actor, Chat
from bot.clock import Clock
from bot.domain.critique import Critique
from bot.domain.regrading import digits_of, is_valid, regraded
from bot.errors import Conflict, Invalid, NotAllowed, NotFound
from bot.services.questions import check_moderator
from bot.services.rescoring import rescore
from bot.services.views import ServingView, view
from bot.store.records import Attempt, Report, ReportKind
from bot.store.uow import Database, UnitOfWork

MAX_REASON = 500
"""Characters of why a verdict is unfair."""


@dataclass(frozen=True, slots=True)
class Regrade:
    """A verdict that a person is deciding on.

    Attributes:
        digits: The verdict as it would be (see bot.domain.regrading).
        after: The same as a critique, with its score.
        writer: Who wrote the answer.
        mine: Whether that is who decides.
        reason: Why it is unfair, in the writer's words; empty if they gave none.
    """

    served: ServingView
    attempt: Attempt
    digits: str
    after: Critique
    writer: str
    mine: bool
    reason: str


class Appeals:
    """Verdicts by people."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def appeal(self, actor: Actor, chat: Chat, attempt_id: int, reason: str) -> bool:
        """Ask a group's moderators to look at a verdict; return whether they are told by itself.

        They see the answer from then on, and whose it is.

        Raises:
            NotFound: There is no such answer here, or it is somebody else's.
            Invalid: The reason is too long.
            Conflict: They look at it already, or have decided.
        """
        reason = reason.strip()
        if len(reason) > MAX_REASON:
            raise Invalid(
                f"That has {len(reason):,} characters; {MAX_REASON} are the most.",
                "Say the heart of it.",
                field="reason",
            )
        async with self._database.write() as unit:
            attempt, shown = await _answer(unit, chat, attempt_id)
            if attempt.user_id != actor.user_id:
                raise NotFound("That answer is not one of yours.")
            before = await unit.reports.appeal(attempt.id)
            if before is not None and before.closed:
                raise Conflict("A moderator has looked at this one already, and decided.")
            if before is None:
                await unit.reports.add(
                    chat.id,
                    actor.user_id,
                    ReportKind.APPEAL,
                    reason,
                    self._clock.now(),
                    question_id=shown.serving.question_id,
                    attempt_id=attempt.id,
                )
            stored = await unit.chats.get(chat.id)
            await unit.commit()
            return stored.reports_thread is not None

    async def regrade(self, actor: Actor, chat: Chat, attempt_id: int, digits: str = "") -> Regrade:
        """Return a verdict to decide on.

        Args:
            actor: Who decides.
            chat: Where the question was asked.
            attempt_id: The answer.
            digits: The verdict so far; empty: as it stands.

        Raises:
            NotFound: There is no such answer here.
            NotAllowed: It is not for them to decide.
            Conflict: It was decided.
            Invalid: The digits are not a verdict.
        """
        async with self._database.read() as unit:
            return await self._regrade(unit, actor, chat, attempt_id, digits)

    async def decide(self, actor: Actor, chat: Chat, attempt_id: int, digits: str) -> Regrade:
        """Give an answer another verdict, with a trace; its points and the board follow.

        Raises:
            NotFound: There is no such answer here.
            NotAllowed: It is not for them to decide.
            Conflict: It was decided.
            Invalid: The digits are not a verdict.
        """
        now = self._clock.now()
        async with self._database.write() as unit:
            decided = await self._regrade(unit, actor, chat, attempt_id, digits)
            before = decided.attempt.critique
            assert before is not None, "it was judged"
            await rescore(unit, attempt_id, decided.after)
            await self._trace(unit, actor, chat, decided, before, now)
            report = await unit.reports.appeal(attempt_id)
            if report is not None and not decided.mine:
                await unit.reports.close(report.id, now)
            await unit.commit()
            return decided

    async def _regrade(
        self, unit: UnitOfWork, actor: Actor, chat: Chat, attempt_id: int, digits: str
    ) -> Regrade:
        attempt, shown = await _answer(unit, chat, attempt_id)
        report = await unit.reports.appeal(attempt.id)
        mine = attempt.user_id == actor.user_id
        _check(actor, chat, report, mine=mine)
        rubric, critique = shown.question.rubric, attempt.critique
        assert critique is not None, "it was judged"
        digits = digits or digits_of(rubric, critique)
        if not is_valid(rubric, digits):
            raise Invalid("That button belongs to another question.", "Open the verdict again.")
        by = "you" if mine else "moderator"
        writer = await unit.users.get(attempt.user_id)
        after = regraded(rubric, critique, digits, by)
        reason = report.body if report is not None else ""
        return Regrade(shown, attempt, digits, after, writer.name, mine, reason)

    async def _trace(
        self,
        unit: UnitOfWork,
        actor: Actor,
        chat: Chat,
        decided: Regrade,
        before: Critique,
        now: datetime,
    ) -> None:
        """Keep who decided, and what stood before and after; nothing that anybody wrote."""
        rubric = decided.served.question.rubric
        await unit.audit.add(
            now,
            actor.user_id,
            chat.id,
            "verdict",
            f"attempt:{decided.attempt.id}",
            before={
                "score": before.score,
                "critic": before.critic,
                "points": digits_of(rubric, before),
            },
            after={
                "score": decided.after.score,
                "critic": decided.after.critic,
                "points": decided.digits,
            },
        )


def _check(actor: Actor, chat: Chat, report: Report | None, *, mine: bool) -> None:
    """Refuse whoever may not decide.

    Raises:
        NotFound: It is somebody else's answer, and they have not asked for it to be looked at.
        NotAllowed: It is not for them.
        Conflict: It was decided.
    """
    if not chat.is_group:
        if not mine:
            raise NotFound("That answer is not one of yours.")
        return
    if mine:
        raise NotAllowed(
            "Points of the group hang on it, so another moderator has to look at this one.",
            "They find it with /reports show.",
        )
    check_moderator(actor)
    if report is None:
        raise NotFound("Nobody has asked for that answer to be looked at.")
    if report.closed:
        raise Conflict("Somebody has dealt with that already.", "/reports show lists what waits.")


async def _answer(unit: UnitOfWork, chat: Chat, attempt_id: int) -> tuple[Attempt, ServingView]:
    attempt = await unit.attempts.find(attempt_id)
    serving = await unit.servings.get(attempt.serving_id) if attempt is not None else None
    if attempt is None or serving is None or serving.chat_id != chat.id:
        raise NotFound("There is no such answer here.")
    if attempt.critique is None:
        raise Conflict("It has not been graded yet.", "Try again in a moment.")
    return attempt, await view(unit, serving)
