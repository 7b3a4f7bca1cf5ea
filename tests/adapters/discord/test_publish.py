"""The command tree: as it is sent, by language, and sent again only when it has changed.

`DRILLMATE_GOLDEN=write pytest tests/adapters/discord/test_publish.py` writes it anew.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import discord
import pytest
from discord import app_commands

from bot.adapters.discord.publish import LOCALES, Abouts, build, payload_hash
from bot.chat.command import Command, Registry
from bot.chat.context import Role
from bot.commands import registry
from bot.locales import abouts
from tests.adapters.discord.stage import Stage
from tests.discord import DiscordApi
from tests.discord.rules.commands import CHAT_INPUT, MESSAGE, check_commands

GOLDEN = Path(__file__).parent / "golden" / "commands.json"
PUT = "PUT /applications/{application_id}/commands"
COMMANDS = dict(registry().commands)
MODERATORS = str(discord.Permissions(manage_guild=True).value)
SUBCOMMAND = 1

Payload = list[dict[str, Any]]


async def tree_of(
    commands: Mapping[str, Command], languages: Mapping[str, Mapping[str, str]] | None = None
) -> app_commands.CommandTree[Any]:
    """Return the tree of some commands; nobody is there to use it."""

    async def nothing(*args: object) -> Any:
        raise AssertionError(args)

    made = Registry()
    made.commands.update(commands)
    tree: app_commands.CommandTree[Any] = app_commands.CommandTree(
        discord.Client(intents=discord.Intents.none())
    )
    await tree.set_translator(Abouts(abouts() if languages is None else languages))
    build(tree, made, nothing, nothing, nothing)
    return tree


def sent(api: DiscordApi) -> list[Payload]:
    """Return all that was ever published."""
    return [call.body for call in api.calls if f"{call.method} {call.route}".endswith(PUT[4:])]


def ends(payload: Payload) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what can be called, by its name in the registry."""
    for command in payload:
        parts = [each for each in command.get("options", ()) if each["type"] == SUBCOMMAND]
        for part in parts:
            yield f"{command['name']} {part['name']}", part
        if not parts and command.get("type", CHAT_INPUT) == CHAT_INPUT:
            yield command["name"], command


@pytest.fixture
async def payload() -> Payload:
    """Return what the library makes of all commands."""
    tree = await tree_of(COMMANDS)
    assert tree.translator is not None
    return [
        await each.get_translated_payload(tree, tree.translator) for each in tree.get_commands()
    ]


async def test_the_tree_is_sent_as_it_is_kept(
    api: DiscordApi, stage: Stage, payload: Payload
) -> None:
    assert sent(api) == [payload]
    text = json.dumps(payload, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    if os.environ.get("DRILLMATE_GOLDEN") == "write":
        GOLDEN.write_text(text, encoding="utf-8", newline="\n")
    assert text == GOLDEN.read_text(encoding="utf-8")


async def test_discord_takes_it_and_would_return_the_same(payload: Payload) -> None:
    stored = check_commands(payload, installs=(0, 1))
    again = check_commands(stored, installs=(0, 1))
    assert [each["name"] for each in again] == [each["name"] for each in payload]


async def test_every_command_is_there_once_with_its_parameters(payload: Payload) -> None:
    found = dict(ends(payload))
    assert found.keys() == COMMANDS.keys()
    for name, command in COMMANDS.items():
        options = found[name].get("options", [])
        assert {each["name"] for each in options} == {each.name for each in command.parameters}
        for parameter in command.parameters:
            [option] = [each for each in options if each["name"] == parameter.name]
            assert option.get("required", False) is parameter.required
            assert option.get("autocomplete", False) is (parameter.option.complete is not None)
            shown = [each["name"] for each in option.get("choices", ())]
            assert shown == [each.label for each in parameter.option.choices]


async def test_what_is_for_a_message_is_in_its_menu(payload: Payload) -> None:
    menu = [each for each in payload if each.get("type") == MESSAGE]
    wanted = {each.on_message for each in COMMANDS.values() if each.on_message}
    assert {each["name"] for each in menu} == wanted


async def test_every_command_is_described_in_every_language_of_ours(payload: Payload) -> None:
    for name, command in ends(payload):
        assert command["description"] == COMMANDS[name].about
        told = command["description_localizations"]
        assert told.keys() == LOCALES.keys()
        for locale, language in LOCALES.items():
            assert told[locale] == abouts()[language][name]


def test_every_language_is_one_of_discords_and_none_is_left_out() -> None:
    assert LOCALES.keys() <= {locale.value for locale in discord.Locale}
    assert set(LOCALES.values()) == set(abouts())


async def test_a_language_without_a_line_shows_english() -> None:
    tree = await tree_of({"help": COMMANDS["help"]}, {"de": {}})
    [command] = tree.get_commands()
    assert tree.translator is not None
    found = await command.get_translated_payload(tree, tree.translator)
    assert not found.get("description_localizations")


async def test_commands_work_everywhere_and_for_who_brings_us_along(payload: Payload) -> None:
    for command in payload:
        in_menu = command.get("type", CHAT_INPUT) == MESSAGE  # of a group's messages
        # In a direct chat nothing can be hidden, so what operators have is not shown there.
        in_guilds = in_menu or command["name"] == "admin"
        assert sorted(command["contexts"]) == ([0] if in_guilds else [0, 1, 2])
        assert sorted(command["integration_types"]) == ([0] if in_menu else [0, 1])


async def test_only_what_all_of_a_family_need_is_hidden_from_members(payload: Payload) -> None:
    families: dict[str, set[Role]] = {}
    for name, declared in COMMANDS.items():
        families.setdefault(name.partition(" ")[0], set()).add(declared.role)
    for command in payload:
        if command.get("type", CHAT_INPUT) == CHAT_INPUT:
            least = min(families[command["name"]])
            wanted = {Role.MEMBER: None, Role.MODERATOR: MODERATORS, Role.OPERATOR: "0"}[least]
            needed = command["default_member_permissions"]
            assert (None if needed is None else str(needed)) == wanted


async def test_a_tree_that_has_not_changed_is_not_sent_again(api: DiscordApi, stage: Stage) -> None:
    await stage.stops()
    await stage.starts()
    ana = api.person("Ana")
    ana.installs_app()
    await ana.runs("help", None).answered()
    assert len(sent(api)) == 1


async def test_the_hash_is_the_same_for_the_same_commands() -> None:
    assert await payload_hash(await tree_of(COMMANDS)) == await payload_hash(
        await tree_of(dict(COMMANDS))
    )


async def test_the_hash_tells_nothing_of_what_people_do_not_see() -> None:
    async def other(ctx: object) -> Any:
        raise AssertionError(ctx)

    changed = replace(COMMANDS["help"], handler=other, private=False, by_link=False)
    before = await payload_hash(await tree_of(COMMANDS))
    assert await payload_hash(await tree_of({**COMMANDS, "help": changed})) == before


def _first(name: str, **changes: Any) -> Command:
    """Return a command whose first parameter has another option."""
    command = COMMANDS[name]
    first, *others = command.parameters
    changed = replace(first, option=replace(first.option, **changes))
    return replace(command, parameters=(changed, *others))


@pytest.mark.parametrize(
    "changed",
    [
        {name: command for name, command in COMMANDS.items() if name != "help"},
        {**COMMANDS, "helps": replace(COMMANDS["help"], name="helps")},
        {**COMMANDS, "help": replace(COMMANDS["help"], about="See it all.")},
        {**COMMANDS, "help": replace(COMMANDS["help"], role=Role.MODERATOR)},
        {**COMMANDS, "help": replace(COMMANDS["help"], on_message="Help me")},
        {**COMMANDS, "practice": replace(COMMANDS["practice"], parameters=())},
        {**COMMANDS, "practice": _first("practice", about="From where")},
        {**COMMANDS, "practice": _first("practice", complete=None)},
        {**COMMANDS, "leaderboard": _first("leaderboard", choices=())},
    ],
    ids="gone new words role menu fewer option offers choices".split(),
)
async def test_the_hash_changes_with_all_that_people_see(changed: dict[str, Command]) -> None:
    before = await payload_hash(await tree_of(COMMANDS))
    assert await payload_hash(await tree_of(changed)) != before


async def test_the_hash_changes_with_a_translation() -> None:
    languages = {**abouts(), "de": {**abouts()["de"], "help": "Hilfe."}}
    before = await payload_hash(await tree_of(COMMANDS))
    assert await payload_hash(await tree_of(COMMANDS, languages)) != before


async def test_a_language_may_name_commands_families_and_menus_in_its_own_words() -> None:
    names = {
        "name of practice": "üben",
        "name of schedule": "plan",
        "name of schedule show": "zeigen",
        "name of Suggest as question": "Als Frage vorschlagen",
    }
    tree = await tree_of(COMMANDS, {"de": names})
    assert tree.translator is not None
    made = [
        await each.get_translated_payload(tree, tree.translator) for each in tree.get_commands()
    ]
    by_name = {each["name"]: each for each in check_commands(made)}
    assert by_name["practice"]["name_localizations"] == {"de": "üben"}
    assert by_name["schedule"]["name_localizations"] == {"de": "plan"}
    assert by_name["Suggest as question"]["name_localizations"] == {"de": "Als Frage vorschlagen"}
    members = {each["name"]: each for each in by_name["schedule"]["options"]}
    assert members["show"]["name_localizations"] == {"de": "zeigen"}
    assert not members["pause"].get("name_localizations")
