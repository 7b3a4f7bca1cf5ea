"""How fast jobs are looked for, run and given up: the same figures for both engines."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from bot.tasks import Task
from bot.tasks.task import NotNow

log = structlog.get_logger(__name__)

KEPT_H = 30 * 24
"""Hours for which a job that was given up is kept for an operator to look at."""


class WorkerDied(Exception):
    """Whoever ran the job was gone before it was done, once too often."""


@dataclass(frozen=True, slots=True)
class Pace:
    """All in seconds, but the first two.

    Attributes:
        at_once: How many jobs one process runs at the same time.
        slow_at_once: The same of those that wait for others most of their time, beside the rest.
        look_s: Between two looks for jobs that are due.
        alive_s: After this much silence a worker counts as dead, and its jobs run again. Workers
            give a sign three times as often.
        rescue_s: Between two looks for the jobs of dead workers; a divisor of 60.
        finish_s: What jobs under way are given when the worker is asked to stop; Docker gives 30.
    """

    at_once: int = 4
    slow_at_once: int = 8
    look_s: float = 1.0
    alive_s: float = 30.0
    rescue_s: int = 60
    finish_s: float = 20.0

    @property
    def sign_s(self) -> float:
        """Seconds between two signs of life."""
        return self.alive_s / 3


def wait_after(task: Task | None, key: str, tries: int, error: BaseException) -> float | None:
    """Return the seconds until a job that failed is tried again, None if not; log which."""
    if task is None:  # of a later version, perhaps: kept, for whoever knows it
        log.error("job given up", key=key, tries=tries, reason="no such task")
        return None
    wait = task.retry.wait_s(tries)
    if isinstance(error, NotNow) and wait is not None:
        log.info("job waits", task=task.name, key=key, reason=str(error), again_s=wait)
        return wait
    told = {"task": task.name, "key": key, "tries": tries, "reason": type(error).__name__}
    if wait is None:
        log.error("job given up", **told, exc_info=error)
    else:
        log.warning("job failed", **told, again_s=wait, exc_info=error)
    return wait
