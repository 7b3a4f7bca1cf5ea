"""One typed line, from start to end: read it, do it, show what came of it, let time catch up."""

from __future__ import annotations

from typing import assert_never
from uuid import uuid4

from bot.adapters.console import render
from bot.adapters.console.inbound import (
    DIRECTIVES,
    Bare,
    Entry,
    GoTo,
    MoveClock,
    Number,
    PlayAs,
    Text,
    read,
)
from bot.adapters.console.moment import stamp, target
from bot.adapters.console.scene import DEFAULT_NAME, Scene
from bot.adapters.console.screen import Screen
from bot.adapters.console.seen import STEP, Seen, Shown, buttons, hidden
from bot.adapters.console.stage import Stage
from bot.chat.adapter import Dispatch
from bot.chat.context import MessageRef, Pressed, Role, Said
from bot.chat.dispatch import Outcome
from bot.chat.markup import escape
from bot.chat.parse import is_command
from bot.chat.view import Card, Reply
from bot.errors import NotFound, UserError

KEYS = (
    "Enter sends; Alt+Enter (or Esc, then Enter) begins a new line. Tab completes. A number alone "
    "presses that button of the last card. A backslash makes the rest plain text: \\42, \\!as."
)


class Play:
    """What the person at the terminal does, line by line."""

    def __init__(
        self, stage: Stage, dispatch: Dispatch, scene: Scene, seen: Seen, screen: Screen
    ) -> None:
        self.scene = scene
        self.over = False
        self._stage = stage
        self._dispatch = dispatch
        self._seen = seen
        self._screen = screen

    async def settle(self) -> None:
        """Let happen what is due."""
        await self._stage.settle()

    async def line(self, typed: str) -> bool:
        """Do what a line says; return whether it went well."""
        try:
            entry = read(typed)
            went_well = entry is None or await self._do(entry)
        except UserError as refusal:
            await self._screen.say(f"{refusal.message} {refusal.hint}".strip())
            went_well = False
        if not self.over:
            await self.settle()
        return went_well

    async def _do(self, entry: Entry) -> bool:
        match entry:
            case Text(text):
                return await self._say(text)
            case Number(number):
                return await self._press(number)
            case PlayAs(name, moderator):
                play = self.scene.moderate if moderator else self.scene.play
                play(name or self.scene.name)
                await self._tell_scene()
            case GoTo(chat):
                self.scene.enter(chat)
                await self._tell_scene()
            case MoveClock(typed):
                await self._move_clock(typed)
            case Bare(name):
                await self._bare(name)
            case _:
                assert_never(entry)
        return True

    async def _say(self, text: str) -> bool:
        chat, user_id = self.scene.place.ref, self.scene.user_id
        plain = not is_command(text)
        about = self._seen.to_reply(chat, user_id) if plain else ""
        request = self.scene.request(Said(text), uuid4().hex, about)
        outcome = await self._dispatch(request)
        if not outcome.error and (plain or text.casefold() == "/cancel"):
            self._seen.end_form(chat, user_id)  # a further step is shown just below
        await self._show(outcome, MessageRef(chat, request.key))
        return not outcome.error

    async def _press(self, number: int) -> bool:
        shown = self._seen.to_press(self.scene.place.ref, self.scene.user_id)
        if shown is not None and shown.card.kind == STEP and not buttons(shown.card):
            return await self._say(str(number))  # a form waits: the number is its value
        there = buttons(shown.card) if shown is not None else ()
        if shown is None or not 1 <= number <= len(there):
            raise NotFound(_no_button(number, len(there)), f"To say the number, type \\{number}.")
        button = there[number - 1]
        await self._screen.say(f"pressed [{number}] {render.one_line(button.label)}")
        request = self.scene.request(Pressed(button.action), uuid4().hex)
        outcome = await self._dispatch(request)
        if shown.card.kind == STEP and not outcome.error:
            self._seen.end_form(request.place.ref, self.scene.user_id)
        await self._show(outcome, MessageRef(request.place.ref, request.key), shown)
        return not outcome.error

    async def _show(self, outcome: Outcome, ref: MessageRef, pressed: Shown | None = None) -> None:
        """Print an outcome, and remember who has seen it."""
        only = self.scene.user_id if outcome.private and self.scene.in_group else ""
        card = render.card_of(outcome.response)
        replaces = isinstance(outcome.response, Reply) and outcome.response.edit
        if pressed is not None and replaces and pressed.only == only:
            ref = pressed.ref  # never for a private card in place of one that all can see
        # A form's step may be seen by all; it is filled in by one.
        self._seen.add(Shown(ref, card, self.scene.user_id if card.kind == STEP else only))
        if card.follows:
            await self._stage.shown(card.follows, address_of(ref))
        head = ""
        if self.scene.in_group:
            name, title = self.scene.name, self.scene.place.title
            see = "see" if name == DEFAULT_NAME else "sees"  # "you see", "ana sees"
            head = f"(only {name} {see} this)" if only else f"(everyone in {title} sees this)"
        await self._screen.response(card, head)

    async def _tell_scene(self) -> None:
        where = f"in {self.scene.place.title}" if self.scene.in_group else "in a direct chat"
        title = ", moderator" if self.scene.role is Role.MODERATOR else ""
        await self._screen.say(f"Now playing {self.scene.name}{title} {where}.")

    async def _move_clock(self, typed: str) -> None:
        if typed:
            await self._stage.move(target(typed, self._stage.clock.now()))
        await self._screen.say(f"It is {stamp(self._stage.clock.now())}.")

    async def _bare(self, name: str) -> None:
        match name:
            case "dm":
                self.scene.leave()
                await self._tell_scene()
            case "due":
                await self._run_due()
            case "show":
                await self._reveal()
            case "who":
                await self._tell_who()
            case "help":
                await self._help()
            case _:
                self.over = True

    async def _run_due(self) -> None:
        before = self._screen.events
        await self.settle()
        if self._screen.events == before:
            due = await self._stage.next_due()
            coming = f"Next: {stamp(due)}." if due else "Nothing is planned."
            await self._screen.say(f"Nothing is due. {coming}")

    async def _reveal(self) -> None:
        shown = self._seen.to_reveal(self.scene.user_id)
        if shown is None:
            raise NotFound(f"No card that {self.scene.name} has seen hides anything.")
        body = escape("\n".join(hidden(shown.card)))
        await self._screen.response(Card(f"Hidden in: {shown.card.title}", body))

    async def _tell_who(self) -> None:
        scene = self.scene
        where = "" if scene.in_group else " in a direct chat"
        lines = [
            f"Playing {scene.label}{where}. It is {stamp(self._stage.clock.now())}.",
            f"People: {', '.join(sorted(scene.names.values(), key=str.casefold))}",
        ]
        if scene.groups:
            lines.append(f"Groups: {', '.join(sorted(scene.groups))}")
        if scene.moderators:
            pairs = sorted((scene.names[user], chat) for chat, user in scene.moderators)
            lines.append(f"Moderators: {', '.join(f'{name} in {chat}' for name, chat in pairs)}")
        await self._screen.say("\n".join(lines))

    async def _help(self) -> None:
        ways = tuple((usage, escape(about)) for usage, about in DIRECTIVES.values())
        body = escape(KEYS)
        await self._screen.response(Card("In the terminal", body, ways))


def address_of(ref: MessageRef) -> str:
    """Return where a message stands, for what is to replace it later."""
    return f"{ref.chat.id}/{ref.id}"


def _no_button(number: int, count: int) -> str:
    if not count:
        return f"There is no button {number}: no card here has buttons yet."
    range_ = "only button 1" if count == 1 else f"buttons 1 to {count}"
    return f"There is no button {number}: the last card has {range_}."
