"""Questions that a group's moderators add."""

from __future__ import annotations

from bot.chat.markup import plain
from bot.store.uow import Database
from bot.testing import Person, World
from tests.rows import rows

STEPS = (
    "What is idempotence good for?",
    "databases",
    "A retry does no harm (60)\nThe client need not know whether it worked (40)",
    "A retry does no harm, so a client that got no answer simply asks again.",
    "it makes things faster => It makes retries safe; speed has nothing to do with it.",
)


async def add(moderator: Person, *steps: str) -> str:
    card = await moderator.says("/question add")
    for step in steps or STEPS:
        card = await moderator.says(step)
    return card.title


async def slug_of(database: Database) -> str:
    [(slug,)] = await rows(database, "SELECT slug FROM questions WHERE chat_id IS NOT NULL")
    return str(slug)


async def test_a_moderator_adds_a_question_and_the_group_is_asked_it(
    maya: Person, ben: Person, world: World
) -> None:
    assert await add(maya) == "Question added"
    seen = set()
    for _ in range(5):
        seen.add(plain((await ben.says("/practice")).body))
        await ben.says("/skip")
    assert any("idempotence" in body for body in seen)


async def test_an_answer_to_an_added_question_is_graded_by_its_points(
    maya: Person, ben: Person
) -> None:
    await add(maya)
    await maya.says("/question search idempotence")
    asked = await ben.says("/practice databases")
    for _ in range(3):
        if "idempotence" in asked.body:
            break
        await ben.says("/skip")
        asked = await ben.says("/practice databases")
    told = await ben.says("If you retry it does no harm.")
    assert told.title.startswith("60 / 100")


async def test_an_added_question_stays_in_its_group(maya: Person, world: World) -> None:
    await add(maya)
    stranger = world.person("Eve", group="elsewhere")
    seen = set()
    for _ in range(6):
        seen.add(plain((await stranger.says("/practice")).body))
        await stranger.says("/skip")
    assert not any("idempotence" in body for body in seen)


async def test_members_cannot_add_edit_retire_or_see_rubrics(
    ben: Person, database: Database
) -> None:
    for line in (
        "/question add",
        "/question edit tea",
        "/question retire tea",
        "/question show tea",
        "/question search tea",
    ):
        assert "is for moderators" in (await ben.says(line)).title
    assert await rows(database, "SELECT count(*) FROM audit_log") == [(0,)]


async def test_a_form_that_somebody_else_started_cannot_be_submitted_by_a_member(
    maya: Person, ben: Person, world: World, database: Database
) -> None:
    world.native_forms = True
    await maya.says("/question add")
    ben.form = maya.form
    refused = await ben.fills(
        prompt=STEPS[0], topic="databases", points="One point", answer="An answer", wrong=""
    )
    assert "Only a group's moderators" in refused.title
    assert await rows(database, "SELECT count(*) FROM questions WHERE chat_id IS NOT NULL") == [
        (0,)
    ]


async def test_editing_makes_a_revision_and_keeps_the_old_wording_for_old_answers(
    maya: Person, database: Database
) -> None:
    await add(maya)
    await maya.says(f"/question edit {await slug_of(database)}")
    await maya.says("Why do we like idempotent endpoints?")
    for step in ("-", "-", "-", "-"):
        card = await maya.says(step)
    assert card.title == "Question changed"
    revisions = await rows(
        database,
        "SELECT r.number, r.prompt FROM question_revisions r JOIN questions q "
        "ON q.id = r.question_id WHERE q.chat_id IS NOT NULL ORDER BY r.number",
    )
    assert revisions == [
        (1, "What is idempotence good for?"),
        (2, "Why do we like idempotent endpoints?"),
    ]
    verbs = await rows(database, "SELECT verb FROM audit_log ORDER BY id")
    assert verbs == [("question add",), ("question edit",)]


async def test_a_retired_question_is_asked_no_more(
    maya: Person, ben: Person, database: Database
) -> None:
    await add(maya)
    retired = await maya.says(f"/question retire {await slug_of(database)}")
    assert retired.title == "Question retired"
    for _ in range(6):
        assert "idempotence" not in (await ben.says("/practice")).body
        await ben.says("/skip")


async def test_the_public_bank_is_not_a_groups_to_change(maya: Person) -> None:
    for line in ("/question edit tea", "/question retire tea"):
        assert "public bank" in (await maya.says(line)).title
    assert "Boil the water" in (await maya.says("/question show tea")).body


async def test_the_same_question_twice_is_refused(maya: Person) -> None:
    await add(maya)
    title = await add(maya, "what is  IDEMPOTENCE good for", *STEPS[1:])
    assert title == "That question is in the bank already."


async def test_a_wrong_line_brings_the_form_back_to_it_with_nothing_lost(maya: Person) -> None:
    for step in ("/question add", *STEPS[:4], "it makes things faster"):
        card = await maya.says(step)
    assert "does not say what is right" in card.body
    assert "5 of 5" in card.title
    kept = await maya.says(STEPS[4])
    assert kept.title == "Question added"


async def test_an_early_mistake_is_mended_and_later_values_are_kept_with_a_dash(
    maya: Person,
) -> None:
    for step in ("/question add", "Why?", *STEPS[1:]):
        card = await maya.says(step)
    assert "too short" in card.body
    assert "1 of 5" in card.title
    for step in (STEPS[0], "-", "-", "-", "-"):
        card = await maya.says(step)
    assert card.title == "Question added"


async def test_a_hostile_prompt_can_neither_mark_up_nor_forge_a_button(
    maya: Person, ben: Person
) -> None:
    hostile = "*bold* [click](https://evil.example) ||x|| `c` @everyone \\"
    await add(maya, hostile, *STEPS[1:])
    found = await maya.says("/question search everyone")
    assert "click" in found.body
    assert hostile.strip("\\ ") in plain(found.body)


async def test_unknown_questions_are_told_kindly(maya: Person) -> None:
    told = await maya.says("/question show nothing-like-it")
    assert told.title == 'There is no question "nothing-like-it" here.'
    assert (await maya.says("/question search zebra crossing")).title == (
        'No question has "zebra crossing"'
    )


async def test_technical_text_in_the_form_stays_as_it_was_typed(
    maya: Person, database: Database
) -> None:
    points = "A dict lookup is O(1)\\n*args collects the rest (30)\\n- -1 means not found"
    await add(maya, STEPS[0], STEPS[1], points.replace("\\n", "\n"), *STEPS[3:])
    shown = plain((await maya.says(f"/question show {await slug_of(database)}")).body)
    assert "20 %: A dict lookup is O(1)" in shown
    assert "60 %: *args collects the rest" in shown
    assert "20 %: -1 means not found" in shown


async def test_a_question_far_too_long_is_refused_in_a_sentence(maya: Person) -> None:
    maya.world.native_forms = True
    await maya.says("/question add")
    told = await maya.fills(
        prompt="why " * 2_000, topic="databases", points="One point", answer="An answer", wrong=""
    )
    assert "500 are the most" in told.title
