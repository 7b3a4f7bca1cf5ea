"""A question a day with python-telegram-bot: a job each, and the library's own rate limiter."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    AIORateLimiter,
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
)

from tests.benchmarks.baselines.wish import HEAD, HINT, PROMPT, say, settings, wish

RETRIES = 5
"""The limiter gives up at the first refusal unless told otherwise."""

GIVEN = settings()
TEXT = f"<b>{HEAD}</b>\n\n{PROMPT}"
KEYS = InlineKeyboardMarkup(
    [[InlineKeyboardButton(label, callback_data=label) for label in ("Answer", "Hint", "Skip")]]
)


async def practise(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    """Ask a question at once."""
    assert update.message
    await update.message.reply_text(TEXT, "HTML", reply_markup=KEYS)


async def hint(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Give a hint."""
    query = update.callback_query
    assert query
    await query.answer()
    assert query.message
    await context.bot.send_message(query.message.chat.id, HINT, reply_markup=KEYS)


async def ask(context: ContextTypes.DEFAULT_TYPE) -> None:
    """Send somebody's daily question, for the library's queue."""
    assert context.job
    assert context.job.chat_id
    await context.bot.send_message(context.job.chat_id, TEXT, "HTML", reply_markup=KEYS)


async def schedule(app: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Make a job for everybody."""
    wanted = await wish()
    local = wanted.at.astimezone(UTC)
    if GIVEN.scheduler == "jobqueue":
        assert app.job_queue
        time = local.time().replace(tzinfo=UTC)
        for chat_id in wanted.places:
            app.job_queue.run_daily(
                ask, time, chat_id=chat_id, name=str(chat_id), job_kwargs=GIVEN.job
            )
    else:
        scheduler = AsyncIOScheduler(timezone=UTC)
        scheduler.start()
        app.bot_data["scheduler"] = scheduler
        for chat_id in wanted.places:
            scheduler.add_job(
                app.bot.send_message,
                "cron",
                (chat_id, TEXT, "HTML"),
                {"reply_markup": KEYS},
                hour=local.hour,
                minute=local.minute,
                second=local.second,
                id=str(chat_id),
                **GIVEN.job,
            )
    say("registered")


async def started(app: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Serve from now on, and wait for the wish beside it."""
    say("ready")
    app.create_task(schedule(app))


def main() -> None:
    """Run the bot."""
    limiter = AIORateLimiter(overall_max_rate=GIVEN.allowed, max_retries=RETRIES)
    app = (
        ApplicationBuilder()
        .token(GIVEN.token)
        .base_url(f"{GIVEN.base}/bot")
        .concurrent_updates(True)
        .rate_limiter(limiter)
        .post_init(started)
        .build()
    )
    app.add_handler(CommandHandler("practice", practise))
    app.add_handler(CallbackQueryHandler(hint))
    app.run_polling()


if __name__ == "__main__":
    main()
