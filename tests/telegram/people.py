"""People with the app in their hands: what they do, and what they see."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from tests.telegram import delivery
from tests.telegram.chats import Chat, membership
from tests.telegram.entities import with_found
from tests.telegram.messages import Message
from tests.telegram.presses import Press
from tests.telegram.roles import Roles

if TYPE_CHECKING:
    from tests.telegram.api import BotApi

PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
ANONYMOUS = {
    "id": 1087968824,
    "is_bot": True,
    "first_name": "Group",
    "username": "GroupAnonymousBot",
}
CHANNEL = {
    "id": 136817688,
    "is_bot": True,
    "first_name": "Channel",
    "username": "Channel_Bot",
}


class Person(Roles):
    """Somebody, or somebody else's bot. Only who wrote to the bot can be written to by it."""

    def __init__(
        self, api: BotApi, user_id: int, name: str, username: str | None, language: str | None
    ) -> None:
        self.api = api
        self.id = user_id
        self.name = name
        self.username = username
        self.language = language
        self.is_bot = False
        self.started = False
        self.blocked = False
        self.deactivated = False
        self.dm = Chat(api, user_id, "private", name, [self])

    def shown(self) -> dict[str, Any]:
        """Return them as the Bot API shows them."""
        shown: dict[str, Any] = {"id": self.id, "is_bot": self.is_bot, "first_name": self.name}
        if self.username:
            shown["username"] = self.username
        if self.language:
            shown["language_code"] = self.language
        return shown

    def says(
        self,
        text: str,
        chat: Chat | None = None,
        reply_to: Message | None = None,
        thread: int | None = None,
        as_group: bool = False,
        via_channel: str | None = None,
        force: bool = False,
    ) -> Message:
        """Send a message, by default to the bot itself; see `delivery` for who gets it."""
        chat = self._in(chat)
        text = text.strip()
        assert 1 <= len(text) <= 4096, "the app would not send this"
        if reply_to is not None:
            thread = reply_to.thread if thread is None else thread
        assert thread is None or thread in chat.topics, f"no such topic in {chat.title}"
        message = chat.add(
            self,
            text=text,
            entities=with_found(text, []),
            reply_to=reply_to,
            thread=thread,
            behalf=self._behalf(chat, as_group, via_channel),
        )
        delivery.deliver(message, force=force)
        return message

    def sends_file(
        self, filename: str, content: bytes, caption: str = "", chat: Chat | None = None
    ) -> Message:
        """Send a document with a caption."""
        chat = self._in(chat)
        media = self.api.store("document", filename, content, caption, "application/octet-stream")
        message = chat.add(self, text=caption, entities=with_found(caption, []), uploads=[media])
        delivery.deliver(message)
        return message

    def speaks(
        self,
        sound: bytes,
        chat: Chat | None = None,
        reply_to: Message | None = None,
        seconds: int = 5,
    ) -> Message:
        """Send a voice message."""
        chat = self._in(chat)
        media = self.api.store("voice", "voice.ogg", sound, "", "audio/ogg")
        media.shown["duration"] = seconds
        del media.shown["file_name"]  # a voice message has none
        message = chat.add(self, uploads=[media], reply_to=reply_to)
        delivery.deliver(message)
        return message

    def _in(self, chat: Chat | None) -> Chat:
        chat = chat or self.dm
        assert not self.deactivated, f"{self.name} has no account any more"
        assert self in chat.people, f"{self.name} is not in {chat.title}"
        assert chat.moved_to is None, f"{chat.title} became a supergroup"
        if chat is self.dm:
            assert not self.blocked, f"{self.name} blocked the bot"
            self.started = True
        return chat

    def _behalf(self, chat: Chat, as_group: bool, via_channel: str | None) -> dict[str, Any]:
        if as_group:
            assert self in chat.admins, "only administrators may be anonymous"
            assert chat.kind == "supergroup"
            return {"from": ANONYMOUS, "sender_chat": chat.shown()}
        if via_channel:
            number = -1_000_000_000_000 - sum(map(ord, via_channel)) * 1_000_003
            channel = {"id": number, "type": "channel", "title": via_channel}
            return {"from": CHANNEL, "sender_chat": channel}
        return {}

    def presses(self, button: str | int, on: Message, *, stale: bool = False) -> Press:
        """Press a button by its label or its place; `stale`: too long ago to be answered."""
        assert self in on.chat.people, f"{self.name} does not see {on.chat.title}"
        buttons = [one for row in on.keyboard for one in row]
        if isinstance(button, int):
            assert -len(buttons) <= button < len(buttons), f"no button {button} in {on.labels}"
            pressed = buttons[button]
        else:
            named = [one for one in buttons if one.label == button] or [
                one for one in buttons if button in one.label
            ]
            assert named, f"no button {button!r} in {on.labels}"
            assert len(named) == 1, f"{button!r} is on more than one button of {on.labels}"
            pressed = named[0]
        assert pressed.data is not None, f"{pressed.label!r} opens {pressed.url}"
        if on.chat is self.dm:
            assert not self.blocked, f"{self.name} blocked the bot"
            self.started = True
        return self.api.press(self, on, pressed.data, stale)

    def opens(self, url: str | None) -> Message:
        """Follow a link to the bot, such as a button's, and press START."""
        assert url, "there is no link"
        parts = urlsplit(url)
        asked = parse_qs(parts.query, keep_blank_values=True)
        mine = f"/{self.api.username}".lower()
        assert parts.scheme in ("http", "https"), url
        assert parts.netloc == "t.me", url
        assert parts.path.rstrip("/").lower() == mine, url
        assert set(asked) <= {"start"}, f"{url} asks for more than a start"
        payload = asked.get("start", [""])[0]
        assert not payload or PAYLOAD.fullmatch(payload), f"{payload!r} is not a payload"
        return self.says(f"/start {payload}".strip())

    def edits(self, message: Message, text: str) -> None:
        """Change what they said."""
        assert message.sender is self, "only one's own messages"
        message.text, message.entities = text.strip(), with_found(text.strip(), [])
        message.edited, message.edit_date = True, self.api.now()
        delivery.deliver(message, kind="edited_message")
        self.api.pulse.beat()

    def deletes(self, message: Message) -> None:
        """Delete a message; bots are not told."""
        assert message.sender is self or message.chat is self.dm or self in message.chat.admins, (
            f"{self.name} may not delete that"
        )
        message.deleted = True
        self.api.pulse.beat()

    def reacts(self, message: Message, emoji: str) -> None:
        """Put a reaction on a message; bots are told when they asked for it and may see it."""
        reaction = [{"type": "emoji", "emoji": emoji}]
        chat = message.chat
        body = {
            "chat": chat.shown(),
            "message_id": message.id,
            "user": self.shown(),
            "date": int(self.api.now().timestamp()),
            "old_reaction": [],
            "new_reaction": reaction,
        }
        if chat.kind == "private" or chat.bot_status == "administrator":
            self.api.push("message_reaction", body)

    def votes(self, message: Message, chosen: list[int]) -> None:
        """Vote in a poll; no options take the vote back."""
        assert message.poll is not None, "there is no poll in it"
        assert self in message.chat.people, f"{self.name} does not see {message.chat.title}"
        message.poll.vote(self.id, chosen)
        self.api.push("poll", message.poll.shown())
        if not message.poll.anonymous:
            answer = {
                "poll_id": message.poll.id,
                "user": self.shown(),
                "option_ids": chosen,
                "option_persistent_ids": [message.poll.persistent(one) for one in chosen],
            }
            message.pushed = self.api.push("poll_answer", answer)

    def blocks_bot(self) -> None:
        """Block the bot in the private chat."""
        assert not self.blocked
        self.blocked = True
        self._tell("member", "kicked")

    def unblocks_bot(self) -> None:
        """Let the bot write again."""
        assert self.blocked
        self.blocked = False
        self._tell("kicked", "member")

    def _tell(self, old: str, new: str) -> None:
        before, after = membership(old, self.api.me), membership(new, self.api.me)
        delivery.tell_change(self.dm, "my_chat_member", before, after, by=self)

    def deactivates(self) -> None:
        """Delete their account."""
        self.deactivated = True

    async def sees(
        self,
        text: str,
        chat: Chat | None = None,
        timeout: float = 5,
        after: Message | None = None,
    ) -> Message:
        """Wait for a message of the bot that contains a text, here or in their private chat."""
        chat = chat or self.dm
        assert self in chat.people, f"{self.name} does not see {chat.title}"
        return await chat.sees(text, timeout, after)

    def __repr__(self) -> str:
        return f"<{self.name} {self.id}>"
