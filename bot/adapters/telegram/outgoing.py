"""Sending and editing a message, whatever the server says."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import html
import re
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog
from telegram import (
    Bot,
    ForceReply,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    ReactionTypeEmoji,
    ReplyParameters,
)
from telegram.constants import ChatAction, MessageLimit, ParseMode
from telegram.error import BadRequest, TelegramError

from bot.adapters.telegram.faults import (
    Moved,
    NoMessage,
    NoTopic,
    TooOld,
    Unchanged,
    Unreadable,
    meaning,
)
from bot.adapters.telegram.pieces import units
from bot.adapters.telegram.render import Renderer
from bot.chat.adapter import Delayed, Unreachable, Unsure
from bot.chat.context import ChatRef, MessageRef
from bot.chat.view import Card, Media
from bot.errors import Unavailable

log = structlog.get_logger(__name__)

T = TypeVar("T")

TRIES = 4
"""How often an answer to a person is tried when the server says that it was not sent."""
PATIENCE_S = 60.0
"""The longest wait, named by the server, that an answer to a person is held back for."""
CLOSED_S = 600.0
"""Seconds until a closed topic is tried again."""
RECEIPT = "✍"
"""Reaction that says that a message arrived; it judges nothing."""

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class Stopping(Exception):
    """We are asked to stop; what is not done now is done at the next start."""


class Outgoing:
    """Messages of one bot. What it raises is what bot.chat.adapter.Adapter may raise."""

    def __init__(
        self,
        bot: Bot,
        renderer: Renderer,
        moved: Callable[[ChatRef, str], Awaitable[None]],
        stopping: asyncio.Event,
    ) -> None:
        """Send for `bot`.

        Args:
            bot: The library's.
            renderer: Makes messages of cards.
            moved: Told when a send shows that a group has another id now.
            stopping: Set when nobody is to be waited for any more.
        """
        self._stopping = stopping
        self._bot = bot
        self._renderer = renderer
        self._moved = moved

    async def send(
        self, chat: ChatRef, card: Card, *, about: int = 0, answering: int | None = None
    ) -> MessageRef:
        """Post a card; return its last message, the one with the buttons.

        Args:
            chat: Where.
            card: What.
            about: Our id of the chat that its buttons concern; 0: the one where it stands.
            answering: Message that it replies to; if that is deleted, none.

        Raises:
            Unreachable: The chat is gone for us.
            Delayed: Nothing was sent; try later.
            Unsure: It may have been sent.
        """
        made = self._renderer.card(card, about)
        parts: list[Callable[[ChatRef], Awaitable[int]]] = [
            functools.partial(self._media, media) for media in card.media
        ]
        for number, text in enumerate(made.texts):
            keyboard = made.keyboard if number == len(made.texts) - 1 else None
            reply_to = answering if number == 0 else None
            parts.append(functools.partial(self._text, text, keyboard, reply_to))
        sent: list[int] = []
        for part in parts:

            async def go(to: ChatRef, part: Callable[[ChatRef], Awaitable[int]] = part) -> None:
                sent.append(await part(to))

            # To give up between two messages of a card would bring the first one twice.
            chat = await (self._patiently(chat, go) if sent else self._following(chat, go))
        return MessageRef(chat, str(sent[-1]))

    def fits(self, card: Card) -> bool:
        """Return whether a card is one message, so that it can take another's place."""
        return not card.media and len(self._renderer.card(card).texts) == 1

    async def edit(self, message: MessageRef, card: Card, *, about: int = 0) -> None:
        """Replace what a message says; of a card in several messages that is the last of them.

        Raises:
            Unreachable: The message or its chat is gone.
            Delayed: Try later.
            Unsure: It may have been replaced.
        """
        if not message.id.isdecimal():
            raise NoMessage(f"{message.id} stayed in a chat that has moved")
        made = self._renderer.card(card, about)
        keyboard = made.keyboard if isinstance(made.keyboard, InlineKeyboardMarkup) else None

        async def go(to: ChatRef) -> None:
            await self._bot.edit_message_text(
                made.texts[-1],
                to.id,
                int(message.id),
                parse_mode=ParseMode.HTML,
                link_preview_options=_NO_PREVIEW,
                reply_markup=keyboard,
            )

        with contextlib.suppress(Unchanged):
            await self._following(message.chat, go)

    async def react(self, chat: ChatRef, message_id: int) -> bool:
        """Put a receipt under somebody's message; False where reactions are not allowed."""

        async def go(to: ChatRef) -> None:
            await self._bot.set_message_reaction(to.id, message_id, ReactionTypeEmoji(RECEIPT))

        return await self._quietly("reaction", chat, go)

    async def typing(self, chat: ChatRef) -> None:
        """Show for a few seconds that an answer is being worked on."""

        async def go(to: ChatRef) -> None:
            await self._bot.send_chat_action(to.id, ChatAction.TYPING, _topic(to))

        await self._quietly("chat action", chat, go)

    async def fetch(self, file: str) -> bytes:
        """Return what is in a file that somebody sent.

        Raises:
            Unavailable: Telegram does not hand it out.
        """
        try:
            found = await self._bot.get_file(file)
            return bytes(await found.download_as_bytearray())
        except TelegramError as error:
            log.warning("file not fetched", reason=type(meaning(error)).__name__)
            raise Unavailable(
                "Telegram did not give me that recording.", "Send it again, or type it."
            ) from None

    async def delete(self, message: MessageRef) -> None:
        """Take one of our messages away, if that can still be done."""

        async def go(to: ChatRef) -> None:
            await self._bot.delete_message(to.id, int(message.id))

        await self._quietly("delete", message.chat, go)

    async def answer(
        self, press: str, text: str = "", *, alert: bool = False, url: str = ""
    ) -> bool:
        """End the waiting of a press; False if it was made too long ago.

        Args:
            press: The press' id.
            text: Shown for a moment above the chat, or in a box that is to be closed (`alert`).
            alert: Whether to show it in a box.
            url: Opened instead: our direct chat, with a start parameter.
        """
        try:
            await self._bot.answer_callback_query(
                press, text or None, show_alert=alert or None, url=url or None
            )
        except TelegramError as error:
            reason = meaning(error)
            if isinstance(reason, TooOld):
                return False
            log.warning("press not answered", reason=type(reason).__name__)
        return True

    async def patiently(self, go: Callable[[], Awaitable[T]]) -> T:
        """Do what a person waits for, and again while the server says that it was not done.

        Raises:
            Unreachable: The chat is gone for us.
            Delayed: It was tried often enough, or the wait is too long.
            Unsure: It may have been done.
            Stopping: We are asked to stop; what was to be done is still to be done.
        """
        for again in range(1, TRIES):
            try:
                return await go()
            except Delayed as delay:
                if delay.retry_after_s > PATIENCE_S:
                    raise
                await self._wait(max(delay.retry_after_s, 0.2 * 2**again))
        return await go()

    async def _wait(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        if self._stopping.is_set():
            raise Stopping

    async def _patiently(self, chat: ChatRef, go: Callable[[ChatRef], Awaitable[None]]) -> ChatRef:
        return await self.patiently(lambda: self._following(chat, go))

    async def _following(self, chat: ChatRef, go: Callable[[ChatRef], Awaitable[None]]) -> ChatRef:
        """Do something in a chat; if it has moved, where it is now. Return where that was."""
        try:
            try:
                await go(chat)
            except TelegramError as error:
                raise meaning(error) from error
        except NoTopic:
            if not chat.thread:
                raise Delayed(CLOSED_S) from None  # the general topic, which may open again
            return await self._following(ChatRef(chat.platform, chat.id), go)
        except Moved as moved:
            await self._moved(chat, moved.new_id)
            return await self._following(ChatRef(chat.platform, moved.new_id, chat.thread), go)
        return chat

    async def _quietly(
        self, what: str, chat: ChatRef, go: Callable[[ChatRef], Awaitable[None]]
    ) -> bool:
        try:
            await self._following(chat, go)
        except (Unreachable, Delayed, Unsure, TelegramError) as error:
            log.debug("left out", what=what, reason=type(error).__name__)
            return False
        return True

    async def _text(
        self,
        text: str,
        keyboard: InlineKeyboardMarkup | ForceReply | None,
        reply_to: int | None,
        chat: ChatRef,
    ) -> int:
        async def post(text: str, parse_mode: str | None) -> int:
            message = await self._bot.send_message(
                chat.id,
                text,
                parse_mode=parse_mode,
                link_preview_options=_NO_PREVIEW,
                reply_markup=keyboard,
                message_thread_id=_topic(chat),
                reply_parameters=_reply(reply_to),
            )
            return message.message_id

        try:
            return await post(text, ParseMode.HTML)
        except BadRequest as error:
            if not isinstance(meaning(error), Unreadable):
                raise
            log.exception("markup refused")  # ours to mend; the words still go out
            bare = html.unescape(re.sub(r"<[^>]*>", "", text))
            return await post(bare[: int(MessageLimit.MAX_TEXT_LENGTH) // 2], None)

    async def _media(self, media: Media, chat: ChatRef) -> int:
        caption = media.alt
        while units(caption) > MessageLimit.CAPTION_LENGTH:
            caption = caption[:-1]
        picture = media.mime in ("image/png", "image/jpeg")
        post = self._bot.send_photo if picture else self._bot.send_document
        message = await post(
            chat.id,
            media.content,
            caption=caption or None,
            filename=media.name,
            message_thread_id=_topic(chat),
        )
        return message.message_id


def _topic(chat: ChatRef) -> int | None:
    return int(chat.thread) if chat.thread else None


def _reply(message_id: int | None) -> ReplyParameters | None:
    if message_id is None:
        return None
    return ReplyParameters(message_id, allow_sending_without_reply=True)
