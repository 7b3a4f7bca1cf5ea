"""The options of commands: what they may be and how they are nested."""

from __future__ import annotations

import unicodedata
from typing import Any

from tests.discord.rules.form import (
    Check,
    Form,
    anything,
    list_of,
    number,
    one_of,
    shape,
    snowflake,
    table_of,
    text,
    truth,
)
from tests.discord.rules.refused import Path

SUBCOMMAND, GROUP, STRING, INTEGER, CHANNEL, NUMBER, ATTACHMENT = 1, 2, 3, 4, 7, 10, 11
LOCALES = (
    "ar bg cs da de el en-GB en-US es-419 es-ES fi fr he hi hr hu id it ja ko lt nl no pl pt-BR "
    "ro ru sv-SE th tr uk vi zh-CN zh-TW"
).split()
_NAMES = table_of(LOCALES, text(1, 32))
_DESCRIPTIONS = table_of(LOCALES, text(1, 100))
_TRANSLATED: dict[str, Check] = {
    "name_localizations": _NAMES,
    "description_localizations": _DESCRIPTIONS,
}
# The greatest number that JSON of a browser holds exactly.
_WIDEST = 2**53


def _permissions(form: Form, path: Path, value: Any) -> None:
    """The library sends a number, the documentation has a string: both are taken."""
    if isinstance(value, bool) or not str(value).isdigit():
        form.wrong(path, "NUMBER_TYPE_COERCE", f'Value "{value}" is not int.')


def _distinct(*values: int) -> Check:
    def check(form: Form, path: Path, value: Any) -> None:
        list_of(one_of(*values), 1, len(values))(form, path, value)
        if isinstance(value, list) and len(set(map(str, value))) < len(value):
            form.wrong(path, "SET_TYPE_ALREADY_CONTAINS_VALUE", "A value is there twice")

    return check


COMMAND = shape(
    {"name": text(1, 32)},
    {
        **_TRANSLATED,
        "id": snowflake,
        "type": one_of(1, 2, 3),
        "description": text(0, 100),
        "options": list_of(anything, 0, 25),
        "default_member_permissions": _permissions,
        "dm_permission": truth,
        "contexts": _distinct(0, 1, 2),
        "integration_types": _distinct(0, 1),
        "nsfw": truth,
    },
)
_BASE: dict[str, Check] = {
    "type": one_of(*range(1, 12)),
    "name": text(1, 32),
    "description": text(1, 100),
}
# What only some types of options may have.
_OWN: dict[str, tuple[int, ...]] = {
    "choices": (STRING, INTEGER, NUMBER),
    "autocomplete": (STRING, INTEGER, NUMBER),
    "min_value": (INTEGER, NUMBER),
    "max_value": (INTEGER, NUMBER),
    "min_length": (STRING,),
    "max_length": (STRING,),
    "channel_types": (CHANNEL,),
    "options": (SUBCOMMAND, GROUP),
    "required": tuple(range(3, 12)),
}
_OPTION = shape(
    _BASE,
    {
        **_TRANSLATED,
        "required": truth,
        "autocomplete": truth,
        "choices": list_of(anything, 0, 25),
        "channel_types": list_of(number(0, 16), 0, 14),
        "min_value": number(-_WIDEST, _WIDEST, whole=False),
        "max_value": number(-_WIDEST, _WIDEST, whole=False),
        "min_length": number(0, 6000),
        "max_length": number(1, 6000),
        "options": list_of(anything, 0, 25),
    },
)


def choice_check(kinds: tuple[type, ...]) -> Check:
    """Return the check of a choice whose value is of one of these kinds."""
    checks: dict[type, Check] = {
        str: text(1, 100),
        int: number(-_WIDEST, _WIDEST),
        float: number(-_WIDEST, _WIDEST, whole=False),
    }
    return shape(
        {"name": text(1, 100), "value": checks[kinds[-1]]},
        {"name_localizations": table_of(LOCALES, text(1, 100))},
    )


def look_at_name(form: Form, path: Path, named: dict[str, Any], *, pattern: bool) -> None:
    """Note names and their translations that are not command names, or have spaces around them."""
    names: dict[Path, str] = {("name",): named["name"]}
    for locale, name in (named.get("name_localizations") or {}).items():
        names["name_localizations", locale] = name
    for where, name in names.items():
        if (pattern and not _is_name(name)) or name != name.strip():
            message = "Command name is invalid"
            form.wrong((*path, *where), "APPLICATION_COMMAND_INVALID_NAME", message)


def look_at_options(form: Form, path: Path, options: list[Any], parent: int | None = None) -> None:
    """Note what is wrong with the options of a command, a group or a subcommand."""
    found = len(form.errors)
    for place, option in enumerate(options):
        _look_at(form, (*path, place), option, parent)
    if len(form.errors) > found:
        return
    kinds = [option["type"] for option in options]
    if any(kind <= GROUP for kind in kinds) and any(kind > GROUP for kind in kinds):
        message = (
            "Sub-command and sub-command group option types are mutually exclusive to all other "
            "types"
        )
        form.wrong(path, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", message)
    names = [option["name"] for option in options]
    needed = [bool(option.get("required")) for option in options]
    for place in range(len(options)):
        if names[place] in names[:place]:
            message = "Option names must be unique"
            code = "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS"
            form.wrong((*path, place), code, message)
        if needed[place] and not all(needed[:place]):
            message = "Required options must be placed before non-required options"
            code = "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID"
            form.wrong((*path, place), code, message)


def stored_options(options: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return options as Discord returns them: what is false or empty is left out."""
    stored = []
    for option in options:
        kept = {name: value for name, value in option.items() if value not in (None, False, [])}
        for name in ("name_localizations", "description_localizations"):
            kept[name] = option.get(name)
        for name in ("min_value", "max_value", "min_length", "max_length"):
            if option.get(name) is not None:
                kept[name] = option[name]  # nought is a bound as well
        if option.get("choices"):
            kept["choices"] = [
                {"name_localizations": None, **choice} for choice in option["choices"]
            ]
        if option.get("options"):
            kept["options"] = stored_options(option["options"])
        stored.append(kept)
    return stored


def _look_at(form: Form, path: Path, option: Any, parent: int | None) -> None:
    found = len(form.errors)
    _OPTION(form, path, option)
    if len(form.errors) > found:
        return
    kind = option["type"]
    look_at_name(form, path, option, pattern=True)
    for name, kinds in _OWN.items():
        if option.get(name) and kind not in kinds:
            message = f"An option of type {kind} cannot have {name}"
            form.wrong((*path, name), "APPLICATION_COMMAND_OPTION_FIELD_INVALID", message)
    if (kind == GROUP and parent is not None) or (kind == SUBCOMMAND and parent == SUBCOMMAND):
        message = "Sub-commands and groups cannot be nested this deep"
        form.wrong((*path, "type"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", message)
    if parent == GROUP and kind != SUBCOMMAND:
        message = "A group holds sub-commands only"
        form.wrong((*path, "type"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", message)
    _look_at_values(form, path, option)
    if kind in (SUBCOMMAND, GROUP):
        look_at_options(form, (*path, "options"), option.get("options") or [], kind)


def _look_at_values(form: Form, path: Path, option: dict[str, Any]) -> None:
    kind = option["type"]
    choices = option.get("choices") or []
    if choices and option.get("autocomplete"):
        message = "Cannot have both choices and autocomplete enabled"
        code = "APPLICATION_COMMAND_OPTIONS_CHOICES_AUTOCOMPLETE"
        form.wrong((*path, "choices"), code, message)
    if kind in (STRING, INTEGER, NUMBER):
        kinds = {STRING: (str,), INTEGER: (int,), NUMBER: (int, float)}[kind]
        found = len(form.errors)
        for place, choice in enumerate(choices):
            choice_check(kinds)(form, (*path, "choices", place), choice)
        if len(form.errors) == found:
            _look_at_twins(form, (*path, "choices"), choices)
    for unit in ("value", "length"):
        least, most = option.get(f"min_{unit}"), option.get(f"max_{unit}")
        if least is not None and most is not None and least > most:
            message = f"min_{unit} {least} is more than max_{unit} {most}"
            form.wrong((*path, f"min_{unit}"), "APPLICATION_COMMAND_OPTION_MIN_OVER_MAX", message)


def _look_at_twins(form: Form, path: Path, choices: list[dict[str, Any]]) -> None:
    names = [choice["name"] for choice in choices]
    for place, name in enumerate(names):
        if name in names[:place]:
            message = "Option choice names must be unique"
            code = "APPLICATION_COMMAND_OPTIONS_CHOICES_NAME_ALREADY_EXISTS"
            form.wrong((*path, place), code, message)


def _is_name(name: str) -> bool:
    """Letters, numbers, - _ ' and the signs of Devanagari and Thai, and no capital letter."""
    return name == name.lower() and all(
        sign in "-_'"
        or unicodedata.category(sign)[0] in "LN"
        or unicodedata.name(sign, "").startswith(("DEVANAGARI", "THAI"))
        for sign in name
    )
