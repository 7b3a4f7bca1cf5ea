"""What `drillmate doctor` says of a bot."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from bot.adapters.telegram.check import check
from bot.settings import TelegramSettings
from tests.telegram import BotApi

TOKEN = "4200:TEST-token_for_the_tests_of_drillmate"


async def test_a_bot_that_can_be_served_is_named() -> None:
    async with BotApi(token=TOKEN, username="drillmate_bot") as api:
        fine, told = await check(TelegramSettings(token=SecretStr(TOKEN), api_base=api.base))
        assert fine
        assert told == "@drillmate_bot, long polling; privacy mode on, as it should"


async def test_a_refused_token_and_a_silent_server_are_told_apart() -> None:
    async with BotApi(token=TOKEN, username="drillmate_bot") as api:
        wrong = SecretStr("4200:nobody-has-ever-seen-this-token-here")
        fine, told = await check(TelegramSettings(token=wrong, api_base=api.base))
        assert (fine, "refused" in told) == (False, True)
        base = api.base
    fine, told = await check(TelegramSettings(token=SecretStr(TOKEN), api_base=base))
    assert not fine
    assert "does not answer" in told


@pytest.mark.parametrize(
    "wrong",
    [
        {"api_base": "api.telegram.org"},
        {"webhook_url": "ftp://x"},
        {"webhook_listen": "8443"},
        {"webhook_listen": "here:99999"},
        {"webhook_secret": "with space"},
    ],
)
def test_settings_that_cannot_be_are_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="it "):
        TelegramSettings.model_validate(wrong)
