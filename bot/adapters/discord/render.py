"""Card -> messages, Form -> modal. Pure: testable without a network.

Cards are drawn with Components V2; a line or two of news is an ordinary message.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import discord
from discord import ui

from bot.adapters.discord.markdown import FENCE, escaped, markdown, plain_text
from bot.adapters.discord.parts import parts
from bot.chat.markup import visible
from bot.chat.view import INVITE, Button, Card, Form, Input, Link, Media, Style

PREFIX = "d1:"
"""What our custom ids begin with; the number changes when their meaning does."""
MAX_CONTENT = 2000
"""Characters of an ordinary message."""
MAX_DISPLAY = 4000
"""Characters of all texts of a message with Components V2."""
MAX_CALL = 30
"""Characters that the call of a role takes."""
MAX_LABEL = 80
"""Characters of a button's label."""
MAX_ABOUT = 100
"""Characters of what stands below an input's label."""
MAX_VALUE = 4000
"""Characters of a text input."""
MAX_OPTIONS = 25
"""Options of a select."""
MAX_ALT = 256
"""Characters that describe a picture; more of them nobody has read aloud."""
ROW = 5
"""Buttons of a row."""
MAX_ROWS = 5
"""Rows under an ordinary message."""
ACCENT = 0x0072B2
"""The house's colour, the blue of the Okabe-Ito set."""
EMPTY = "…"
"""What stands in a card that says nothing."""
PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    create_public_threads=True,
    embed_links=True,
    attach_files=True,
    read_message_history=True,
)
"""What an invitation asks for."""

_STYLES = {
    Style.PRIMARY: discord.ButtonStyle.primary,
    Style.NEUTRAL: discord.ButtonStyle.secondary,
    Style.DANGER: discord.ButtonStyle.danger,
}
_PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""What Discord shows as pictures; an SVG is a file to it."""
_PLAIN_KINDS = frozenset({"error", "note"})


class ActionButton(ui.DynamicItem[ui.Button[ui.LayoutView]], template=rf"{PREFIX}(?P<action>.+)"):
    """Every button of ours: what it does stands in its id, so it works after any restart."""

    pressed: Callable[[discord.Interaction, str], object]

    def __init__(self, button: ui.Button[ui.LayoutView], action: str) -> None:
        super().__init__(button)
        self.action = action

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: ui.Item[ui.LayoutView], match: re.Match[str]
    ) -> ActionButton:
        """Return the button that was pressed."""
        assert isinstance(item, ui.Button)
        return cls(item, match["action"])

    async def callback(self, interaction: discord.Interaction) -> None:
        """Hand the press to the client."""
        await interaction.client.press(interaction, self.action)  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Rendered:
    """One message: its text if it is an ordinary one, its components, its files.

    `ping` is the id of the role that it calls; 0: none.
    """

    content: str
    view: ui.View | ui.LayoutView | None
    files: tuple[discord.File, ...] = ()
    ping: int = 0

    @property
    def is_layout(self) -> bool:
        """Whether it is made of Components V2; such a message stays one."""
        return isinstance(self.view, ui.LayoutView)


class Renderer:
    """Renders cards for one bot."""

    def __init__(self, application_id: int) -> None:
        """Render for the application of that id; links that add the bot need it."""
        self._application_id = application_id

    def card(self, card: Card) -> list[Rendered]:
        """Return a card's messages; its buttons stand under the last."""
        text = "\n\n".join(filter(None, (_title(card), *_bodies(card))))
        text = text if text.strip() else EMPTY
        rows = list(self._rows(card))
        if card.kind in _PLAIN_KINDS and not card.media:
            short = text.replace("\n\n", "\n", 1) if card.body.count("\n") == 0 else text
            if len(short) <= MAX_CONTENT and len(rows) <= MAX_ROWS:
                return [Rendered(short, _view(rows))]
        pages = parts(text, MAX_DISPLAY - MAX_CALL * bool(card.ping))
        return [
            self._layout(page, card, first=n == 0, last=n == len(pages) - 1)
            for n, page in enumerate(pages)
        ]

    def _layout(self, text: str, card: Card, *, first: bool, last: bool) -> Rendered:
        box: ui.Container[ui.LayoutView] = ui.Container(accent_colour=ACCENT)
        box.add_item(ui.TextDisplay(text))
        files: tuple[discord.File, ...] = ()
        if first and card.media:
            names = _names(card.media)
            files = tuple(map(_file, card.media, names))
            for media, name in zip(card.media, names, strict=True):
                address = f"attachment://{name}"
                if media.mime in _PICTURES:
                    item = discord.MediaGalleryItem(
                        address, description=media.alt[:MAX_ALT] or None
                    )
                    box.add_item(ui.MediaGallery(item))
                else:
                    box.add_item(ui.File(address))
        if last:
            for row in self._rows(card):
                box.add_item(ui.ActionRow(*row))
        view = ui.LayoutView(timeout=None)
        ping = int(card.ping) if first and card.ping.isdecimal() else 0
        if ping:
            view.add_item(ui.TextDisplay(f"<@&{ping}>"))
        view.add_item(box)
        return Rendered("", view, files, ping)

    def _rows(self, card: Card) -> Iterator[list[ui.Item[ui.LayoutView]]]:
        for number, row in enumerate(card.rows):
            talk = (Button("Discuss", card.discuss),) if card.discuss and not number else ()
            keys = [self._key(item) for item in (*row, *talk)]
            for start in range(0, len(keys), ROW):
                yield keys[start : start + ROW]

    def _key(self, item: Button | Link) -> ui.Item[ui.LayoutView]:
        label = _clipped(visible(item.label), MAX_LABEL) or EMPTY
        match item:
            case Button(_, action, style):
                button: ui.Button[ui.LayoutView] = ui.Button(
                    label=label, custom_id=f"{PREFIX}{action}", style=_STYLES[style]
                )
                return ActionButton(button, action)  # type: ignore[return-value]
            case Link(_, url):
                invite = discord.utils.oauth_url(self._application_id, permissions=PERMISSIONS)
                return ui.Button(label=label, url=invite if url == INVITE else url)


def _view(rows: list[list[ui.Item[ui.LayoutView]]]) -> ui.View | None:
    if not rows:
        return None
    view = ui.View(timeout=None)
    for number, row in enumerate(rows):
        for button in row:
            button.row = number
            view.add_item(button)
    return view


def modal(form: Form) -> ui.Modal:
    """Return a form as a modal.

    What is known already stands in it too, as inputs that can be changed: a modal has no room to
    carry values that are not seen.
    """
    made = ui.Modal(title=form.title, custom_id=f"{PREFIX}{form.submit}", timeout=None)
    asked = {each.name for each in form.inputs}
    known = [Input(n, n.capitalize()[:45], value=v) for n, v in form.given if n not in asked]
    inputs = (*known, *form.inputs)
    room = 5 - len(inputs)
    for each in inputs:
        if len(each.about) > MAX_ABOUT and room > 0:
            made.add_item(ui.TextDisplay(f"**{escaped(visible(each.about))}**"))
            room -= 1
        about = each.about if len(each.about) <= MAX_ABOUT else ""
        made.add_item(
            ui.Label(text=each.label, description=about or None, component=_component(each))
        )
    made.stop()  # the library need not remember it: who sends it in is recognised by its id
    return made


def _component(each: Input) -> ui.Item[ui.Modal]:
    if each.choices:
        options = [
            discord.SelectOption(
                label=_clipped(label, 100), value=value, default=value == each.value
            )
            for label, value in each.choices[:MAX_OPTIONS]
        ]
        return ui.Select(custom_id=each.name, options=options, required=each.required)
    longest = min(each.max_length, MAX_VALUE)
    return ui.TextInput(
        custom_id=each.name,
        style=discord.TextStyle.paragraph if each.multiline else discord.TextStyle.short,
        default=each.value[:longest] or None,
        required=each.required,
        max_length=longest,
    )


def _title(card: Card) -> str:
    title = plain_text(card.title)
    if not title:
        return ""
    return f"**{title}**" if card.kind in _PLAIN_KINDS else f"### {title}"


def _bodies(card: Card) -> Iterator[str]:
    yield markdown(card.body)
    yield "\n".join(_field(plain_text(name), markdown(value)) for name, value in card.fields)


def _field(name: str, value: str) -> str:
    if not name:
        return value
    # A quote or a block of code is one only where a line begins.
    return f"**{name}**:{chr(10) if value.startswith(('> ', FENCE)) else ' '}{value}"


def _names(media: Sequence[Media]) -> list[str]:
    """Return names of files that Discord leaves as they are, each another one."""
    found: list[str] = []
    for each in media:
        name = re.sub(r"[^A-Za-z0-9_.-]+", "-", each.name).strip("-.") or "file"
        found.append(f"{len(found) + 1}-{name}" if name in found else name)
    return found


def _file(media: Media, name: str) -> discord.File:
    return discord.File(io.BytesIO(media.content), name, description=media.alt[:MAX_ALT] or None)


def _clipped(text: str, limit: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"
