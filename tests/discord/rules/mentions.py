"""Whom a message notifies."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.discord.rules.form import Form, list_of, one_of, shape, snowflake, truth
from tests.discord.rules.refused import Path

MOST = 100

# A mention between backquotes is text: as many of them close as have opened.
_CODE = re.compile(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)
_MENTION = re.compile(r"<@(&|!?)(\d{1,20})>")
_EVERYONE = re.compile(r"@(everyone|here)\b")
_SHAPE = shape(
    {},
    {
        "parse": list_of(one_of("users", "roles", "everyone"), 0, 3),
        "users": list_of(snowflake, 0, MOST),
        "roles": list_of(snowflake, 0, MOST),
        "replied_user": truth,
    },
)


@dataclass
class Mentions:
    """Ids of the users and roles, each once and in order, and whether everyone is meant."""

    users: list[str] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    everyone: bool = False


def mentions_in(text: str) -> Mentions:
    """Return what is mentioned in a text; in code nothing is."""
    plain = _CODE.sub(" ", text)
    found = Mentions(everyone=bool(_EVERYONE.search(plain)))
    for sign, name in _MENTION.findall(plain):
        names = found.roles if sign == "&" else found.users
        if name not in names:
            names.append(name)
    return found


def notified(
    texts: Iterable[str], allowed: dict[str, Any] | None, reply_to: str | None
) -> Mentions:
    """Return who is notified, before anybody's permissions are looked at.

    Args:
        texts: The content and the TextDisplays; embeds notify nobody.
        allowed: The `allowed_mentions` of the request; None lets all mentions through.
        reply_to: The id of the author of the message that is replied to.
    """
    meant = Mentions()
    for found in map(mentions_in, texts):
        meant.users += [name for name in found.users if name not in meant.users]
        meant.roles += [name for name in found.roles if name not in meant.roles]
        meant.everyone = meant.everyone or found.everyone
    pings_reply = reply_to is not None
    if allowed is not None:
        parse = allowed.get("parse") or []
        meant.users = _allowed(meant.users, "users", parse, allowed)
        meant.roles = _allowed(meant.roles, "roles", parse, allowed)
        meant.everyone = meant.everyone and "everyone" in parse
        pings_reply = pings_reply and bool(allowed.get("replied_user"))
    if reply_to is not None and pings_reply and reply_to not in meant.users:
        meant.users.append(reply_to)
    return meant


def look_at_allowed(form: Form, path: Path, allowed: Any) -> None:
    """Note what is wrong with `allowed_mentions`."""
    found = len(form.errors)
    _SHAPE(form, path, allowed)
    if len(form.errors) > found:
        return
    for kind in ("users", "roles"):
        ids = [str(name) for name in allowed.get(kind) or ()]
        if ids and kind in (allowed.get("parse") or ()):
            message = f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.'
            form.wrong(path, "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", message)
        if len(set(ids)) < len(ids):
            form.wrong((*path, kind), "SET_TYPE_ALREADY_CONTAINS_VALUE", "An id is there twice")


def _allowed(names: list[str], kind: str, parse: list[str], allowed: dict[str, Any]) -> list[str]:
    if kind in parse:
        return names
    explicit = {str(name) for name in allowed.get(kind) or ()}
    return [name for name in names if name in explicit]
