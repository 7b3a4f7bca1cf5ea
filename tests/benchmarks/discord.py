"""`drillmate run` on Discord: how soon it is ready, how fast an interaction gets its first answer.

People press buttons at a steady rate while the daily question goes to many servers. The baseline is
the same library with a command tree that does nothing but answer: no database, no question, no
broadcast. Both run in a process of their own against the server of the tests, whose rate windows
are switched off.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.figure import Figure
from tests.benchmarks.telegram import PER_SECOND, SECONDS, memory, quantile
from tests.discord import DiscordApi, Guild, Interaction, Message, Person
from tests.e2e.program import Program
from tests.e2e.test_discord import questions, subscribe

PEOPLE = 100
GUILDS = 200


async def main() -> list[Figure]:
    """Measure."""
    async with DiscordApi() as api:
        api.limits.enabled = False
        maya = api.person("Maya")
        guilds = [api.guild(f"group {n}", maya, bot=True) for n in range(GUILDS)]
        with tempfile.TemporaryDirectory() as folder:
            database = f"sqlite:///{Path(folder) / 'run.db'}"
            first = await Program.starts(api, database)
            await first.serves()
            await first.logs("discord commands")
            await first.leaves()
            began = time.perf_counter()
            program = await Program.starts(api, database)
            await program.serves()
            ready = time.perf_counter() - began
            idle = memory(program.process.pid)
            cards = await _cards(api, guilds[0], "practice", "Press Answer")
            await program.leaves()
            await subscribe(api, database, guilds, maya)
            program = await Program.starts(api, database)
            await program.serves()
            ours = await _presses("Hint", cards)
            sent = sum(len(questions(guild)) for guild in guilds)
            busy = memory(program.process.pid)
            await program.leaves()
    async with DiscordApi() as api:
        api.limits.enabled = False
        maya = api.person("Maya")
        guild = api.guild("group", maya, bot=True)
        bare = await asyncio.create_subprocess_exec(
            sys.executable, "-W", "ignore", "-c", _BARE, api.base, api.gateway, api.token
        )
        await api.connected(30)
        while not api.commands:
            await asyncio.sleep(0.01)
        bares = await _presses("Press", await _cards(api, guild, "start", "Here"))
        small = memory(bare.pid)
        bare.terminate()
        await bare.wait()
    return [
        Figure("discord, start until it serves", f"{ready:.2f} s"),
        Figure("discord, memory when ready", f"{idle:.0f} MB", f"bare library {small:.0f} MB"),
        Figure(f"discord, memory after {PER_SECOND * SECONDS} presses", f"{busy:.0f} MB"),
        Figure("discord, daily questions sent meanwhile", str(sent), f"of {GUILDS}"),
        *_figures(ours, bares),
    ]


def _figures(ours: list[float], bares: list[float]) -> list[Figure]:
    made = []
    for name, percent in (("p50", 50), ("p95", 95), ("p99", 99)):
        mine, theirs = quantile(ours, percent), quantile(bares, percent)
        ratio = f"bare library {theirs * 1000:.1f} ms, ratio {mine / theirs:.1f}"
        text = f"{mine * 1000:.1f} ms"
        made.append(Figure(f"interaction answered at {PER_SECOND}/s, {name}", text, ratio))
    longest = f"median {statistics.median(ours) * 1000:.1f} ms"
    made.append(Figure("interaction answered, longest", f"{max(ours) * 1000:.0f} ms", longest))
    return made


async def _cards(
    api: DiscordApi, guild: Guild, command: str, shows: str
) -> list[tuple[Person, Message]]:
    people = [api.person(f"Person{number}") for number in range(PEOPLE)]
    for person in people:
        person.joins(guild)
    return [(p, await p.runs(command, guild.general).shows(shows)) for p in people]


async def _presses(label: str, cards: list[tuple[Person, Message]]) -> list[float]:
    """Let people press buttons at a steady rate; return how long each waited, in seconds."""
    presses: list[Interaction] = []
    loop = asyncio.get_running_loop()
    began = loop.time()
    for number in range(PER_SECOND * SECONDS):
        await asyncio.sleep(max(0.0, began + number / PER_SECOND - loop.time()))
        person, card = cards[number % PEOPLE]
        presses.append(person.presses(label, on=card))
    waited = []
    for press in presses:
        await press.answered(timeout=60)
        assert press.latency_s is not None, "it was answered"
        waited.append(press.latency_s)
    return waited


_BARE = """
import sys
import discord, yarl
from discord import app_commands, ui

discord.http.Route.BASE = sys.argv[1]
discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(sys.argv[2])

class Press(ui.DynamicItem[ui.Button], template="x"):
    def __init__(self):
        super().__init__(ui.Button(label="Press", custom_id="x"))

    @classmethod
    async def from_custom_id(cls, interaction, item, match):
        return cls()

    async def callback(self, interaction):
        await interaction.response.send_message("Pressed", view=keys(), ephemeral=True)

def keys():
    view = ui.View(timeout=None)
    view.add_item(Press())
    return view

class Client(discord.Client):
    async def setup_hook(self):
        self.add_dynamic_items(Press)
        await tree.sync()

client = Client(intents=discord.Intents.none() | discord.Intents(guilds=True))
tree = app_commands.CommandTree(client)

@tree.command()
async def start(interaction: discord.Interaction):
    "Begin."
    await interaction.response.send_message("Here", view=keys(), ephemeral=True)

client.run(sys.argv[3], log_handler=None)
"""
