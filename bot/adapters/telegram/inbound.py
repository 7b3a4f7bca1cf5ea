"""Update -> what somebody did, or nothing that concerns us. Pure.

What the library tells us is read here and nowhere else. Ignored are channels, other bots, what is
said to other bots, and chatter: with privacy mode on we would not even hear it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from telegram import CallbackQuery, Chat, ChatMember, ChatMemberUpdated, Message, User
from telegram.constants import ChatID, ChatType

from bot.adapters.telegram import wire
from bot.cards.question import reply_of
from bot.chat.context import ChatKind, ChatRef, MessageRef, Place, Role, Sender

PLATFORM = "telegram"

_COMMAND = re.compile(r"/([A-Za-z0-9_]+)(?:@(\w+))?(?=\s|$)")
_START = re.compile(r"/start(?:@\w+)?\s+([A-Za-z0-9_-]{1,64})\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Recording:
    """Something that was spoken: where its file is, and what Telegram says of it."""

    file: str
    seconds: int
    size: int
    name: str
    mime: str


@dataclass(frozen=True, slots=True)
class Wrote:
    """A message from a person.

    Attributes:
        text: What it says; empty if it is a sticker, a picture, a voice.
        place: Where.
        message: The message itself.
        at: When it was sent.
        replied: Our message that it replies to.
        copied: What a reply to that message is for, as its buttons tell: our id of the chat (0:
            this one) and the action; the action is empty if they do not.
        command: Name of the command that it begins with, empty if it is none.
        addressed: Whether the command names us.
        payload: Parameter of /start, if it came by a link.
        anonymous: Whether it was written in the group's own name.
        quoted: What the person's message says that it replies to.
        recording: What was spoken, in a message without words.
    """

    sender: Sender
    place: Place
    text: str
    message: MessageRef
    at: datetime
    replied: MessageRef | None = None
    command: str = ""
    addressed: bool = False
    payload: str = ""
    anonymous: bool = False
    copied: tuple[int, str] = (0, "")
    quoted: str = ""
    recording: Recording | None = None

    @property
    def in_group(self) -> bool:
        """Whether others can read it."""
        return self.place.kind is ChatKind.GROUP

    @property
    def key(self) -> str:
        """The same for every telling of the same message."""
        return f"{self.message.chat.id}:{self.message.id}"


@dataclass(frozen=True, slots=True)
class Press:
    """A button under one of our messages.

    Attributes:
        id: The press' own id.
        place: Where the message stands.
        message: The message.
        chat: Our id of the chat that the button concerns; 0: the one where it stands.
        action: What it does.
    """

    sender: Sender
    place: Place
    id: str
    message: MessageRef
    chat: int
    action: str

    @property
    def in_group(self) -> bool:
        """Whether others see the message."""
        return self.place.kind is ChatKind.GROUP


@dataclass(frozen=True, slots=True)
class Migrated:
    """A group became a supergroup."""

    old: ChatRef
    new_id: str


@dataclass(frozen=True, slots=True)
class Belonging:
    """Somebody let us in, or put us out.

    Attributes:
        by: Who did it.
        reachable: Whether we can write there now.
        new: Whether we could not be there before.
    """

    place: Place
    by: Sender
    reachable: bool
    new: bool


def message(of: Message, username: str) -> Wrote | Migrated | None:
    """Return what a message is to us.

    Args:
        of: The message.
        username: Ours.
    """
    if of.migrate_to_chat_id:
        return Migrated(_ref(of.chat), str(of.migrate_to_chat_id))
    if of.migrate_from_chat_id:
        return Migrated(ChatRef(PLATFORM, str(of.migrate_from_chat_id)), str(of.chat.id))
    sender = _author(of)
    if sender is None or of.chat.type == ChatType.CHANNEL or of.via_bot is not None:
        return None
    text = of.text or of.caption or ""
    if not text and not _is_content(of):
        return None
    found = _COMMAND.match(text)
    if found and found[2] and found[2].casefold() != username.casefold():
        return None  # said to another bot
    place = _place(of.chat, _thread(of))
    start = _START.fullmatch(text) if place.kind is ChatKind.DM else None
    return Wrote(
        sender,
        place,
        text,
        MessageRef(place.ref, str(of.message_id)),
        of.date.astimezone(UTC),
        _replied(of, username, place),
        found[1].casefold() if found else "",
        bool(found and found[2]),
        start[1] if start else "",
        anonymous=of.sender_chat is not None,
        copied=_copied(of.reply_to_message),
        quoted=_quoted(of.reply_to_message),
        recording=_recording(of),
    )


def press(of: CallbackQuery) -> Press | None:
    """Return what a press is to us."""
    read = wire.read_data(of.data) if of.data else None
    if read is None or of.message is None or of.from_user.is_bot:
        return None
    thread = _thread(of.message) if isinstance(of.message, Message) else ""
    place = _place(of.message.chat, thread)
    if of.message.chat.type == ChatType.CHANNEL:
        return None
    at = MessageRef(place.ref, str(of.message.message_id))
    return Press(_person(of.from_user), place, of.id, at, *read)


def belonging(of: ChatMemberUpdated) -> Belonging | None:
    """Return what a change of our membership is to us; nothing in a channel."""
    if of.chat.type == ChatType.CHANNEL:
        return None
    member = of.new_chat_member
    reachable = _is_inside(member) and bool(getattr(member, "can_send_messages", True))
    return Belonging(
        _place(of.chat, ""),
        _person(of.from_user),
        reachable,
        new=not _is_inside(of.old_chat_member),
    )


def direct(sender: Sender) -> Place:
    """Return the direct chat between a person and the bot; its id is the person's."""
    return Place(ChatRef(PLATFORM, sender.id), ChatKind.DM)


def _author(of: Message) -> Sender | None:
    """Return who wrote a message; None if it was no person."""
    if of.sender_chat is not None:
        # An administrator who stays anonymous writes as the group itself; all else are channels.
        if of.sender_chat.id != of.chat.id or of.chat.type == ChatType.PRIVATE:
            return None
        return Sender(str(of.chat.id), of.chat.title or "the group", Role.MODERATOR)
    user = of.from_user
    if user is None or user.is_bot or user.id == ChatID.SERVICE_CHAT:
        return None
    return _person(user)


def _person(user: User) -> Sender:
    return Sender(str(user.id), user.full_name, language=user.language_code or "")


def _place(chat: Chat, thread: str) -> Place:
    kind = ChatKind.DM if chat.type == ChatType.PRIVATE else ChatKind.GROUP
    title = "" if kind is ChatKind.DM else chat.title or ""
    return Place(_ref(chat, thread), kind, title)


def _ref(chat: Chat, thread: str = "") -> ChatRef:
    return ChatRef(PLATFORM, str(chat.id), thread)


def _is_inside(member: ChatMember) -> bool:
    """Return whether somebody is in a chat; who is restricted can be so from outside."""
    return member.status in ("member", "administrator", "creator") or (
        member.status == "restricted" and bool(getattr(member, "is_member", False))
    )


def _thread(of: Message) -> str:
    return str(of.message_thread_id) if of.is_topic_message and of.message_thread_id else ""


def _replied(of: Message, username: str, place: Place) -> MessageRef | None:
    to = of.reply_to_message
    if to is None or to.from_user is None or to.from_user.username != username:
        return None
    return MessageRef(place.ref, str(to.message_id))


def _copied(to: Message | None) -> tuple[int, str]:
    """Return what a reply to one of our messages is for, as far as its buttons tell."""
    keyboard = to.reply_markup if to is not None else None
    for row in keyboard.inline_keyboard if keyboard is not None else ():
        for key in row:
            read = wire.read_data(key.callback_data) if isinstance(key.callback_data, str) else None
            if read is not None and (reply := reply_of(read[1])):
                return read[0], reply
    return 0, ""


def _quoted(to: Message | None) -> str:
    """Return what somebody's message says; nothing of a bot's, ours above all."""
    if to is None or to.from_user is None or to.from_user.is_bot:
        return ""
    return to.text or to.caption or ""


def _recording(of: Message) -> Recording | None:
    """Return what was spoken in a message: a voice message, or a sound file."""
    sound = of.voice or of.audio
    if sound is None:
        return None
    length = sound.duration
    seconds = length if isinstance(length, int) else round(length.total_seconds())
    name = of.audio.file_name if of.audio is not None else None
    mime = sound.mime_type or "audio/ogg"
    return Recording(sound.file_id, seconds, sound.file_size or 0, name or "voice.ogg", mime)


def _is_content(of: Message) -> bool:
    """Return whether a person meant to say something with it: no join, no pin, no new title."""
    return bool(of.effective_attachment) and not of.pinned_message
