"""The chaos test of delivery: kill -9 of everything, again and again, while questions are sent.

`python -m tests.benchmarks.chaos --platform telegram --due 4000 --allowed 30 --kills 110 --every 4`

On PostgreSQL there are a gateway, two senders and a worker, and the database's own server is killed
like them; on SQLite one process does all. What is killed is started again at once. What people see
in their chats in the end is the truth. The exit status is 1 when a question or an answer is lost,
or more questions are there twice than sends can have been in doubt.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from bot import log
from bot.clock import SystemClock
from bot.settings import DiscordSettings, TelegramSettings
from bot.store.uow import Database
from tests.benchmarks.database import KINDS, fresh
from tests.benchmarks.havoc.fleet import ONE, SHARED, Fleet, Post
from tests.benchmarks.havoc.postgres import Postgres
from tests.benchmarks.havoc.verdict import Kill, Verdict, blame, bounds, unsettled
from tests.benchmarks.havoc.visitors import AnyPerson, Visitors, labels, wrong
from tests.benchmarks.load.contenders import AnyScene
from tests.benchmarks.load.discord import DiscordScene
from tests.benchmarks.load.rows import fill, make_due
from tests.benchmarks.load.telegram import TelegramScene
from tests.discord import Fault as DiscordFault
from tests.rows import rows
from tests.telegram import Fault as TelegramFault

if TYPE_CHECKING:
    from collections.abc import Iterator

SCENES: dict[str, type[AnyScene]] = {"telegram": TelegramScene, "discord": DiscordScene}
IN_FLIGHT = {
    "telegram": TelegramSettings().in_flight,
    "discord": DiscordSettings().in_flight,
}
VICTIMS = {
    "sqlite": ("all",),
    "postgres": ("sender", "sender", "sender", "gateway", "worker", "postgres"),
}
"""Who is killed, once each in a random order, and then again."""
LEADER = 0.75
"""How often it is the sender that sends which is killed, and not the one that waits."""
TAKEN_OVER_S = 6.0
"""Seconds that a kill of the sender that sends waits until there is one again, at most."""
DOWN_S = (0.5, 2.0)
"""Seconds for which the database's server stays away."""
STALLED_S = 90.0
"""Seconds without one more question after which no more are waited for: a lease is 60."""
QUIET_S = 2.0
"""Seconds after the last question in which a twin may still come."""
LOOK_S = 0.25
ANSWER_S = 0.08
"""Seconds that the platform takes to answer a message that is there already: only a kill meanwhile
leaves a send in doubt. A server next door answers so fast that hardly any kill would."""
CROWD = 200
"""Visitors at the most."""


@dataclass
class Chaos:
    """One trial.

    Attributes:
        scene: The platform with its chats.
        database: Kind of database.
        due: How many questions are due.
        kills: How many kills there are to be.
        every_s: Seconds between two kills, on average.
        seed: Of all that is left to chance.
        visits_s: Seconds between two people who use the bot.
    """

    scene: AnyScene
    database: str
    kills: int
    every_s: float
    seed: int = 1
    visits_s: float = 3.0
    killed: list[Kill] = field(default_factory=list)
    _clock: SystemClock = field(default_factory=SystemClock)

    def __post_init__(self) -> None:
        """Bring the visitors."""
        self._chance = random.Random(self.seed)
        self._visitors = Visitors(_crowd(self.scene), self._chance, self.visits_s)

    async def run(self) -> Verdict:
        """Fill a new database, start everything, do the worst, and look what is left."""
        loop = asyncio.get_running_loop()
        with _server(self.database) as (address, server):
            scene = self.scene
            await fill(address, scene.platform, scene.targets, self._clock.now())
            environment = {
                f"DRILLMATE_{scene.platform.upper()}__PER_SECOND": str(scene.allowed),
            }
            if isinstance(scene, DiscordScene) and scene.sharded:
                environment["DRILLMATE_DISCORD__SHARDED"] = "true"
            roles = ONE if self.database == "sqlite" else SHARED
            async with _running(Fleet(scene.api, address, roles, environment)) as fleet:
                await make_due(address, self._clock.now().replace(second=0, microsecond=0))
                began = loop.time()
                coming = loop.create_task(self._visitors.come())
                await self._kill(fleet, server)
                ended = await self._over(loop)
                coming.cancel()
                await self._visitors.leave()
                stuck = await fleet.stops()
            return await self._verdict(address, fleet, ended - began, stuck)

    async def _kill(self, fleet: Fleet, server: Postgres | None) -> None:
        bag: list[str] = []
        while len(self.killed) < self.kills:
            await asyncio.sleep(self.every_s * self._chance.uniform(0.5, 1.5))
            if not bag:
                bag = list(VICTIMS[self.database])
                self._chance.shuffle(bag)
            kind = bag.pop()
            if kind == "postgres" and server is not None:
                self.killed.append(Kill(kind, self._clock.now(), led=True))
                server.dies()
                await asyncio.sleep(self._chance.uniform(*DOWN_S))
                await server.returns()
                continue
            post = await self._one_of(fleet, kind)
            self.killed.append(Kill(kind, self._clock.now(), led=post.leads))
            await fleet.kill(post)

    async def _one_of(self, fleet: Fleet, kind: str) -> Post:
        posts = [post for post in fleet.posts if post.role == kind]
        if self._chance.random() >= LEADER:
            return self._chance.choice(posts)
        until = asyncio.get_running_loop().time() + TAKEN_OVER_S
        while asyncio.get_running_loop().time() < until:
            for post in posts:
                if post.leads:
                    # At any moment of its work, not always in the first.
                    await asyncio.sleep(self._chance.uniform(0, self.every_s / 2))
                    return post
            await asyncio.sleep(LOOK_S)
        return posts[0]

    async def _over(self, loop: asyncio.AbstractEventLoop) -> float:
        """Wait until all is there and nothing more comes; return when the last question came."""
        last, count = loop.time(), -1
        while True:
            copies = [len(each) for each in self._copies()]
            if sum(copies) != count:
                last, count = loop.time(), sum(copies)
            if loop.time() > last + (QUIET_S if all(copies) else STALLED_S):
                return last
            await asyncio.sleep(LOOK_S)

    def _copies(self) -> list[list[datetime]]:
        """Return for each target when the questions came that are to be seen there."""
        return [_questions(self.scene, target.place) for target in self.scene.targets]

    async def _verdict(
        self,
        address: str,
        fleet: Fleet,
        duration_s: float,
        stuck: list[tuple[str, int | None]],
    ) -> Verdict:
        scene, visits = self.scene, self._visitors.visits
        copies = self._copies()
        bound, strict = bounds(self.killed, IN_FLIGHT[scene.platform])
        blamed = blame(copies, self.killed)
        kinds = [kill.kind for kill in self.killed]
        database = Database(address)
        try:
            states = dict(
                await rows(database, "SELECT state, count(*) FROM deliveries GROUP BY state")
            )
            faults = await wrong(database, visits)
        finally:
            await database.close()
        self._visitors.look()
        return Verdict(
            platform=scene.platform,
            database=self.database,
            due=len(scene.targets),
            allowed=scene.allowed,
            seed=self.seed,
            kills={kind: kinds.count(kind) for kind in sorted(set(kinds))},
            led=sum(kill.led for kill in self.killed),
            lost=sum(not each for each in copies),
            twins=sum(max(0, len(each) - 1) for each in copies),
            bound=bound,
            strict=strict,
            worst=blamed.worst,
            twins_by_kind=blamed.kinds,
            refused=sum(one.refused for one in scene.requests()),
            duration_s=round(duration_s, 1),
            unsettled=unsettled(states),
            visits=len(visits),
            answered=sum(visit.answered for visit in visits),
            unseen=sum(visit.answered and not visit.judged for visit in visits),
            seen_twice=sum(visit.judged > 1 for visit in visits),
            wrong=faults,
            ended=fleet.ended,
            stuck=stuck,
            in_vain=fleet.in_vain,
            errors=dict(fleet.errors.most_common()),
            warnings=dict(fleet.warnings.most_common()),
        )


@asynccontextmanager
async def _running(fleet: Fleet) -> AsyncIterator[Fleet]:
    """Start a fleet, and leave nothing of it behind whatever happens."""
    try:
        await fleet.starts()
        yield fleet
    finally:
        await fleet.stops()


@contextmanager
def _server(kind: str) -> Iterator[tuple[str, Postgres | None]]:
    """Yield the address of a new database, and its server if it has one."""
    if kind == "sqlite":
        with fresh(kind) as address:
            yield address, None
        return
    with Postgres.running() as server:
        yield server.address, server


def _crowd(scene: AnyScene) -> list[AnyPerson]:
    """Bring people who will use the bot, and who get no question by themselves."""
    names = [f"Visitor{number}" for number in range(CROWD)]
    if not isinstance(scene, DiscordScene):
        return [scene.api.person(name) for name in names]
    people = [scene.api.person(name) for name in names]
    for person in people:
        person.installed = True  # so they can write to the bot though they share no server with it
    return [*people]


def _questions(scene: AnyScene, place: int) -> list[datetime]:
    """Return when the questions came that are to be seen in a place."""
    if isinstance(scene, DiscordScene):
        messages = scene.api.channels[place].messages
        return [one.created_at for one in messages if "Hint" in labels(one)]
    return [one.date for one in scene.api.chats[place].messages if "Hint" in labels(one)]


async def chaos(
    platform: str,
    database: str,
    *,
    due: int,
    allowed: int,
    kills: int,
    every_s: float,
    seed: int = 1,
    visits_s: float = 3.0,
    checked: bool = False,
) -> Verdict:
    """Return what comes of it when so many kills meet a broadcast; see `Chaos`."""
    scene = SCENES[platform](due, allowed, 0.0, checked=checked)
    if isinstance(scene, DiscordScene):
        scene.api.max_concurrency = 16  # as big bots have; a start is not what is tested
        route = "POST /channels/{channel_id}/messages"
        scene.api.fail(route, DiscordFault.HANG_AFTER(ANSWER_S), times=None)
    else:
        scene.api.fail("sendMessage", TelegramFault.HANG_AFTER(ANSWER_S), times=None)
    trial = Chaos(scene, database, kills, every_s, seed, visits_s)
    async with scene.api:
        verdict = await trial.run()
    assert scene.api.breaches == []
    return verdict


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.chaos")
    parser.add_argument("--platform", choices=sorted(SCENES), required=True)
    parser.add_argument("--database", choices=KINDS, default="postgres")
    parser.add_argument("--due", type=int, default=4000, help="questions due at the same moment")
    parser.add_argument("--allowed", type=int, default=30, help="requests a second")
    parser.add_argument("--kills", type=int, default=110)
    parser.add_argument("--every", type=float, default=4.0, help="seconds between two kills")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--checked", action="store_true", help="hold requests against the spec")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    log.configure("WARNING")
    verdict = asyncio.run(
        chaos(
            given.platform,
            given.database,
            due=given.due,
            allowed=given.allowed,
            kills=given.kills,
            every_s=given.every,
            seed=given.seed,
            checked=given.checked,
        )
    )
    shown = json.dumps(verdict.as_json(), indent=2) if given.json else str(verdict)
    sys.stdout.write(f"{shown}\n")
    sys.exit(not verdict.is_good)


if __name__ == "__main__":
    main()
