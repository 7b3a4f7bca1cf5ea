"""The README's three days on Discord: the terminal's cards, shown to the same people."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.adapters.console import stage as terminal_stage
from bot.adapters.console.script import entry_of
from bot.cards.question import HOW, HOW_ELSE
from bot.chat.command import Registry
from bot.chat.parse import parse
from bot.clock import MovableClock
from bot.settings import DatabaseSettings, Settings
from tests.adapters.discord.stage import Stage
from tests.adapters.telegram.test_parity import Shown, in_terminal, words
from tests.discord import DiscordApi, Guild, Interaction, Message, Modal, Person

TALLY = r"(?:So far|Wrapped up)\*\*: (.*)"
TRANSCRIPT = Path(__file__).parents[2] / "transcripts" / "three_days.txt"


def said(text: str) -> str:
    """Return what a message says, without Discord's own markup."""
    bare = re.sub(
        r"^(### |> )|\*\*|\|\||\\(?=[\W_])|```\w*|(?<=\d)\\(?=\.)", "", text, flags=re.MULTILINE
    )
    return words(bare.replace(HOW_ELSE, HOW))


@dataclass
class Players:
    """People who do on Discord what a transcript says."""

    stage: Stage
    api: DiscordApi
    people: dict[str, Person] = field(default_factory=dict)
    who: str = ""
    guild: Guild | None = None
    modal: Modal | None = None
    values: list[str] = field(default_factory=list)
    last: Message | None = None
    seen: dict[int, Message] = field(default_factory=dict)
    shown: list[Shown] = field(default_factory=list)

    async def meets(self, name: str, *people: str) -> None:
        """Make a server that lets the bot in."""
        for each in people:
            self.people[each] = self.api.person(each)
        maya, *others = self.people.values()
        self.guild = self.api.guild(name, maya, others)
        maya.adds_bot(self.guild)
        await self.guild.general.sees("Drillmate")
        self._look()
        self.shown.clear()

    @property
    def me(self) -> Person:
        return self.people[self.who]

    async def line(self, entry: str) -> None:
        """Do what a line says, and look at what comes."""
        assert self.guild is not None
        directive, _, rest = entry.partition(" ")
        if directive in ("!as", "!mod"):
            self.who = rest
        elif directive == "!clock":
            await self._moves(datetime.fromisoformat(rest).replace(tzinfo=UTC))
        elif entry.isdecimal():
            assert self.last is not None
            buttons = [each for each in self.last.buttons if each.custom_id]
            label = buttons[int(entry) - 1].label
            await self._did(self.me.presses(label, on=self.last))
        elif entry.startswith("/"):
            await self._runs(self.stage.app.registry, entry)
        elif self.modal is not None:
            await self._fills(entry)
        elif not entry.startswith("!"):
            visible = sorted(self.me.sees_in(self.guild.general), key=lambda m: m.id, reverse=True)
            question = next(m for m in visible if re.search("Reply to this|Press Answer", m.text))
            pressed = await self.me.presses("Answer", on=question).answered()
            assert pressed.modal is not None
            await self._did(self.me.submits(pressed.modal, text=entry))
        await self.stage.sends()
        self._look()

    async def _runs(self, registry: Registry, entry: str) -> None:
        assert self.guild is not None
        line = parse(registry, entry)
        kinds = {each.name: each for each in line.command.parameters}
        values: dict[str, Any] = {n: kinds[n].convert(v) for n, v in line.values.items()}
        ran = self.me.runs(line.command.name, self.guild.general, **values)
        await self._did(ran)

    async def _fills(self, value: str) -> None:
        """Fill in the next input; once it is full, the modal is sent."""
        assert self.modal is not None
        self.values.append(value.replace("\\n", "\n"))
        if len(self.values) < len(self.modal.inputs):
            return
        named: dict[str, Any] = dict(
            zip([each.custom_id for each in self.modal.inputs], self.values, strict=True)
        )
        modal, self.modal, self.values = self.modal, None, []
        await self._did(self.me.submits(modal, **named))

    async def _did(self, interaction: Interaction) -> None:
        await interaction.answered()
        if interaction.modal is not None:
            self.modal = interaction.modal
            return
        await interaction.shows("")
        self.last = interaction.messages[-1] if interaction.messages else self.last

    async def _moves(self, target: datetime) -> None:
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

    def _look(self) -> None:
        assert self.guild is not None
        everything = {
            message.id: message
            for person in self.people.values()
            for message in person.sees_in(self.guild.general)
            if message.author is None
        }
        for number in sorted(everything.keys() - self.seen.keys()):
            message = everything[number]
            self.seen[number] = message
            pressed = [
                each.label for each in message.buttons if not each.url and each.label != "Discuss"
            ]
            links = [f"{each.label}{each.url}" for each in message.buttons if each.url]
            text = said("\n".join([message.text, *pressed, *links]))
            self.shown.append(Shown(text, message.ephemeral_to is not None))


async def test_three_days_on_discord_show_the_cards_of_the_terminal(
    api: DiscordApi, plain: Settings, clock: MovableClock
) -> None:
    # A form is one modal here and five steps there: the steps are not compared.
    expected = [
        shown
        for shown in in_terminal(TRANSCRIPT.with_suffix(".out").read_text(encoding="utf-8"))
        if "/canceltostop" not in shown.words
    ]
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
            assert here == there, f"card {number}"
        assert len(players.shown) == len(expected)
        assert players.guild is not None
        tallies = [m.text for m in players.guild.general.messages if re.search(TALLY, m.text)]
        assert [re.search(TALLY, text)[1] for text in tallies] == [  # type: ignore[index]
            "2 answers",
            "2 answers",
            "1 answer",
        ]
