"""What a baseline is told: its settings, and when the question is due where."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import dataclass
from datetime import datetime
from typing import Any

HEAD = "Core Python · easy"
PROMPT = (
    "What is the difference between a list and a tuple, and when would you choose which?\n\n"
    "Reply to this message with your answer, or press Answer."
)
HINT = "💡 Hint 1 of 3\n\nThink of what may happen to it after it has been made."


@dataclass(frozen=True, slots=True)
class Settings:
    """What a baseline is started with; see `Baseline` for `patient`."""

    base: str
    token: str
    allowed: int
    scheduler: str
    patient: bool
    gateway: str = ""
    sharded: bool = False

    @property
    def job(self) -> dict[str, Any]:
        """Return how each job is to be treated by APScheduler."""
        return {"misfire_grace_time": None} if self.patient else {}


@dataclass(frozen=True, slots=True)
class Wish:
    """When the question is due, and in which places."""

    at: datetime
    places: list[int]


def settings() -> Settings:
    """Return the settings from the command line."""
    return Settings(**json.loads(sys.argv[1]))


async def wish() -> Wish:
    """Wait for the wish."""
    line = json.loads(await asyncio.to_thread(sys.stdin.readline))
    return Wish(datetime.fromisoformat(line["at"]), line["places"])


def say(word: str) -> None:
    """Tell how far it is."""
    sys.stdout.write(word + "\n")
    sys.stdout.flush()
