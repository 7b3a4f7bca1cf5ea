"""Private chats, groups and supergroups with their topics: who is in them, what is said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.telegram.messages import Message

if TYPE_CHECKING:
    from tests.telegram.api import BotApi
    from tests.telegram.people import Person

PRESENT = ("member", "administrator", "restricted")
"""States of the bot in which it is told what happens."""

RIGHTS = (
    "can_manage_chat can_delete_messages can_manage_video_chats can_restrict_members "
    "can_promote_members can_change_info can_invite_users can_post_stories can_edit_stories "
    "can_delete_stories can_pin_messages can_manage_topics"
).split()
PERMISSIONS = (
    "can_send_messages can_send_audios can_send_documents can_send_photos can_send_videos "
    "can_send_video_notes can_send_voice_notes can_send_polls can_send_other_messages "
    "can_add_web_page_previews can_react_to_messages can_edit_tag can_change_info "
    "can_invite_users can_pin_messages can_manage_topics"
).split()


class Topic(int):
    """A topic of a forum: the id of its thread, with a name."""

    name: str
    closed: bool

    def __new__(cls, thread: int, name: str) -> Topic:
        """Return the topic whose first message has this id."""
        topic = super().__new__(cls, thread)
        topic.name, topic.closed = name, False
        return topic

    @property
    def id(self) -> int:
        """Return the id of its thread."""
        return int(self)


class Chat:
    """One chat.

    `bot_status` is what the bot is in it: never (it was not there yet), member, administrator,
    restricted, left (of its own accord) or kicked.
    """

    def __init__(
        self,
        api: BotApi,
        chat_id: int,
        kind: str,
        title: str,
        people: list[Person],
        *,
        owner: Person | None = None,
        forum: bool = False,
    ) -> None:
        self.api = api
        self.id = chat_id
        self.kind = kind
        self.title = title
        self.people = people
        self.owner = owner
        self.promoted: list[Person] = []
        self.forum = forum
        self.topics: dict[int, Topic] = {}
        self.bot_status = "member" if kind == "private" else "never"
        self.reactions_allowed = True
        self.moved_to: Chat | None = None
        self.every: list[Message] = []

    @property
    def messages(self) -> list[Message]:
        """Return what people see in it now, in order."""
        return [message for message in self.every if not message.deleted]

    @property
    def admins(self) -> list[Person]:
        """Return its owner and those promoted."""
        return [self.owner, *self.promoted] if self.owner else []

    @property
    def members(self) -> list[Person]:
        """Return the people in it."""
        return list(self.people)

    @property
    def bot_is_here(self) -> bool:
        """Whether the bot is told what happens here."""
        return self.bot_status in PRESENT and self.moved_to is None

    def find(self, message_id: int | None) -> Message | None:
        """Return a message that is still there."""
        return next((message for message in self.messages if message.id == message_id), None)

    def add(self, sender: Person | None, **content: Any) -> Message:
        """Append a message with the next id and tell everybody who waits."""
        number = self.api.next_message_id(self)
        message = Message(self, number, sender, self.api.now(), **content)
        self.every.append(message)
        self.api.pulse.beat()
        return message

    def announce(self, sender: Person, **service: Any) -> Message:
        """Append a service message; the bot is told of it whatever its privacy."""
        message = self.add(sender, service=service)
        if self.bot_is_here:
            message.pushed = self.api.push("message", message.shown())
        return message

    def topic(self, name: str) -> Topic:
        """Open a topic in a forum."""
        assert self.forum, f"{self.title} is not a forum"
        assert self.owner
        assert 1 <= len(name) <= 128
        started = self.add(
            self.owner, service={"forum_topic_created": {"name": name, "icon_color": 7322096}}
        )
        topic = started.thread = Topic(started.id, name)
        self.topics[topic] = topic
        if self.bot_is_here:
            started.pushed = self.api.push("message", started.shown())
        return topic

    def close_topic(self, topic: Topic, *, closed: bool = True) -> None:
        """Close a topic, or open it again."""
        assert self.owner
        topic.closed = closed
        kind = "forum_topic_closed" if closed else "forum_topic_reopened"
        message = self.add(self.owner, service={kind: {}}, thread=topic)
        if self.bot_is_here:
            self.api.push("message", message.shown())

    def delete_topic(self, topic: Topic) -> None:
        """Delete a topic with all that was said in it; bots are not told."""
        del self.topics[topic]
        for message in self.every:
            message.deleted = message.deleted or message.thread == topic

    def migrates(self, *, announce: bool = True) -> Chat:
        """Turn a basic group into a supergroup, and return that; this one is no more."""
        assert self.kind == "group", "only a basic group becomes a supergroup"
        assert self.owner
        new = self.api.group(self.title, self.owner, self.people, kind="supergroup")
        new.promoted, new.bot_status = list(self.promoted), self.bot_status
        if announce:
            self.announce(self.owner, migrate_to_chat_id=new.id)
            new.announce(self.owner, migrate_from_chat_id=self.id)
        self.moved_to = new
        return new

    async def sees(self, text: str, timeout: float = 5, after: Message | None = None) -> Message:
        """Wait for a message of the bot that contains a text, and return the newest such one."""

        def look() -> Message | None:
            for message in reversed(self.messages):
                new = after is None or message.chat is not after.chat or message.id > after.id
                if message.sender is None and new and text in message.searched:
                    return message
            return None

        found = await self.api.pulse.until(look, timeout)
        if found is None:
            last = "\n".join(f"  {message!r}" for message in self.messages[-12:]) or "  nothing"
            raise AssertionError(
                f"{text!r} did not come in {timeout} s. {self.title} shows:\n{last}"
            )
        return found

    def shown(self) -> dict[str, Any]:
        """Return it as the Bot API shows it."""
        shown: dict[str, Any] = {"id": self.id, "type": self.kind}
        if self.kind == "private":
            shown["first_name"] = self.title
            if self.people[0].username:
                shown["username"] = self.people[0].username
        else:
            shown["title"] = self.title
        return {**shown, "is_forum": True} if self.forum else shown

    def member(self, person: Person) -> dict[str, Any]:
        """Return what `getChatMember` says of a person."""
        if person not in self.people:
            return {"status": "left", "user": person.shown()}
        status = (
            "creator"
            if person is self.owner
            else "administrator"
            if person in self.promoted
            else "member"
        )
        return membership(status, person.shown())

    def bot_member(self) -> dict[str, Any]:
        """Return what `getChatMember` says of the bot."""
        return membership(self.bot_status, self.api.me)

    def __repr__(self) -> str:
        return f"<{self.kind} {self.title} {self.id}>"


def membership(status: str, user: dict[str, Any]) -> dict[str, Any]:
    """Return a ChatMember of the Bot API."""
    member: dict[str, Any] = {"status": "left" if status == "never" else status, "user": user}
    if status == "creator":
        member["is_anonymous"] = False
    elif status == "administrator":
        rights = dict.fromkeys(RIGHTS, True)
        member |= {"can_be_edited": False, "is_anonymous": False, **rights}
    elif status == "restricted":
        denied = dict.fromkeys(PERMISSIONS, False)
        member |= {"is_member": True, **denied, "until_date": 0}
    elif status == "kicked":
        member["until_date"] = 0
    return member
