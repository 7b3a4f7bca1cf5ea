"""Second opinions: with consent, within budgets, durably, and told where the first verdict stands.

An answer's first verdict is there at once; whatever becomes of the second, nobody waits for it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

import structlog

from bot.chat.context import Actor, Chat
from bot.clock import Clock
from bot.critics.base import CriticUnavailable, SecondCritic
from bot.domain.critique import BY_PEOPLE, Critique
from bot.domain.opinion import Opinion, OpinionState
from bot.domain.question import Question
from bot.errors import Conflict, Invalid, NotFound
from bot.services.rescoring import rescore
from bot.services.views import ServingView, view
from bot.store.opinions import Asked
from bot.store.records import Attempt, User
from bot.store.uow import Database, UnitOfWork

log = structlog.get_logger(__name__)

JOB = "opinion"
"""The job that asks for a second opinion; its key is the attempt's id."""
PATIENCE = timedelta(minutes=30)
"""How long it is asked for; later nobody waits for it."""
UNPLACED = timedelta(minutes=2)
"""How long a settled one waits to hear where the critique stands that it replaces."""
BATCH = 20
"""Verdicts told at once."""
ALL = "all"
"""Scope of what everybody's second opinions take."""
KEPT_DAYS = 40
"""Days for which it is kept what was spent."""
FOLLOWS = "opinion:"


class Standing(StrEnum):
    """How an answer stands with the second critic."""

    NONE = ""
    """There is none, or the person wants none, or there is nothing to ask about."""
    OFFERED = "offered"
    """The person was not asked yet whether their answers may go there."""
    WAITING = "waiting"
    READY = "ready"
    FAILED = "failed"
    SPENT = "spent"
    """A budget is used up for today."""


@dataclass(frozen=True, slots=True)
class Budgets:
    """Tokens a day (UTC), at most: for a person, in a chat, and in all."""

    person: int
    chat: int
    bot: int


@dataclass(frozen=True, slots=True)
class Usage:
    """What second opinions took today.

    Attributes:
        provider: Who gives them; empty: nobody.
        agreed: Whether the person lets their answers go there.
        mine: Tokens of the person, and how many they may use.
        chat: Tokens in the chat, and how many it may use.
        bot: Tokens in all, and how many there may be.
        waiting: How many are asked for and not there.
        oldest: Since when the first of them waits.
        state: How the provider does; empty when all is well.
        now: When that was.
    """

    provider: str
    agreed: bool
    mine: tuple[int, int]
    chat: tuple[int, int]
    bot: tuple[int, int]
    waiting: int
    oldest: datetime | None
    state: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Verdict:
    """A second opinion that is settled, and where that is to be told.

    Attributes:
        attempt: The answer.
        address: Where the critique stands, in its platform's own words; None: nowhere any more.
        person: The writer's id on the platform, for when it stands nowhere any more.
        ready: Whether there is an opinion; else there will be none.
    """

    attempt: Attempt
    platform: str
    address: str | None
    person: str
    ready: bool


class Opinions:
    """Second opinions, from consent to the telling."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        second: SecondCritic | None,
        budgets: Budgets,
        provider: str = "",
    ) -> None:
        """Ask `second`.

        Args:
            database: Where everything is kept.
            clock: What time it is.
            second: Who is asked; None: nobody.
            budgets: What that may take.
            provider: Who it is that answers go to; who only listens has a name too.
        """
        self._database = database
        self._clock = clock
        self._second = second
        self._budgets = budgets
        self.provider = second.provider if second is not None else provider

    async def follow(
        self, unit: UnitOfWork, attempt: Attempt, question: Question, critique: Critique
    ) -> Standing:
        """Ask for a second opinion on an answer that was judged just now, if one is wanted.

        Part of the transaction that keeps the first verdict: it is not promised without it.
        """
        if self._second is None or not _is_worth_it(critique):
            return Standing.NONE
        user = await unit.users.get(attempt.user_id)
        if not _is_asked(user, self.provider):
            return Standing.OFFERED
        if user.consent != self.provider:
            return Standing.NONE
        return await self._ask(unit, attempt, question)

    async def standing(self, unit: UnitOfWork, attempt: Attempt, critique: Critique) -> Standing:
        """Return how an answer stands, that was judged before."""
        asked = await unit.opinions.find(attempt.id)
        if asked is not None:
            return Standing(asked.state.value)
        if self._second is None or not _is_worth_it(critique):
            return Standing.NONE
        user = await unit.users.get(attempt.user_id)
        return Standing.NONE if _is_asked(user, self.provider) else Standing.OFFERED

    async def agree(self, actor: Actor, attempt_id: int = 0) -> None:
        """Let a person's answers go to the provider from now on, this one included.

        Raises:
            Conflict: Nobody else is asked here.
            NotFound: There is no such answer, or it is somebody else's.
        """
        if not self.provider:
            raise Conflict("Nobody else is asked here: every answer is graded offline.")
        async with self._database.write() as unit:
            await unit.users.change(actor.user_id, consent=self.provider)
            if attempt_id:
                attempt = await unit.attempts.find(attempt_id)
                if attempt is None or attempt.user_id != actor.user_id:
                    raise NotFound("That answer is not one of yours.")
                serving = await unit.servings.get(attempt.serving_id)
                worth_it = attempt.critique is not None and _is_worth_it(attempt.critique)
                if serving is not None and worth_it and self._second is not None:
                    shown = await view(unit, serving)
                    await self._ask(unit, attempt, shown.question)
            await unit.commit()

    async def decline(self, actor: Actor) -> None:
        """Keep a person's answers here from now on; what has not been sent yet is not sent."""
        async with self._database.write() as unit:
            await unit.users.change(actor.user_id, consent="")
            await unit.commit()

    async def choose(self, actor: Actor, wanted: str) -> None:
        """Let a person's answers go to the provider from now on ("on"), or not ("off").

        Raises:
            Invalid: It is neither.
            Conflict: Nobody else is asked here.
        """
        if wanted not in ("on", "off"):
            raise Invalid(f'"{wanted[:40]}" is neither on nor off.', "second takes on or off.")
        if wanted == "on":
            await self.agree(actor)
        else:
            await self.decline(actor)

    async def pay(self, actor: Actor, chat: Chat, tokens: int) -> bool:
        """Take tokens from today's budgets, or give them back; False if they are used up."""
        limits = {
            f"user:{actor.user_id}": self._budgets.person,
            f"chat:{chat.id}": self._budgets.chat,
            ALL: self._budgets.bot,
        }
        today = self._clock.now().date()
        async with self._database.write() as unit:
            spent = await unit.opinions.spent(limits, today)
            if any(spent[scope] + tokens > most for scope, most in limits.items()):
                return False
            await unit.opinions.spend(limits, today, tokens)
            await unit.commit()
            return True

    async def usage(self, actor: Actor, chat: Chat) -> Usage:
        """Return what second opinions took today."""
        now = self._clock.now()
        mine, here = f"user:{actor.user_id}", f"chat:{chat.id}"
        async with self._database.read() as unit:
            spent = await unit.opinions.spent((mine, here, ALL), now.date())
            waiting, oldest = await unit.opinions.waiting()
            user = await unit.users.get(actor.user_id)
        limits = self._budgets
        return Usage(
            provider=self.provider,
            agreed=bool(self.provider) and user.consent == self.provider,
            mine=(spent[mine], limits.person),
            chat=(spent[here], limits.chat),
            bot=(spent[ALL], limits.bot),
            waiting=waiting,
            oldest=oldest,
            state=self._second.state() if self._second is not None else "",
            now=now,
        )

    async def settle(self, attempt_id: int) -> None:
        """Ask for the opinion that was promised, and keep the verdict that follows.

        Raises:
            CriticUnavailable: Not now; it is to be tried again.
        """
        async with self._database.read() as unit:
            asked = await unit.opinions.find(attempt_id)
            attempt = await unit.attempts.find(attempt_id)
            if asked is None or attempt is None or asked.state is not OpinionState.WAITING:
                return
            user = await unit.users.get(attempt.user_id)
            serving = await unit.servings.get(attempt.serving_id)
            assert serving is not None, "an attempt's serving exists as long as it does"
            shown = await view(unit, serving)
        second = self._second
        if second is None or user.consent != second.provider:
            await self._give_up(asked, shown, attempt, "not wanted any more")
            return
        question = shown.question
        key = second.cache_key(question, attempt.answer)
        async with self._database.read() as unit:
            opinion = await unit.opinions.known(key)
        if opinion is not None:
            opinion = replace(opinion, tokens=0)
        else:
            try:
                opinion = await second.opinion(question, attempt.answer)
            except CriticUnavailable as error:
                if self._clock.now() - asked.asked_at < PATIENCE:
                    raise
                await self._give_up(asked, shown, attempt, error.reason)
                return
        await self._keep(asked, shown, attempt, opinion, key)

    async def shown(self, follows: str, address: str, lasts: timedelta | None = None) -> None:
        """Keep where a critique stands that a second opinion is to replace.

        Args:
            follows: What the card said that it is followed by.
            address: Where it stands, in its platform's own words.
            lasts: How long it can be replaced there; None: for as long as it stands.
        """
        if not follows.startswith(FOLLOWS):
            return
        until = None if lasts is None else self._clock.now() + lasts
        async with self._database.write() as unit:
            await unit.opinions.shown(int(follows.removeprefix(FOLLOWS)), address, until)
            await unit.commit()

    async def untold(self, platforms: frozenset[str]) -> list[Verdict]:
        """Return what is settled and can be told now; what nobody waits for is told to nobody."""
        now = self._clock.now()
        found = []
        async with self._database.write() as unit:
            for asked in await unit.opinions.untold(platforms, BATCH):
                if asked.address is None:
                    # The card is not out yet, or its person has not opened it.
                    if now - asked.asked_at > UNPLACED:
                        await unit.opinions.told(asked.attempt_id, now)
                    continue
                attempt = await unit.attempts.get(asked.attempt_id)
                over = asked.address_until is not None and asked.address_until <= now
                person = await unit.users.identity(attempt.user_id, asked.platform)
                found.append(
                    Verdict(
                        attempt,
                        asked.platform,
                        None if over else asked.address,
                        person,
                        asked.state is OpinionState.READY,
                    )
                )
            await unit.commit()
        return found

    async def told(self, verdict: Verdict) -> None:
        """Note that a verdict was told, or cannot be."""
        async with self._database.write() as unit:
            await unit.opinions.told(verdict.attempt.id, self._clock.now())
            await unit.commit()

    async def sweep(self) -> int:
        """Forget what was spent long ago; return how many rows."""
        async with self._database.write() as unit:
            before = self._clock.now().date() - timedelta(days=KEPT_DAYS)
            gone = await unit.opinions.forget(before)
            await unit.commit()
            return gone

    async def _ask(self, unit: UnitOfWork, attempt: Attempt, question: Question) -> Standing:
        """Promise an opinion, if the budgets allow it."""
        assert self._second is not None, "who calls has looked"
        now = self._clock.now()
        serving = await unit.servings.get(attempt.serving_id)
        assert serving is not None, "an attempt's serving exists as long as it does"
        chat = await unit.chats.get(serving.chat_id)
        tokens = self._second.estimate(question, attempt.answer)
        limits = {
            f"user:{attempt.user_id}": self._budgets.person,
            f"chat:{chat.id}": self._budgets.chat,
            ALL: self._budgets.bot,
        }
        spent = await unit.opinions.spent(limits, now.date())
        if any(spent[scope] + tokens > most for scope, most in limits.items()):
            return Standing.SPENT
        platform = chat.ref.platform
        if not await unit.opinions.ask(attempt.id, platform, self.provider, now, tokens):
            asked = await unit.opinions.find(attempt.id)
            assert asked is not None, "there was one"
            return Standing(asked.state.value)
        await unit.opinions.spend(limits, now.date(), tokens)
        await unit.jobs.defer(JOB, str(attempt.id), now, slow=True)
        return Standing.WAITING

    async def _keep(
        self, asked: Asked, shown: ServingView, attempt: Attempt, opinion: Opinion, key: str
    ) -> None:
        assert self._second is not None, "who calls has asked it"
        async with self._database.write() as unit:
            still = await unit.opinions.lock(asked.attempt_id)
            kept = await unit.attempts.find(asked.attempt_id)
            if still is None or kept is None or still.state is not OpinionState.WAITING:
                return  # deleted meanwhile, or somebody else was quicker
            offline = kept.critique
            assert offline is not None, "it is asked for after the first verdict"
            if offline.critic in BY_PEOPLE:  # what a person has decided, no model changes
                await unit.opinions.failed(attempt.id, self._clock.now(), "decided by a person")
                await self._settle_up(unit, asked, shown, attempt, opinion.tokens)
                await unit.commit()
                return
            merged = self._second.merged(shown.question, attempt.answer, offline, opinion)
            await rescore(unit, attempt.id, merged)
            await unit.opinions.ready(attempt.id, self._clock.now(), offline, opinion, key)
            await self._settle_up(unit, asked, shown, attempt, opinion.tokens)
            await unit.commit()
        log.info(
            "second opinion",
            attempt=attempt.id,
            model=opinion.model,
            tokens=opinion.tokens,
            offline=offline.score,
            score=merged.score,
        )

    async def _give_up(
        self, asked: Asked, shown: ServingView, attempt: Attempt, reason: str
    ) -> None:
        async with self._database.write() as unit:
            still = await unit.opinions.lock(asked.attempt_id)
            if still is None or still.state is not OpinionState.WAITING:
                return
            await unit.opinions.failed(asked.attempt_id, self._clock.now(), reason)
            await self._settle_up(unit, asked, shown, attempt, 0)
            await unit.commit()
        log.warning("no second opinion", attempt=asked.attempt_id, reason=reason)

    async def _settle_up(
        self, unit: UnitOfWork, asked: Asked, shown: ServingView, attempt: Attempt, tokens: int
    ) -> None:
        """Replace what was reserved by what was spent, on the day on which it was reserved."""
        scopes = (f"user:{attempt.user_id}", f"chat:{shown.serving.chat_id}", ALL)
        day: date = asked.asked_at.date()
        await unit.opinions.spend(scopes, day, tokens - asked.reserved)


def follows(attempt_id: int) -> str:
    """Return what a card says that a second opinion on an answer is to replace."""
    return f"{FOLLOWS}{attempt_id}"


def _is_asked(user: User, provider: str) -> bool:
    """Whether a person was asked about this very provider; whoever said no is not asked again."""
    return user.consent in ("", provider)


def _is_worth_it(critique: Critique) -> bool:
    """Whether there is something to ask about: not of an empty or a copied answer."""
    return critique.status.is_attempt and "copy_question" not in critique.flags
