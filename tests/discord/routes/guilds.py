"""Guilds, their channels, roles and members."""

from __future__ import annotations

from typing import Any

from tests.discord.asked import Asked, route
from tests.discord.rules.refused import Refused


@route("GET", "/guilds/{guild_id}")
def guild(asked: Asked) -> Any:
    found = asked.guild()
    shown = found.shown()
    if asked.query.get("with_counts") in ("true", "1", "True"):
        shown |= {"approximate_member_count": found.headcount, "approximate_presence_count": 1}
    return shown


@route("GET", "/guilds/{guild_id}/channels")
def channels(asked: Asked) -> Any:
    return [one.shown() for one in asked.guild().channels]


@route("GET", "/guilds/{guild_id}/roles")
def roles(asked: Asked) -> Any:
    return [one.shown() for one in asked.guild().roles]


@route("GET", "/guilds/{guild_id}/roles/{role_id}")
def role(asked: Asked) -> Any:
    for one in asked.guild().roles:
        if one.id == asked.number("role_id"):
            return one.shown()
    raise Refused(404, 10011, "Unknown Role")


@route("GET", "/guilds/{guild_id}/members/{user_id}")
def member(asked: Asked) -> Any:
    found = asked.guild()
    person = asked.api.people.get(asked.number("user_id"))
    if person is None:
        raise Refused(404, 10013, "Unknown User")
    if not found.has(person):
        raise Refused(404, 10007, "Unknown Member")
    return found.full_member(person)
