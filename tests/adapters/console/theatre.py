"""A small program around the console: real registry, real dispatcher, dialogs in memory."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from bot.adapters.console import ConsoleAdapter, Stage
from bot.chat.command import Choice, Option, Registry
from bot.chat.context import Actor, Chat, ChatRef, Context, MessageRef, Request, Role
from bot.chat.dialog import Dialog
from bot.chat.dispatch import Dispatcher, Failures
from bot.chat.markup import escape
from bot.chat.view import Button, Card, Form, Input, Link, Media, Reply, Response, Style
from bot.clock import MovableClock

START = datetime(2026, 3, 27, 8, 0, tzinfo=UTC)

Ctx = Context[Any]


class Level(StrEnum):
    EASY = "easy"
    HARD = "hard"


async def topics(ctx: Ctx, typed: str) -> list[Choice]:
    known = [Choice("Databases", "databases"), Choice("Web apps", "web apps")]
    return [each for each in known if each.value.startswith(typed)]


Topic = Annotated[str, Option("Draw from this topic", complete=topics)]

registry = Registry()


@registry.command("practice")
async def practice(ctx: Ctx, topic: Topic = "", level: Level = Level.EASY) -> Response:
    """Get a question now."""
    return Reply(question(f"Question for {ctx.actor.name}", ctx.actor.user_id))


@registry.command("secret", private=True)
async def secret(ctx: Ctx) -> Response:
    """Get something hidden."""
    return Reply(Card("A secret", "Look: ||forty-two||"))


@registry.command("board add", role=Role.MODERATOR)
async def board_add(ctx: Ctx, name: str) -> Response:
    """Add a board."""
    return Reply(Card(f"Board {name} added"))


@registry.command("board drop", role=Role.MODERATOR)
async def board_drop(ctx: Ctx) -> Response:
    """Drop the board."""
    return Reply(Card("Sure?", rows=((Button("Drop it", "drop", Style.DANGER),),)))


@registry.command("survey")
async def survey(ctx: Ctx) -> Response:
    """Fill in a form."""
    return Form("Survey", "survey", (Input("years", "Years"), Input("why", "Why")))


@registry.command("chart")
async def chart(ctx: Ctx) -> Response:
    """Look at a picture."""
    picture = Media("../chart 1.svg", b"<svg/>", "image/svg+xml", "A chart of your week")
    return Reply(Card("Your week", media=(picture,)))


@registry.command("broken")
async def broken(ctx: Ctx) -> Response:
    """Break."""
    raise RuntimeError("on purpose")


@registry.action("drop")
async def drop(ctx: Ctx) -> Response:
    return Reply(Card("Dropped"), edit=True)


@registry.action("survey")
async def surveyed(ctx: Ctx, years: int, why: str) -> Response:
    return Reply(Card("Thanks", f"{years} years, because {escape(why)}"))


@registry.action("hint", private=True)
async def hint(ctx: Ctx, asked: int) -> Response:
    return Reply(Card(f"A hint on {asked}", "Look closer.", kind="hint"))


@registry.text
async def typed(ctx: Ctx, text: str) -> Response:
    return Reply(Card("You said", f"{escape(text)}\nto nothing", kind="result"))


@registry.action("reply", private=True)
async def reply(ctx: Ctx, asked: int, text: str) -> Response:
    return Reply(Card("You said", f"{escape(text)}\nto question {asked}", kind="result"))


def question(title: str, asked: int = 1, tally: str = "") -> Card:
    fields = (("So far", tally),) if tally else ()
    rows = (
        (Button("Hint", f"hint:{asked}"), Button("Again", "practice")),
        (Link("Docs", "https://docs.python.org/3/"),),
    )
    return Card(title, "*Why?*", fields, rows, kind="question", reply=f"reply:{asked}")


@dataclass
class Dialogs:
    kept: dict[tuple[int, int], Dialog] = field(default_factory=dict)

    async def get(self, chat_id: int, user_id: int) -> Dialog | None:
        return self.kept.get((chat_id, user_id))

    async def put(self, chat_id: int, user_id: int, dialog: Dialog) -> None:
        self.kept[chat_id, user_id] = dialog

    async def drop(self, chat_id: int, user_id: int) -> bool:
        return self.kept.pop((chat_id, user_id), None) is not None


@dataclass
class Theatre:
    """The program, and everything that it was asked to do.

    Attributes:
        clock: Stands still, at a Friday morning.
        due: Instant, chat and card of what is to be sent.
        changed: What is to be edited at the next settling.
        stuck: Whether what is due stays due, as on a platform that says "later".
        played: The instants at which something was sent.
        requests: All that was asked, in order.
    """

    clock: MovableClock = field(default_factory=lambda: MovableClock(START))
    due: list[tuple[datetime, ChatRef, Card]] = field(default_factory=list)
    changed: list[tuple[MessageRef, Card]] = field(default_factory=list)
    stuck: bool = False
    played: list[datetime] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    out: io.StringIO = field(default_factory=io.StringIO)
    followed: dict[str, str] = field(default_factory=dict)
    _ids: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        failures = Failures(
            lambda error: Card(error.message, escape(error.hint), kind="error"),
            lambda ref: Card("Something broke.", kind="error"),
        )
        self.dispatch = Dispatcher(registry, self.resolve, Dialogs(), failures)
        self.stage = Stage(
            self.clock, self.settle, self.next_due, self.resolve, self.status, self.shown
        )
        self.console = self.adapter("")

    async def shown(self, follows: str, address: str) -> None:
        """Keep where a card stands that something is to follow."""
        self.followed[follows] = address

    def adapter(
        self, script: str | None, media: Path | None = None, history: Path | None = None
    ) -> ConsoleAdapter:
        """Return a console on this program; without a script somebody types."""
        source = None if script is None else io.StringIO(script)
        return ConsoleAdapter(
            registry,
            self.stage,
            self.out,
            script=source,
            history=history,
            media=media,
            settle_every_s=0.01,
        )

    async def replay(self, script: str, media: Path | None = None) -> str:
        """Return what a script prints."""
        self.console = self.adapter(script, media)
        await self.console.run(self.dispatch)
        return self.out.getvalue()

    async def resolve(self, request: Request) -> Context[Any]:
        self.requests.append(request)
        chat = request.place
        actor = Actor(self._id(request.sender.id), request.sender.name, request.sender.role)
        here = Chat(self._id(chat.ref.id), chat.ref, chat.kind, chat.title)
        return Context(actor, here, here, None, request.key, request.about)

    async def settle(self) -> None:
        now = self.clock.now()
        for item in [] if self.stuck else [item for item in self.due if item[0] <= now]:
            self.due.remove(item)
            self.played.append(now)
            await self.console.send(item[1], item[2], key=f"d{len(self.played)}")
        for message, card in self.changed:
            await self.console.edit(message, card)
        self.changed.clear()

    async def next_due(self) -> datetime | None:
        return min((item[0] for item in self.due), default=None)

    async def status(self, request: Request) -> str:
        return f"status of {request.sender.name}"

    def plan(self, hours: float, chat: str, card: Card) -> None:
        """Let a card become due that many hours after the start."""
        self.due.append((START + timedelta(hours=hours), ChatRef("console", chat), card))

    def _id(self, platform_id: str) -> int:
        return self._ids.setdefault(platform_id, len(self._ids) + 1)
