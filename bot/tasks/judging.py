"""Judging later what was answered and not judged."""

from __future__ import annotations

from bot.services import Services
from bot.services.judging import JOB
from bot.tasks.task import Task


async def _judge(services: Services, key: str) -> None:
    """Judge the answer of that id, if a crash has left it without a verdict."""
    await services.judge.settle(int(key))


judge = Task(JOB, _judge)
