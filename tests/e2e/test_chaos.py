"""A broadcast while everything is killed, again and again: the short version of the chaos test.

`python -m tests.benchmarks.chaos` is the long one.
"""

from __future__ import annotations

import pytest

from tests.benchmarks.chaos import chaos
from tests.benchmarks.havoc.verdict import Verdict


@pytest.mark.postgres
async def test_a_broadcast_survives_the_death_of_every_process_and_of_the_database() -> None:
    verdict = await chaos(
        "telegram", "postgres", due=160, allowed=40, kills=6, every_s=2, visits_s=1.5, checked=True
    )
    check(verdict)
    assert verdict.kills.keys() == {"sender", "gateway", "worker", "postgres"}


async def test_a_broadcast_on_discord_survives_the_death_of_the_one_process() -> None:
    verdict = await chaos(
        "discord", "sqlite", due=160, allowed=40, kills=6, every_s=2, visits_s=1.5, checked=True
    )
    check(verdict)


def check(verdict: Verdict) -> None:
    assert verdict.lost == 0
    assert verdict.twins <= verdict.bound
    assert verdict.wrong == []
    assert verdict.answered == verdict.visits > 0
    assert verdict.refused == 0
    assert verdict.unsettled == {}
    # Nobody ends but who is killed, and whoever is asked to stop does so.
    assert verdict.ended == []
    assert verdict.stuck == []
