"""What `drillmate doctor` says of a bot on Discord, and which settings are refused."""

from __future__ import annotations

import pytest
from pydantic import SecretStr, ValidationError

from bot.adapters.discord.check import check
from bot.settings import DiscordSettings
from tests.discord import DiscordApi


async def test_a_bot_that_can_be_served_is_named() -> None:
    async with DiscordApi() as api:
        fine, told = await check(DiscordSettings(token=SecretStr(api.token), api_base=api.base))
        assert fine
        assert told.startswith("drillmate, no privileged intents needed; ")


async def test_a_refused_token_and_a_silent_server_are_told_apart() -> None:
    async with DiscordApi() as api:
        wrong = SecretStr("NDIwMA.nobody.has_ever_seen_this_token_anywhere")
        fine, told = await check(DiscordSettings(token=wrong, api_base=api.base))
        assert (fine, "refused" in told) == (False, True)
        base, token = api.base, SecretStr(api.token)
    fine, told = await check(DiscordSettings(token=token, api_base=base))
    assert not fine
    assert "does not answer" in told


@pytest.mark.parametrize(
    "wrong", [{"api_base": "discord.com"}, {"gateway_url": "https://gateway.discord.gg"}]
)
def test_a_setting_that_cannot_work_is_refused_with_what_it_should_be(
    wrong: dict[str, str],
) -> None:
    with pytest.raises(ValidationError, match="it must begin with"):
        DiscordSettings(**wrong)
