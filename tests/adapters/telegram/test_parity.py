"""The README's three days on Telegram: the terminal's cards, shown to the same people."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bot.adapters.console import stage as terminal_stage
from bot.adapters.console.script import entry_of
from bot.clock import MovableClock
from bot.settings import DatabaseSettings, Settings
from tests.adapters.telegram.stage import Stage
from tests.telegram import BotApi, Chat, Message, Person

TALLY = r"(?:So far|Wrapped up): (.*)"
TRANSCRIPT = Path(__file__).parents[2] / "transcripts" / "three_days.txt"


@dataclass(frozen=True)
class Shown:
    """A card as somebody sees it: its words without layout, and whether only they see it."""

    words: str
    private: bool


def words(text: str) -> str:
    """Return what a card says, without what each platform writes in its own way."""
    return re.sub(r"\[\d+\] |[\s:_`\u2060]", "", text)


def in_terminal(kept: str) -> list[Shown]:
    """Return the cards that the terminal printed, in order."""
    blocks: list[list[str]] = []
    inside = False
    for line in kept.splitlines():
        if line and not line.startswith(" "):
            inside = line.startswith("[") or re.match(r"[A-Z][^>]*> (?!!)", line) is not None
            if inside:
                blocks.append([])
        elif inside:
            blocks[-1].append(line)
    return [_block(block) for block in blocks]


def _block(lines: list[str]) -> Shown:
    start = next(n for n, line in enumerate(lines) if re.match(r"  \S", line))
    rest = lines[start:]
    private = any(re.fullmatch(r"  \(only \w+ sees this\)", line) for line in rest)
    kept = [
        line
        for line in rest
        if not re.match(r"  (\(.* sees? this\)$|pressed \[|It is \w{3} )", line)
    ]
    return Shown(words("\n".join(kept)), private)


@dataclass
class Players:
    """People who do on Telegram what a transcript says."""

    stage: Stage
    api: BotApi
    people: dict[str, Person] = field(default_factory=dict)
    who: str = ""
    group: Chat | None = None
    seen: list[Message] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)

    async def meets(self, group: str, *names: str) -> None:
        """Make a group that lets the bot in, of people who have opened their private chat.

        The terminal's people do neither, so what they see of it is not compared.
        """
        for name in names:
            self.people[name] = self.api.person(name)
        maya, *others = self.people.values()
        self.group = self.api.group(group, owner=maya, members=others)
        maya.adds_bot(self.group)
        for person in self.people.values():
            await self.stage.settles()
            person.says("/start")
        await self._look()
        self.shown.clear()

    async def line(self, entry: str) -> None:
        """Do what a line says, and look at what comes."""
        directive, _, rest = entry.partition(" ")
        if directive in ("!as", "!mod"):
            self.who = rest
        elif directive == "!in":
            assert self.group is not None
            assert self.group.title == f"#{rest}"
        elif directive == "!clock":
            await self._moves(datetime.fromisoformat(rest).replace(tzinfo=UTC))
        elif entry.isdecimal():
            message = next(m for m in self._visible() if m.keyboard)
            buttons = [b for row in message.keyboard for b in row if b.data]
            self.people[self.who].presses(buttons[int(entry) - 1].label, on=message)
        elif entry.startswith("/"):
            self.people[self.who].says(entry, chat=self.group)
        else:
            self._types(entry)
        await self._look()

    async def _moves(self, target: datetime) -> None:
        """Move the clock as the terminal does, through all that becomes due."""
        app = self.stage.app
        terminal = terminal_stage.Stage(
            self.stage.clock,
            self.stage.sends,
            app.next_due,
            app.services.resolve,
            app.status,
            app.services.opinions.shown,
        )
        await terminal.move(target)

    def _types(self, text: str) -> None:
        """Type a form's value if one is asked for, else an answer to the newest question."""
        person = self.people[self.who]
        last = next(m for m in self._visible())
        if last.chat is person.dm and (last.force_reply or "/cancel" in last.text):
            person.says(text)
            return
        asked = next(m for m in self._visible() if "Reply to this message" in m.text)
        person.says(text, chat=asked.chat, reply_to=asked)

    def _visible(self) -> list[Message]:
        """Return what the person sees of the bot, newest first."""
        here = (self.group, self.people[self.who].dm)
        return [m for m in reversed(self.seen) if m.chat in here]

    async def _look(self) -> None:
        await self.stage.settles()
        await self.stage.sends()
        chats = [p.dm for p in self.people.values()] + ([self.group] if self.group else [])
        for message in [m for chat in chats for m in chat.messages if m.sender is None]:
            if message not in self.seen:
                self.seen.append(message)
                self.shown.append(Shown(words(_all(message)), message.chat is not self.group))


def _all(message: Message) -> str:
    buttons = [b for row in message.keyboard for b in row]
    pressed = [b.label for b in buttons if b.data]
    links = [f"{b.label}{b.url}" for b in buttons if b.url]
    return "\n".join([message.text, *pressed, *links])


async def test_three_days_on_telegram_show_the_cards_of_the_terminal(
    api: BotApi, plain: Settings, clock: MovableClock
) -> None:
    expected = in_terminal(TRANSCRIPT.with_suffix(".out").read_text(encoding="utf-8"))
    url = DatabaseSettings(url=plain.database_url)
    settings = Settings(database=url)  # the real bank, as in the transcript
    clock.set(datetime(2026, 3, 27, 17, 0, tzinfo=UTC))
    async with Stage(api, settings, clock) as stage:
        players = Players(stage, api)
        await players.meets("#backend-prep", "Maya", "Ana", "Ben")
        for line in TRANSCRIPT.read_text(encoding="utf-8").splitlines():
            entry = entry_of(line)
            if entry.strip() and not entry.startswith("#"):
                await players.line(entry)
        for number, (here, there) in enumerate(zip(players.shown, expected, strict=False)):
            # A question is judged by its first tally; the terminal prints what it becomes apart.
            assert here == there, f"card {number}"
        assert len(players.shown) == len(expected)
        assert players.group is not None
        tallies = [m.text for m in players.group.messages if re.search(TALLY, m.text)]
        assert [re.search(TALLY, text)[1] for text in tallies] == [  # type: ignore[index]
            "2 answers",
            "2 answers",
            "1 answer",
        ]
