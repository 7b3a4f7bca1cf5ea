"""The methods there are, and what each of them has to find out first: chat, topic, reply."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.telegram.chats import Chat
from tests.telegram.messages import Message
from tests.telegram.params import Params
from tests.telegram.refusals import bad, forbidden

if TYPE_CHECKING:
    from tests.telegram.api import BotApi

Method = Callable[["BotApi", Params], Any]
METHODS: dict[str, Method] = {}


def answers(name: str) -> Callable[[Method], Method]:
    """Let a function answer a method of the Bot API."""

    def register(method: Method) -> Method:
        METHODS[name] = method
        return method

    return register


def chat_of(api: BotApi, params: Params) -> Chat:
    """Return the chat a call is about, if the bot may still do something there."""
    raw = params.raw.get("chat_id")
    if raw is None or raw == "":
        raise bad("chat_id is empty")
    try:
        chat = api.chats.get(int(raw))
    except ValueError:
        chat = None
    if chat is None or chat.bot_status == "never":
        raise bad("chat not found")
    if chat.moved_to:
        raise bad(
            "group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.moved_to.id
        )
    if chat.kind == "private":
        person = chat.people[0]
        if person.deactivated:
            raise forbidden("user is deactivated")
        if person.is_bot:
            raise forbidden("bots can't send messages to bots")
        if person.blocked:
            raise forbidden("bot was blocked by the user")
        if not person.started:
            raise forbidden("bot can't initiate conversation with a user")
    if chat.bot_status == "kicked":
        raise forbidden(f"bot was kicked from the {chat.kind} chat")
    if chat.bot_status == "left":
        raise forbidden(f"bot is not a member of the {chat.kind} chat")
    return chat


def chat_to_write(api: BotApi, params: Params) -> Chat:
    """Return the chat that something is sent to, if the bot may send anything there."""
    chat = chat_of(api, params)
    if chat.bot_status == "restricted":
        raise bad("not enough rights to send text messages to the chat")
    return chat


def thread_of(chat: Chat, params: Params, reply_to: Message | None) -> int | None:
    """Return the topic that something is sent to; a reply goes where the other message is."""
    thread = params.whole("message_thread_id")
    if thread is None:
        thread = reply_to.thread if reply_to else None
    if thread is None:
        return None
    topic = chat.topics.get(thread)
    if topic is None:
        raise bad("message thread not found")
    if topic.closed and chat.bot_status != "administrator":
        raise bad("TOPIC_CLOSED")
    return topic


def reply_of(chat: Chat, params: Params) -> Message | None:
    """Return the message replied to."""
    asked = params.json("reply_parameters")
    if not asked:
        return None
    if asked.get("chat_id") not in (None, chat.id):
        raise bad("replies into other chats are not understood here")
    message = chat.find(asked["message_id"])
    if message is None and not asked.get("allow_sending_without_reply"):
        raise bad("message to be replied not found")
    return message


def own_message(api: BotApi, params: Params, *, missing: str) -> Message:
    """Return the message of the bot that a call wants to change."""
    chat = chat_of(api, params)
    message = chat.find(params.whole("message_id"))
    if message is None:
        raise bad(missing)
    if message.sender is not None or message.service:
        raise bad("message can't be edited")
    return message
