"""What may go wrong between a bot and Discord, on demand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from tests.discord.channels import Channel


def _too_many(seconds: float, global_: bool = False) -> Fault:
    return Fault("too_many", seconds=seconds, is_global=global_)


def _cloudflare(seconds: int = 3600) -> Fault:
    return Fault("cloudflare", seconds=seconds, status=429)


def _refused(status: int, code: int, message: str = "") -> Fault:
    return Fault("refused", status=status, code=code, message=message)


def _server(status: int = 502) -> Fault:
    return Fault("server", status=status)


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
    status: int = 0
    code: int = 0
    message: str = ""
    is_global: bool = False

    TOO_MANY = staticmethod(_too_many)
    CLOUDFLARE = staticmethod(_cloudflare)
    REFUSED = staticmethod(_refused)
    SERVER = staticmethod(_server)
    HANG_BEFORE = staticmethod(_hang_before)
    HANG_AFTER = staticmethod(_hang_after)
    SLOW = staticmethod(_slow)
    RESET_BEFORE: ClassVar[Fault]
    RESET_AFTER: ClassVar[Fault]


Fault.RESET_BEFORE = Fault("reset_before")
Fault.RESET_AFTER = Fault("reset_after")


@dataclass
class _Planned:
    route: str
    fault: Fault
    left: int | None
    channel: Channel | None


class Faults:
    """The failures that are still to come, in the order they were asked for."""

    def __init__(self) -> None:
        self._planned: list[_Planned] = []

    def plan(self, route: str, fault: Fault, times: int | None, channel: Channel | None) -> None:
        """Fail the next `times` calls (None: all of them) of a route, in one channel or in any."""
        self._planned.append(_Planned(route, fault, times, channel))

    def clear(self) -> None:
        """Let nothing fail any more."""
        self._planned.clear()

    def take(self, route: str, channel: Channel | None) -> Fault | None:
        """Return how this call fails, if it does."""
        for planned in self._planned:
            if planned.route not in (route, "*"):
                continue
            if planned.channel is not None and planned.channel is not channel:
                continue
            if planned.left is not None:
                planned.left -= 1
                if planned.left <= 0:
                    self._planned.remove(planned)
            return planned.fault
        return None
