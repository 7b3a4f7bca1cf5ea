"""The few people, the group and the bot that the tests of the server itself are about."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Update,
)
from telegram.error import (
    BadRequest,
)

from tests.telegram import BotApi, Chat, Person


@dataclass
class Town:
    """Ana wrote to the bot; Ben never did; Maya's group has all three and the bot."""

    api: BotApi
    bot: Bot
    http: httpx.AsyncClient
    ana: Person
    ben: Person
    maya: Person
    group: Chat

    async def asks(self, method: str, **params: Any) -> tuple[int, str]:
        """Send what the library would not, and return the status and the description."""
        form = {
            name: value if isinstance(value, str) else json.dumps(value)
            for name, value in params.items()
        }
        answer = await self.http.post(f"{self.api.base}/bot{self.api.token}/{method}", data=form)
        return answer.status_code, answer.json().get("description", "")

    async def told(self) -> list[Update]:
        """Return what the bot is told, and confirm it."""
        updates = list(await self.bot.get_updates())
        if updates:
            await self.bot.get_updates(offset=updates[-1].update_id + 1)
        return updates


def keys(*labels: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(one, callback_data=one)] for one in labels])


@contextmanager
def refused(description: str) -> Iterator[None]:
    """Expect a 400; the library writes its description with a capital."""
    with pytest.raises(BadRequest) as raised:
        yield
    assert description in str(raised.value).lower()


def below(**button: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "x", **button}]]}
