"""Asking for second opinions."""

from __future__ import annotations

from bot.critics.base import CriticUnavailable
from bot.services import Services
from bot.services.opinions import JOB
from bot.tasks.task import NotNow, Retry, Task


async def _opinion(services: Services, key: str) -> None:
    """Ask what the second critic thinks of the answer of that id."""
    try:
        await services.opinions.settle(int(key))
    except CriticUnavailable as error:
        # Not its own trace: the log must not hold what a server said about somebody's answer.
        raise NotNow(error.reason) from None


opinion = Task(JOB, _opinion, Retry(tries=40, first_s=10, cap_s=120), slow=True)
