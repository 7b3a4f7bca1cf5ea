"""What each person has seen: whose buttons a number presses, and what text replies to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.chat.context import ChatRef, MessageRef
from bot.chat.markup import Mark, tokens
from bot.chat.view import Button, Card

MEMORY = 300
"""Messages remembered; older ones have long scrolled away."""
QUESTION = "question"
"""Kind of the cards that show a tally."""
WRAPPED = "wrapped"
"""Kind of a question that is wrapped up: plain text no longer answers it."""
STEP = "step"
"""Kind of the cards that ask for a form's next value."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A message on the screen; `only` is the one person who may see it, empty if all may."""

    ref: MessageRef
    card: Card
    only: str = ""


def buttons(card: Card) -> tuple[Button, ...]:
    """Return a card's buttons in the order in which they are numbered."""
    return tuple(item for row in card.rows for item in row if isinstance(item, Button))


def hidden(card: Card) -> tuple[str, ...]:
    """Return what a card hides."""
    parts = (card.body, *(value for _, value in card.fields))
    return tuple(t.text for part in parts for t in tokens(part) if t.mark is Mark.SPOILER)


class Seen:
    """The messages of a session, oldest first."""

    def __init__(self) -> None:
        self._messages: dict[MessageRef, Shown] = {}

    def add(self, shown: Shown) -> None:
        """Remember a message, as the newest, whether it is new or has been printed again."""
        self._messages.pop(shown.ref, None)
        self._messages[shown.ref] = shown
        if len(self._messages) > MEMORY:
            del self._messages[next(iter(self._messages))]

    def change(self, shown: Shown) -> None:
        """Replace a message's card where it stands: one from before a restart is the oldest."""
        if shown.ref in self._messages:
            self._messages[shown.ref] = shown
        else:
            self._messages = {shown.ref: shown, **self._messages}

    def get(self, ref: MessageRef) -> Shown | None:
        """Return a message as it is now."""
        return self._messages.get(ref)

    def to_press(self, chat: ChatRef, user_id: str) -> Shown | None:
        """Return the message that a number is for: the newest with buttons, or a form's step."""
        visible = self._visible(chat, user_id)
        return next((s for s in visible if s.card.kind == STEP or buttons(s.card)), None)

    def end_form(self, chat: ChatRef, user_id: str) -> None:
        """Forget a form's steps: it is filled in or cancelled."""
        over = [s.ref for s in self._visible(chat, user_id) if s.card.kind == STEP]
        for ref in over:
            del self._messages[ref]

    def to_reply(self, chat: ChatRef, user_id: str) -> str:
        """Return the action that takes plain text: that of the newest question.

        Empty if there is none, or a form waits for its next value.
        """
        visible = list(self._visible(chat, user_id))
        if any(s.card.kind == STEP for s in visible):
            return ""
        return next((s.card.reply for s in visible if s.card.kind == QUESTION), "")

    def to_reveal(self, user_id: str) -> Shown | None:
        """Return the last message, in any chat, that hides something from that person."""
        own = f"dm:{user_id}"
        for shown in reversed(self._messages.values()):
            chat = shown.ref.chat.id
            readable = shown.only in ("", user_id) and (chat == own or not chat.startswith("dm:"))
            if readable and hidden(shown.card):
                return shown
        return None

    def _visible(self, chat: ChatRef, user_id: str) -> Iterator[Shown]:
        """Yield what that person has seen in that chat, newest first."""
        for shown in reversed(self._messages.values()):
            if shown.ref.chat == chat and shown.only in ("", user_id):
                yield shown
