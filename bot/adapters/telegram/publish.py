"""Registry -> the command menus that Telegram shows, by scope and language.

Members see what they can do, administrators what moderators can do as well; in private there is
nothing to moderate. The menus are sent only when they have changed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

import structlog
from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeDefault,
)
from telegram.error import TelegramError

from bot.cards.help import ordered
from bot.chat.command import Command, Registry
from bot.chat.context import Role
from bot.services.places import Places

log = structlog.get_logger(__name__)

CANCEL = "cancel"
ABOUT = "Python backend interview questions, on schedule, answered in your own words."
"""Shown on the bot's profile; at most 120 characters."""
DESCRIPTION = (
    "I ask Python backend interview questions, when you want them. Answer in your own words, and "
    "see at once what a senior interviewer would have heard, and missed.\n\n"
    "Works alone and in groups: add me to one, and it gets a daily question and a board."
)
"""Shown in an empty chat; at most 512 characters."""


def menus(
    registry: Registry, abouts: Mapping[str, str]
) -> list[tuple[BotCommandScope, list[BotCommand]]]:
    """Return what each scope's menu shows.

    Args:
        registry: All commands.
        abouts: Help of commands, and of /cancel, in the menu's language; what lacks is in English.
    """

    def menu(commands: Sequence[Command]) -> list[BotCommand]:
        made = [
            BotCommand(each.name.replace(" ", "_"), abouts.get(each.name, each.about))
            for each in commands
        ]
        return [*made, BotCommand(CANCEL, abouts.get(CANCEL, "Stop the form on its way."))]

    commands = ordered(registry.commands.values())
    everything = [each for each in commands if each.role is not Role.OPERATOR]
    members = [each for each in everything if each.role is Role.MEMBER]
    return [
        (BotCommandScopeDefault(), menu(members)),
        (BotCommandScopeAllPrivateChats(), menu(members)),
        (BotCommandScopeAllGroupChats(), menu(members)),
        (BotCommandScopeAllChatAdministrators(), menu(everything)),
    ]


async def publish(
    bot: Bot, registry: Registry, languages: Mapping[str, Mapping[str, str]], places: Places
) -> bool:
    """Send the menus and the bot's descriptions if they have changed; return whether they had.

    Without them the bot works, so what fails is left for the next start.

    Args:
        bot: Whose menus.
        registry: All commands.
        languages: Help of commands by language code; "" is English.
        places: Remembers what was sent last.
    """
    wanted = [
        (scope, commands, language)
        for language, abouts in languages.items()
        for scope, commands in menus(registry, abouts)
    ]
    mark = _mark(wanted)
    fact = f"telegram menus {bot.id}"
    if await places.fact(fact) == mark:
        return False
    try:
        for scope, commands, language in wanted:
            await bot.set_my_commands(commands, scope, language or None)
        await bot.set_my_short_description(ABOUT)
        await bot.set_my_description(DESCRIPTION)
    except TelegramError as error:
        log.warning("menus not published", reason=type(error).__name__)
        return False
    await places.note(fact, mark)
    return True


def _mark(wanted: Sequence[tuple[BotCommandScope, list[BotCommand], str]]) -> str:
    told = [
        (scope.type, language, [(c.command, c.description) for c in commands])
        for scope, commands, language in wanted
    ]
    return hashlib.sha256(json.dumps([told, ABOUT, DESCRIPTION]).encode()).hexdigest()
