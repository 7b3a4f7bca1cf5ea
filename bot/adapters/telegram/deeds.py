"""What people do, from the library's objects to what they get to see."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import structlog
from telegram import CallbackQuery, ChatMemberUpdated, Message

from bot.adapters.telegram import inbound
from bot.adapters.telegram.answers import Answers
from bot.adapters.telegram.inbound import Migrated, Press, Recording, Wrote
from bot.adapters.telegram.lives import Lives
from bot.adapters.telegram.outgoing import Outgoing
from bot.adapters.telegram.requests import Requests
from bot.cards.errors import edited_answer, only_words, user_error
from bot.chat.adapter import Dispatch
from bot.chat.context import Spoken
from bot.chat.dispatch import Outcome
from bot.errors import Away, UserError
from bot.services import Services

log = structlog.get_logger(__name__)

MAX_TOLD = 1000
"""Edited answers remembered, so that each person is told once."""


class Deeds:
    """Takes each deed to its request, and the outcome to the person.

    All of them raise Away while the database is: nothing was shown then, and the deed may be done
    again.
    """

    def __init__(
        self,
        dispatch: Dispatch,
        username: str,
        requests: Requests,
        answers: Answers,
        lives: Lives,
        outgoing: Outgoing,
        services: Services,
    ) -> None:
        self._dispatch = dispatch
        self._username = username
        self._requests = requests
        self._answers = answers
        self._lives = lives
        self._outgoing = outgoing
        self._services = services
        self._told: dict[str, None] = {}

    async def message(self, of: Message) -> None:
        """Answer a message, if it is one for us."""
        match inbound.message(of, self._username):
            case Wrote() as wrote:
                await self._wrote(wrote)
            case Migrated() as move:
                await self._lives.migrated(move)
            case None:
                pass

    async def edited(self, of: Message) -> None:
        """Tell somebody who changes an answer that the first version counts."""
        wrote = inbound.message(of, self._username)
        if not isinstance(wrote, Wrote) or wrote.key in self._told:
            return
        kept = await self._services.practice.answered(inbound.PLATFORM, wrote.key)
        if kept is None or kept.split() == wrote.text.split():
            return  # no answer, or an edit that changed none of its words
        self._told[wrote.key] = None
        if len(self._told) > MAX_TOLD:
            del self._told[next(iter(self._told))]
        if wrote.in_group:
            await self._answers.notice(inbound.direct(wrote.sender).ref, edited_answer())
        else:
            number = int(wrote.message.id)
            await self._answers.notice(wrote.place.ref, edited_answer(), answering=number)

    async def press(self, of: CallbackQuery) -> None:
        """Answer a press."""
        press = inbound.press(of)
        if press is None:
            await self._outgoing.answer(of.id)  # none of ours, but nobody shall be left waiting
            return
        try:
            request = await self._requests.of_press(press)
        except Away:
            raise
        except UserError as error:
            await self._answers.refuse(press, user_error(error))
            return
        async with self._answers.working((request.aside or press.place).ref):
            outcome = await self._dispatch(request)
        _check(outcome)
        await self._answers.to_press(press, request, outcome)
        await self._remove_twin(press)

    async def belonging(self, of: ChatMemberUpdated) -> None:
        """Follow a change of our membership."""
        change = inbound.belonging(of)
        if change is not None:
            await self._lives.belonging(change, self._dispatch)

    async def _wrote(self, wrote: Wrote) -> None:
        number = int(wrote.message.id) if wrote.in_group else None
        try:
            request = await self._requests.of_message(wrote)
        except Away:
            raise
        except UserError as error:
            await self._answers.notice(wrote.place.ref, user_error(error), answering=number)
            return
        if request is None:
            return
        if not wrote.text:
            if wrote.recording is None:
                await self._answers.notice(wrote.place.ref, only_words(), answering=number)
                return
            request = replace(request, event=self._spoken(wrote.recording))
        async with self._answers.working((request.aside or wrote.place).ref):
            outcome = await self._dispatch(request)
        _check(outcome)
        again = self._requests.again(wrote.text) if wrote.command else ""
        await self._answers.to_message(wrote, request, outcome, again)

    def _spoken(self, recording: Recording) -> Spoken:
        return Spoken(
            recording.seconds,
            recording.size,
            recording.name,
            recording.mime,
            lambda: self._outgoing.fetch(recording.file),
        )

    async def _remove_twin(self, press: Press) -> None:
        """Take a second copy of a scheduled question away: one is enough, and has the tally."""
        with suppress(Away):  # the press is answered, and is not to be answered again for this
            if await self._services.twins.is_twin(press.message, press.action):
                await self._outgoing.delete(press.message)


def _check(outcome: Outcome) -> None:
    """Raise what the dispatcher has waited for in vain: an update that is kept can wait longer.

    Raises:
        Away: The database does not answer.
    """
    if outcome.error == Away.__name__:
        raise Away
