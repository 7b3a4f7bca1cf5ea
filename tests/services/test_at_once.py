"""What happens at the same moment: on PostgreSQL transactions really overlap."""

from __future__ import annotations

import asyncio

from bot.store.uow import Database
from bot.testing import Person, World
from tests.answers import good
from tests.rows import count, rows


async def test_a_first_contact_twice_at_once_is_one_person(
    world: World, database: Database
) -> None:
    groups = ("", "prep", "night-owls", "early-birds")
    people = [world.person("Ana", group=group) for group in groups * 2]
    await asyncio.gather(*(person.says("/start") for person in people))
    assert [person.last and person.last.error for person in people] == [""] * len(people)
    assert await count(database, "users") == 1
    assert await count(database, "identities") == 1
    assert await count(database, "chat_members") == 4


async def test_two_answers_at_once_count_once(ana: Person, database: Database) -> None:
    asked = await ana.says("/practice")
    ana.sees(asked)
    serving = 1
    practice = ana.world.app.services.practice
    context = await ana.world.app.services.resolve(ana.request("/start"))
    results = await asyncio.gather(
        *(
            practice.submit(
                context.actor, context.chat, serving, f"{good(asked)} ({number})", f"key {number}"
            )
            for number in range(6)
        )
    )
    assert sum(not result.unscored for result in results) == 1
    assert await rows(database, "SELECT points, answers FROM totals WHERE period = 'all'") == [
        (100, 1)
    ]


async def test_one_message_delivered_twice_at_once_is_one_answer(
    ana: Person, database: Database
) -> None:
    asked = await ana.says("/practice")
    cards = await asyncio.gather(*(ana.says(good(asked), key="message 1") for _ in range(5)))
    assert {card.title for card in cards} == {"100 / 100 · strong"}
    assert await count(database, "attempts") == 1
    totals = "SELECT answers FROM totals WHERE period = 'all'"
    assert await rows(database, totals) == [(1,)]
