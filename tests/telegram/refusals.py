"""How Telegram says no."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """An answer with `ok: false`; `code` is its HTTP status as well."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    @property
    def body(self) -> dict[str, Any]:
        """Return the JSON that Telegram answers."""
        body: dict[str, Any] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        return {**body, "parameters": self.parameters} if self.parameters else body


def bad(description: str, **parameters: int) -> Refused:
    """Return a 400."""
    return Refused(400, f"Bad Request: {description}", **parameters)


def forbidden(description: str) -> Refused:
    """Return a 403."""
    return Refused(403, f"Forbidden: {description}")


def conflict(description: str) -> Refused:
    """Return a 409."""
    return Refused(409, f"Conflict: {description}")


def too_many(seconds: int) -> Refused:
    """Return a 429."""
    return Refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
