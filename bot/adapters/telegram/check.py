"""Whether Telegram knows our token, in a sentence, for `drillmate doctor`."""

from __future__ import annotations

from telegram import Bot
from telegram.error import InvalidToken, TelegramError
from telegram.request import HTTPXRequest

from bot.settings import TelegramSettings

PATIENCE_S = 10.0


async def check(settings: TelegramSettings) -> tuple[bool, str]:
    """Return whether the bot can be served, and what to know about it."""
    request = HTTPXRequest(connect_timeout=PATIENCE_S, read_timeout=PATIENCE_S)
    token = settings.token.get_secret_value()
    bot = Bot(token, base_url=f"{settings.api_base}/bot", request=request)
    try:
        async with bot:
            me = await bot.get_me()
    except InvalidToken:
        return False, "the token is refused; copy DRILLMATE_TELEGRAM__TOKEN anew from @BotFather"
    except TelegramError as error:
        return False, f"{settings.api_base} does not answer ({type(error).__name__})"
    heard = "off: it hears all of a group" if me.can_read_all_group_messages else "on, as it should"
    groups = "" if me.can_join_groups else "; it may not join groups (/setjoingroups at @BotFather)"
    way = "webhook" if settings.webhook_url else "long polling"
    return True, f"@{me.username}, {way}; privacy mode {heard}{groups}"
