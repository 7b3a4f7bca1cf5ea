"""What the bot is told: messages as far as privacy mode lets them through, and memberships."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.telegram.entities import cut

if TYPE_CHECKING:
    from tests.telegram.chats import Chat
    from tests.telegram.messages import Message
    from tests.telegram.people import Person


def reaches_bot(message: Message) -> bool:
    """Return whether the bot is told of what somebody said."""
    chat, api = message.chat, message.chat.api
    if not chat.bot_is_here or (message.sender and message.sender.is_bot):
        return False
    if chat.kind == "private" or chat.bot_status == "administrator" or not api.privacy:
        return True
    if message.reply_to and message.reply_to.sender is None:
        return True
    first = next((one for one in message.entities if one["offset"] == 0), None)
    if first is None or first["type"] != "bot_command":
        return False
    _, at, addressed = cut(message.text, first).partition("@")
    return not at or addressed.lower() == api.username.lower()


def deliver(message: Message, *, kind: str = "message", force: bool = False) -> None:
    """Tell the bot of a message if it may know; `force`: in any case."""
    if force or reaches_bot(message):
        message.pushed = message.chat.api.push(kind, message.shown())


def bot_becomes(chat: Chat, status: str, by: Person) -> None:
    """Change what the bot is in a group, and tell it."""
    assert by in chat.people, f"{by.name} is not in {chat.title}"
    old = chat.bot_member()
    chat.bot_status = status
    tell_change(chat, "my_chat_member", old, chat.bot_member(), by=by)


def member_changed(chat: Chat, old: dict[str, Any], new: dict[str, Any], by: Person) -> None:
    """Tell the bot what became of somebody, which only administrators are told."""
    if chat.bot_status == "administrator":
        tell_change(chat, "chat_member", old, new, by=by)


def tell_change(
    chat: Chat, kind: str, old: dict[str, Any], new: dict[str, Any], by: Person
) -> None:
    """Push a ChatMemberUpdated."""
    body = {
        "chat": chat.shown(),
        "from": by.shown(),
        "date": int(chat.api.now().timestamp()),
        "old_chat_member": old,
        "new_chat_member": new,
    }
    chat.api.push(kind, body)
