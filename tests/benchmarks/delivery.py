"""The load test of delivery: a question to everybody at once, while people go on using the bot.

`python -m tests.benchmarks.delivery --platform telegram --due 2000 --allowed 100 --baseline all`

The server of the tests enforces the platform's windows, that of the whole bot at `--allowed`
requests a second: 30 (Telegram) or 50 (Discord) is the platforms' own, and a higher number makes
the time shorter, for people too, who want something that much more often. Each contender runs in a
process of its own, against a server of its own with the same masses.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from pathlib import Path

from bot import log
from tests.benchmarks.database import KINDS, fresh
from tests.benchmarks.load.contenders import AnyScene, Baseline, Ours, contenders
from tests.benchmarks.load.discord import DiscordScene
from tests.benchmarks.load.report import Result
from tests.benchmarks.load.telegram import TelegramScene
from tests.benchmarks.load.trial import trial

CALM_S = 15.0
SLACK = 1.5
"""People are brought for this many times the shortest broadcast; then they come again."""
SCENES: dict[str, type[AnyScene]] = {"telegram": TelegramScene, "discord": DiscordScene}


async def ours(
    platform: str,
    due: int,
    allowed: int,
    database: str,
    *,
    calm_s: float = CALM_S,
    at_once: bool = False,
    bank: Path | None = None,
    checked: bool = False,
) -> Result:
    """Return what our program does on a new and empty database; see `Ours`."""
    scene = _scene(platform, due, allowed, calm_s, checked=checked)
    async with scene.api:
        contender = Ours(scene, database, at_once=at_once, bank=bank)
        return await trial(scene, contender, allowed, calm_s)


async def theirs(
    platform: str,
    due: int,
    allowed: int,
    scheduler: str,
    *,
    patient: bool,
    calm_s: float = CALM_S,
    checked: bool = False,
) -> Result:
    """Return what a baseline does; see `Baseline`."""
    scene = _scene(platform, due, allowed, calm_s, checked=checked)
    async with scene.api:
        contender = Baseline(scene, f"{platform}_jobs", scheduler, patient)
        return await trial(scene, contender, allowed, calm_s)


def _scene(platform: str, due: int, allowed: int, calm_s: float, *, checked: bool) -> AnyScene:
    return SCENES[platform](due, allowed, calm_s + SLACK * due / allowed, checked=checked)


async def _run(given: argparse.Namespace) -> list[Result]:
    platform, due, allowed, calm_s = given.platform, given.due, given.allowed, given.calm
    results = []
    for scheduler, patient in contenders(platform, given.baseline):
        if scheduler == "ours":
            with fresh(given.database) as url:
                result = await ours(
                    platform, due, allowed, url, calm_s=calm_s, checked=given.checked
                )
        else:
            result = await theirs(
                platform,
                due,
                allowed,
                scheduler,
                patient=patient,
                calm_s=calm_s,
                checked=given.checked,
            )
        results.append(result)
        if not given.json:
            sys.stdout.write(f"{result}\n\n")
            sys.stdout.flush()
    return results


def main() -> None:
    """Measure what the command line says."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.delivery")
    parser.add_argument("--platform", choices=sorted(SCENES), required=True)
    parser.add_argument("--due", type=int, default=500, help="questions due at the same moment")
    parser.add_argument("--allowed", type=int, default=100, help="requests a second")
    parser.add_argument("--database", choices=KINDS, default="sqlite")
    parser.add_argument(
        "--baseline", default="ours", help="ours, jobqueue, apscheduler, paced or all"
    )
    parser.add_argument("--calm", type=float, default=CALM_S, help="seconds before it begins")
    parser.add_argument("--checked", action="store_true", help="hold requests against the spec")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    try:
        contenders(given.platform, given.baseline)
    except ValueError as error:
        parser.error(str(error))
    log.configure("WARNING")
    results = asyncio.run(_run(given))
    if given.json:
        named = {key: getattr(given, key) for key in ("platform", "database", "due", "allowed")}
        report = {**named, "results": [result.as_json() for result in results]}
        sys.stdout.write(json.dumps(report, indent=2) + "\n")


if __name__ == "__main__":
    main()
