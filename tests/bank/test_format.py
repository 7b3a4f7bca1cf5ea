from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.bank.fault import BankFaults, Fault
from bot.bank.format import parse, same
from bot.domain.question import Code, Fact, FollowUp, Level, Source

PATH = Path(__file__).parent / "sample" / "core-python" / "kettle.toml"
KETTLE = PATH.read_text("utf-8")


def changed(old: str, new: str, text: str = KETTLE) -> str:
    assert old in text, old
    return text.replace(old, new, 1)


def faults(text: str, path: Path = PATH) -> list[Fault]:
    with pytest.raises(BankFaults) as caught:
        parse(path, text)
    return caught.value.faults


def line_of(text: str, marker: str) -> int:
    return next(n for n, line in enumerate(text.split("\n"), 1) if marker in line)


def test_a_question_is_read_as_it_is_written() -> None:
    question = parse(PATH, KETTLE)
    assert (question.slug, question.seed, question.topic) == ("kettle", "2.1.1", "core-python")
    assert (question.level, question.difficulty, question.kind) == (Level.ONE, 2, "open")
    assert question.covers == ("I.1.1.1", "I.2.1.1")
    assert (question.author, question.licence) == ("The tests", "MIT")
    rubric = question.rubric
    assert [point.id for point in rubric.points] == ["element", "convection", "switch", "lid"]
    assert [point.weight for point in rubric.points] == [40, 20, 30, 10]
    assert rubric.points[0].must == (("element", "coil", "resistor"),)
    assert rubric.points[0].facts == (
        Fact(("element", "coil"), "electric", ("electric", "powered"), True, ("gas",)),
    )
    assert rubric.points[3].paraphrases[4] == "without the lid it boils on"
    assert [wrong.contradicts for wrong in rubric.misconceptions] == ["switch", None]
    assert rubric.code[1] == Code(
        "Kettles by power.",
        "SELECT name FROM kettles ORDER BY watts DESC;",
        "CREATE TABLE kettles (name TEXT, watts INTEGER);",
        "",
        "sql",
    )
    assert rubric.follow_ups[1] == FollowUp("And a pot?", "pot")
    assert rubric.sources == (
        Source("The kettle's manual", "https://example.org/kettle", "2.1 Boiling"),
    )
    assert rubric.versions == ("Python 3.12+",)
    assert rubric.model_answer.startswith("A kettle turns")
    assert rubric.model_answer.endswith("another way.")


def test_spaces_around_a_text_are_no_part_of_it() -> None:
    question = parse(PATH, changed('"How does a kettle work?"', '"  How does a kettle work? "'))
    assert question.prompt == "How does a kettle work?"


LID = KETTLE[KETTLE.index('[[points]]\nid = "lid"') : KETTLE.index("[[misconceptions]]")]
WATER_SENSOR = KETTLE[
    KETTLE.index("[[misconceptions]]") : KETTLE.index('[[misconceptions]]\nid = "microwaves"')
]
FIRST_FOLLOW_UP = KETTLE[
    KETTLE.index("[[follow_ups]]") : KETTLE.index('[[follow_ups]]\nprompt = "And a pot?"')
]
SOURCES = KETTLE[KETTLE.index("[[sources]]") :]
FORTY_ONE = "\\n".join(["x = 1"] * 41)

RULES = {
    # what is broken: old, new, field, message, remedy, and a mark on the line that is to be told;
    # None where the file has lines alike: those stand in the second table below
    "slug is the file's name": (
        'slug = "kettle"',
        'slug = "kettles"',
        "slug",
        "'kettles' is not the file's name",
        "Name the file kettles.toml",
        'slug = "kettles"',
    ),
    "slug has a form": (
        'slug = "kettle"',
        'slug = "The_Kettle"',
        "slug",
        "'The_Kettle' does not match",
        "in that form",
        "The_Kettle",
    ),
    "slug is there": ('slug = "kettle"\n', "", "slug", "is missing", "Add it", 'seed = "2.1.1"'),
    "topic is the folder": (
        'topic = "core-python"',
        'topic = "databases"',
        "topic",
        "'databases' is not the folder's name",
        "Move the file to databases/",
        'topic = "databases"',
    ),
    "covers something": (
        'covers = ["I.1.1.1", "I.2.1.1"]',
        "covers = []",
        "covers",
        "has 0, needs at least 1",
        "Add more",
        "covers = []",
    ),
    "four points": (
        LID,
        "",
        "points",
        "has 3, needs at least 4",
        "Add more",
        "[[points]]",
    ),
    "points' ids are unique": (
        'id = "lid"',
        'id = "switch"',
        "points[3].id",
        "'switch' is used twice",
        "Give each its own id",
        None,
    ),
    "points' ids have a form": (
        'id = "lid"',
        'id = "the-lid"',
        "points[3].id",
        "'the-lid' does not match",
        "in that form",
        "the-lid",
    ),
    "weight from 1": (
        "weight = 10",
        "weight = 0",
        "points[3].weight",
        "greater than or equal to 1",
        "Correct the value",
        "weight = 0",
    ),
    "weight to 100": (
        "weight = 40",
        "weight = 101",
        "points[0].weight",
        "less than or equal to 100",
        "Correct the value",
        "weight = 101",
    ),
    "weight is a whole number": (
        "weight = 40",
        "weight = 40.5",
        "points[0].weight",
        "valid integer",
        "Correct the value",
        "weight = 40.5",
    ),
    "five paraphrases": (
        '  "without the lid it boils on",\n',
        "",
        "points[3].paraphrases",
        "has 4, needs at least 5",
        "Add more",
        None,
    ),
    "a paraphrase is of one point": (
        "without the lid it boils on",
        "Hot water rises, to the top!",
        "points[3].paraphrases",
        "'Hot water rises, to the top!' is also a paraphrase of 'convection'",
        "Keep it where it belongs",
        None,
    ),
    "a paraphrase is there once": (
        "without the lid it boils on",
        "No lid means: it never switches off.",
        "points[3].paraphrases",
        "'No lid means: it never switches off.' is there twice",
        "Say it in other words",
        None,
    ),
    "a paraphrase is not empty": (
        "without the lid it boils on",
        "  ",
        "points[3].paraphrases[4]",
        "is empty",
        "Write it, or remove it",
        None,
    ),
    "two misconceptions": (
        WATER_SENSOR,
        "",
        "misconceptions",
        "has 1, needs at least 2",
        "Add more",
        "[[misconceptions]]",
    ),
    "two wordings of a misconception": (
        ', "microwaves heat the water"',
        "",
        "misconceptions[1].said",
        "has 1, needs at least 2",
        "Add more",
        "a kettle uses microwaves",
    ),
    "misconceptions' ids are unique": (
        'id = "microwaves"',
        'id = "water_sensor"',
        "misconceptions[1].id",
        "'water_sensor' is used twice",
        "Give each its own id",
        None,
    ),
    "contradicts names a point": (
        'contradicts = "switch"',
        'contradicts = "swich"',
        "misconceptions[0].contradicts",
        "'swich' is not the id of a point",
        "Use one of convection, element, lid, switch",
        "swich",
    ),
    "a wording is not right and wrong": (
        "a kettle uses microwaves",
        "A thermostat switches it off!",
        "misconceptions[1].said",
        "'A thermostat switches it off!' is a paraphrase of 'switch'",
        "A wording cannot be both right and wrong",
        "A thermostat switches it off!",
    ),
    "at least two hints": (
        '"What gets hot first?", ',
        "",
        "hints",
        "has 1, needs at least 2",
        "Add more",
        "hints = [",
    ),
    "at most three hints": (
        '"What gets hot first?", ',
        '"1", "2", "3", ',
        "hints",
        "has 4, takes at most 3",
        "Remove some",
        "hints = [",
    ),
    "at least two follow-ups": (
        FIRST_FOLLOW_UP,
        "",
        "follow_ups",
        "has 1, needs at least 2",
        "Add more",
        "[[follow_ups]]",
    ),
    "at most three follow-ups": (
        FIRST_FOLLOW_UP,
        FIRST_FOLLOW_UP * 3,
        "follow_ups",
        "has 4, takes at most 3",
        "Remove some",
        "[[follow_ups]]",
    ),
    "a follow-up leads somewhere": (
        'question = "pot"',
        "",
        "follow_ups[1]",
        "needs either question or listen_for",
        "Name a question of the bank, or what to hear",
        None,
    ),
    "a follow-up leads to one place": (
        'question = "pot"',
        'question = "pot"\nlisten_for = ["Less."]',
        "follow_ups[1]",
        "needs either question or listen_for",
        "Name a question of the bank, or what to hear",
        None,
    ),
    "a source": (SOURCES, "", "sources", "is missing", "Add it", 'slug = "kettle"'),
    "a source has a section": (
        'section = "2.1 Boiling"\n',
        "",
        "sources[0].section",
        "is missing",
        "Add it",
        "[[sources]]",
    ),
    "a source is on https": (
        "https://example.org/kettle",
        "http://example.org/kettle",
        "sources[0].url",
        "does not match ^https://",
        "in that form",
        "http://example.org/kettle",
    ),
    "code compiles": (
        "return 4186",
        "return return 4186",
        "code[0].source",
        "does not compile: invalid syntax",
        "Mend the code",
        "source = '''",
    ),
    "code's check compiles": (
        "assert energy(1)",
        "assert assert energy(1)",
        "code[0].source",
        "does not compile: invalid syntax",
        "Mend the code",
        "source = '''",
    ),
    "code holds no NUL": (
        'check = "assert',
        'check = "\\u0000assert',
        "code[0].source",
        "does not compile",
        "Mend the code",
        "source = '''",
    ),
    "code has at most 40 lines": (
        'source = "SELECT name FROM kettles ORDER BY watts DESC;"',
        f'source = "{FORTY_ONE};"',
        "code[1].source",
        "has 41 lines",
        "Cut it to 40",
        'source = "x = 1',
    ),
    "sql ends its statement": (
        "watts DESC;",
        "watts DESC",
        "code[1].source",
        "does not end a statement",
        "End it with a semicolon",
        "SELECT name",
    ),
    "code is python or sql": (
        'language = "sql"',
        'language = "perl"',
        "code[1].language",
        "'python' or 'sql'",
        "Correct the value",
        'language = "perl"',
    ),
    "no fenced block in the prompt": (
        '"How does a kettle work?"',
        "'''How?\n```\nx\n```'''",
        "prompt",
        "holds a fenced block",
        "Move it to [[code]]",
        "prompt = '''How?",
    ),
    "no fenced block in the model answer": (
        "That is why",
        "```\nx\n```\nThat is why",
        "model_answer",
        "holds a fenced block",
        "Move it to [[code]]",
        'model_answer = """',
    ),
    "no fenced block in a hint": (
        "What gets hot first?",
        "```x```",
        "hints",
        "holds a fenced block",
        "Move it to [[code]]",
        "hints = [",
    ),
    "no fenced block in a point": (
        "Hot water rises, so",
        "```x``` Hot water rises, so",
        "points[1].text",
        "holds a fenced block",
        "Move it to [[code]]",
        'text = "```x``` Hot',
    ),
    "no fenced block in a correction": (
        "Those are for ovens.",
        "```x```",
        "misconceptions[1].correction",
        "holds a fenced block",
        "Move it to [[code]]",
        'correction = "```x```',
    ),
    "no fenced block in a follow-up": (
        "And a pot?",
        "```x```?",
        "follow_ups[1].prompt",
        "holds a fenced block",
        "Move it to [[code]]",
        "```x```?",
    ),
    "no fenced block in what to listen for": (
        "Bubbles collapse in colder water.",
        "```x```",
        "follow_ups[0].listen_for",
        "holds a fenced block",
        "Move it to [[code]]",
        'listen_for = ["```x```',
    ),
    "the level is one of two": (
        'level = "I"',
        'level = "III"',
        "level",
        "'I' or 'II'",
        "Correct the value",
        'level = "III"',
    ),
    "difficulty to five": (
        "difficulty = 2",
        "difficulty = 6",
        "difficulty",
        "less than or equal to 5",
        "Correct the value",
        "difficulty = 6",
    ),
    "difficulty is a number": (
        "difficulty = 2",
        'difficulty = "2"',
        "difficulty",
        "valid integer",
        "Correct the value",
        'difficulty = "2"',
    ),
    "a seed is a number of the roadmap": (
        'seed = "2.1.1"',
        'seed = "2.1"',
        "seed",
        "'2.1' does not match",
        "in that form",
        'seed = "2.1"',
    ),
    "no unknown fields": (
        "weight = 40",
        "wieght = 40\nweight = 40",
        "points[0].wieght",
        "is not a field of a question",
        "Remove it, or mend its spelling",
        "wieght",
    ),
    "a fact says whether it holds": (
        "holds = true\n",
        "",
        "points[0].facts[0].holds",
        "is missing",
        "Add it",
        "[[points.facts]]",
    ),
}


@pytest.mark.parametrize("rule", RULES)
def test_a_broken_rule_is_told_with_file_line_field_and_remedy(rule: str) -> None:
    old, new, field, message, remedy, marker = RULES[rule]
    text = changed(old, new)
    (fault,) = faults(text)
    assert fault.path == PATH
    assert fault.field == field
    assert message in fault.message
    assert remedy in fault.remedy
    if marker is not None:
        assert fault.line == line_of(text, marker)


@pytest.mark.parametrize(
    ("rule", "after"),
    [
        ("points' ids are unique", 'of two metals, which opens the switch."'),
        ("five paraphrases", 'text = "With an open lid'),
        ("a paraphrase is of one point", 'text = "With an open lid'),
        ("a paraphrase is there once", 'text = "With an open lid'),
        ("a paraphrase is not empty", 'text = "With an open lid'),
        ("misconceptions' ids are unique", "Steam stops it"),
        ("a follow-up leads somewhere", "Bubbles collapse"),
        ("a follow-up leads to one place", "Bubbles collapse"),
    ],
)
def test_a_fault_in_the_second_of_two_alike_is_told_at_the_second(rule: str, after: str) -> None:
    old, new, field, *_ = RULES[rule]
    text = changed(old, new)
    (fault,) = faults(text)
    key = field.rpartition(".")[2].partition("[")[0]
    sought = "[[follow_ups]]" if key == "follow_ups" else f"{key} = "
    start = line_of(text, after)
    assert fault.line == start + line_of("\n".join(text.split("\n")[start:]), sought)


@pytest.mark.parametrize(("words", "fits"), [(59, False), (60, True), (180, True), (181, False)])
def test_a_model_answer_has_60_to_180_words(words: int, fits: bool) -> None:
    start = KETTLE.index("A kettle turns")
    text = KETTLE[:start] + " ".join(["word"] * words) + KETTLE[KETTLE.index('\n"""\nhints') :]
    if fits:
        assert len(parse(PATH, text).rubric.model_answer.split()) == words
        return
    (fault,) = faults(text)
    assert (fault.field, fault.message) == ("model_answer", f"has {words} words")
    assert fault.remedy == "Say it in 60 to 180"
    assert fault.line == line_of(text, "model_answer")


def test_forty_lines_of_code_are_not_too_many() -> None:
    forty = "\n".join(["x = 1"] * 40)
    body = KETTLE[KETTLE.index("def energy") : KETTLE.index("'''\ncheck")]
    text = changed("assert energy(1) == 334880", "assert x", changed(body, forty + "\n"))
    assert parse(PATH, text).rubric.code[0].source == forty


def test_all_faults_of_a_file_are_told_together_in_the_order_of_its_lines() -> None:
    text = changed('slug = "kettle"', 'slug = "kettles"')
    text = changed('contradicts = "switch"', 'contradicts = "swich"', text)
    text = changed("return 4186", "return return 4186", text)
    fields = [fault.field for fault in faults(text)]
    assert fields == ["slug", "misconceptions[0].contradicts", "code[0].source"]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('level = "I"', "level = I", "level = I"),
        ("weight = 40", "weight = 40\nweight = 41", "weight = 41"),
        ('id = "lid"', 'id = "lid', 'id = "lid'),
    ],
)
def test_broken_toml_is_told_with_its_line(old: str, new: str, line: str) -> None:
    text = changed(old, new)
    (fault,) = faults(text)
    assert fault.field == ""
    assert fault.message.startswith("not valid TOML: ")
    assert "(at line" not in fault.message
    assert "Mend the TOML" in fault.remedy
    assert fault.line == line_of(text, line)


def test_toml_that_breaks_off_is_told_as_well() -> None:
    (fault,) = faults(KETTLE[: KETTLE.index('hints = ["What') + 20])
    assert fault.message.startswith("not valid TOML: ")


@given(st.text())
def test_any_text_is_a_question_or_has_faults(text: str) -> None:
    assert all(1 <= fault.line <= text.count("\n") + 1 for fault in faults(text))


@given(st.integers(0, len(KETTLE)), st.text(max_size=3), st.integers(0, 8))
def test_any_small_change_leaves_a_question_or_faults(place: int, put: str, cut: int) -> None:
    text = KETTLE[:place] + put + KETTLE[place + cut :]
    try:
        parse(PATH, text)
    except BankFaults as error:
        assert error.faults != []  # noqa: PT017 - it need not be raised at all


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Hot water rises!", "hot  water, RISES", True),
        ("tuple = immutable", "tuple immutable", False),
        ("*args", "args", False),
        ("x", "y", False),
    ],
)
def test_wordings_are_the_same_case_punctuation_and_spaces_aside(
    one: str, other: str, alike: bool
) -> None:
    assert (same(one) == same(other)) is alike
