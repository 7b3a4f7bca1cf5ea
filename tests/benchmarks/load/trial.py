"""One contender against one server: calm first, then everything is due at the same moment."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from datetime import timedelta

from bot.clock import SystemClock
from tests.benchmarks.load.contenders import Contender
from tests.benchmarks.load.report import Interactive, Quantiles, Result, processor_s
from tests.benchmarks.load.scene import Scene, Wait, silent
from tests.benchmarks.telegram import memory

STALLED_S = 20.0
"""Seconds without one more question after which no more are waited for."""
SETTLED_S = 2.0
"""Seconds after the last question in which a twin may still come."""
REPLIES_S = 30.0
"""Seconds in which replies may still come when the questions are through."""
LOOK_S = 0.25


async def trial(scene: Scene, contender: Contender, allowed: int, calm_s: float) -> Result:
    """Run it and return what came of it; the scene's server must be listening."""
    loop = asyncio.get_running_loop()
    await contender.starts()
    try:
        before = memory(contender.pid)
        await scene.prepares()
        at = await contender.schedule(calm_s)
        due = loop.time() + (at - SystemClock().now()) / timedelta(seconds=1)
        await asyncio.sleep(max(0.0, due - calm_s - loop.time()))
        began = loop.time()
        acting = [loop.create_task(_act(scene, kind, rate)) for kind, rate in scene.rates.items()]
        await asyncio.sleep(max(0.0, due - loop.time()))
        used = processor_s(contender.pid)
        await _drained(scene, loop)
        used, until = processor_s(contender.pid) - used, loop.time()
        for task in acting:
            task.cancel()
        await asyncio.sleep(SETTLED_S)
        await _replied(scene, loop)
        peak = memory(contender.pid)
    finally:
        await contender.ends()
    return _result(scene, contender.name, allowed, (began, due, until), (used, before, peak))


async def _act(scene: Scene, kind: str, rate: float) -> None:
    """Let people do something at a steady rate, whatever becomes of it."""
    loop = asyncio.get_running_loop()
    began, number = loop.time(), 0
    while True:
        scene.acts(kind)
        number += 1
        await asyncio.sleep(max(0.0, began + number / rate - loop.time()))


async def _drained(scene: Scene, loop: asyncio.AbstractEventLoop) -> None:
    """Wait until every place has its question, or nothing comes any more."""
    left = list(scene.targets)
    stalls_at = loop.time() + STALLED_S
    while left and loop.time() < stalls_at:
        await asyncio.sleep(LOOK_S)
        still = silent(scene, left)
        if len(still) < len(left):
            left, stalls_at = still, loop.time() + STALLED_S


async def _replied(scene: Scene, loop: asyncio.AbstractEventLoop) -> None:
    """Wait until everybody has a reply, or too long."""
    end = loop.time() + REPLIES_S
    while True:
        scene.replied()
        if all(wait.replied_at is not None for wait in scene.waits) or loop.time() > end:
            return
        await asyncio.sleep(0.5)


def _result(
    scene: Scene,
    name: str,
    allowed: int,
    times: tuple[float, float, float],
    took: tuple[float, float, float],
) -> Result:
    began, due, until = times
    cpu_s, before, peak = took
    wanted = {target.place for target in scene.targets}
    arrivals: dict[int, float] = {}
    for one in scene.requests():
        if one.place in wanted:
            arrivals.setdefault(one.place, one.at)
    # What stands there, not what was asked for: Discord knows a message that comes again.
    counts = [scene.shown(place) for place in wanted]
    last = max(arrivals.values(), default=None)
    seen = [one for one in scene.requests() if one.at >= began]
    counted = [one for one in seen if one.counted and due <= one.at <= (last or until)]
    others = sum(one.place not in wanted for one in counted)
    optimum = (len(wanted) + others) / allowed
    drain = None if last is None else last - due
    half = sorted(arrivals.values())[len(arrivals) // 2] if arrivals else due
    early = [wait for wait in scene.waits if due <= wait.at < half]
    done = [each for each in early if each.replied_at is not None and each.replied_at < (last or 0)]
    whole = drain is not None and len(arrivals) == len(wanted)
    return Result(
        contender=name,
        due=len(wanted),
        allowed=allowed,
        arrived=sum(count > 0 for count in counts),
        lost=sum(count == 0 for count in counts),
        duplicates=sum(max(0, count - 1) for count in counts),
        others=others,
        optimum_s=round(optimum, 3),
        drain_s=None if drain is None else round(drain, 3),
        ratio=round(drain / optimum, 4) if whole and drain is not None else None,
        refused=sum(one.refused for one in seen),
        early=len(early),
        early_answered=len(done),
        interactive=_interactive(scene.waits, due, last or until),
        cpu_s_per_1000=round(cpu_s / len(counted) * 1000, 2) if counted else None,
        memory_mb=round(peak, 1),
        memory_start_mb=round(before, 1),
    )


def _interactive(waits: list[Wait], due: float, last: float) -> dict[str, Interactive]:
    kinds: dict[str, list[Wait]] = defaultdict(list)
    for wait in waits:
        kinds[wait.kind].append(wait)
    return {kind: _waited(each, due, last) for kind, each in kinds.items()}


def _waited(waits: list[Wait], due: float, last: float) -> Interactive:
    took = [(w.at, w.replied_at - w.at) for w in waits if w.replied_at is not None]
    calm = [seconds for at, seconds in took if at < due]
    busy = [seconds for at, seconds in took if due <= at <= last]
    median = sorted(calm)[len(calm) // 2] if calm else 0.0
    return Interactive(
        calm=Quantiles.of(calm),
        broadcast=Quantiles.of(busy),
        added=Quantiles.of([seconds - median for seconds in busy]),
        count=len(busy),
        unanswered=len(waits) - len(took),
    )
