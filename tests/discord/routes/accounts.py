"""Who the bot is, whom it knows, and where its gateway is."""

from __future__ import annotations

from typing import Any

from tests.discord.asked import Asked, route
from tests.discord.rules.refused import Refused, invalid


@route("GET", "/gateway", auth=False)
def gateway(asked: Asked) -> Any:
    return {"url": asked.api.gateway}


@route("GET", "/gateway/bot")
def gateway_for_bot(asked: Asked) -> Any:
    api = asked.api
    left = max(0, api.limits.identifies - api.identifies)
    return {
        "url": api.gateway,
        "shards": api.recommended_shards,
        "session_start_limit": {
            "total": api.limits.identifies,
            "remaining": left,
            "reset_after": 14_400_000,
            "max_concurrency": api.max_concurrency,
        },
    }


@route("GET", "/users/@me")
def me(asked: Asked) -> Any:
    return {
        **asked.api.me.shown(),
        "mfa_enabled": True,
        "locale": "en-US",
        "verified": True,
        "email": None,
        "premium_type": 0,
    }


def _application(asked: Asked) -> dict[str, Any]:
    api = asked.api
    owner = api.owner.shown()
    return {
        "id": str(api.application_id),
        "name": "Drillmate",
        "icon": None,
        "description": api.application["description"],
        "type": None,
        "verify_key": "0" * 64,
        "flags": api.application_flags,
        "flags_new": str(api.application_flags),
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "owner": owner,
        "approximate_guild_count": sum(guild.has_bot for guild in api.guilds.values()),
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "team": None,
        "eligible_oauth2_scopes": ["bot", "applications.commands"],
        "bot": api.me.shown(),
        "bot_public": True,
        "bot_require_code_grant": False,
        "integration_types_config": {
            "0": {
                "oauth2_install_params": {
                    "scopes": ["applications.commands", "bot"],
                    "permissions": "0",
                }
            },
            "1": {
                "oauth2_install_params": {"scopes": ["applications.commands"], "permissions": "0"}
            },
        },
        "tags": api.application["tags"],
    }


@route("GET", "/oauth2/applications/@me")
def old_application(asked: Asked) -> Any:
    return _application(asked)


@route("GET", "/applications/@me")
def application(asked: Asked) -> Any:
    return _application(asked)


@route("PATCH", "/applications/@me")
def change_application(asked: Asked) -> Any:
    for key in ("description", "tags"):
        if key in asked.form:
            asked.api.application[key] = asked.form[key]
    return _application(asked)


@route("GET", "/users/{user_id}")
def user(asked: Asked) -> Any:
    found = asked.api.people.get(asked.number("user_id"))
    if found is None:
        raise Refused(404, 10013, "Unknown User")
    return found.shown()


@route("POST", "/users/@me/channels")
def open_private(asked: Asked) -> Any:
    api = asked.api
    wanted = asked.form.get("recipient_id")
    if not str(wanted).isdigit():
        raise invalid({("recipient_id",): ("BASE_TYPE_REQUIRED", "This field is required")})
    person = api.people.get(int(wanted))  # type: ignore[arg-type]
    if person is None:
        raise invalid({("recipient_id",): ("INVALID_RECIPIENT", "Unknown recipient")})
    if person is api.me:
        raise Refused(400, 50033, "Invalid Recipient(s)")
    if person.is_bot:
        raise Refused(400, 50007, "Cannot send messages to this user")
    if not person.dm.opened and not api.limits.opens_dm(api.loop_time()):
        raise Refused(400, 40003, "You are opening direct messages too fast")
    person.dm.opened = True
    return person.dm.shown()


@route("GET", "/users/@me/guilds")
def my_guilds(asked: Asked) -> Any:
    keys = ("id", "name", "icon", "banner", "features")
    mine = [guild for guild in asked.api.guilds.values() if guild.has_bot]
    return [
        {
            **{key: guild.shown()[key] for key in keys},
            "owner": False,
            "permissions": str(guild.bot_role.permissions if guild.bot_role else 0),
        }
        for guild in mine
    ]


@route("DELETE", "/users/@me/guilds/{guild_id}")
def leave_guild(asked: Asked) -> Any:
    asked.guild().remove_bot()
