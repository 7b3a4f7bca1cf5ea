"""How updates reach us: asked for (long polling), or brought by Telegram (a webhook)."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import structlog
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError
from telegram.error import Conflict as TwoPollers
from telegram.ext import Application
from telegram.request import HTTPXRequest

from bot.adapters.telegram.faults import meaning
from bot.errors import Conflict, Invalid, UserError
from bot.settings import TelegramSettings

log = structlog.get_logger(__name__)

WANTED = ("message", "edited_message", "callback_query", "my_chat_member")
"""Kinds of updates that we ask for."""
POLL_S = 30
"""Seconds that Telegram holds a request for updates while there are none."""

App = Application[Any, Any, Any, Any, Any, Any]


async def listen(app: App, settings: TelegramSettings, fail: Callable[[UserError], None]) -> None:
    """Begin to take updates; `fail` is told when there are none to be had any more.

    Raises:
        Invalid: Telegram refuses the webhook.
    """
    assert app.updater is not None, "the builder makes one"
    if settings.webhook_url:
        await _webhook(app, settings)
        return

    def on_error(error: TelegramError) -> None:
        if isinstance(error, TwoPollers):
            fail(_second())
        else:
            log.warning("polling failed", reason=type(meaning(error)).__name__)

    await app.updater.start_polling(
        timeout=POLL_S, bootstrap_retries=-1, allowed_updates=WANTED, error_callback=on_error
    )


async def _webhook(app: App, settings: TelegramSettings) -> None:
    assert app.updater is not None, "the builder makes one"
    secret = settings.webhook_secret.get_secret_value() or _made_secret(settings)
    try:
        # Tried once here: the library would try what is refused for ever, and say nothing.
        await app.bot.set_webhook(settings.webhook_url, secret_token=secret)
    except BadRequest as error:
        message = f"Telegram refuses DRILLMATE_TELEGRAM__WEBHOOK_URL: {error.message}."
        raise Invalid(message, "It must be an https address that Telegram can reach.") from None
    except (NetworkError, RetryAfter):
        log.warning("telegram does not answer", reason="webhook")
    host, _, port = settings.webhook_listen.rpartition(":")
    await app.updater.start_webhook(
        listen=host.strip("[]"),
        port=int(port),
        url_path=urlsplit(settings.webhook_url).path,
        webhook_url=settings.webhook_url,
        secret_token=secret,
        bootstrap_retries=-1,
        allowed_updates=WANTED,
    )


def _made_secret(settings: TelegramSettings) -> str:
    """Return a secret that only who has the token can know, the same at every start."""
    token = settings.token.get_secret_value().encode()
    return hmac.new(token, b"drillmate webhook", hashlib.sha256).hexdigest()


def _second() -> Conflict:
    return Conflict(
        "Another program is asking Telegram for this bot's updates, so this one stops.",
        "Only one may: stop the other, or give this one a token of its own. Nothing was lost.",
    )


class Polling(HTTPXRequest):
    """Asks for updates until we give up, and tells when the token is refused meanwhile.

    The library's loop just ends when the token is refused; and it asks once more when it stops,
    which would cut off the program that took over from us.
    """

    def __init__(self, over: asyncio.Event, refused: Callable[[], None]) -> None:
        super().__init__(read_timeout=10, connect_timeout=5)
        self._over = over
        self._tell = refused

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Make a request; after we gave up there is nothing to be had."""
        if self._over.is_set():
            return 200, b'{"ok":true,"result":[]}'
        code, payload = await super().do_request(*args, **kwargs)
        if code == 401:
            self._tell()
        if code == 404:  # no Bot API server answers so to a token that it knew: a gateway did
            return 502, b'{"ok":false,"error_code":502,"description":"Bad Gateway"}'
        return code, payload
