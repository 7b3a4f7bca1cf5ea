"""What may go wrong between a bot and Telegram, on demand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tests.telegram.refusals import Refused, bad, too_many


def _too_many(seconds: int) -> Fault:
    return Fault("refuse", refusal=too_many(seconds))


def _forbidden(description: str = "bot was blocked by the user") -> Fault:
    told = description.removeprefix("Forbidden: ")
    return Fault("refuse", refusal=Refused(403, f"Forbidden: {told}"))


def _bad(description: str) -> Fault:
    return Fault("refuse", refusal=bad(description.removeprefix("Bad Request: ")))


def _server(code: int = 502) -> Fault:
    return Fault("server", code=code)


def _hang_before(seconds: float) -> Fault:
    return Fault("hang_before", seconds=seconds)


def _hang_after(seconds: float) -> Fault:
    return Fault("hang_after", seconds=seconds)


def _slow(seconds: float) -> Fault:
    return Fault("slow", seconds=seconds)


@dataclass(frozen=True)
class Fault:
    """One way to fail. Those named AFTER do what was asked, and only the answer suffers."""

    kind: str
    seconds: float = 0
    code: int = 0
    refusal: Refused | None = None

    TOO_MANY = staticmethod(_too_many)
    FORBIDDEN = staticmethod(_forbidden)
    BAD = staticmethod(_bad)
    SERVER = staticmethod(_server)
    HANG_BEFORE = staticmethod(_hang_before)
    HANG_AFTER = staticmethod(_hang_after)
    SLOW = staticmethod(_slow)
    RESET_BEFORE: ClassVar[Fault]
    RESET_AFTER: ClassVar[Fault]
    GARBAGE: ClassVar[Fault]


Fault.RESET_BEFORE = Fault("reset_before")
Fault.RESET_AFTER = Fault("reset_after")
Fault.GARBAGE = Fault("garbage")


@dataclass
class _Planned:
    method: str
    fault: Fault
    left: int | None
    chat_id: int | None


class Faults:
    """The failures that are still to come, in the order they were asked for."""

    def __init__(self) -> None:
        self._planned: list[_Planned] = []

    def plan(self, method: str, fault: Fault, times: int | None, chat_id: int | None) -> None:
        """Fail the next `times` calls (None: all of them) of a method, in one chat or in any."""
        self._planned.append(_Planned(method.lower(), fault, times, chat_id))

    def clear(self) -> None:
        """Let nothing fail any more."""
        self._planned.clear()

    def take(self, method: str, chat_id: int | None) -> Fault | None:
        """Return how this call fails, if it does."""
        for planned in self._planned:
            if planned.method not in (method.lower(), "*"):
                continue
            if planned.chat_id is not None and planned.chat_id != chat_id:
                continue
            if planned.left is not None:
                planned.left -= 1
                if planned.left <= 0:
                    self._planned.remove(planned)
            return planned.fault
        return None
