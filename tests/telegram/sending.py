"""Methods that send, edit and delete messages."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tests.telegram import keyboards, markup
from tests.telegram.entities import Entity, units
from tests.telegram.messages import Message
from tests.telegram.params import Params
from tests.telegram.refusals import bad
from tests.telegram.registry import (
    answers,
    chat_of,
    chat_to_write,
    own_message,
    reply_of,
    thread_of,
)

if TYPE_CHECKING:
    from tests.telegram.api import BotApi

MOST_TEXT = 4096
MOST_CAPTION = 1024
DELETABLE = timedelta(hours=48)
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly "
    "the same as a current content and reply markup of the message"
)


def known(api: BotApi, entities: list[Entity]) -> list[Entity]:
    """Return entities with the users they link to; links to people nobody knows are dropped."""
    kept = []
    for entity in entities:
        user_id = entity.get("user_id") or entity.get("user", {}).get("id")
        if entity["type"] != "text_mention":
            kept.append(entity)
        elif person := api.people.get(user_id):
            plain = {name: value for name, value in entity.items() if name != "user_id"}
            kept.append({**plain, "user": person.shown()})
    return kept


def text_of(api: BotApi, params: Params, too_long: str) -> tuple[str, list[Entity]]:
    """Return the text of a message that must have one."""
    text, entities = markup.read(params, "text", most=MOST_TEXT, too_long=too_long)
    if not text:
        raise bad("message text is empty")
    return text, known(api, entities)


def caption_of(api: BotApi, params: Params) -> tuple[str, list[Entity]]:
    """Return what is written below a file."""
    too_long = "message caption is too long"
    text, entities = markup.read(params, "caption", most=MOST_CAPTION, too_long=too_long)
    return text, known(api, entities)


def send(api: BotApi, params: Params, content: dict[str, Any]) -> dict[str, Any]:
    """Append a message of the bot with what all kinds of messages may have."""
    chat = chat_to_write(api, params)
    below = keyboards.read(params.json("reply_markup"))
    reply_to = reply_of(chat, params)
    message = chat.add(
        None,
        **content,
        reply_to=reply_to,
        thread=thread_of(chat, params, reply_to),
        keyboard=below.rows or [],
        markup=below.raw,
        force_reply=below.force_reply,
        reply_keyboard=below.reply_keyboard,
        silent=params.flag("disable_notification"),
    )
    return message.shown()


@answers("sendMessage")
def send_message(api: BotApi, params: Params) -> Any:
    """Send a text."""
    chat_to_write(api, params)
    text, entities = text_of(api, params, "message is too long")
    content = {
        "text": text,
        "entities": entities,
        "html_source": params.text("text"),
        "link_preview": params.json("link_preview_options"),
    }
    return send(api, params, content)


def _editable(api: BotApi, params: Params) -> Message:
    chat_to_write(api, params)
    message = own_message(api, params, missing="message to edit not found")
    if message.force_reply or message.reply_keyboard:
        raise bad("message can't be edited")
    return message


def _changed(message: Message) -> dict[str, Any]:
    api = message.chat.api
    message.edited, message.edit_date = True, api.now()
    api.pulse.beat()
    return message.shown()


@answers("editMessageText")
def edit_message_text(api: BotApi, params: Params) -> Any:
    """Change a text and the buttons below it; without buttons, those there were go."""
    message = _editable(api, params)
    if message.uploads or message.poll:
        raise bad("there is no text in the message to edit")
    text, entities = text_of(api, params, "MESSAGE_TOO_LONG")
    below = keyboards.read(params.json("reply_markup"), inline_only=True)
    preview = params.json("link_preview_options")
    old = (message.text, message.entities, message.markup, message.link_preview)
    if old == (text, entities, below.raw, preview):
        raise bad(NOT_MODIFIED)
    message.text, message.entities, message.html_source = text, entities, params.text("text")
    message.link_preview = preview
    message.keyboard, message.markup = below.rows or [], below.raw
    return _changed(message)


@answers("editMessageCaption")
def edit_message_caption(api: BotApi, params: Params) -> Any:
    """Change what is written below a file."""
    message = _editable(api, params)
    if not message.uploads:
        raise bad("there is no caption in the message to edit")
    text, entities = caption_of(api, params)
    below = keyboards.read(params.json("reply_markup"), inline_only=True)
    if (message.text, message.entities, message.markup) == (text, entities, below.raw):
        raise bad(NOT_MODIFIED)
    message.text, message.entities, message.html_source = text, entities, params.text("caption")
    message.uploads = [one._replace(caption=text) for one in message.uploads]
    message.keyboard, message.markup = below.rows or [], below.raw
    return _changed(message)


@answers("editMessageReplyMarkup")
def edit_message_reply_markup(api: BotApi, params: Params) -> Any:
    """Change only the buttons."""
    message = _editable(api, params)
    below = keyboards.read(params.json("reply_markup"), inline_only=True)
    if message.markup == below.raw:
        raise bad(NOT_MODIFIED)
    message.keyboard, message.markup = below.rows or [], below.raw
    return _changed(message)


@answers("deleteMessage")
def delete_message(api: BotApi, params: Params) -> Any:
    """Delete a message: the bot's own, in private anybody's, as administrator anybody's."""
    chat = chat_of(api, params)
    message = chat.find(params.whole("message_id"))
    if message is None:
        raise bad("message to delete not found")
    may = message.sender is None or chat.kind == "private" or chat.bot_status == "administrator"
    old = api.now() - message.date >= DELETABLE and chat.bot_status != "administrator"
    if not may or old:
        raise bad("message can't be deleted")
    message.deleted = True
    api.pulse.beat()
    return True


@answers("deleteMessages")
def delete_messages(api: BotApi, params: Params) -> Any:
    """Delete up to 100 messages; those that are not there are skipped."""
    chat = chat_of(api, params)
    numbers = params.json("message_ids") or []
    if not 1 <= len(numbers) <= 100:
        raise bad("message identifiers are not specified")
    for number in numbers:
        if chat.find(number):
            delete_message(api, Params({"chat_id": chat.id, "message_id": number}, {}))
    return True


@answers("answerCallbackQuery")
def answer_callback_query(api: BotApi, params: Params) -> Any:
    """Answer a press, once and soon."""
    press = api.presses.get(params.text("callback_query_id"))
    late = press is not None and api.loop_time() - press.at > api.callback_lifetime_s
    if press is None or press.answer or press.stale or late:
        raise bad("query is too old and response timeout expired or query ID is invalid")
    text, url = params.text("text"), params.text("url")
    if units(text) > 200:
        raise bad("MESSAGE_TOO_LONG")
    if url and not api.is_start_link(url):
        raise bad("URL_INVALID")
    api.answer(press, text, params.flag("show_alert"), url)
    return True
