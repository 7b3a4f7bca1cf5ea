"""The commands of the bot as the app offers them, and what is typed into them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.discord.channels import FORUM, Channel, Thread
from tests.discord.interactions import context_of
from tests.discord.messages import Attachment
from tests.discord.roles import ALL, Role, may, permissions_in

if TYPE_CHECKING:
    from tests.discord.people import Person

CHAT, ON_USER, ON_MESSAGE = 1, 2, 3
SUBCOMMAND, GROUP = 1, 2
STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = range(3, 12)
ADMINISTRATOR = 1 << 3


@dataclass
class Typed:
    """A command found in the menu: its `data` for the interaction, who installed it."""

    data: dict[str, Any]
    owners: dict[str, str]


def owners_for(person: Person, channel: Channel, types: list[int]) -> dict[str, str]:
    """Return through which installation a command is there for somebody somewhere."""
    owners: dict[str, str] = {}
    if 0 in types:
        if channel.guild is not None and channel.guild.has_bot:
            owners["0"] = str(channel.guild.id)
        elif channel.guild is None and channel.of_bot and person.shares_guild:
            owners["0"] = "0"
    if 1 in types and person.installed:
        owners["1"] = str(person.id)
    return owners


def find(person: Person, channel: Channel, name: str, kind: int) -> tuple[Any, dict[str, str]]:
    """Return a command that the app offers somebody in a channel, or say why it does not."""
    api = person.api
    guild = channel.guild
    known = [*(api.guild_commands.get(guild.id, []) if guild else []), *api.commands]
    command = next((one for one in known if one["name"] == name and one["type"] == kind), None)
    names = sorted(one["name"] for one in known if one["type"] == kind)
    assert command is not None, f"there is no command {name!r} among {names}"
    assert not channel.deleted, f"{channel!r} was deleted"
    assert channel.kind != FORUM, f"{channel!r} is a forum: only its posts can be written in"
    contexts = command.get("contexts")
    assert contexts is None or context_of(channel) in contexts, (
        f"{name!r} is not available in {channel!r}: it is for contexts {contexts}"
    )
    types = command.get("integration_types") or [0]
    owners = owners_for(person, channel, types)
    assert owners, f"{name!r} is not installed for {person.name} in {channel!r}: types {types}"
    if guild is not None:
        assert may(person, channel, "view_channel"), f"{person.name} does not see {channel!r}"
        assert may(person, channel, "use_application_commands"), (
            f"{person.name} may not use commands in {channel!r}"
        )
        assert not (isinstance(channel, Thread) and channel.archived), f"{channel!r} is archived"
        needed = command.get("default_member_permissions")
        if needed is not None:
            mine = permissions_in(person, channel)
            allowed = mine & ADMINISTRATOR or (int(needed) and mine & int(needed) == int(needed))
            assert allowed or mine == ALL, f"{person.name} lacks the permissions for {name!r}"
    else:
        assert person in channel.recipients, f"{person.name} is not in {channel!r}"
    return command, owners


def typed(
    person: Person,
    channel: Channel,
    line: str,
    options: dict[str, Any],
    focused: str | None = None,
) -> Typed:
    """Return a slash command with its options as the app sends it."""
    name, *path = line.removeprefix("/").split()
    command, owners = find(person, channel, name, CHAT)
    data: dict[str, Any] = {"id": command["id"], "name": name, "type": CHAT, "options": []}
    if "guild_id" in command:
        data["guild_id"] = command["guild_id"]
    described, inner = command.get("options") or [], data
    for word in path:
        step = next(
            (one for one in described if one["name"] == word and one["type"] in (1, 2)), None
        )
        offered = [one["name"] for one in described]
        assert step is not None, f"/{line}: there is no {word!r} among {offered}"
        entry: dict[str, Any] = {"name": word, "type": step["type"], "options": []}
        inner["options"].append(entry)
        described, inner = step.get("options") or [], entry
    groups = [one["name"] for one in described if one["type"] in (SUBCOMMAND, GROUP)]
    assert not groups, f"/{line} is not a command itself; there are {groups}"
    by_name = {one["name"]: one for one in described}
    unknown = set(options) - set(by_name)
    assert not unknown, f"/{line} has no options {unknown}; there are {list(by_name)}"
    if focused is None:
        missing = [one["name"] for one in described if one.get("required")]
        assert set(missing) <= set(options), f"/{line} needs {missing}"
    resolved: dict[str, Any] = {}
    for key, value in options.items():
        option = by_name[key]
        if key == focused:
            assert option.get("autocomplete"), f"/{line} {key} suggests nothing"
            sent = {"name": key, "type": option["type"], "value": str(value), "focused": True}
        else:
            sent = _option(person, channel, option, value, resolved)
        inner["options"].append(sent)
    if resolved:
        data["resolved"] = resolved
    return Typed(data, owners)


def _option(
    person: Person,
    channel: Channel,
    option: dict[str, Any],
    value: Any,
    resolved: dict[str, Any],
) -> dict[str, Any]:
    kind, name = option["type"], option["name"]
    right: dict[int, Any] = {
        STRING: str,
        INTEGER: int,
        BOOLEAN: bool,
        NUMBER: (int, float),
        CHANNEL: Channel,
        ROLE: Role,
        ATTACHMENT: (bytes, Attachment),
    }
    if kind in right:
        assert isinstance(value, right[kind]), f"{name}={value!r} is not {right[kind]}"
    assert kind == BOOLEAN or not isinstance(value, bool), f"{name} is not yes or no"
    if kind == STRING:
        assert option.get("min_length") is None or len(value) >= option["min_length"], name
        assert len(value) <= (option.get("max_length") or 6000), f"{name} is too long"
        assert value, f"{name} is empty"
    if kind in (INTEGER, NUMBER):
        assert option.get("min_value") is None or value >= option["min_value"], f"{name} too small"
        assert option.get("max_value") is None or value <= option["max_value"], f"{name} too large"
    choices = [one["value"] for one in option.get("choices") or []]
    assert not choices or value in choices, f"{name}={value!r} is not one of {choices}"
    if kind == CHANNEL:
        allowed = option.get("channel_types") or []
        assert not allowed or value.kind in allowed, f"{value!r} cannot be chosen for {name}"
        assert may(person, value, "view_channel"), f"{person.name} does not see {value!r}"
    if kind in (USER, CHANNEL, ROLE, MENTIONABLE, ATTACHMENT):
        value = resolve(person, channel, value, resolved)
    return {"name": name, "type": kind, "value": value}


def resolve(person: Person, channel: Channel, value: Any, resolved: dict[str, Any]) -> str:
    """Return the id of something chosen, and put it among what is resolved."""
    if isinstance(value, bytes):
        value = Attachment("file.bin", value)
    if isinstance(value, Attachment):
        person.api.store(value, channel)
        resolved.setdefault("attachments", {})[str(value.id)] = {**value.shown(), "ephemeral": True}
    elif isinstance(value, Role):
        resolved.setdefault("roles", {})[str(value.id)] = value.shown()
    elif isinstance(value, Channel):
        shown = value.shown()
        partial = {key: shown[key] for key in ("id", "name", "type")}
        partial["permissions"] = str(permissions_in(person, value))
        if isinstance(value, Thread):
            partial |= {key: shown[key] for key in ("parent_id", "thread_metadata")}
        resolved.setdefault("channels", {})[str(value.id)] = partial
    else:
        resolved.setdefault("users", {})[str(value.id)] = value.shown()
        guild = channel.guild
        if guild is not None and guild.has(value):
            member = {**guild.member(value), "permissions": str(permissions_in(value, channel))}
            for key in ("mute", "deaf"):
                member.pop(key)
            resolved.setdefault("members", {})[str(value.id)] = member
    return str(value.id)
