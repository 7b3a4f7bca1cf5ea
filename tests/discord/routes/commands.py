"""The commands that the bot registers, everywhere or in one guild."""

from __future__ import annotations

from typing import Any

from tests.discord.asked import Asked, Reply, missing_access, route
from tests.discord.rules.commands import check_commands
from tests.discord.rules.refused import Refused

_GLOBAL = "/applications/{application_id}/commands"
_GUILD = "/applications/{application_id}/guilds/{guild_id}/commands"
GIVEN = ("id", "application_id", "version", "guild_id")


def _list(asked: Asked) -> list[dict[str, Any]]:
    """Return the list that the path is about."""
    api = asked.api
    if asked.number("application_id") != api.application_id:
        raise Refused(403, 20012, "You are not authorized to perform this action on this app")
    if "guild_id" not in asked.path:
        return api.commands
    number = asked.number("guild_id")
    if number not in api.guilds or not api.guilds[number].has_bot:
        raise missing_access()
    return api.guild_commands.setdefault(number, [])


def _stored(asked: Asked, sent: list[Any], old: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return commands as they are kept; those that were there keep their ids."""
    api = asked.api
    before = {(one["type"], one["name"]): one for one in old}
    made = []
    for command in check_commands(sent, installs=api.installs):
        was = before.get((command["type"], command["name"]))
        given = {
            "id": was["id"] if was else str(api.snowflakes.next()),
            "application_id": str(api.application_id),
            "version": str(api.snowflakes.next()),
        }
        if "guild_id" in asked.path:
            given["guild_id"] = asked.path["guild_id"]
        made.append({**command, **given})
    return made


@route("GET", _GLOBAL)
@route("GET", _GUILD)
def listed(asked: Asked) -> Any:
    return _list(asked)


@route("PUT", _GLOBAL)
@route("PUT", _GUILD)
def overwrite(asked: Asked) -> Any:
    known = _list(asked)
    known[:] = _stored(asked, asked.body, known)
    asked.api.syncs += 1
    asked.api.pulse.beat()
    return known


@route("POST", _GLOBAL)
@route("POST", _GUILD)
def add(asked: Asked) -> Any:
    known, sent = _list(asked), asked.form
    made = _stored(asked, [sent], known)[0]
    same = [one for one in known if (one["type"], one["name"]) == (made["type"], made["name"])]
    others = [one for one in known if one not in same]
    check_commands([*map(_as_sent, others), sent], installs=asked.api.installs)
    known[:] = [*others, made]
    return Reply(200 if same else 201, made)


def _as_sent(command: dict[str, Any]) -> dict[str, Any]:
    """Return a kept command as somebody may have sent it."""
    kept = {key: value for key, value in command.items() if key not in GIVEN}
    return {key: value for key, value in kept.items() if value is not None}


def _one(asked: Asked) -> dict[str, Any]:
    for command in _list(asked):
        if command["id"] == asked.path["command_id"]:
            return command
    raise Refused(404, 10063, "Unknown application command")


@route("GET", _GLOBAL + "/{command_id}")
@route("GET", _GUILD + "/{command_id}")
def one(asked: Asked) -> Any:
    return _one(asked)


@route("PATCH", _GLOBAL + "/{command_id}")
@route("PATCH", _GUILD + "/{command_id}")
def change(asked: Asked) -> Any:
    known, command = _list(asked), _one(asked)
    made = _stored(asked, [{**_as_sent(command), **asked.form}], [command])[0]
    made["id"] = command["id"]
    known[known.index(command)] = made
    return made


@route("DELETE", _GLOBAL + "/{command_id}")
@route("DELETE", _GUILD + "/{command_id}")
def remove(asked: Asked) -> Any:
    _list(asked).remove(_one(asked))
