from typing import Annotated

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.command import Option, Registry
from bot.chat.context import Context
from bot.chat.parse import is_command, nearest, parse
from bot.chat.view import Card, Reply, Response
from bot.errors import Invalid, NotFound, UserError

Ctx = Context[None]
DONE = Reply(Card("Done"))
Rest = Annotated[str, Option("All that is left", rest=True)]

registry = Registry()


@registry.command("practice")
async def practice(ctx: Ctx, topic: str = "", difficulty: int = 0) -> Response:
    """Get a question."""
    return DONE


@registry.command("answer")
async def answer(ctx: Ctx, text: Rest = "") -> Response:
    """Answer it."""
    return DONE


@registry.command("schedule")
async def schedule(ctx: Ctx, what: str = "") -> Response:
    """See the schedule."""
    return DONE


@registry.command("schedule set")
async def schedule_set(ctx: Ctx, time: str, zone: str = "", days: Rest = "") -> Response:
    """Set the schedule."""
    return DONE


@registry.command("question add")
async def question_add(ctx: Ctx) -> Response:
    """Add a question."""
    return DONE


@registry.command("question show")
async def question_show(ctx: Ctx, slug: str) -> Response:
    """Show a question."""
    return DONE


def read(text: str) -> tuple[str, dict[str, str]]:
    line = parse(registry, text)
    return line.command.name, line.values


@pytest.mark.parametrize(
    ("text", "name", "values"),
    [
        ("/practice", "practice", {}),
        ("/PRACTICE", "practice", {}),
        ("/practice  sql   2 ", "practice", {"topic": "sql", "difficulty": "2"}),
        ("/practice\nsql", "practice", {"topic": "sql"}),
        ("/practice@somebot", "practice", {}),
        ("/practice@somebot sql", "practice", {"topic": "sql"}),
        ("/practice @somebody", "practice", {"topic": "@somebody"}),
        # The longest name wins; what is no member of the family is a value.
        ("/schedule", "schedule", {}),
        ("/schedule set 9", "schedule set", {"time": "9"}),
        ("/schedule SET 9", "schedule set", {"time": "9"}),
        ("/schedule tomorrow", "schedule", {"what": "tomorrow"}),
        ("/schedule set, 9", None, {}),
        # A family's member by underscore, with and without the bot's name.
        ("/question_add", "question add", {}),
        ("/question_show gil", "question show", {"slug": "gil"}),
        ("/question_show@somebot gil", "question show", {"slug": "gil"}),
        ("/question@somebot show gil", "question show", {"slug": "gil"}),
        ("/question show add", "question show", {"slug": "add"}),
    ],
)
def test_a_command_is_found_by_its_longest_name_in_every_spelling(
    text: str, name: str | None, values: dict[str, str]
) -> None:
    if name is None:
        with pytest.raises(UserError):
            parse(registry, text)
        return
    assert read(text) == (name, values)


@pytest.mark.parametrize(
    ("typed", "values"),
    [
        ("difficulty=3", {"difficulty": "3"}),
        ("difficulty=3 sql", {"difficulty": "3", "topic": "sql"}),
        ("sql difficulty=3", {"topic": "sql", "difficulty": "3"}),
        ("topic=", {"topic": ""}),
        ("topic=a=b", {"topic": "a=b"}),
        ("other=3", {"topic": "other=3"}),
        ('topic="two words" 3', {"topic": "two words", "difficulty": "3"}),
        ('"two words" 3', {"topic": "two words", "difficulty": "3"}),
        ("'two words' 3", {"topic": "two words", "difficulty": "3"}),
        ('"it\'s here" 3', {"topic": "it's here", "difficulty": "3"}),
        ("\"a 'b' c\"", {"topic": "a 'b' c"}),
        ('""', {"topic": ""}),
        ('"difficulty=3"', {"topic": "difficulty=3"}),
        # An open quote, an apostrophe and a quote within a word are characters like any other.
        ('"open 3', {"topic": '"open', "difficulty": "3"}),
        ('"', {"topic": '"'}),
        ("don't", {"topic": "don't"}),
        ("don't can't", {"topic": "don't", "difficulty": "can't"}),
        ("'tis 'twas", {"topic": "'tis", "difficulty": "'twas"}),
        ('5" 6"', {"topic": '5"', "difficulty": '6"'}),
        ('a"b c', {"topic": 'a"b', "difficulty": "c"}),
        ("back\\slash #tag", {"topic": "back\\slash", "difficulty": "#tag"}),
        ("sql\u00a03", {"topic": "sql", "difficulty": "3"}),
        ("日本語 ３", {"topic": "日本語", "difficulty": "３"}),
    ],
)
def test_values_come_by_place_or_by_name_and_quotes_hold_words_together(
    typed: str, values: dict[str, str]
) -> None:
    assert read(f"/practice {typed}") == ("practice", values)


@pytest.mark.parametrize(
    "typed",
    [
        "I don't know, it can't be changed",
        'a "quoted" word, and an open " too',
        "first line\n  second = line\n\tthird",
        "'all in quotes'",
        "x=1 y=2",
        "- # \\ * `code`",
    ],
)
def test_a_rest_parameter_takes_all_that_is_left_to_the_letter(typed: str) -> None:
    assert read(f"/answer {typed}") == ("answer", {"text": typed})
    assert read(f"/answer text={typed}") == ("answer", {"text": typed})


def test_a_rest_parameter_follows_others_by_place_and_by_name() -> None:
    wanted = {"time": "9", "zone": "New York", "days": "mon, tue and fri"}
    assert read('/schedule set 9 "New York" mon, tue and fri') == ("schedule set", wanted)
    assert read('/schedule set zone="New York" 9 mon, tue and fri') == ("schedule set", wanted)
    assert read('/schedule set 9 zone="New York" days=mon, tue and fri') == ("schedule set", wanted)


def test_more_values_than_a_command_takes_are_refused_with_its_usage() -> None:
    with pytest.raises(Invalid) as caught:
        read("/practice sql 3 more")
    assert caught.value.message == '"more" is more than /practice takes.'
    assert "Usage: /practice [topic] [difficulty]" in caught.value.hint
    with pytest.raises(Invalid, match="more than /question add takes"):
        read("/question add " + "x" * 100_000)


@pytest.mark.parametrize(
    "typed", ["topic=a topic=b", "difficulty=1 a difficulty=2", "sql topic=b", "topic=a sql 3 4"]
)
def test_the_same_value_twice_or_one_too_many_is_refused(typed: str) -> None:
    with pytest.raises(Invalid) as caught:
        read(f"/practice {typed}")
    assert "Usage: /practice [topic] [difficulty]" in caught.value.hint


def test_the_same_name_twice_is_named() -> None:
    with pytest.raises(Invalid) as caught:
        read("/practice topic=a topic=b")
    assert (caught.value.message, caught.value.field) == ("topic is given twice.", "topic")


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("/practise", "/practice"),
        ("/Practic", "/practice"),
        ("/practice5", "/practice"),
        ("/anwser yes", "/answer"),
        ("/question_ad", "/question add"),
        ("/shedule set 9", "/schedule set"),
    ],
)
def test_an_unknown_command_is_answered_with_the_nearest(typed: str, wanted: str) -> None:
    with pytest.raises(NotFound) as caught:
        read(typed)
    assert caught.value.message.startswith("There is no command /")
    assert f"Did you mean {wanted}" in caught.value.hint


def test_a_command_like_no_other_is_answered_with_help() -> None:
    with pytest.raises(NotFound) as caught:
        read("/zzzzzz")
    assert caught.value.message == "There is no command /zzzzzz."
    assert caught.value.hint == "/help lists all commands."


@pytest.mark.parametrize("typed", ["/question", "/Question", "/question frob", "/question@somebot"])
def test_a_familys_name_alone_lists_its_members(typed: str) -> None:
    with pytest.raises(NotFound) as caught:
        read(typed)
    assert caught.value.message == "/question needs a second word."
    assert caught.value.hint == "Try one of: /question add, /question show."


def test_a_message_repeats_no_more_than_a_little_of_what_was_typed() -> None:
    for typed in ("/" + "z" * 100_000, "/practice 1 2 " + "z" * 100_000):
        with pytest.raises(UserError) as caught:
            read(typed)
        assert len(caught.value.message) < 100


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("/help", True),
        ("/Help", True),
        ("/a", True),
        ("/", False),
        ("//x", False),
        ("/1", False),
        ("/ help", False),
        ("help", False),
        ("", False),
        ("1/2", False),
    ],
)
def test_a_slash_and_a_letter_make_a_command_line(text: str, meant: bool) -> None:
    assert is_command(text) is meant


def test_nearest_gives_the_most_alike_first_and_at_most_three() -> None:
    names = ["practice", "practices", "practical", "practise", "hint"]
    assert nearest(names, "PRACTICE")[0] == "practice"
    assert len(nearest(names, "practice")) == 3
    assert nearest(names, "") == []


LINES = st.one_of(
    st.text(),
    st.text("/ab_ \"'=@\n"),
    st.builds(
        "{} {}".format,
        st.sampled_from(["/practice", "/schedule set", "/question", "/answer", "/question_add@b"]),
        st.text() | st.text("abz=\"' \ntopic"),
    ),
)


@given(LINES)
@settings(max_examples=400)
def test_any_text_is_parsed_or_refused_in_words(text: str) -> None:
    try:
        line = parse(registry, text)
    except UserError:
        return
    assert line.values.keys() <= {parameter.name for parameter in line.command.parameters}


@given(st.text().filter(lambda text: text.strip() != "" and not text.strip().startswith("text=")))
def test_an_answer_loses_nothing_but_the_space_around_it(text: str) -> None:
    assert read(f"/answer {text}") == ("answer", {"text": text.strip()})


@given(st.lists(st.text(st.characters(exclude_characters='"'), max_size=12), max_size=2))
def test_quoted_values_come_as_they_stand_between_the_quotes(values: list[str]) -> None:
    line = parse(registry, "/practice " + " ".join(f'"{value}"' for value in values))
    assert list(line.values.values()) == values
