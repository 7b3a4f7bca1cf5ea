"""The commands that an application registers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from tests.discord.rules.form import Form, bad_length
from tests.discord.rules.options import (
    COMMAND,
    choice_check,
    look_at_name,
    look_at_options,
    stored_options,
)
from tests.discord.rules.refused import Path, Refused

CHAT_INPUT, USER, MESSAGE = 1, 2, 3
MOST = {CHAT_INPUT: 100, USER: 15, MESSAGE: 15}
MOST_CHOICES, MOST_CHARACTERS = 25, 8000


def check_commands(
    commands: list[dict[str, Any]], *, installs: Sequence[int] = (0,)
) -> list[dict[str, Any]]:
    """Return the commands as Discord stores and returns them, without the ids that it gives.

    Args:
        commands: The whole list, as in a bulk overwrite.
        installs: The integration types that the application is configured for.

    Raises:
        Refused: Discord would not take them.
    """
    form = Form()
    if not isinstance(commands, list):
        form.wrong((), "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
        form.settle()
    for place, command in enumerate(commands):
        _look_at(form, (place,), command)
    form.settle()
    kinds = Counter(command.get("type") or CHAT_INPUT for command in commands)
    for kind, most in MOST.items():
        if kinds[kind] > most:
            message = f"Maximum number of application commands reached ({most})."
            raise Refused(400, 30032, message)
    seen = set()
    for place, command in enumerate(commands):
        key = (command.get("type") or CHAT_INPUT, command["name"])
        if key in seen:
            message = "Application command names must be unique"
            form.wrong((place,), "APPLICATION_COMMANDS_DUPLICATE_NAME", message)
        seen.add(key)
    form.settle()
    return [_stored(command, installs) for command in commands]


def check_autocomplete(choices: list[dict[str, Any]]) -> None:
    """Raise Refused unless these may be suggested."""
    form = Form("data")
    path: Path = ("choices",)
    if not isinstance(choices, list):
        form.wrong(path, "BASE_TYPE_REQUIRED", "This field is required")
    elif len(choices) > MOST_CHOICES:
        bad_length(form, path, 0, MOST_CHOICES)
    form.settle()
    for place, choice in enumerate(choices):
        kinds = (int, float) if not isinstance(choice.get("value"), str) else (str,)
        choice_check(kinds)(form, (*path, place), choice)
    form.settle()


def size(command: dict[str, Any]) -> int:
    """Return the characters of a command that count: names, descriptions and values in all of it.

    Of a text and its translations the longest counts.
    """
    total = 0
    for name in ("name", "description"):
        versions = [command.get(name) or "", *(command.get(f"{name}_localizations") or {}).values()]
        total += max(map(len, versions))
    value = command.get("value")
    total += len(str(value)) if value is not None else 0
    inner = [*(command.get("options") or ()), *(command.get("choices") or ())]
    return total + sum(map(size, inner))


def _look_at(form: Form, path: Path, command: Any) -> None:
    found = len(form.errors)
    COMMAND(form, path, command)
    if len(form.errors) > found:
        return
    kind = command.get("type") or CHAT_INPUT
    look_at_name(form, path, command, pattern=kind == CHAT_INPUT)
    described = command.get("description") or command.get("description_localizations")
    if kind == CHAT_INPUT:
        if not command.get("description"):
            where = (*path, "description")
            form.wrong(where, "BASE_TYPE_REQUIRED", "This field is required")
        look_at_options(form, (*path, "options"), command.get("options") or [])
    else:
        if described:
            message = "Context menu commands cannot have description"
            code = "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_CANNOT_BE_SET"
            form.wrong((*path, "description"), code, message)
        if command.get("options"):
            message = "Context menu commands cannot have options"
            code = "APPLICATION_COMMAND_CONTEXT_MENU_OPTIONS_CANNOT_BE_SET"
            form.wrong((*path, "options"), code, message)
    if len(form.errors) == found and size(command) > MOST_CHARACTERS:
        message = f"Command exceeds maximum size ({MOST_CHARACTERS})"
        form.wrong(path, "APPLICATION_COMMAND_TOO_LARGE", message)


def _stored(command: dict[str, Any], installs: Sequence[int]) -> dict[str, Any]:
    kind = command.get("type") or CHAT_INPUT
    needed = command.get("default_member_permissions")
    contexts = command.get("contexts")
    types = command.get("integration_types")
    if contexts is None and command.get("dm_permission") is False:
        contexts = [0]  # the old way to say so
    stored = {
        "type": kind,
        "name": command["name"],
        "name_localizations": command.get("name_localizations"),
        "description": command.get("description") or "",
        "description_localizations": command.get("description_localizations"),
        "default_member_permissions": None if needed is None else str(needed),
        "dm_permission": contexts is None or 1 in contexts,
        "contexts": contexts,
        "integration_types": list(installs) if types is None else types,
        "nsfw": bool(command.get("nsfw")),
    }
    options = stored_options(command.get("options") or [])
    return {**stored, "options": options} if options else stored
