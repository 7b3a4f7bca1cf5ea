"""Recorded answers: interviews are spoken. What was heard is shown before it is graded."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from bot.chat.context import Actor, Chat, Spoken
from bot.clock import Clock
from bot.critics.base import CriticUnavailable, Listener
from bot.errors import Conflict, Invalid, NotFound, Unavailable
from bot.services.opinions import Opinions
from bot.services.practice import MAX_ANSWER
from bot.store.records import Transcript
from bot.store.uow import Database

log = structlog.get_logger(__name__)

MOST_S = 240
"""Seconds of a recording; an interviewer interrupts sooner."""
MOST_BYTES = 15 * 2**20
"""Bytes of one; Telegram hands out 20 MB at most."""
TOKENS_A_SECOND = 20
"""What listening for a second takes from the budgets: speech has two or three words a second, and a
recording costs more than its words."""
BYTES_A_SECOND = 8_000
"""Of a recording whose platform does not say how long it is."""
MEMORY = timedelta(days=2)
"""How long it is kept what was heard, graded or not."""


class Transcripts:
    """Between a recording and the answer that it becomes."""

    def __init__(
        self, database: Database, clock: Clock, listener: Listener | None, opinions: Opinions
    ) -> None:
        self._database = database
        self._clock = clock
        self._listener = listener
        self._opinions = opinions

    async def hear(
        self,
        actor: Actor,
        chat: Chat,
        serving_id: int,
        spoken: Spoken,
        key: str,
        at: datetime | None = None,
    ) -> Transcript | None:
        """Write a recorded answer down and keep that; None if the person has not agreed to it.

        Args:
            actor: Who speaks.
            chat: Where the question was asked.
            serving_id: What it answers.
            spoken: The recording.
            key: The platform's id of the message; the same key twice is heard once.
            at: When it was sent, if it reached us later.

        Raises:
            Conflict: Nobody listens here, or today's budget is used up.
            Invalid: It is too long or too large, or holds no words.
            Unavailable: It could not be fetched, or written down.
        """
        if self._listener is None:
            raise Conflict("I cannot listen here.", "Type it, please. Nothing of yours was lost.")
        deed = f"{chat.ref.platform}:{key}"
        async with self._database.read() as unit:
            before = await unit.transcripts.by_key(deed)
            user = await unit.users.get(actor.user_id)
        if before is not None:
            return before
        if user.consent != self._listener.provider:
            return None
        _check(spoken)
        tokens = (spoken.seconds or spoken.size // BYTES_A_SECOND + 1) * TOKENS_A_SECOND
        if not await self._opinions.pay(actor, chat, tokens):
            raise Conflict("Today's second opinions are used up.", "Type it, please.")
        try:
            text = await self._listened(spoken)
        except Exception:
            await self._opinions.pay(actor, chat, -tokens)
            raise
        async with self._database.write() as unit:
            now = min(at, self._clock.now()) if at is not None else self._clock.now()
            kept = await unit.transcripts.add(actor.user_id, serving_id, deed, text, now)
            await unit.commit()
            return kept

    async def get(self, actor: Actor, transcript_id: int) -> Transcript:
        """Return what was heard.

        Raises:
            NotFound: There is no such thing any more, or it is somebody else's.
        """
        async with self._database.read() as unit:
            found = await unit.transcripts.find(transcript_id)
        if found is None or found.user_id != actor.user_id:
            raise NotFound("That recording is not there any more.", "Send it again, please.")
        return found

    async def sweep(self) -> int:
        """Forget what was heard long ago; return how many."""
        async with self._database.write() as unit:
            gone = await unit.transcripts.forget(self._clock.now() - MEMORY)
            await unit.commit()
            return gone

    async def _listened(self, spoken: Spoken) -> str:
        assert self._listener is not None, "who calls has looked"
        sound = await spoken.fetch()
        if len(sound) > MOST_BYTES:
            raise _too_large(len(sound))
        try:
            text = await self._listener.transcribe(sound, spoken.name, spoken.mime)
        except CriticUnavailable as error:
            log.warning("not written down", reason=error.reason, seconds=spoken.seconds)
            raise Unavailable(
                "I could not write that down just now.",
                "Send it again in a moment, or type it. Nothing of yours was lost.",
            ) from None
        text = text.replace("\x00", "").strip()[:MAX_ANSWER]
        if not text:
            raise Invalid("I heard no words in that.", "Send it again, or type it.")
        return text


def _check(spoken: Spoken) -> None:
    """Refuse what is too long before it is fetched."""
    if spoken.seconds > MOST_S:
        raise Invalid(
            f"That is {spoken.seconds // 60} min {spoken.seconds % 60} s long; "
            f"{MOST_S // 60} min are the most.",
            "In an interview you would be interrupted by then. Say the heart of it.",
        )
    if spoken.size > MOST_BYTES:
        raise _too_large(spoken.size)


def _too_large(size: int) -> Invalid:
    return Invalid(
        f"That has {size / 2**20:.0f} MB; {MOST_BYTES // 2**20} MB are the most.",
        "Record it shorter, or as a voice message.",
    )
