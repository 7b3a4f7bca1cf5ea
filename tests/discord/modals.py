"""A form that somebody has on their screen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.discord.interactions import Interaction

ACTION_ROW, LABEL, TEXT_DISPLAY, TEXT_INPUT = 1, 18, 10, 4


@dataclass(frozen=True)
class ModalInput:
    """One thing to fill in."""

    custom_id: str
    kind: int
    label: str
    description: str
    style: int
    value: str
    required: bool
    min_length: int | None
    max_length: int | None
    placeholder: str
    options: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class Modal:
    """A form as it was opened by an interaction. It can be sent at any later time."""

    data: dict[str, Any]
    opened_by: Interaction

    @property
    def title(self) -> str:
        """Return what stands above it."""
        return str(self.data["title"])

    @property
    def custom_id(self) -> str:
        """Return what it is known by."""
        return str(self.data["custom_id"])

    @property
    def texts(self) -> list[str]:
        """Return the texts between its inputs."""
        return [
            one["content"] for one in self.data["components"] if one.get("type") == TEXT_DISPLAY
        ]

    @property
    def inputs(self) -> list[ModalInput]:
        """Return what there is to fill in, in order."""
        return list(self._inputs())

    def _inputs(self) -> Iterator[ModalInput]:
        for outer in self.data["components"]:
            if outer.get("type") == LABEL:
                inner = [outer["component"]]
            elif outer.get("type") == ACTION_ROW:
                inner = outer["components"]
            else:
                continue
            for one in inner:
                yield ModalInput(
                    custom_id=one["custom_id"],
                    kind=one["type"],
                    label=outer.get("label") or one.get("label") or "",
                    description=outer.get("description") or "",
                    style=one.get("style") or 0,
                    value=one.get("value") or "",
                    required=one.get("required", True) is not False,
                    min_length=one.get("min_length"),
                    max_length=one.get("max_length"),
                    placeholder=one.get("placeholder") or "",
                    options=one.get("options") or [],
                )
