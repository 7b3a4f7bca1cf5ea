"""What members tell a group's moderators: what is wrong with a question, and ideas for new ones."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.chat.context import Actor, Chat, ChatRef
from bot.clock import Clock
from bot.errors import Conflict, Invalid, NotFound
from bot.services.drafts import MAX_PROMPT, Draft
from bot.services.questions import check_moderator
from bot.store.records import Report, ReportKind, StoredQuestion
from bot.store.uow import Database, UnitOfWork

MAX_BODY = 1000
"""Characters of a report."""
MAX_WAITING = 5
"""Reports and suggestions of one person that wait in one group at the same time."""
BATCH = 20
"""Reports told at once."""


@dataclass(frozen=True, slots=True)
class Told:
    """A report or suggestion, with the question it is about, if it is about one."""

    report: Report
    question: StoredQuestion | None

    @property
    def key(self) -> str:
        """The same for every try at telling it, so that a platform can tell twins."""
        return f"r{self.report.id}"


class ReportBox:
    """Between members and moderators."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def report(self, actor: Actor, chat: Chat, question_id: int, text: str) -> bool:
        """Keep what is wrong with a question; return whether moderators have a channel for it.

        Raises:
            Conflict: It is no group, or enough of theirs waits.
            Invalid: Nothing is said, or too much.
        """
        return await self._keep(actor, chat, ReportKind.REPORT, text, question_id)

    async def suggest(self, actor: Actor, chat: Chat, prompt: str, points: str) -> bool:
        """Keep an idea for a question; return whether moderators have a channel for it.

        Raises:
            Conflict: It is no group, or enough of theirs waits.
            Invalid: Nothing is said, or too much.
        """
        prompt = " ".join(prompt.split())
        if len(prompt) > MAX_PROMPT:
            raise Invalid(
                f"The question has {len(prompt):,} characters; {MAX_PROMPT} are the most.",
                "Ask one thing.",
                field="prompt",
            )
        body = f"{prompt}\n{points.strip()}".strip()
        return await self._keep(actor, chat, ReportKind.SUGGESTION, body, None)

    async def place(self, actor: Actor, chat: Chat, thread: str) -> None:
        """Have reports come to a channel or topic from now on, those that wait too.

        Raises:
            NotAllowed: Not a moderator.
            Conflict: It is no group.
        """
        _check_group(chat)
        check_moderator(actor)
        now = self._clock.now()
        async with self._database.write() as unit:
            await unit.chats.set_reports_thread(chat.id, thread)
            after = {"thread": thread}
            subject = f"chat:{chat.id}"
            await unit.audit.add(now, actor.user_id, chat.id, "reports place", subject, after=after)
            await unit.commit()

    async def waiting(self, actor: Actor, chat: Chat, limit: int) -> tuple[list[Told], int]:
        """Return what waits for a group's moderators, oldest first, and how much there is.

        Raises:
            NotAllowed: Not a moderator.
        """
        check_moderator(actor)
        async with self._database.read() as unit:
            found, total = await unit.reports.waiting(chat.id, limit=limit)
            return [await _told(unit, each) for each in found], total

    async def get(self, actor: Actor, chat: Chat, report_id: int) -> Told:
        """Return one of what waits.

        Raises:
            NotAllowed: Not a moderator.
            NotFound: There is no such thing here.
            Conflict: It was dealt with.
        """
        async with self._database.read() as unit:
            return await _told(unit, await _get(unit, actor, chat, report_id))

    async def draft(self, actor: Actor, chat: Chat, report_id: int) -> Draft:
        """Return a suggestion as the beginning of a question.

        Raises:
            NotAllowed: Not a moderator.
            NotFound: There is no such suggestion here.
            Conflict: It was dealt with.
        """
        async with self._database.read() as unit:
            report = await _get(unit, actor, chat, report_id)
        prompt, _, points = report.body.partition("\n")
        return Draft(prompt, "", points, "")

    async def close(self, actor: Actor, chat: Chat, report_id: int) -> Told:
        """Note that it is dealt with.

        Raises:
            NotAllowed: Not a moderator.
            NotFound: There is no such thing here.
            Conflict: Somebody was quicker.
        """
        now = self._clock.now()
        async with self._database.write() as unit:
            report = await _get(unit, actor, chat, report_id)
            await unit.reports.close(report.id, now)
            subject = f"report:{report.id}"
            await unit.audit.add(now, actor.user_id, chat.id, "report close", subject)
            told = await _told(unit, report)
            await unit.commit()
            return told

    async def untold(self, platforms: frozenset[str]) -> list[tuple[ChatRef, Told]]:
        """Return what the moderators' channels are to be told, and where."""
        async with self._database.read() as unit:
            found = []
            for each in await unit.reports.untold(platforms, limit=BATCH):
                chat = await unit.chats.get(each.chat_id)
                ref = replace(chat.ref, thread=chat.reports_thread or "")
                found.append((ref, await _told(unit, each)))
            return found

    async def told(self, told: Told) -> None:
        """Note that the moderators' channel was told."""
        async with self._database.write() as unit:
            await unit.reports.told(told.report.id, self._clock.now())
            await unit.commit()

    async def displaced(self, told: Told) -> None:
        """Note that a group's moderators have no place any more; what waits is told in the next."""
        async with self._database.write() as unit:
            await unit.chats.set_reports_thread(told.report.chat_id, None)
            await unit.commit()

    async def _keep(
        self, actor: Actor, chat: Chat, kind: ReportKind, text: str, question_id: int | None
    ) -> bool:
        _check_group(chat)
        body = text.strip()
        if not body:
            raise Invalid("That is empty.", "Say it in a sentence.")
        if len(body) > MAX_BODY:
            raise Invalid(
                f"That has {len(body):,} characters; {MAX_BODY:,} are the most.",
                "Say the heart of it.",
            )
        async with self._database.write() as unit:
            stored = await unit.chats.get(chat.id)
            mine = await unit.reports.waiting_of(chat.id, actor.user_id)
            if not any(same.body == body and same.question_id == question_id for same in mine):
                if len(mine) >= MAX_WAITING:
                    raise Conflict(
                        f"{MAX_WAITING} of yours wait for the moderators already.",
                        "When they have dealt with one, tell them the next.",
                    )
                now = self._clock.now()
                await unit.reports.add(
                    chat.id, actor.user_id, kind, body, now, question_id=question_id
                )
                await unit.commit()
            return stored.reports_thread is not None


def _check_group(chat: Chat) -> None:
    if not chat.is_group:
        raise Conflict(
            "There are no moderators here.", "In a study group this reaches the moderators of it."
        )


async def _get(unit: UnitOfWork, actor: Actor, chat: Chat, report_id: int) -> Report:
    check_moderator(actor)
    report = await unit.reports.find(report_id)
    if report is None or report.chat_id != chat.id:
        raise NotFound("There is no such report here.", "/reports show lists what waits.")
    if report.closed:
        raise Conflict("Somebody has dealt with that already.", "/reports show lists what waits.")
    return report


async def _told(unit: UnitOfWork, report: Report) -> Told:
    question = None
    if report.question_id is not None:
        question = await unit.questions.by_id(report.question_id)
    return Told(report, question)
