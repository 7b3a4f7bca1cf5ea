"""The terminal as an Adapter: serves a person at a keyboard, or replays a script."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path
from typing import TextIO

from prompt_toolkit.patch_stdout import patch_stdout
from prompt_toolkit.utils import is_dumb_terminal

from bot.adapters.console import render
from bot.adapters.console.moment import stamp
from bot.adapters.console.play import Play
from bot.adapters.console.prompt import Keyboard
from bot.adapters.console.publish import Suggestions
from bot.adapters.console.scene import PLATFORM, Scene
from bot.adapters.console.screen import Screen
from bot.adapters.console.script import replay
from bot.adapters.console.seen import Seen, Shown
from bot.adapters.console.stage import Stage
from bot.chat.adapter import Dispatch, Unreachable
from bot.chat.command import Registry
from bot.chat.context import ChatRef, MessageRef, Said
from bot.chat.view import Card

WELCOME = (
    "Drillmate in the terminal. /help lists the commands, !help what only the terminal can do; "
    "Ctrl-D leaves."
)


class ConsoleAdapter:
    """One terminal that plays every person in every chat.

    Attributes:
        failed_lines: Numbers, from 1, of the script's lines that failed; known when `run` is over.
    """

    name = PLATFORM
    tally_every_s = 0.0
    in_flight = 1

    def __init__(
        self,
        registry: Registry,
        stage: Stage,
        out: TextIO,
        *,
        script: TextIO | None = None,
        history: Path | None = None,
        media: Path | None = None,
        settle_every_s: float = 1.0,
    ) -> None:
        """Play on `stage`, printing to `out`.

        Args:
            registry: What Tab completes.
            stage: The program around the console.
            out: Where everything is printed; a terminal, unless there is a script.
            script: A transcript to replay; None asks a person at the keyboard.
            history: File that keeps what was typed at the keyboard.
            media: Folder to write pictures and files to.
            settle_every_s: Seconds after which to look for what is due while the prompt is open.
        """
        self.failed_lines: list[int] = []
        self._registry = registry
        self._stage = stage
        self._script = script
        self._history = history
        self._settle_every_s = settle_every_s
        self._scene = Scene()
        self._seen = Seen()
        self._screen = Screen(out, plain=script is not None, media=media)
        self._turn = asyncio.Lock()  # a line and the clock's tick never work at the same time
        self._status = ""

    @property
    def failed(self) -> bool:
        """Whether a line of the script failed."""
        return bool(self.failed_lines)

    async def run(self, dispatch: Dispatch) -> None:
        """Serve until !quit, the end of input, or cancellation."""
        play = Play(self._stage, dispatch, self._scene, self._seen, self._screen)
        if self._script is not None:
            self.failed_lines = await replay(self._script, play, self._screen)
        else:
            await self._serve(play)

    async def run_sending(self) -> None:
        """Do nothing: whoever sends here sits here."""

    def connected(self) -> bool:
        """Return True: there is nothing to connect to."""
        return True

    def per_second(self) -> float:
        """Return more than anybody needs: nothing is too fast here."""
        return 1000.0

    def paused_s(self) -> float:
        """Return 0: a terminal takes all."""
        return 0.0

    def direct(self, person_id: str) -> ChatRef | None:
        """Return where the terminal shows something to one person."""
        return ChatRef(PLATFORM, f"dm:{person_id}") if person_id else None

    async def send(
        self,
        chat: ChatRef,
        card: Card,
        *,
        key: str,
        under: MessageRef | None = None,
        retry: bool = False,
    ) -> MessageRef:
        """Print a card that nobody asked for; the same key is printed once.

        Raises:
            Unreachable: It is no chat of the terminal.
        """
        if chat.platform != PLATFORM or not chat.id.startswith(("dm:", "#")):
            raise Unreachable(f"{chat.id} is no chat of the terminal")
        ref = MessageRef(chat, key)
        if self._seen.get(ref) is None:
            self._seen.add(Shown(ref, card))
            where = f"[{stamp(self._stage.clock.now())}] to {self._scene.label_of(chat)}"
            await self._screen.post(card, where)
        return ref

    async def replace(self, address: str, card: Card) -> None:
        """Print a card that follows one which stands above.

        Raises:
            Unreachable: That was in another session.
        """
        chat, _, key = address.rpartition("/")
        old = self._seen.get(MessageRef(ChatRef(PLATFORM, chat), key))
        if old is None:
            raise Unreachable("it is not on the screen")
        self._seen.add(Shown(old.ref, card, old.only))
        label = self._scene.label_of(old.ref.chat)
        await self._screen.event(render.update(label, card, None, self._screen.width))

    async def edit(self, message: MessageRef, card: Card) -> None:
        """Print what is new in a message, on one line where that can be told."""
        old = self._seen.get(message)
        changed = render.changes(old.card if old is not None else None, card)
        shown = Shown(message, card, old.only if old is not None else "")
        if changed is None:
            self._seen.add(shown)  # printed whole, so it is the newest card now
        else:
            self._seen.change(shown)
        label = self._scene.label_of(message.chat)
        if lines := render.update(label, card, changed, self._screen.width):
            await self._screen.event(lines)

    async def _serve(self, play: Play) -> None:
        suggestions = Suggestions(self._registry, self._scene, self._stage.resolve)
        keyboard = Keyboard(suggestions, lambda: self._status, self._history)
        done = asyncio.Event()
        # Whatever else prints (a warning, a log line) appears above the prompt too.
        with patch_stdout():
            async with asyncio.TaskGroup() as group:
                await self._screen.say(WELCOME)
                group.create_task(self._tick(keyboard, done))
                await self._converse(play, keyboard)
                done.set()

    async def _converse(self, play: Play, keyboard: Keyboard) -> None:
        while not play.over:
            async with self._turn:
                self._status = await self._status_line()
                await self._screen.gap()
            try:
                line = await keyboard.read(self._scene.label)
            except KeyboardInterrupt:
                self._screen.typed()
                await self._screen.say("Nothing was sent. Ctrl-D or !quit leaves.")
                continue
            if line is None:
                return
            self._screen.typed(several_lines="\n" in line)
            async with self._turn:
                await play.line(line)

    async def _tick(self, keyboard: Keyboard, done: asyncio.Event) -> None:
        """Let happen what becomes due while the prompt is open."""
        while not done.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._settle_every_s):
                    await done.wait()
            if done.is_set() or is_dumb_terminal():
                continue  # a dumb terminal cannot print above a line that is being typed
            async with self._turn:
                await self._stage.settle()
                self._status = await self._status_line()
            keyboard.refresh()

    async def _status_line(self) -> str:
        return render.one_line(await self._stage.status(self._scene.request(Said(""), "")))
