"""Telegram as an Adapter: connects, serves until cancelled, sends and edits."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import structlog
from telegram import Update
from telegram.error import (
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
)
from telegram.ext import (
    ApplicationBuilder,
    CallbackQueryHandler,
    ChatMemberHandler,
    MessageHandler,
    filters,
)

from bot.adapters.telegram import inbound
from bot.adapters.telegram.answers import Answers
from bot.adapters.telegram.arrivals import Arrivals, OneByOne
from bot.adapters.telegram.deeds import Deeds
from bot.adapters.telegram.faults import Unchanged, meaning
from bot.adapters.telegram.listening import App, Polling, listen
from bot.adapters.telegram.lives import Lives
from bot.adapters.telegram.members import Members
from bot.adapters.telegram.outgoing import Outgoing, Stopping
from bot.adapters.telegram.pacer import Pacer, new_limiter
from bot.adapters.telegram.publish import publish
from bot.adapters.telegram.render import Renderer
from bot.adapters.telegram.requests import Requests
from bot.chat.adapter import Delayed, Dispatch, NotConnected, Unsure
from bot.chat.command import Registry
from bot.chat.context import ChatRef, MessageRef
from bot.chat.view import Card
from bot.errors import Invalid, UserError
from bot.pacing import Limiter
from bot.services import Services
from bot.settings import TelegramSettings

log = structlog.get_logger(__name__)

ANSWER_S = 20.0
"""Seconds after which a request that got no answer is given up."""
LONGEST_WAIT_S = 60.0
"""Seconds between two tries to connect, at most; they double."""


class TelegramAdapter:
    """One bot on Telegram."""

    name = inbound.PLATFORM
    tally_every_s = 3.0

    def __init__(
        self,
        settings: TelegramSettings,
        registry: Registry,
        services: Services,
        languages: Mapping[str, Mapping[str, str]] | None = None,
        limiter: Limiter | None = None,
    ) -> None:
        """Prepare to connect; nothing is opened yet.

        Args:
            settings: Token and addresses.
            registry: All commands.
            services: What keeps chats, messages and updates.
            languages: Help of commands by language code, for the menus.
            limiter: What requests wait for; None: one for what the settings say.
        """
        self.ready = asyncio.Event()
        """Set while updates are being served."""
        self.in_flight = settings.in_flight
        self._settings = settings
        self._limiter = limiter or new_limiter(settings.per_second, self.name)
        self._registry = registry
        self._services = services
        self._languages = {"": {}, **(languages or {})}
        self._outgoing: Outgoing | None = None
        self._over = asyncio.Event()
        self._stopping = asyncio.Event()
        self._sending = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._failure: UserError | None = None

    async def run(self, dispatch: Dispatch) -> None:
        """Connect, publish the commands, serve until cancelled.

        Raises:
            Invalid: Telegram refuses the token.
            Conflict: Another program polls with the same token.
        """
        arrivals = Arrivals(self._services.inbox, self._stopping)
        app = self._build(arrivals)
        try:
            await self._connect(app)
            await self._serve(app, arrivals, dispatch)
        finally:
            await self._leave(app)
        if self._failure is not None:
            raise self._failure

    async def run_sending(self) -> None:
        """Connect and only send, until cancelled; updates are another process's.

        Raises:
            Invalid: Telegram refuses the token.
        """
        app: App = self._builder().updater(None).build()
        try:
            await self._connect(app)
            members = Members(app.bot, self._services.clock)
            self._outgoing, _ = self._speak(app, members)
            log.info("telegram ready", bot=app.bot.username, listens=False)
            self.ready.set()
            await self._over.wait()
        finally:
            await self._leave(app)
        if self._failure is not None:
            raise self._failure

    async def _leave(self, app: App) -> None:
        self.ready.clear()
        self._stopping.set()
        self._limiter.close()
        await self._idle.wait()  # what is on its way may arrive twice if it is cut off
        await _close(app)

    def _speak(self, app: App, members: Members) -> tuple[Outgoing, Lives]:
        """Return what sends, and what is told when a send shows that a chat has moved."""
        renderer = Renderer(app.bot.username, self._registry.commands)
        outgoing = Outgoing(
            app.bot, renderer, lambda old, new: lives.moved(old, new), self._stopping
        )
        lives = Lives(self._services.places, members, outgoing)
        return outgoing, lives

    async def _serve(self, app: App, arrivals: Arrivals, dispatch: Dispatch) -> None:
        arrivals.of_bot(app.bot.id)
        members = Members(app.bot, self._services.clock)
        places = self._services.places
        outgoing, lives = self._speak(app, members)
        self._outgoing = outgoing
        requests = Requests(self._registry, places, members)
        deeds = Deeds(
            dispatch,
            app.bot.username,
            requests,
            Answers(
                outgoing,
                places,
                self._services.opinions,
                app.bot.username,
                requests.may_be_linked,
            ),
            lives,
            outgoing,
            self._services,
        )
        _handle(app, deeds, arrivals)
        recovered = await arrivals.recover(app.bot)
        await app.start()
        async with asyncio.TaskGroup() as group:
            publishing = group.create_task(
                publish(app.bot, self._registry, self._languages, places), name="publish"
            )
            await listen(app, self._settings, self._fail)
            log.info("telegram ready", bot=app.bot.username, updates_recovered=recovered)
            self.ready.set()
            await self._over.wait()
            publishing.cancel()

    def connected(self) -> bool:
        """Return whether something could be sent now."""
        return self._outgoing is not None and not self._stopping.is_set()

    def per_second(self) -> float:
        """Return how many requests a second are made at most now."""
        return self._limiter.per_second

    def paused_s(self) -> float:
        """Return for how many seconds Telegram wants to hear nothing from us."""
        return self._limiter.paused_s()

    def direct(self, person_id: str) -> ChatRef | None:
        """Return None: on Telegram people begin."""
        return None

    async def send(
        self,
        chat: ChatRef,
        card: Card,
        *,
        key: str,
        under: MessageRef | None = None,
        retry: bool = False,
    ) -> MessageRef:
        """Post a card, in reply to the message it belongs to.

        Raises:
            Unreachable: Stop sending there.
            Delayed: Nothing was sent; try later.
            Unsure: It may have been sent.
        """
        if self._outgoing is None or not self.connected():
            raise NotConnected
        self._sending += 1
        self._idle.clear()
        try:
            answering = int(under.id) if under is not None and under.id.isdecimal() else None
            return await self._outgoing.send(chat, card, answering=answering)
        finally:
            self._sending -= 1
            if not self._sending:
                self._idle.set()

    async def replace(self, address: str, card: Card) -> None:
        """Replace a card that said it is followed by something.

        Raises:
            Unreachable: The message or the chat is gone.
            Delayed: Try later.
        """
        chat, message, carried = address.split("/")
        await self._edit(MessageRef(ChatRef(self.name, chat), message), card, int(carried))

    async def edit(self, message: MessageRef, card: Card) -> None:
        """Replace a message's card.

        Raises:
            Unreachable: The message or the chat is gone.
            Delayed: Try later.
        """
        await self._edit(message, card, 0)

    async def _edit(self, message: MessageRef, card: Card, about: int) -> None:
        if self._outgoing is None:
            raise NotConnected
        try:
            await self._outgoing.edit(message, card, about=about)
        except Unchanged:
            return
        except Unsure as unsure:  # an edit may be made twice without harm
            raise Delayed(1) from unsure

    def _build(self, arrivals: Arrivals) -> App:
        app: App = (
            self._builder()
            .update_queue(arrivals)
            .concurrent_updates(OneByOne(arrivals))
            .get_updates_request(Polling(self._over, self._refused))
            .build()
        )
        return app

    def _builder(self) -> Any:
        base = self._settings.api_base
        files = self._settings.file_base or base
        return (
            ApplicationBuilder()
            .token(self._settings.token.get_secret_value())
            .base_url(f"{base}/bot")
            .base_file_url(f"{files}/file/bot")
            .read_timeout(ANSWER_S)
            .write_timeout(ANSWER_S)
            .connect_timeout(5)
            .pool_timeout(ANSWER_S)
            .rate_limiter(Pacer(self._limiter))
            .job_queue(None)
        )

    async def _connect(self, app: App) -> None:
        wait = 1.0
        while True:
            try:
                await app.initialize()
            except (InvalidToken, Forbidden):
                raise _refusal(self._settings.api_base) from None
            except (NetworkError, RetryAfter) as error:
                reason = type(meaning(error)).__name__
                log.warning("telegram does not answer", reason=reason, again_s=wait)
                await asyncio.sleep(wait)
                wait = min(wait * 2, LONGEST_WAIT_S)
            else:
                return

    def _refused(self) -> None:
        self._fail(_refusal(self._settings.api_base))

    def _fail(self, failure: UserError) -> None:
        self._failure = self._failure or failure
        self._over.set()


def _handle(app: App, deeds: Deeds, arrivals: Arrivals) -> None:
    async def message(update: Update, _: Any) -> None:
        assert update.message is not None
        of = update.message
        await arrivals.patiently(lambda: deeds.message(of))

    async def edited(update: Update, _: Any) -> None:
        assert update.edited_message is not None
        of = update.edited_message
        await arrivals.patiently(lambda: deeds.edited(of))

    async def press(update: Update, _: Any) -> None:
        assert update.callback_query is not None
        of = update.callback_query
        await arrivals.patiently(lambda: deeds.press(of))

    async def belonging(update: Update, _: Any) -> None:
        assert update.my_chat_member is not None
        of = update.my_chat_member
        await arrivals.patiently(lambda: deeds.belonging(of))

    async def failed(update: object, context: Any) -> None:
        arrivals.failed(update)
        if not isinstance(context.error, Stopping):
            log.error("update failed", exc_info=context.error)

    app.add_handler(MessageHandler(filters.UpdateType.MESSAGE, message))
    app.add_handler(MessageHandler(filters.UpdateType.EDITED_MESSAGE, edited))
    app.add_handler(CallbackQueryHandler(press))
    app.add_handler(ChatMemberHandler(belonging, ChatMemberHandler.MY_CHAT_MEMBER))
    app.add_error_handler(failed)


async def _close(app: App) -> None:
    """Stop listening, finish what is being worked on, and give the connections back."""
    if app.updater is not None and app.updater.running:
        await app.updater.stop()
    if app.running:
        await app.stop()
    await app.shutdown()
    await app.bot.shutdown()  # again, for an application that never got so far


def _refusal(base: str) -> Invalid:
    return Invalid(
        "Telegram refuses the token in DRILLMATE_TELEGRAM__TOKEN.",
        f"Copy it anew from @BotFather; /token there shows it. It was shown to {base}.",
    )
