"""Practice: serving a question, and all that a person can do with it.

An answer is committed before it is judged and judged before it is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.chat.context import Actor, Chat
from bot.clock import Clock
from bot.critics.following import in_turn
from bot.domain.days import local_day
from bot.domain.picking import pick
from bot.domain.question import FollowUp
from bot.errors import Conflict, Invalid, NotAllowed, NotFound
from bot.services.judging import JOB, Judge, Result, Unscored
from bot.services.views import ServingView, view
from bot.store.records import Serving
from bot.store.uow import Database, UnitOfWork

SKEW = timedelta(seconds=30)
"""How much a platform's clock may be behind ours."""
JUDGE_AFTER = timedelta(seconds=30)
"""When a job judges an answer that is not judged yet: longer than whoever took it needs."""
MAX_ANSWER = 20_000
"""Characters of an answer that are kept; an hour of talking is less."""


@dataclass(frozen=True, slots=True)
class Hint:
    """One step of the ladder: its number (from 1), how many there are, and its text."""

    served: ServingView
    number: int
    count: int
    text: str


@dataclass(frozen=True, slots=True)
class Served:
    """A question served on demand; `again` if it was open already."""

    view: ServingView
    again: bool


class Practice:
    """Questions and answers."""

    def __init__(self, database: Database, clock: Clock, judge: Judge) -> None:
        self._database = database
        self._clock = clock
        self._judge = judge

    async def serve(
        self, actor: Actor, chat: Chat, topic: str | None = None, difficulty: int | None = None
    ) -> Served:
        """Serve a question to a person: the one they have open, or a new one.

        Raises:
            NotFound: No question fits.
        """
        now = self._clock.now()
        async with self._database.write() as unit:
            waiting = await unit.servings.latest_open(chat.id, actor.user_id, alone=True)
            if waiting is not None:
                shown = await view(unit, waiting)
                if topic in (None, shown.question.topic) and difficulty in (
                    None,
                    shown.question.difficulty,
                ):
                    return Served(shown, again=True)
            candidates = await unit.questions.candidates(
                chat.id, actor.user_id, topic=topic, difficulty=difficulty
            )
            if not candidates:
                raise NotFound("No question fits that.", "Leave the topic or the difficulty out.")
            chosen = pick(candidates, f"user:{actor.user_id}")
            stored = await unit.questions.by_id(chosen.question_id)
            serving = await unit.servings.add(stored, chat.id, actor.user_id, now)
            await unit.commit()
            return Served(ServingView(serving, stored.question), again=False)

    async def serve_slug(self, actor: Actor, chat: Chat, slug: str) -> ServingView:
        """Serve a certain question to a person.

        Raises:
            NotFound: No such question.
        """
        async with self._database.write() as unit:
            stored = await unit.questions.by_slug(slug)
            if (
                stored is None
                or stored.status != "published"
                or stored.chat_id not in (None, chat.id)
            ):
                raise NotFound("That question is no longer in the bank.")
            serving = await unit.servings.add(stored, chat.id, actor.user_id, self._clock.now())
            await unit.commit()
            return ServingView(serving, stored.question)

    async def get(self, actor: Actor, chat: Chat, serving_id: int) -> ServingView:
        """Return a serving that a person may see in a chat.

        Raises:
            NotFound: There is none, or it is somebody else's.
        """
        async with self._database.read() as unit:
            return await view(unit, await _get(unit, actor, chat, serving_id))

    async def current(self, actor: Actor, chat: Chat, at: datetime | None = None) -> ServingView:
        """Return what a person means who names no question: what is open, else the last one.

        Args:
            actor: Who.
            chat: Where.
            at: When they said it, if it reached us later: what came after that they cannot mean.

        Raises:
            NotFound: Nothing was asked here yet.
        """
        async with self._database.read() as unit:
            by = at + SKEW if at is not None else None
            found = await unit.servings.latest_open(chat.id, actor.user_id, by=by)
            found = found or await unit.servings.latest(chat.id, actor.user_id, by)
            if found is None:
                raise NotFound("No question is open here.", "/practice gets you one.")
            return await view(unit, found)

    async def waiting(self, actor: Actor, chat: Chat) -> ServingView | None:
        """Return the question that is open for a person in a chat, if one is."""
        async with self._database.read() as unit:
            found = await unit.servings.latest_open(chat.id, actor.user_id)
            return None if found is None else await view(unit, found)

    async def submit(
        self,
        actor: Actor,
        chat: Chat,
        serving_id: int,
        answer: str,
        key: str,
        at: datetime | None = None,
    ) -> Result:
        """Keep an answer, judge it, and return what became of it.

        Args:
            actor: Who answers.
            chat: Where.
            serving_id: To what.
            answer: In their own words.
            key: The platform's id of the message; the same key twice is the same answer, and so
                are the words that score already.
            at: When it was sent, if it reached us later: its day is that of the person then.

        Raises:
            NotFound: No such question here.
            Invalid: The answer is empty or beyond all bounds; nothing was kept.
        """
        answer = _clean(answer)
        now = self._clock.now()
        async with self._database.write() as unit:
            serving = await _get(unit, actor, chat, serving_id)
            # Never later than now, nor before the question was there: clocks differ a little.
            now = min(now, max(at, serving.served_at)) if at is not None else now
            user = await unit.users.get(actor.user_id)
            group = await unit.chats.get(chat.id)
            first = await unit.attempts.scoring(serving.id, actor.user_id)
            if first is not None and first.answer == answer:
                # Sent in again by somebody who was shown nothing, after a crash for one.
                attempt = first
            else:
                attempt, new = await unit.attempts.add(
                    actor.user_id,
                    serving.id,
                    answer,
                    now,
                    local_day(now, ZoneInfo(user.zone), user.day_starts_at),
                    now.astimezone(ZoneInfo(group.zone)).date(),
                    user.zone,
                    _deed(chat.ref.platform, key),
                )
                if new:
                    at = self._clock.now() + JUDGE_AFTER
                    await unit.jobs.defer(JOB, str(attempt.id), at)
                await unit.commit()
        return await self._judge.judge(attempt)

    async def answered(self, platform: str, key: str) -> str | None:
        """Return the answer that the message `key` of a platform was; None if it was none."""
        async with self._database.read() as unit:
            found = await unit.attempts.by_deed(_deed(platform, key))
            return None if found is None else found.answer

    async def result(self, actor: Actor, attempt_id: int) -> Result:
        """Return again what became of a person's answer.

        Raises:
            NotFound: There is no such answer, or it is somebody else's.
        """
        async with self._database.read() as unit:
            attempt = await unit.attempts.find(attempt_id)
        if attempt is None or attempt.user_id != actor.user_id:
            raise NotFound("That answer is not one of yours.", "/practice gets you a question.")
        return await self._judge.judge(attempt)

    async def follow_ups(
        self, actor: Actor, chat: Chat, serving_id: int
    ) -> list[tuple[FollowUp, str]]:
        """Return what an interviewer would ask next: first what leads to what the person missed.

        Raises:
            NotFound: No such question here.
        """
        async with self._database.read() as unit:
            serving = await _get(unit, actor, chat, serving_id)
            shown = await view(unit, serving)
            last = await unit.attempts.last(serving.id, actor.user_id)
        return in_turn(shown.question, last.critique if last is not None else None)

    async def share(self, actor: Actor, attempt_id: int, *, shared: bool) -> Result:
        """Let the group see an answer once its question is wrapped up, or no longer.

        Raises:
            NotFound: There is no such answer, or it is somebody else's.
            Conflict: It does not score, nobody else was asked, or it is too late.
        """
        result = await self.result(actor, attempt_id)
        if not result.served.group or result.unscored is not Unscored.NO:
            raise Conflict("That answer is yours alone: it is in no wrap-up.")
        if result.served.serving.wrapped_at is not None:
            raise Conflict("That question is wrapped up already.", "The next one comes soon.")
        async with self._database.write() as unit:
            await unit.attempts.share(attempt_id, shared=shared)
            await unit.commit()
        return result

    async def hint(self, actor: Actor, chat: Chat, serving_id: int) -> Hint:
        """Return the next hint; the last one again when there are no more.

        Raises:
            NotFound: No such question here, or it has no hints.
        """
        async with self._database.write() as unit:
            serving = await _get(unit, actor, chat, serving_id)
            shown = await view(unit, serving)
            hints = shown.question.rubric.hints
            if not hints:
                raise NotFound("This question has no hints.", "/reveal shows the model answer.")
            taken = (await unit.servings.turn(serving, actor.user_id)).hints
            number = min(taken + 1, len(hints))
            if number > taken:
                await unit.servings.take_hint(serving.id, actor.user_id)
                await unit.commit()
            return Hint(shown, number, len(hints), hints[number - 1])

    async def hinted(self, actor: Actor, chat: Chat, serving_id: int, number: int) -> Hint:
        """Return a hint that a person has taken before.

        Raises:
            NotFound: No such question here, or that hint has not been taken.
        """
        async with self._database.read() as unit:
            serving = await _get(unit, actor, chat, serving_id)
            shown = await view(unit, serving)
            hints = shown.question.rubric.hints
            taken = (await unit.servings.turn(serving, actor.user_id)).hints
            if not 1 <= number <= min(taken, len(hints)):
                raise NotFound("You have not taken that hint.", "/hint gets you the next one.")
            return Hint(shown, number, len(hints), hints[number - 1])

    async def skip(self, actor: Actor, chat: Chat, serving_id: int) -> ServingView:
        """Let a question pass; it costs nothing, and it can still be answered.

        Raises:
            NotFound: No such question here.
            Conflict: It has been answered.
        """
        async with self._database.write() as unit:
            serving = await _get(unit, actor, chat, serving_id)
            if await unit.attempts.scoring(serving.id, actor.user_id):
                raise Conflict("You have answered this one already.", "/practice gets you another.")
            await unit.servings.skip(serving.id, actor.user_id, self._clock.now())
            await unit.commit()
            return await view(unit, serving)

    async def forfeits(self, actor: Actor, chat: Chat, serving_id: int) -> bool:
        """Return whether seeing the model answer now would cost the person the score.

        Raises:
            NotFound: No such question here.
        """
        async with self._database.read() as unit:
            serving = await _get(unit, actor, chat, serving_id)
            turn = await unit.servings.turn(serving, actor.user_id)
            scored = await unit.attempts.scoring(serving.id, actor.user_id)
            return scored is None and not turn.revealed and serving.wrapped_at is None

    async def reveal(self, actor: Actor, chat: Chat, serving_id: int) -> ServingView:
        """Return a question with its model answer; unanswered, its score is forfeited.

        Raises:
            NotFound: No such question here.
        """
        async with self._database.write() as unit:
            serving = await _get(unit, actor, chat, serving_id)
            # Kept after an answer too: the same question may be open for them in another chat.
            await unit.servings.reveal(serving.id, actor.user_id, self._clock.now())
            await unit.commit()
            return await view(unit, serving)


async def _get(unit: UnitOfWork, actor: Actor, chat: Chat, serving_id: int) -> Serving:
    serving = await unit.servings.get(serving_id)
    if serving is None or serving.chat_id != chat.id:
        raise NotFound("That question was not asked here.", "/practice gets you one.")
    if serving.user_id not in (None, actor.user_id):
        raise NotAllowed("That question was asked of somebody else.", "/practice gets you one.")
    return serving


def _deed(platform: str, key: str) -> str:
    return f"{platform}:{key}"


def _clean(answer: str) -> str:
    """Return an answer that every database can keep: no NUL, no half characters."""
    kept = answer.replace("\x00", "").encode("utf-8", "replace").decode("utf-8").strip()
    if not kept:
        raise Invalid("That answer is empty.", "Type it in your own words.", field="answer")
    if len(kept) > MAX_ANSWER:
        raise Invalid(
            f"That answer has {len(kept):,} characters; {MAX_ANSWER:,} are the most. "
            "It was not kept.",
            "Send the heart of it: a spoken answer is about 1,000 characters.",
            field="answer",
        )
    return kept
