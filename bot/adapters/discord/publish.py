"""Registry -> the command tree that Discord shows, in the languages of its apps.

The tree is sent only when it has changed: Discord keeps it, and counts how often it is made anew.
"""

from __future__ import annotations

import hashlib
import inspect
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

import discord
import structlog
from discord import app_commands
from discord.app_commands import Choice as Shown

from bot.adapters.discord.picks import PICKS, check_here, id_of
from bot.chat.command import MAX_CHOICES, Command, Parameter, Pick, Registry
from bot.chat.context import Role
from bot.errors import UserError
from bot.services.places import Places

log = structlog.get_logger(__name__)

LOCALES = {"de": "de", "es-ES": "es", "es-419": "es", "fr": "fr", "pt-BR": "pt", "ru": "ru"}
"""Discord's languages and our files for them."""
MAX_ABOUT = 100
"""Characters of a description."""


class Run(Protocol):
    """Runs a command by its name with the values given, and the text of what it was given on."""

    async def __call__(
        self,
        interaction: discord.Interaction[Any],
        name: str,
        values: dict[str, str],
        quoted: str = "",
        /,
    ) -> None:
        """Run it."""
        ...


Complete = Callable[[discord.Interaction, str, str, str], Awaitable[list[tuple[str, str]]]]
"""From a command, a parameter and what is typed to labels and values."""
Refuse = Callable[[discord.Interaction, UserError], Awaitable[None]]
"""Tells somebody that what they picked would not do."""

_CONTEXTS = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True)
_INSTALLS = app_commands.AppInstallationType(guild=True, user=True)
_GUILDS = app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False)
_PERMISSIONS = {
    Role.MEMBER: None,
    Role.MODERATOR: discord.Permissions(manage_guild=True),
    Role.OPERATOR: discord.Permissions(0),
}
"""Whom Discord shows a command to; who may call it is decided by us."""


class Abouts(app_commands.Translator):
    """Descriptions, and names where a language has them, in the languages that we have."""

    def __init__(self, languages: Mapping[str, Mapping[str, str]]) -> None:
        """Translate from these, by language code and command."""
        self._languages = languages

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """Return a description or a name in a language; None if there is none."""
        name = string.extras.get("command")
        if name is None:
            return None
        found = self._languages.get(LOCALES.get(locale.value, ""), {}).get(name)
        return None if found is None else found[:MAX_ABOUT]


def build(
    tree: app_commands.CommandTree[Any],
    registry: Registry,
    run: Run,
    complete: Complete,
    refuse: Refuse,
) -> None:
    """Put all commands into a tree; families become groups."""
    families: dict[str, list[Command]] = {}
    for command in registry.commands.values():
        families.setdefault(command.name.partition(" ")[0], []).append(command)
    for command in registry.commands.values():
        if command.on_message:
            tree.add_command(_menu(command, run))
    for family, members in families.items():
        if members[0].name == family:
            tree.add_command(_command(members[0], family, run, complete, refuse))
            continue
        least = min(each.role for each in members)
        about = f"{family.capitalize()}: {', '.join(_last(each) for each in members)}."
        group = app_commands.Group(
            name=_named(family, family),
            description=about[:MAX_ABOUT],
            # In direct messages a command cannot be hidden from those whom it refuses.
            allowed_contexts=_GUILDS if least is Role.OPERATOR else _CONTEXTS,
            allowed_installs=_INSTALLS,
            default_permissions=_PERMISSIONS[least],
        )
        for each in members:
            group.add_command(_command(each, _last(each), run, complete, refuse, in_group=True))
        tree.add_command(group)


async def publish(tree: app_commands.CommandTree[Any], application_id: int, places: Places) -> bool:
    """Send the tree if it is not the one that was sent last; return whether it was sent.

    Raises:
        discord.HTTPException: Discord does not take it.
    """
    mark = await payload_hash(tree)
    fact = f"discord tree {application_id}"
    if await places.fact(fact) == mark:
        return False
    await tree.sync()
    await places.note(fact, mark)
    return True


async def payload_hash(tree: app_commands.CommandTree[Any]) -> str:
    """Return a hash of all that the tree would send."""
    translator = tree.translator
    payload = [
        await command.get_translated_payload(tree, translator)
        if translator is not None
        else command.to_dict(tree)
        for command in tree.get_commands()
    ]
    return hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()


def _command(
    command: Command,
    name: str,
    run: Run,
    complete: Complete,
    refuse: Refuse,
    *,
    in_group: bool = False,
) -> app_commands.Command[Any, ..., None]:
    made: app_commands.Command[Any, ..., None] = app_commands.Command(
        name=_named(name, command.name),
        description=app_commands.locale_str(command.about, command=command.name),
        callback=_callback(command, run, refuse),
        allowed_contexts=None if in_group else _CONTEXTS,
        allowed_installs=None if in_group else _INSTALLS,
    )
    if not in_group:
        made.default_permissions = _PERMISSIONS[command.role]
    for parameter in command.parameters:
        if parameter.option.complete is not None:
            made.autocomplete(parameter.name)(_completer(command, parameter, complete))
    return made


def _callback(command: Command, run: Run, refuse: Refuse) -> Any:
    """Return a function with the command's own signature: that is what the library reads."""
    picks = {each.name for each in command.parameters if each.option.pick is not None}
    channels = [each.name for each in command.parameters if each.option.pick is Pick.CHANNEL]
    here = next(iter(channels), "")

    async def callback(interaction: discord.Interaction, **values: Any) -> None:
        try:
            if here and values.get(here) is None:
                check_here(interaction)
            given = {
                name: id_of(interaction, value) if name in picks else str(value)
                for name, value in values.items()
                if value is not None
            }
        except UserError as error:
            await refuse(interaction, error)
        else:
            await run(interaction, command.name, given)

    parameters = [
        inspect.Parameter(
            "interaction",
            inspect.Parameter.POSITIONAL_OR_KEYWORD,
            annotation=discord.Interaction,
        ),
        *(
            inspect.Parameter(
                each.name,
                inspect.Parameter.KEYWORD_ONLY,
                annotation=_annotation(each),
                **({} if each.required else {"default": None}),
            )
            for each in sorted(command.parameters, key=lambda each: not each.required)
        ),
    ]
    callback.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    described = app_commands.describe(
        **{each.name: (each.option.about or each.name)[:MAX_ABOUT] for each in command.parameters}
    )
    described(callback)
    chosen = {
        each.name: [Shown(name=c.label, value=each.type(c.value)) for c in each.option.choices]
        for each in command.parameters
        if each.option.choices
    }
    if chosen:
        app_commands.choices(**chosen)(callback)
    return callback


def _named(name: str, command: str) -> app_commands.locale_str:
    """Return a name that a language's file may translate, as "name of schedule set"."""
    return app_commands.locale_str(name, command=f"name of {command}")


def _menu(command: Command, run: Run) -> app_commands.ContextMenu:
    """Return a command as it stands in the menu of a message."""

    async def callback(interaction: discord.Interaction, message: discord.Message) -> None:
        await run(interaction, command.name, {}, message.content)

    return app_commands.ContextMenu(
        name=_named(command.on_message, command.on_message),
        callback=callback,
        allowed_contexts=app_commands.AppCommandContext(guild=True),
        allowed_installs=app_commands.AppInstallationType(guild=True),
    )


def _annotation(parameter: Parameter) -> Any:
    if parameter.option.pick is not None:
        return PICKS[parameter.option.pick] | None
    return parameter.type if parameter.required else parameter.type | None


def _completer(command: Command, parameter: Parameter, complete: Complete) -> Any:
    async def offered(interaction: discord.Interaction, current: str) -> list[Shown[str]]:
        found = await complete(interaction, command.name, parameter.name, current)
        return [
            Shown(name=label[:100] or value[:100], value=value[:100])
            for label, value in found[:MAX_CHOICES]
        ]

    return offered


def _last(command: Command) -> str:
    return command.name.rpartition(" ")[2]
