from __future__ import annotations

from typing import Any

import pytest

from tests.discord.rules.commands import check_autocomplete, check_commands
from tests.discord.rules.wrongs import wrongs


def option(name: str = "o", kind: int = 3, **fields: Any) -> dict[str, Any]:
    return {"type": kind, "name": name, "description": "d", **fields}


def command(*options: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"name": "practice", "description": "d", "options": list(options), **fields}


def test_what_is_stored_has_every_field() -> None:
    given = command(
        option("topic", required=True, autocomplete=True),
        option("count", 4, min_value=0, choices=[{"name": "one", "value": 1}]),
        default_member_permissions=32,
        contexts=[0, 1],
    )
    assert check_commands([given]) == [
        {
            "type": 1,
            "name": "practice",
            "name_localizations": None,
            "description": "d",
            "description_localizations": None,
            "default_member_permissions": "32",
            "dm_permission": True,
            "contexts": [0, 1],
            "integration_types": [0],
            "nsfw": False,
            "options": [
                {
                    "type": 3,
                    "name": "topic",
                    "name_localizations": None,
                    "description": "d",
                    "description_localizations": None,
                    "required": True,
                    "autocomplete": True,
                },
                {
                    "type": 4,
                    "name": "count",
                    "name_localizations": None,
                    "description": "d",
                    "description_localizations": None,
                    "min_value": 0,
                    "choices": [{"name": "one", "value": 1, "name_localizations": None}],
                },
            ],
        }
    ]


def test_a_command_that_is_not_for_private_chats_is_for_guilds() -> None:
    (stored,) = check_commands([command(dm_permission=False, contexts=None)])
    assert (stored["contexts"], stored["dm_permission"]) == ([0], False)


@pytest.mark.parametrize("name", ["a", "ab-c_d'e", "питон", "練習", "हिन्दी", "x" * 32])
def test_names_are_in_any_script(name: str) -> None:
    check_commands([command(name=name)])


@pytest.mark.parametrize("name", ["Practice", "two words", "a.b", "smile😀"])
def test_names_have_no_capitals_spaces_or_signs(name: str) -> None:
    told = wrongs(check_commands, [command(name=name)])
    assert told == {"0.name": "APPLICATION_COMMAND_INVALID_NAME"}


def test_a_context_menu_may_have_capitals_but_nothing_to_explain() -> None:
    check_commands([{"type": 3, "name": "Suggest as question"}, {"type": 2, "name": "Stats"}])
    given = {"type": 3, "name": "Suggest", "description": "d", "options": [option()]}
    assert wrongs(check_commands, [given]) == {
        "0.description": "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_CANNOT_BE_SET",
        "0.options": "APPLICATION_COMMAND_CONTEXT_MENU_OPTIONS_CANNOT_BE_SET",
    }


def test_a_hundred_commands_and_fifteen_of_each_menu_fit() -> None:
    check_commands([command(name=f"c{n}") for n in range(100)])
    check_commands([{"type": kind, "name": f"M {n}"} for kind in (2, 3) for n in range(15)])
    assert wrongs(check_commands, [command(name=f"c{n}") for n in range(101)]) == {"": "30032"}
    menu = [{"type": 3, "name": f"M {n}"} for n in range(16)]
    assert wrongs(check_commands, menu) == {"": "30032"}


def test_two_commands_of_a_kind_have_two_names() -> None:
    check_commands([command(), {"type": 3, "name": "practice"}])
    told = wrongs(check_commands, [command(), command()])
    assert told == {"1": "APPLICATION_COMMANDS_DUPLICATE_NAME"}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (command(name="n" * 33), {"name": "BASE_TYPE_BAD_LENGTH"}),
        (command(description=""), {"description": "BASE_TYPE_REQUIRED"}),
        (command(description="d" * 101), {"description": "BASE_TYPE_MAX_LENGTH"}),
        (
            command(name_localizations={"de_DE": "a"}),
            {"name_localizations.de_DE": "BASE_TYPE_CHOICES"},
        ),
        (
            command(name_localizations={"de": "Üben"}),
            {"name_localizations.de": "APPLICATION_COMMAND_INVALID_NAME"},
        ),
        (
            command(description_localizations={"de": "d" * 101}),
            {"description_localizations.de": "BASE_TYPE_BAD_LENGTH"},
        ),
        (command(contexts=[3]), {"contexts.0": "BASE_TYPE_CHOICES"}),
        (command(integration_types=[]), {"integration_types": "BASE_TYPE_BAD_LENGTH"}),
        (
            command(default_member_permissions="admin"),
            {"default_member_permissions": "NUMBER_TYPE_COERCE"},
        ),
        (command(hidden=True), {"hidden": "UNKNOWN_FIELD"}),
        (command(*(option(f"o{n}") for n in range(26))), {"options": "BASE_TYPE_MAX_LENGTH"}),
        (
            command(option(), option()),
            {"options.1": "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS"},
        ),
        (
            command(option("a"), option("b", required=True)),
            {"options.1": "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID"},
        ),
        (
            command(option(), option("s", 1)),
            {"options": "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID"},
        ),
        (
            command(option("g", 2, options=[option()])),
            {"options.0.options.0.type": "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID"},
        ),
        (
            command(option("s", 1, options=[option("t", 1)])),
            {"options.0.options.0.type": "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID"},
        ),
        (
            command(
                *(
                    option(
                        f"c{n}",
                        description="d" * 100,
                        choices=[{"name": f"{k}" + "n" * 90, "value": "v" * 99} for k in range(4)],
                    )
                    for n in range(10)
                )
            ),
            {"": "APPLICATION_COMMAND_TOO_LARGE"},
        ),
    ],
)
def test_a_command_has_its_limits(given: dict[str, Any], told: dict[str, str]) -> None:
    expected = {f"0.{path}".strip("."): code for path, code in told.items()}
    assert wrongs(check_commands, [given]) == expected


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (option(kind=12), {"type": "BASE_TYPE_CHOICES"}),
        (option("Topic"), {"name": "APPLICATION_COMMAND_INVALID_NAME"}),
        (option(description=""), {"description": "BASE_TYPE_REQUIRED"}),
        (
            option(autocomplete=True, choices=[{"name": "a", "value": "a"}]),
            {"choices": "APPLICATION_COMMAND_OPTIONS_CHOICES_AUTOCOMPLETE"},
        ),
        (option(choices=[{"name": "a", "value": 1}]), {"choices.0.value": "STRING_TYPE_CONVERT"}),
        (
            option(choices=[{"name": "a" * 101, "value": "v"}]),
            {"choices.0.name": "BASE_TYPE_BAD_LENGTH"},
        ),
        (
            option(choices=[{"name": "a", "value": "v"}, {"name": "a", "value": "w"}]),
            {"choices.1": "APPLICATION_COMMAND_OPTIONS_CHOICES_NAME_ALREADY_EXISTS"},
        ),
        (option(min_value=1), {"min_value": "APPLICATION_COMMAND_OPTION_FIELD_INVALID"}),
        (option(min_length=6001), {"min_length": "NUMBER_TYPE_MAX"}),
        (
            option(kind=4, min_value=3, max_value=2),
            {"min_value": "APPLICATION_COMMAND_OPTION_MIN_OVER_MAX"},
        ),
    ],
)
def test_an_option_has_its_limits(given: dict[str, Any], told: dict[str, str]) -> None:
    expected = {f"0.options.0.{path}": code for path, code in told.items()}
    assert wrongs(check_commands, [command(given)]) == expected


def test_groups_hold_subcommands_that_hold_options() -> None:
    inner = option("set", 1, options=[option("time", required=True)])
    (stored,) = check_commands([command(option("daily", 2, options=[inner]), option("list", 1))])
    assert stored["options"][0]["options"][0]["options"][0]["name"] == "time"


def test_twenty_five_suggestions_are_shown() -> None:
    choices: list[dict[str, Any]] = [{"name": f"n{n}", "value": f"v{n}"} for n in range(26)]
    check_autocomplete(choices[:25])
    assert wrongs(check_autocomplete, choices) == {"data.choices": "BASE_TYPE_MAX_LENGTH"}
    told = wrongs(check_autocomplete, [{"name": "n" * 101, "value": "v" * 101}])
    assert told == {
        "data.choices.0.name": "BASE_TYPE_BAD_LENGTH",
        "data.choices.0.value": "BASE_TYPE_BAD_LENGTH",
    }
