"""The heartbeat: a small file that a running program writes anew every few seconds.

Whoever watches over processes (a container engine, for one) reads it with `drillmate health`; it
needs no port, and a program that hangs stops beating as surely as one that has ended.
"""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

import structlog

log = structlog.get_logger(__name__)

EVERY = timedelta(seconds=5)
"""Least time between two writes; the settings allow no beat to count as late before two of them."""


@dataclass(frozen=True)
class Beat:
    """What the file says: who beat last, and when."""

    role: str
    pid: int
    at: datetime

    @classmethod
    def read(cls, file: Path) -> Self:
        """Return the last beat.

        Raises:
            OSError: The file is not there, or may not be read.
            ValueError: Something else stands in it.
        """
        try:
            written = json.loads(file.read_text(encoding="utf-8"))
            at = datetime.fromisoformat(written["at"])
            if at.tzinfo is None:
                raise ValueError(f"{written['at']} names no time zone")
            return cls(str(written["role"]), int(written["pid"]), at)
        except (KeyError, TypeError) as error:
            raise ValueError(f"{error} is missing or wrong") from error

    def age_s(self, now: datetime) -> float:
        """Return the seconds since this beat; below zero if the clock was put back meanwhile."""
        return (now - self.at).total_seconds()


class Heartbeat:
    """Writes the beats of one process; without a file it does nothing."""

    def __init__(self, file: Path | None, role: str = "all") -> None:
        """Beat into `file`, as `role`."""
        self._file = file
        self._role = role
        self._last: datetime | None = None
        self._fails = False

    def beat(self, now: datetime) -> None:
        """Say that the process is alive; may be called as often as one likes.

        Never raises: a full disk must not end a program that still serves. That the file cannot be
        written is logged once, until it can be again.
        """
        if self._file is None:
            return
        # The distance, so that a clock that is put back by an hour does not silence us for one.
        if self._last is not None and abs(now - self._last) < EVERY:
            return
        self._last = now
        text = json.dumps({"role": self._role, "pid": os.getpid(), "at": now.isoformat()})
        try:
            _replace(self._file, text + "\n")
        except OSError as error:
            if not self._fails:
                log.warning("no heartbeat", file=str(self._file), reason=error.strerror)
            self._fails = True
        else:
            self._fails = False


def _replace(file: Path, text: str) -> None:
    """Write `file` so that a reader finds the old text or the new one, and never half of it."""
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(file)
    except OSError:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise
