"""Messages as people see them, and as the bot is told of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.telegram.entities import Entity, cut
from tests.telegram.keyboards import Button
from tests.telegram.polls import Poll

if TYPE_CHECKING:
    from tests.telegram.chats import Chat
    from tests.telegram.people import Person
    from tests.telegram.updates import Pushed


class Media(NamedTuple):
    """A file in a message; `shown` is how the bot is told of it."""

    kind: str
    filename: str
    content: bytes
    caption: str
    shown: Any = None


@dataclass(eq=False)
class Message:
    """One message in one chat. `sender` is None for what the bot sent."""

    chat: Chat
    id: int
    sender: Person | None
    date: datetime
    text: str = ""
    entities: list[Entity] = field(default_factory=list)
    keyboard: list[list[Button]] = field(default_factory=list)
    markup: dict[str, Any] | None = None
    force_reply: dict[str, Any] | None = None
    reply_keyboard: dict[str, Any] | None = None
    reply_to: Message | None = None
    thread: int | None = None
    reactions: list[str] = field(default_factory=list)
    edited: bool = False
    edit_date: datetime | None = None
    deleted: bool = False
    html_source: str = ""
    link_preview: dict[str, Any] | None = None
    silent: bool = False
    uploads: list[Media] = field(default_factory=list)
    poll: Poll | None = None
    service: dict[str, Any] = field(default_factory=dict)
    behalf: dict[str, Any] = field(default_factory=dict)
    pushed: Pushed | None = None

    @property
    def media(self) -> list[tuple[str, str, bytes, str]]:
        """Return its files: kind, name, content and caption."""
        return [(one.kind, one.filename, one.content, one.caption) for one in self.uploads]

    @property
    def link_preview_disabled(self) -> bool:
        """Whether no preview of a link is shown below it."""
        return bool((self.link_preview or {}).get("is_disabled"))

    @property
    def labels(self) -> list[str]:
        """Return what stands on its buttons."""
        return [button.label for row in self.keyboard for button in row]

    @property
    def pings(self) -> list[Person]:
        """Return whom it notifies by a mention. A silent message mentions people all the same."""
        pinged: list[Person] = []
        for entity in self.entities:
            name = cut(self.text, entity).removeprefix("@").lower()
            for person in self.chat.people:
                named = entity["type"] == "mention" and (person.username or "").lower() == name
                linked = entity["type"] == "text_mention" and entity["user"]["id"] == person.id
                if (named or linked) and person is not self.sender and person not in pinged:
                    pinged.append(person)
        return pinged

    @property
    def searched(self) -> str:
        """Return the text that `sees` looks into."""
        return "\n".join((self.text, self.poll.question if self.poll else ""))

    def shown(self, *, nested: bool = False) -> dict[str, Any]:
        """Return it as the Bot API shows it. A message replied to does not show its own reply."""
        shown: dict[str, Any] = {
            "message_id": self.id,
            "date": int(self.date.timestamp()),
            "chat": self.chat.shown(),
            "from": self.sender.shown() if self.sender else self.chat.api.me,
            **self.behalf,
            **self.service,
        }
        if self.thread is not None:
            shown |= {"message_thread_id": int(self.thread), "is_topic_message": True}
        elif self.reply_to and self.chat.kind == "supergroup" and not self.chat.forum:
            shown["message_thread_id"] = self.root.id  # it is told for replies without topics too
        if self.edit_date:
            shown["edit_date"] = int(self.edit_date.timestamp())
        replied = self.reply_to or self.topic_start
        if replied and not nested and not replied.deleted:
            shown["reply_to_message"] = replied.shown(nested=True)
        shown |= self._content()
        if self.link_preview:
            shown["link_preview_options"] = self.link_preview
        if self.markup:
            shown["reply_markup"] = self.markup
        return shown

    def _content(self) -> dict[str, Any]:
        shown: dict[str, Any] = {one.kind: one.shown for one in self.uploads}
        if self.poll:
            shown["poll"] = self.poll.shown()
        text, entities = ("caption", "caption_entities") if self.uploads else ("text", "entities")
        if self.text:
            shown[text] = self.text
        if self.entities:
            shown[entities] = self.entities
        return shown

    @property
    def root(self) -> Message:
        """Return the message that began the chain of replies."""
        message = self
        while message.reply_to:
            message = message.reply_to
        return message

    @property
    def topic_start(self) -> Message | None:
        """Return the service message of its topic, which it is told to reply to."""
        if self.thread is None or "forum_topic_created" in self.service:
            return None
        return self.chat.find(self.thread)

    def __repr__(self) -> str:
        who = self.sender.name if self.sender else "bot"
        what = self.text or (self.poll and self.poll.question) or ", ".join(self.service)
        keys = f" {self.labels}" if self.keyboard else ""
        return f"<{self.id} {who}: {what!r}{keys}>"
