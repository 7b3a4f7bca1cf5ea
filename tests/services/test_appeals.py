"""A verdict that somebody finds unfair: who decides, what follows, and what is kept of it."""

from __future__ import annotations

import json

import pytest

from bot.chat.context import Pressed, Role
from bot.chat.markup import plain
from bot.chat.view import Card
from bot.domain.critique import Critique, MisconceptionFound, PointState, PointVerdict, Status
from bot.domain.question import KeyPoint, Misconception, Rubric
from bot.domain.regrading import digits_of, is_valid, pressed, regraded
from bot.store.uow import Database
from bot.testing import Person, World
from tests.answers import partial
from tests.rows import rows

RUBRIC = Rubric(
    points=(KeyPoint("a", "A.", 60), KeyPoint("b", "B.", 40)),
    misconceptions=(
        Misconception("not_b", ("b is wrong",), "B holds.", contradicts="b"),
        Misconception("free", ("c",), "Not c."),
    ),
)
VERDICT = Critique(
    60,
    Status.GRADED,
    (
        PointVerdict("a", PointState.COVERED, "they said a"),
        PointVerdict("b", PointState.CONTRADICTED, "b is wrong"),
    ),
    (MisconceptionFound("not_b", "b is wrong"),),
    ("stuffing",),
    "keypoints",
    "2",
)


@pytest.fixture
def cleo(world: World) -> Person:
    """Return a member of a group."""
    return world.person("Cleo", group="prep")


def buttons(card: Card) -> list[str]:
    return [button.label for row in card.rows for button in row]


async def answer(person: Person) -> Card:
    asked = await person.says("/practice")
    return await person.says(partial(asked))


def test_a_verdict_is_a_digit_a_point_and_one_for_what_costs_by_itself() -> None:
    assert digits_of(RUBRIC, VERDICT) == "230"
    assert is_valid(RUBRIC, "001")
    for wrong in ("", "00", "0000", "040", "002", "a00"):
        assert not is_valid(RUBRIC, wrong)


def test_pressing_leads_through_all_states_and_back() -> None:
    seen = ["000"]
    for _ in range(4):
        seen.append(pressed(RUBRIC, seen[-1], 1))
    assert seen == ["000", "010", "020", "030", "000"]
    assert pressed(RUBRIC, "001", 2) == "000"


def test_the_program_computes_the_score_of_what_a_person_says() -> None:
    kept = regraded(RUBRIC, VERDICT, "230", "you")
    assert (kept.score, kept.critic, kept.flags) == (60, "you", ())
    assert kept.points == VERDICT.points
    assert kept.misconceptions == VERDICT.misconceptions
    better = regraded(RUBRIC, VERDICT, "220", "moderator")
    assert better.score == 100
    assert better.points[1] == PointVerdict("b", PointState.COVERED)
    assert better.misconceptions == ()
    worse = regraded(RUBRIC, VERDICT, "101", "moderator")
    assert worse.score == 30 - 10
    assert [each.id for each in worse.misconceptions] == ["free"]


async def test_alone_the_writer_decides_and_sees_it_in_place(
    world: World, ana: Person, database: Database
) -> None:
    card = await answer(ana)
    before = int(card.title.split()[0])
    assert before < 100
    shown = await ana.presses("Not fair?")
    assert shown.title == "What is in your answer?"
    missed = [label for label in buttons(shown) if label in ("2 ⬜", "3 ⬜", "4 ⬜")]
    assert missed
    for label in missed:
        for step in ("⬜", "🟡"):
            shown = await ana.presses(label.replace("⬜", step))
    assert "Keep 100 / 100" in buttons(shown)
    assert await rows(database, "SELECT score FROM attempts") == [(before,)], "nothing is kept yet"
    kept = await ana.presses("Keep 100 / 100")
    assert kept.title.startswith("100 / 100")
    assert "graded by you" in plain(kept.body)
    assert "Not fair?" not in buttons(kept)
    assert await rows(database, "SELECT score, points FROM attempts") == [(100, 100)]
    [(verb, subject, old, new)] = await rows(
        database, "SELECT verb, subject, before, after FROM audit_log"
    )
    assert (verb, subject) == ("verdict", "attempt:1")
    old, new = (json.loads(each) if isinstance(each, str) else each for each in (old, new))
    assert (old["score"], new["score"], new["critic"]) == (before, 100, "you")
    assert "water" not in str(old) + str(new), "the trace holds nothing that anybody wrote"


async def test_in_a_group_a_moderator_decides_and_the_board_follows(
    world: World, cleo: Person, database: Database
) -> None:
    maya = world.person("Maya", group="prep", role=Role.MODERATOR)
    await maya.says("/reports place")
    before = int((await answer(cleo)).title.split()[0])
    await cleo.presses("Not fair?")
    thanks = await cleo.says("I did say it, in other words")
    assert thanks.title == "A moderator will look at it"
    await world.settle()
    told = world.adapter.sent[-1][1]
    assert told.title == "A verdict is appealed"
    assert "in other words" in told.body
    [(answer_,)] = await rows(database, "SELECT answer FROM attempts")
    assert answer_ not in told.body, "the channel sees no answer"
    maya.sees(told)
    shown = await maya.presses("Look at it")
    assert shown.title == "What is in Cleo's answer?"
    assert plain(answer_) in plain(shown.body)
    first = next(label for label in buttons(shown) if label.endswith("⬜"))
    await maya.presses(first)
    shown = await maya.presses(first.replace("⬜", "🟡"))
    keep = next(label for label in buttons(shown) if label.startswith("Keep"))
    after = int(keep.split()[1])
    assert after > before
    assert (await maya.presses(keep)).title == "Decided"
    assert await rows(database, "SELECT score, points FROM attempts") == [(after, after)]
    assert await rows(database, "SELECT DISTINCT points, answers FROM totals") == [(after, 1)]
    again = await maya.says("/reports show")
    assert again.title == "Nothing waits"
    with pytest.raises(KeyError):
        await maya.presses("Look at it")


async def test_a_moderator_may_let_a_verdict_stand(world: World, cleo: Person) -> None:
    maya = world.person("Maya", group="prep", role=Role.MODERATOR)
    await answer(cleo)
    await cleo.presses("Not fair?")
    await cleo.says("please")
    await maya.says("/reports show")
    await maya.presses("Open 1")
    assert (await maya.presses("It stands")).title == "The verdict stands"
    assert (await _request(maya, "regrade:1")).kind == "error", "it was decided"
    await _request(cleo, "unfair:1")
    again = await cleo.says("once more")
    assert again.title == "A moderator has looked at this one already, and decided."


async def _request(person: Person, action: str) -> Card:
    return await person._do(Pressed(action))


async def test_nobody_decides_who_may_not(world: World, cleo: Person, ana: Person) -> None:
    await answer(cleo)
    await answer(ana)
    maya = world.person("Maya", group="prep", role=Role.MODERATOR)
    dan = world.person("Dan", group="prep")
    ben = world.person("Ben")
    refused = "error"
    assert (await _request(maya, "regrade:1")).kind == refused, "nobody asked for it"
    assert (await _request(cleo, "regrade:1")).kind == refused, "points of the group hang on it"
    assert (await _request(cleo, "decide:1:2222")).kind == refused
    assert (await _request(ben, "regrade:2")).kind == refused, "another person's answer"
    assert (await _request(dan, "appealed:1")).kind == refused
    await cleo.presses("Not fair?")
    await cleo.says("please")
    assert (await _request(dan, "regrade:1")).kind == refused, "no moderator"
    assert (await _request(maya, "decide:1:99")).kind == refused
    moderating = world.person("Cleo", group="prep", role=Role.MODERATOR)
    assert (await _request(moderating, "decide:1:2222")).kind == refused, "her own answer"
    elsewhere = world.person("Eve", group="other", role=Role.MODERATOR)
    assert (await _request(elsewhere, "decide:1:2222")).kind == refused
