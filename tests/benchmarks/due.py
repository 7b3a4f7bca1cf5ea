"""Next-due computations a second, against APScheduler's CronTrigger on the same questions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

from bot.domain.cadence import Cadence, next_due
from tests.benchmarks.figure import Figure, seconds

ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Chatham", "UTC")
COUNT = 2_000


async def main() -> list[Figure]:
    """Measure."""
    zones = [ZoneInfo(name) for name in ZONES]
    start = datetime(2026, 1, 1, tzinfo=UTC)
    asked = [
        (Cadence(number % 1440, frozenset({0, 1, 2, 3, 4})), zones[number % len(zones)])
        for number in range(COUNT)
    ]
    moments = [start + timedelta(hours=7 * number) for number in range(COUNT)]
    triggers = [
        CronTrigger(
            day_of_week="mon-fri",
            hour=cadence.minute // 60,
            minute=cadence.minute % 60,
            timezone=zone,
        )
        for cadence, zone in asked
    ]

    def ours() -> None:
        for (cadence, zone), moment in zip(asked, moments, strict=True):
            next_due(cadence, zone, moment)

    def theirs() -> None:
        for trigger, moment in zip(triggers, moments, strict=True):
            trigger.get_next_fire_time(None, moment)

    mine, cron = seconds(ours), seconds(theirs)
    against = f"CronTrigger {COUNT / cron:,.0f}/s, ratio {cron / mine:.1f}"
    return [Figure("next due times", f"{COUNT / mine:,.0f}/s", against)]
