"""What Telegram shows of what we render: the server's own parser and keyboards are the judge."""

from __future__ import annotations

from dataclasses import dataclass

from bot.adapters.telegram.render import Rendered, Renderer
from bot.chat.view import Card
from bot.commands import registry
from tests.telegram import keyboards, markup
from tests.telegram.entities import Entity, cut, units
from tests.telegram.keyboards import Button
from tests.telegram.params import Params

MOST_UNITS = 4096

RENDERER = Renderer("drillmate_bot", registry().commands)


@dataclass(frozen=True)
class Seen:
    """A message as people see it.

    Attributes:
        text: What is read.
        marked: The entities that the bot asked for.
        found: Those that Telegram adds by itself.
    """

    text: str
    marked: list[Entity]
    found: list[Entity]

    def parts(self, kind: str) -> list[str]:
        """Return the texts that entities of a kind cover."""
        every = [*self.marked, *self.found]
        return [cut(self.text, each) for each in every if each["type"] == kind]


def seen(html: str) -> Seen:
    """Return a message as Telegram would show it; what it would refuse raises."""
    params = Params({"text": html, "parse_mode": "HTML"}, {})
    text, entities = markup.read(params, "text", most=MOST_UNITS, too_long="message is too long")
    assert text, "message text is empty"
    assert len(html.encode()) <= markup.MOST_BYTES
    _, asked = markup.parse(html)
    kinds = {each["type"] for each in asked}
    found = [e for e in entities if e["type"] not in kinds and e["type"] not in _ASKED]
    return Seen(text, [e for e in entities if e not in found], found)


_ASKED = frozenset(
    "bold italic underline strikethrough spoiler text_link text_mention code pre blockquote".split()
)


def keys(made: Rendered) -> list[list[Button]]:
    """Return the buttons that Telegram would show; a keyboard it would refuse raises."""
    raw = made.keyboard.to_dict() if made.keyboard is not None else None
    return keyboards.read(raw).rows or []


def card(of: Card, chat: int = 0) -> tuple[Rendered, list[Seen]]:
    """Render a card, and look at each of its messages."""
    made = RENDERER.card(of, chat)
    keys(made)
    return made, [seen(text) for text in made.texts]


def length(text: str) -> int:
    """Return a length as Telegram counts."""
    return units(text)
