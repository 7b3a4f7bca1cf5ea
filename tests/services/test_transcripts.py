"""Recorded answers: heard once, shown before they are graded, put right by who spoke."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.chat.context import Spoken
from bot.chat.markup import plain
from bot.chat.view import Card
from bot.clock import MovableClock
from bot.critics.base import CriticUnavailable
from bot.services.transcripts import MEMORY, MOST_BYTES, MOST_S
from bot.settings import Settings
from bot.store.uow import Database
from bot.testing import Person, World
from tests.answers import good
from tests.rows import count, rows


@dataclass
class Ears:
    """A listener that hears what the bytes say."""

    provider: str = "Acme"
    fails: bool = False
    heard: list[bytes] = field(default_factory=list)

    async def transcribe(self, sound: bytes, name: str, mime: str) -> str:
        """Return the bytes as words."""
        self.heard.append(sound)
        if self.fails:
            raise CriticUnavailable("timeout")
        return sound.decode()

    async def close(self) -> None:
        """Do nothing."""


@pytest.fixture
def ears() -> Ears:
    """Return a listener."""
    return Ears()


@pytest.fixture
async def listening(
    settings: Settings, clock: MovableClock, database: Database, ears: Ears
) -> AsyncIterator[World]:
    """Return a program that listens."""
    async with World(settings, clock, listener=ears) as running:
        yield running


def spoken(words: str, *, seconds: int = 20, size: int = 0) -> Spoken:
    async def fetch() -> bytes:
        return words.encode()

    return Spoken(seconds, size or len(words), "voice.ogg", "audio/ogg", fetch)


async def asked(person: Person) -> Card:
    await person.says("/settings second=on")
    return await person.says("/practice")


async def test_what_was_heard_is_shown_and_graded_when_its_person_says_so(
    listening: World, database: Database
) -> None:
    ana = listening.person("Ana")
    answer = good(await asked(ana))
    heard = await ana.speaks(spoken(answer), key="m1")
    assert heard.title == "This is what I heard"
    assert plain(answer) in plain(heard.body)
    assert await count(database, "attempts") == 0
    card = await ana.presses("Grade it")
    assert card.title.startswith("100 / 100")
    assert await rows(database, "SELECT answer FROM attempts") == [(answer,)]
    ana.sees(heard)
    again = await ana.presses("Grade it")
    assert again.title.startswith("100 / 100")
    assert await count(database, "attempts") == 1


async def test_it_can_be_corrected_before_it_is_graded(
    listening: World, database: Database
) -> None:
    ana = listening.person("Ana")
    answer = good(await asked(ana))
    listening.native_forms = True
    await ana.speaks(spoken("misheard"))
    await ana.presses("Correct it")
    assert ana.form is not None
    assert ana.form.inputs[0].value == "misheard"
    card = await ana.fills(text=answer)
    assert card.title.startswith("100 / 100")
    assert await rows(database, "SELECT answer FROM attempts") == [(answer,)]


async def test_a_reply_with_the_right_words_corrects_it_too(listening: World) -> None:
    ana = listening.person("Ana")
    answer = good(await asked(ana))
    heard = await ana.speaks(spoken("misheard"))
    assert (await ana.says(answer, to=heard)).title.startswith("100 / 100")


async def test_nobody_listens_before_the_person_agreed(
    listening: World, ears: Ears, database: Database
) -> None:
    ana = listening.person("Ana")
    await ana.says("/practice")
    card = await ana.speaks(spoken("hello"))
    assert card.title == "May Acme listen?"
    assert ears.heard == []
    thanks = await ana.presses("Yes, let them")
    assert "Send your recording again" in thanks.body
    assert (await ana.speaks(spoken("hello"))).title == "This is what I heard"
    ben = listening.person("Ben")
    await ben.says("/practice")
    await ben.speaks(spoken("hello"))
    assert (await ben.presses("No, I type")).title == "Nothing was sent"


async def test_the_same_recording_is_heard_once(listening: World, ears: Ears) -> None:
    ana = listening.person("Ana")
    await asked(ana)
    for _ in range(2):
        await ana.speaks(spoken("hello"), key="m1")
    assert len(ears.heard) == 1


async def test_without_a_listener_it_says_so(world: World, ana: Person) -> None:
    await ana.says("/practice")
    assert (await ana.speaks(spoken("x"))).title == "I cannot listen here."


@pytest.mark.parametrize(
    ("recording", "says"),
    [
        (spoken("x", seconds=MOST_S + 1), "4 min 1 s long; 4 min are the most"),
        (spoken("x", size=MOST_BYTES + 1), "15 MB are the most"),
        (spoken("x" * (MOST_BYTES + 1), size=1), "15 MB are the most"),
        (spoken(" \x00 "), "I heard no words"),
    ],
)
async def test_what_cannot_be_taken_is_said_and_costs_nothing(
    listening: World, database: Database, recording: Spoken, says: str
) -> None:
    ana = listening.person("Ana")
    await asked(ana)
    assert says in (await ana.speaks(recording)).title
    assert await count(database, "transcripts") == 0
    assert {tokens for (tokens,) in await rows(database, "SELECT tokens FROM spending")} <= {0}


async def test_a_listener_that_fails_costs_nothing_and_loses_nothing(
    listening: World, ears: Ears, database: Database
) -> None:
    ana = listening.person("Ana")
    await asked(ana)
    ears.fails = True
    assert "could not write that down" in (await ana.speaks(spoken("hello"))).title
    assert await rows(database, "SELECT DISTINCT tokens FROM spending") == [(0,)]
    ears.fails = False
    assert (await ana.speaks(spoken("hello"))).title == "This is what I heard"


async def test_listening_takes_from_the_budget(listening: World) -> None:
    ana = listening.person("Ana")
    await asked(ana)
    for _ in range(4):
        assert (await ana.speaks(spoken("hello", seconds=MOST_S))).kind == "note"
    refused = await ana.speaks(spoken("hello", seconds=MOST_S))
    assert refused.title == "Today's second opinions are used up."


async def test_nobody_else_sees_it_and_it_is_forgotten(
    listening: World, database: Database
) -> None:
    ana, ben = listening.person("Ana"), listening.person("Ben")
    await asked(ana)
    heard = await ana.speaks(spoken("hello"))
    await ben.says("/start")
    ben.sees(heard)
    assert (await ben.presses("Grade it")).title == "That recording is not there any more."
    listening.clock.advance(MEMORY + timedelta(minutes=1))
    assert await listening.app.services.transcripts.sweep() == 1
    assert await count(database, "transcripts") == 0


async def test_a_recording_with_no_open_question_is_no_answer(listening: World, ears: Ears) -> None:
    ana = listening.person("Ana")
    await ana.says("/settings second=on")
    assert (await ana.speaks(spoken("hello"))).title == "No question is open here."
    assert ears.heard == []
