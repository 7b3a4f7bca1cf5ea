"""Asking the model: one opinion an answer, within a time, with one more try and no surprises."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

import structlog

from bot.critics.llm import asking, wire
from bot.critics.llm.breaker import Breaker
from bot.critics.llm.calibration import Calibration, load
from bot.critics.llm.failures import Declined, Failure, Held, ServerFailure, Unusable
from bot.critics.llm.manner import REMEMBERED, Manner
from bot.critics.llm.merge import merged
from bot.domain.critique import Critique
from bot.domain.opinion import Opinion
from bot.domain.question import Question
from bot.settings import LlmSettings

if TYPE_CHECKING:
    from bot.critics.llm.client import Client, Completion

log = structlog.get_logger(__name__)

PAUSE_SHARE = 1 / 30
"""Share of an opinion's time that we wait before trying again, when nobody says how long."""
FAIR_SHARE = 0.5
"""Share of that time which a server must have had before running out of it is its fault."""
VAIN = 2
"""Unusable replies to the same answer after which it is not sent again by this process."""
REMEMBERED_VAIN = 1_000


class LlmCritic:
    """Has opinions from a model; it never decides what of them counts."""

    name = "llm"

    def __init__(self, settings: LlmSettings, clock: Callable[[], float] = time.monotonic) -> None:
        """Load nothing and connect to nobody yet.

        Args:
            settings: Which model where, and its limits.
            clock: A clock that only runs forwards, in seconds.

        Raises:
            Invalid: The file of the calibration cannot be read.
        """
        self.provider = settings.provider
        self.version = asking.critic_version(settings.model)
        self._settings = settings
        self._clock = clock
        self._breaker = Breaker(
            settings.breaker_failures, settings.breaker_window_s, settings.breaker_rest_s, clock
        )
        self._turns = asyncio.Semaphore(settings.in_flight)
        self._client: Client | None = None
        self._vain: OrderedDict[str, int] = OrderedDict()
        self._calibration: Calibration | None = (
            load(settings.calibration) if settings.calibration else None
        )

    def estimate(self, question: Question, answer: str) -> int:
        """Return how many tokens asking takes at most."""
        return asking.estimate(question, answer, self._settings.reply_tokens)

    def cache_key(self, question: Question, answer: str) -> str:
        """Return what is the same for answers about which nothing else would be said."""
        return asking.cache_key(question, answer, self._settings.model)

    def merged(
        self, question: Question, answer: str, offline: Critique, opinion: Opinion
    ) -> Critique:
        """Return the verdict that follows from both."""
        return merged(question, answer, offline, opinion, self._calibration)

    def state(self) -> str:
        """Return how the server does, for operators; empty when all is well."""
        return self._breaker.state()

    async def close(self) -> None:
        """Close connections; the next opinion would open new ones."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    async def opinion(self, question: Question, answer: str) -> Opinion:
        """Return what the model thinks, within the time of the settings.

        Raises:
            CriticUnavailable: There is no opinion now; asking again later may help.
        """
        started = self._clock()
        try:
            opinion = await self._timed(question, answer)
        except Failure as failure:
            self._log("no llm opinion", failure.reason, started, failure.tokens)
            raise
        except Exception as error:
            # Servers and libraries fail in ways that nobody foresees; what they say is not logged,
            # for it may quote what was sent.
            self._log("no llm opinion", type(error).__name__, started, 0)
            raise Failure("unexpected failure") from None
        self._log("llm opinion", "ok", started, opinion.tokens)
        return opinion

    async def _timed(self, question: Question, answer: str) -> Opinion:
        key = self.cache_key(question, answer)
        if self._vain.get(key, 0) >= VAIN:
            raise Held("no usable reply to this answer")
        total_s = self._settings.total_s
        began: list[float] = []
        timer = asyncio.timeout(total_s)
        try:
            async with timer:
                return await self._asked(question, answer, began, timer)
        except TimeoutError:
            if not began or self._clock() - began[0] < FAIR_SHARE * total_s:
                raise Held("too much under way") from None
            self._breaker.failed("timeout")
            raise ServerFailure("timeout") from None
        except Unusable:
            self._vain[key] = self._vain.pop(key, 0) + 1
            if len(self._vain) > REMEMBERED_VAIN:
                self._vain.popitem(last=False)
            raise

    async def _asked(
        self, question: Question, answer: str, began: list[float], timer: asyncio.Timeout
    ) -> Opinion:
        self._breaker.check()
        client = await self._connected()
        messages = asking.messages(question, answer)
        async with self._turns:
            began.append(self._clock())
            reply = await self._completed(client, messages, timer)
        tokens = reply.tokens
        if tokens is None:
            sent = sum(asking.usual_tokens(each["content"]) for each in messages)
            tokens = asking.OVERHEAD + sent + asking.usual_tokens(reply.content)
        try:
            points, misconceptions = wire.read(reply.content, question.rubric)
        except Unusable as failure:
            raise Unusable(failure.reason, tokens) from None
        return Opinion(points, misconceptions, tokens, self._settings.model)

    async def _connected(self) -> Client:
        """Return the client; the first call loads the library, in a thread: it takes a while."""
        if self._client is None:
            module = await asyncio.to_thread(import_module, "bot.critics.llm.client")
            if self._client is None:  # nobody else was quicker
                self._client = module.Client(self._settings)
        return self._client

    async def _completed(
        self, client: Client, messages: list[dict[str, str]], timer: asyncio.Timeout
    ) -> Completion:
        """Return the model's reply; a fault that may pass is tried once more."""
        try:
            with self._breaker.call():
                return await self._in_some_manner(client, messages)
        except ServerFailure as failure:
            wait_s = self._worth_waiting(failure, timer)
            if wait_s is None:
                raise
        await asyncio.sleep(wait_s)
        with self._breaker.call():
            return await self._in_some_manner(client, messages)

    def _worth_waiting(self, failure: ServerFailure, timer: asyncio.Timeout) -> float | None:
        """Return the seconds to wait before one more try; None if that is no use."""
        ends = timer.when()
        if failure.after_s is None or ends is None:
            return None
        wait_s = max(failure.after_s, self._settings.total_s * PAUSE_SHARE)
        left_s = ends - asyncio.get_running_loop().time()
        return wait_s if wait_s < left_s else None

    async def _in_some_manner(self, client: Client, messages: list[dict[str, str]]) -> Completion:
        """Return the model's reply, asked for in the first manner that the server takes."""
        place = (self._settings.base_url, self._settings.model)
        manner: Manner | None = REMEMBERED.get(place, Manner())
        while manner is not None:
            try:
                reply = await client.complete(messages, manner)
            except Declined as refusal:
                manner = manner.easier(refusal.about)
                if manner is None:
                    raise
            else:
                REMEMBERED[place] = manner
                return reply
        raise AssertionError("a manner is asked in or the refusal is raised")

    def _log(self, event: str, outcome: str, started: float, tokens: int) -> None:
        ms = round((self._clock() - started) * 1000)
        fields: dict[str, Any] = {"model": self._settings.model, "outcome": outcome}
        (log.info if outcome == "ok" else log.warning)(event, **fields, ms=ms, tokens=tokens)
