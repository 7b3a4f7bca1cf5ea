"""Errors that people see, as one small family.

    UserError               what happened, and a hint what to do
    ├── NotFound            no such question, serving, person
    ├── NotAllowed          needs a role the person has not
    ├── Invalid             a value is wrong: `field` says which
    ├── Conflict            somebody was first, or the state moved on
    ├── TooSoon             wait until `retry_at`
    └── Unavailable         a part is down; nothing was lost
        └── Away            the database does not answer; what was asked may be asked again

Services raise them, dispatch turns them into a private card, nobody else catches them.
"""

from __future__ import annotations

from datetime import datetime


class UserError(Exception):
    """Something a person can be told: `message` says what happened, `hint` what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        """Keep both sentences."""
        super().__init__(message)
        self.message = message
        self.hint = hint


class NotFound(UserError):
    """There is no such thing, or not for this person."""


class NotAllowed(UserError):
    """The person's role does not allow it."""


class Invalid(UserError):
    """A value is wrong; `field` names it."""

    def __init__(self, message: str, hint: str = "", *, field: str = "") -> None:
        """Keep both sentences and the field's name."""
        super().__init__(message, hint)
        self.field = field


class Conflict(UserError):
    """The state moved on, so this can no longer be done."""


class TooSoon(UserError):
    """It can be done, but not before `retry_at` (aware, UTC)."""

    def __init__(self, message: str, hint: str = "", *, retry_at: datetime) -> None:
        """Keep both sentences and the instant."""
        super().__init__(message, hint)
        self.retry_at = retry_at


class Unavailable(UserError):
    """A part of the program is down; nothing was lost."""


class Away(Unavailable):
    """The database does not answer just now; what was being done did not happen, as a rule.

    A connection that breaks in the very moment of a commit leaves that open, so what is tried again
    must be harmless when it happens twice.
    """

    def __init__(self) -> None:
        """Say it without the database's own words, which name hosts and people's data."""
        super().__init__("My notes are out of reach just now.", "Try again in a minute.")
