"""Registry -> what Tab completes: commands, their values, and the terminal's own directives."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Iterator

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from bot.adapters.console.inbound import DIRECTIVES
from bot.adapters.console.render import one_line
from bot.adapters.console.scene import Scene
from bot.chat.command import Choice, Option, Parameter, Registry
from bot.chat.context import Role, Said
from bot.chat.dispatch import Resolve
from bot.chat.parse import Line, parse
from bot.errors import UserError

CANCEL = "Stop the form that is on its way."
"""Help of /cancel, which the dispatcher itself understands."""
_STEPS = ("+1h", "+1d", "+1w")


class Suggestions(Completer):
    """What a line could become, for the person being played."""

    def __init__(self, registry: Registry, scene: Scene, resolve: Resolve) -> None:
        self._registry = registry
        self._scene = scene
        self._resolve = resolve

    def get_completions(
        self, document: Document, complete_event: CompleteEvent
    ) -> Iterable[Completion]:
        """Offer nothing: values come from the database, so only the asynchronous way does."""
        return ()

    async def get_completions_async(
        self, document: Document, complete_event: CompleteEvent
    ) -> AsyncGenerator[Completion, None]:
        """Offer what the text before the cursor could become."""
        text = document.text_before_cursor
        if "\n" in text:
            return
        if text.startswith("!"):
            for found in self._directives(text):
                yield found
        elif text.startswith("/"):
            for found in self._names(text):
                yield found
            async for found in self._values(text):
                yield found

    def _directives(self, text: str) -> Iterator[Completion]:
        name, space, value = text[1:].partition(" ")
        if not space:
            for known, (usage, about) in DIRECTIVES.items():
                if known.startswith(name.lower()):
                    takes_value = " " in usage
                    yield _completion(f"!{known}{' ' * takes_value}", text, usage, about)
            return
        values: Iterable[str] = ()
        if name in ("as", "mod"):
            values = self._scene.names.values()
        elif name == "in":
            values = self._scene.groups
        elif name == "clock":
            values = _STEPS
        for one in values:
            if one.lower().startswith(value.lower()):
                yield _completion(one, value, one)

    def _names(self, text: str) -> Iterator[Completion]:
        typed = " ".join(text[1:].replace("_", " ").lower().split(" "))
        known = {name: (c.usage, c.about, c.role) for name, c in self._registry.commands.items()}
        known["cancel"] = ("/cancel", CANCEL, Role.MEMBER)
        for name, (usage, about, role) in sorted(known.items()):
            if name.startswith(typed):
                note = about if role is Role.MEMBER else f"{about} ({role.name.lower()}s)"
                yield _completion(f"/{name}", text, usage, note)

    async def _values(self, text: str) -> AsyncGenerator[Completion, None]:
        head, space, word = text.rpartition(" ")
        if not space:
            return
        try:
            line = parse(self._registry, head)
        except UserError:
            return
        open_ = [p for p in line.command.typed if p.name not in line.values]
        name, sign, value = word.partition("=")
        named = next((p for p in open_ if sign and p.name == name), None)
        if named is not None:
            async for found in self._choices(named, value, value):
                yield found
        elif open_ and not _takes_the_rest(line):
            async for found in self._choices(open_[0], word, word):
                yield found
            for parameter in open_[1:]:
                if parameter.name.startswith(word):
                    shown = f"{parameter.name}="
                    yield _completion(shown, word, shown, parameter.option.about)

    async def _choices(
        self, parameter: Parameter, typed: str, over: str
    ) -> AsyncGenerator[Completion, None]:
        wanted = typed.lstrip("\"'")
        for choice in await self._offers(parameter.option, wanted):
            quoted = f'"{choice.value}"' if " " in choice.value else choice.value
            about = choice.label if choice.label != choice.value else parameter.option.about
            yield _completion(quoted, over, choice.value, about)

    async def _offers(self, option: Option, typed: str) -> Iterable[Choice]:
        if option.complete is None:
            wanted = typed.casefold()
            return [c for c in option.choices if wanted in f"{c.value}\n{c.label}".casefold()]
        try:
            ctx = await self._resolve(self._scene.request(Said(""), ""))
            return await option.complete(ctx, typed)
        except UserError:  # what is wrong is said when the line is sent
            return ()


def _takes_the_rest(line: Line) -> bool:
    return any(p.option.rest and p.name in line.values for p in line.command.parameters)


def _completion(text: str, over: str, display: str, meta: str = "") -> Completion:
    """Return a completion in place of `over`; labels may be other people's words."""
    return Completion(
        one_line(text) + " " * text.endswith(" "),
        start_position=-len(over),
        display=one_line(display),
        display_meta=one_line(meta),
    )
