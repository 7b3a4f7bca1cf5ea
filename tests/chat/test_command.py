from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Optional

import pytest

from bot.chat.command import (
    MAX_CHOICES,
    MAX_HELP,
    MAX_NAME,
    Choice,
    Command,
    Handler,
    Option,
    Parameter,
    Registry,
    bind,
)
from bot.chat.context import Context, Role
from bot.chat.view import MAX_INPUTS, Card, Reply, Response
from bot.errors import Invalid

Ctx = Context[None]
DONE = Reply(Card("Done"))


class Board(StrEnum):
    SHOW = "show"
    HIDE = "hide"


Level = Annotated[int, Option("How hard", choices=(Choice("easy", "2"), Choice("hard", "4")))]
City = Annotated[str, Option("Where")]


def declared(handler: Handler, name: str = "try") -> Command:
    registry = Registry()
    registry.command(name)(handler)
    return registry.commands[name]


def parameter(handler: Handler) -> Parameter:
    (only,) = declared(handler).parameters
    return only


async def nothing(ctx: Ctx) -> Response:
    """Do nothing."""
    return DONE


def test_name_help_role_and_privacy_are_kept_and_the_docstring_is_the_help() -> None:
    registry = Registry()

    @registry.command("question add", role=Role.MODERATOR, private=True)
    async def add(ctx: Ctx) -> Response:
        """Add a question.

        Not shown to anybody.
        """
        return DONE

    command = registry.commands["question add"]
    assert (command.name, command.about) == ("question add", "Add a question.")
    assert (command.role, command.private) == (Role.MODERATOR, True)
    assert command.handler is add


def test_a_plain_string_is_a_required_parameter() -> None:
    async def handler(ctx: Ctx, word: str) -> Response:
        """Try."""
        return DONE

    assert parameter(handler) == Parameter("word", str, True, Option("word"))


def test_an_annotated_parameter_with_a_default_is_optional_and_brings_its_option() -> None:
    async def handler(ctx: Ctx, city: City = "") -> Response:
        """Try."""
        return DONE

    assert parameter(handler) == Parameter("city", str, False, Option("Where"))


def test_none_may_be_written_inside_or_outside_of_the_annotation() -> None:
    async def inside(ctx: Ctx, city: Annotated[str | None, Option("Where")] = None) -> Response:
        """Try."""
        return DONE

    async def outside(ctx: Ctx, city: City | None = None) -> Response:
        """Try."""
        return DONE

    async def spelt_out(ctx: Ctx, city: Optional[City] = None) -> Response:  # noqa: UP045
        """Try."""
        return DONE

    wanted = Parameter("city", str, False, Option("Where"))
    assert parameter(inside) == parameter(outside) == parameter(spelt_out) == wanted


def test_an_enum_offers_its_members_as_choices_and_converts_to_them() -> None:
    async def handler(ctx: Ctx, board: Board) -> Response:
        """Try."""
        return DONE

    read = parameter(handler)
    assert read.option.choices == (Choice("show", "show"), Choice("hide", "hide"))
    assert read.convert("HIDE") is Board.HIDE


def test_choices_of_the_annotation_come_before_the_members() -> None:
    async def handler(
        ctx: Ctx, board: Annotated[Board, Option("Who", choices=(Choice("me", "show"),))]
    ) -> Response:
        """Try."""
        return DONE

    read = parameter(handler)
    assert read.option.choices == (Choice("me", "show"),)
    assert read.convert("me") is Board.SHOW
    with pytest.raises(Invalid):
        read.convert("hide")


def test_usage_brackets_what_is_optional() -> None:
    async def handler(ctx: Ctx, time: str, zone: str = "") -> Response:
        """Try."""
        return DONE

    assert declared(handler, "schedule set").usage == "/schedule set time [zone]"


def test_missing_are_the_required_parameters_without_a_value() -> None:
    async def handler(ctx: Ctx, time: str, day: str, zone: str = "") -> Response:
        """Try."""
        return DONE

    command = declared(handler)
    assert [each.name for each in command.missing({"time": "", "zone": "UTC"})] == ["time", "day"]
    assert command.missing({"time": "9", "day": "mon"}) == []


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "Practice",
        "practice ",
        " practice",
        "a  b",
        "a b c",
        "a_b",
        "top10",
        "übung",
        "a-b",
        "/a",
        "a\n",
        "x" * (MAX_NAME + 1),
    ],
)
def test_a_name_that_no_platform_takes_or_parse_could_not_find_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="not a name"):
        declared(nothing, name)


@pytest.mark.parametrize("name", ["a", "question add", "x" * MAX_NAME])
def test_a_name_within_the_limits_is_taken(name: str) -> None:
    assert declared(nothing, name).name == name


def test_a_command_an_action_and_plain_text_are_each_declared_once() -> None:
    registry = Registry()
    registry.command("go")(nothing)
    registry.action("go")(nothing)
    registry.text(nothing)
    with pytest.raises(ValueError, match="command 'go' is declared twice"):
        registry.command("go")(nothing)
    with pytest.raises(ValueError, match="action 'go' is declared twice"):
        registry.action("go")(nothing)
    with pytest.raises(ValueError, match="plain text is declared twice"):
        registry.text(nothing)


@pytest.mark.parametrize("name", ["", "Go", "a:b", "a b", "run"])
def test_an_action_that_no_wire_id_could_reach_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="action"):
        Registry().action(name)(nothing)


@pytest.mark.parametrize("about", ["", "x" * (MAX_HELP + 1)])
def test_help_that_is_missing_or_too_long_is_refused(about: str) -> None:
    async def handler(ctx: Ctx) -> Response:
        return DONE

    handler.__doc__ = about
    with pytest.raises(ValueError, match=f"has {len(about)} characters"):
        declared(handler)


def test_help_of_exactly_the_limit_is_taken() -> None:
    async def handler(ctx: Ctx) -> Response:
        return DONE

    handler.__doc__ = "x" * MAX_HELP
    assert declared(handler).about == "x" * MAX_HELP


def test_a_parameter_of_another_type_is_refused() -> None:
    async def handler(ctx: Ctx, share: float) -> Response:
        """Try."""
        return DONE

    with pytest.raises(TypeError, match="share must be str, int or a StrEnum"):
        declared(handler)


def test_more_choices_and_longer_texts_than_discord_takes_are_refused() -> None:
    many = tuple(Choice(str(n), str(n)) for n in range(MAX_CHOICES + 1))

    def offering(option: Option) -> Handler:
        async def handler(ctx: Ctx, value: str) -> Response:
            """Try."""
            return DONE

        handler.__annotations__["value"] = Annotated[str, option]
        return handler

    for option in (Option("Pick", choices=many), Option("x" * (MAX_HELP + 1))):
        with pytest.raises(ValueError, match="too many choices or too long a text: value"):
            declared(offering(option))
    assert parameter(offering(Option("Pick", choices=many[:-1]))).option.choices == many[:-1]


def test_more_required_parameters_than_a_form_has_inputs_are_refused() -> None:
    async def six(ctx: Ctx, a: str, b: str, c: str, d: str, e: str, f: str) -> Response:
        """Try."""
        return DONE

    async def five(ctx: Ctx, a: str, b: str, c: str, d: str, e: str, f: str = "") -> Response:
        """Try."""
        return DONE

    assert MAX_INPUTS == 5
    with pytest.raises(ValueError, match="more than a form can ask for"):
        declared(six)
    assert len(declared(five).parameters) == 6


def test_include_takes_all_over() -> None:
    mine, theirs = Registry(), Registry()
    theirs.command("go")(nothing)
    theirs.action("go")(nothing)
    theirs.text(nothing)
    mine.include(theirs)
    assert mine.commands == theirs.commands
    assert mine.actions == theirs.actions
    assert mine.on_text is nothing


def test_include_refuses_what_is_there_already() -> None:
    def registry(kind: str) -> Registry:
        made = Registry()
        if kind == "text":
            made.text(nothing)
        else:
            getattr(made, kind)("go")(nothing)
        return made

    for kind in ("command", "action", "text"):
        mine = registry(kind)
        with pytest.raises(ValueError, match="declared twice"):
            mine.include(registry(kind))


def parameters() -> tuple[Parameter, ...]:
    async def handler(
        ctx: Ctx, word: str, count: int, level: Level = 0, board: Board | None = None
    ) -> Response:
        """Try."""
        return DONE

    return declared(handler).parameters


def test_bind_converts_each_value_to_its_type() -> None:
    given = {"word": "tea", "count": "-3", "level": "Hard", "board": "show"}
    bound = bind(parameters(), given)
    assert bound == {"word": "tea", "count": -3, "level": 4, "board": Board.SHOW}
    assert type(bound["board"]) is Board


def test_bind_leaves_empty_optional_values_and_unknown_names_out() -> None:
    given = {"word": "", "count": "1", "level": "", "other": "x"}
    assert bind(parameters(), given) == {"word": "", "count": 1}


@pytest.mark.parametrize(
    ("name", "text", "message", "hint"),
    [
        ("count", "many", '"many" is not a value for count', "count takes a whole number."),
        ("count", "1.5", '"1.5" is not a value for count', "count takes a whole number."),
        ("count", "", '"" is not a value for count', "count takes a whole number."),
        (
            "count",
            "9" * 19,
            f'"{"9" * 19}" is not a value for count',
            "count takes a whole number.",
        ),
        (
            "count",
            "9" * 5000,
            f'"{"9" * 40}…" is not a value for count',
            "count takes a whole number.",
        ),
        ("level", "9", '"9" is not a value for level', "Use one of: 2, 4."),
        ("board", "maybe", '"maybe" is not a value for board', "Use one of: show, hide."),
    ],
)
def test_a_wrong_value_is_told_in_two_sentences_that_name_the_parameter(
    name: str, text: str, message: str, hint: str
) -> None:
    with pytest.raises(Invalid) as caught:
        bind(parameters(), {name: text})
    assert (caught.value.message, caught.value.hint, caught.value.field) == (message, hint, name)


def test_the_greatest_whole_number_is_what_a_database_column_takes() -> None:
    greatest: dict[str, Any] = bind(parameters(), {"count": str(2**63 - 1)})
    assert greatest == {"count": 2**63 - 1}
    with pytest.raises(Invalid):
        bind(parameters(), {"count": str(2**63)})
