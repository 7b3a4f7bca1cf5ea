"""The command menus: by scope and language, sent when they have changed."""

from __future__ import annotations

import asyncio

import pytest

from bot import commands
from bot.adapters.telegram.publish import ABOUT, DESCRIPTION, menus
from bot.chat.context import Role
from bot.locales import abouts
from tests.adapters.telegram.stage import Stage

FACT = "telegram menus 4200"


def names(stage: Stage, scope: str, language: str = "") -> list[str]:
    return [each["command"] for each in stage.api.commands(scope, language)]


async def published(stage: Stage) -> None:
    """Wait until the last thing that is published is there."""
    async with asyncio.timeout(10):
        while not stage.api.description or await stage.app.services.places.fact(FACT) is None:
            await asyncio.sleep(0.01)


async def test_each_scope_shows_what_its_people_can_do(stage: Stage) -> None:
    await published(stage)
    for scope in ("default", "all_private_chats", "all_group_chats"):
        assert "practice" in names(stage, scope)
        assert "schedule_set" in names(stage, scope)
        assert not any(name.startswith("question_") for name in names(stage, scope))
    assert "question_add" in names(stage, "all_chat_administrators")
    assert names(stage, "default")[-1] == "cancel"
    assert stage.api.description == DESCRIPTION
    assert stage.api.short_description == ABOUT


async def test_the_menus_are_in_the_persons_language(stage: Stage) -> None:
    await published(stage)
    german = {c["command"]: c["description"] for c in stage.api.commands("default", "de")}
    assert german["practice"] == "Jetzt eine Frage bekommen."
    english = {c["command"]: c["description"] for c in stage.api.commands("default")}
    assert english["practice"] == "Get a question now."


async def test_menus_that_have_not_changed_are_not_sent_again(stage: Stage) -> None:
    await published(stage)
    await stage.stops()
    calls = len(stage.api.calls)
    await stage.starts()
    ana = stage.api.person("Ana")
    ana.says("/streak")
    await ana.sees("No streak yet")
    assert "setMyCommands" not in {call.method for call in stage.api.calls[calls:]}


@pytest.mark.parametrize("language", sorted(abouts()))
def test_every_language_tells_of_every_command_within_the_limits(language: str) -> None:
    told = abouts()[language]
    assert told.keys() == commands.registry().commands.keys() | {"cancel"}
    assert all(1 <= len(about) <= 100 for about in told.values())


def test_what_members_and_moderators_may_do_differs() -> None:
    roles = {command.role for command in commands.registry().commands.values()}
    assert roles == {Role.MEMBER, Role.MODERATOR, Role.OPERATOR}


def test_no_menu_shows_what_only_operators_may_do() -> None:
    shown = {each.command for _, menu in menus(commands.registry(), {}) for each in menu}
    assert "leaderboard" in shown
    assert "admin_status" not in shown
