"""Methods about the bot itself: who it is, its commands, its descriptions, its webhook."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tests.telegram.entities import units
from tests.telegram.params import Params
from tests.telegram.refusals import bad
from tests.telegram.registry import answers, chat_of

if TYPE_CHECKING:
    from tests.telegram.api import BotApi

SCOPES = {
    "default": (),
    "all_private_chats": (),
    "all_group_chats": (),
    "all_chat_administrators": (),
    "chat": ("chat_id",),
    "chat_administrators": ("chat_id",),
    "chat_member": ("chat_id", "user_id"),
}
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"([a-z]{2})?")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


@answers("getMe")
def get_me(api: BotApi, params: Params) -> Any:
    """Return the bot."""
    return {
        **api.me,
        "can_join_groups": True,
        "can_read_all_group_messages": not api.privacy,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


@answers("getUpdates")
async def get_updates(api: BotApi, params: Params) -> Any:
    """Wait for updates."""
    return await api.updates.poll(
        params.whole("offset", 0) or 0,
        params.whole("limit", 100) or 100,
        params.whole("timeout", 0) or 0,
        params.json("allowed_updates") if "allowed_updates" in params else None,
    )


@answers("setWebhook")
async def set_webhook(api: BotApi, params: Params) -> Any:
    """Have updates posted to an address."""
    url, secret = params.text("url"), params.text("secret_token")
    parts = urlsplit(url)
    local = parts.scheme == "http" and parts.hostname == "127.0.0.1"
    if url and parts.scheme != "https" and not local:
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    if "secret_token" in params and not _SECRET.fullmatch(secret):
        raise bad("secret token contains illegal characters")
    connections = params.whole("max_connections", 40) or 40
    if not 1 <= connections <= 100:
        raise bad("max_connections must be 1-100")
    if params.flag("drop_pending_updates"):
        api.updates.drop()
    if "allowed_updates" in params:
        api.updates.allowed = params.json("allowed_updates") or []
    webhook: dict[str, Any] = {
        "url": url,
        "secret_token": secret,
        "max_connections": connections,
        "allowed_updates": api.updates.allowed,
    }
    await api.updates.set_webhook(webhook if url else {})
    return True


@answers("deleteWebhook")
async def delete_webhook(api: BotApi, params: Params) -> Any:
    """Let updates be polled again."""
    if params.flag("drop_pending_updates"):
        api.updates.drop()
    await api.updates.set_webhook({})
    return True


@answers("getWebhookInfo")
def get_webhook_info(api: BotApi, params: Params) -> Any:
    """Return where updates are posted to, and how that goes."""
    webhook = api.updates.webhook
    info: dict[str, Any] = {
        "url": webhook.get("url", ""),
        "has_custom_certificate": False,
        "pending_update_count": len(api.updates.queue),
    }
    if webhook:
        info |= {"max_connections": webhook["max_connections"], **api.updates.failed}
        if api.updates.failed:
            info["last_error_date"] = int(api.now().timestamp())
    if api.updates.allowed:
        info["allowed_updates"] = api.updates.allowed
    return info


def _command_place(api: BotApi, params: Params) -> tuple[str, str]:
    scope, language = params.json("scope") or {"type": "default"}, params.text("language_code")
    if scope.get("type") not in SCOPES:
        raise bad("can't parse BotCommandScope: Unsupported type specified")
    if set(SCOPES[scope["type"]]) != scope.keys() - {"type"}:
        raise bad("can't parse BotCommandScope: wrong fields")
    if "chat_id" in scope:
        chat_of(api, Params({"chat_id": scope["chat_id"]}, {}))
    if not _LANGUAGE.fullmatch(language):
        raise bad("LANG_CODE_INVALID")
    return json.dumps(scope, sort_keys=True), language


@answers("setMyCommands")
def set_my_commands(api: BotApi, params: Params) -> Any:
    """Set the menu of commands in one place and one language."""
    place, commands = _command_place(api, params), params.json("commands") or []
    if len(commands) > 100:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not _COMMAND.fullmatch(command["command"]):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= units(command["description"].strip()) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    api.menus[place] = commands
    return True


@answers("getMyCommands")
def get_my_commands(api: BotApi, params: Params) -> Any:
    """Return the menu that was set for exactly this place and language."""
    return api.menus.get(_command_place(api, params), [])


@answers("deleteMyCommands")
def delete_my_commands(api: BotApi, params: Params) -> Any:
    """Take a menu away."""
    api.menus.pop(_command_place(api, params), None)
    return True


def _described(method: str, name: str, most: int) -> None:
    def change(api: BotApi, params: Params) -> Any:
        text = params.text(name).strip()
        if units(text) > most:
            raise bad(f"{name.upper()}_TOO_LONG")
        api.described[name, params.text("language_code")] = text
        return True

    def look(api: BotApi, params: Params) -> Any:
        language = params.text("language_code")
        default = api.described.get((name, ""), "")
        return {name: api.described.get((name, language)) or default}

    answers(f"setMy{method}")(change)
    answers(f"getMy{method}")(look)


_described("Description", "description", 512)
_described("ShortDescription", "short_description", 120)
_described("Name", "name", 64)
