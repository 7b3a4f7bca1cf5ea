"""Who is typing, and in which chat: one terminal plays every person in every chat."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.chat.context import ChatKind, ChatRef, Event, Place, Request, Role, Sender
from bot.errors import Conflict

PLATFORM = "console"
DEFAULT_NAME = "you"


def direct(user_id: str) -> Place:
    """Return the direct chat between a person and the bot."""
    return Place(ChatRef(PLATFORM, f"dm:{user_id}"), ChatKind.DM)


def group(name: str) -> Place:
    """Return the group of that name; capitals make no difference."""
    title = f"#{name.lower()}"
    return Place(ChatRef(PLATFORM, title), ChatKind.GROUP, title)


@dataclass(slots=True)
class Scene:
    """The person being played, where they are, and whom and which groups there have been.

    Attributes:
        user_id: The person being played.
        place: Their chat.
        names: Display name by user id, as typed last.
        groups: Groups by title.
        moderators: Chat id and user id of everybody made a moderator there.
    """

    user_id: str = DEFAULT_NAME
    place: Place = field(default_factory=lambda: direct(DEFAULT_NAME))
    names: dict[str, str] = field(default_factory=lambda: {DEFAULT_NAME: DEFAULT_NAME})
    groups: dict[str, Place] = field(default_factory=dict)
    moderators: set[tuple[str, str]] = field(default_factory=set)

    def play(self, name: str) -> None:
        """Become the person of that name: in the same group, or in their own direct chat."""
        self.user_id = name.lower()
        self.names[self.user_id] = name
        if not self.in_group:
            self.place = direct(self.user_id)

    def moderate(self, name: str) -> None:
        """Become the person of that name, a moderator of this group from now on.

        Raises:
            Conflict: It is a direct chat; those have no moderators on any platform.
        """
        if not self.in_group:
            raise Conflict(
                "A direct chat has no moderators.", "Go to a group first, for instance !in prep."
            )
        self.play(name)
        self.moderators.add((self.place.ref.id, self.user_id))

    def enter(self, name: str) -> None:
        """Go to the group of that name, which exists by being named."""
        self.place = group(name)
        self.groups[self.place.title] = self.place

    def leave(self) -> None:
        """Go back to the direct chat with the bot."""
        self.place = direct(self.user_id)

    @property
    def in_group(self) -> bool:
        """Whether others are there."""
        return self.place.kind is ChatKind.GROUP

    @property
    def name(self) -> str:
        """The display name of the person being played."""
        return self.names[self.user_id]

    @property
    def role(self) -> Role:
        """What they may do where they are."""
        known = (self.place.ref.id, self.user_id) in self.moderators
        return Role.MODERATOR if known else Role.MEMBER

    @property
    def label(self) -> str:
        """Who and where, as the prompt shows it: "ana, moderator in #prep"."""
        if not self.in_group:
            return self.name
        title = ", moderator" if self.role is Role.MODERATOR else ""
        return f"{self.name}{title} in {self.place.title}"

    def label_of(self, chat: ChatRef) -> str:
        """Return how a chat is called: "#prep", or the name of the person behind a direct chat."""
        user_id = chat.id.removeprefix("dm:")
        return self.names.get(user_id, user_id)

    def request(self, event: Event, key: str, about: str = "") -> Request:
        """Return what they did, as the dispatcher takes it."""
        sender = Sender(self.user_id, self.name, self.role)
        return Request(sender, self.place, event, key, about)
