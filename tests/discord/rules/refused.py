"""How Discord says no."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Path = tuple[str | int, ...]


class Refused(Exception):
    """An error answer: an HTTP status and the JSON that explains it."""

    def __init__(
        self, status: int, code: int, message: str, errors: dict[str, Any] | None = None
    ) -> None:
        super().__init__(f"{status} {code}: {message} {errors or ''}".strip())
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors

    @property
    def body(self) -> dict[str, Any]:
        """Return the JSON that Discord answers."""
        body: dict[str, Any] = {"message": self.message, "code": self.code}
        return {**body, "errors": self.errors} if self.errors else body


def invalid(errors: Mapping[Path | str, tuple[str, str]]) -> Refused:
    """Return the refusal of a form: what is wrong, (code, message), by the field's path.

    A path is a tuple, or its parts with dots between; the empty one is the whole form.
    """
    nested: dict[str, Any] = {}
    for path, (code, message) in errors.items():
        parts = [part for part in path.split(".") if part] if isinstance(path, str) else path
        place = nested
        for part in parts:
            place = place.setdefault(str(part), {})
        place.setdefault("_errors", []).append({"code": code, "message": message})
    return Refused(400, 50035, "Invalid Form Body", nested)


def empty_message() -> Refused:
    """Return the refusal of a message with nothing in it."""
    return Refused(400, 50006, "Cannot send an empty message")
