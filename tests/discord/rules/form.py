"""What a field of a form may hold, and the list of what is wrong with the whole form.

A `Check` looks at one value and writes what is wrong with it into the form; `shape` makes a check
of an object out of checks of its fields. Lengths are in code points, as Discord counts them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from tests.discord.rules.refused import Path, invalid


class Form:
    """Collects what is wrong, so that one answer names everything."""

    def __init__(self, *root: str) -> None:
        """Take where in the request the form is."""
        self.root = root
        self.errors: dict[Path, tuple[str, str]] = {}

    def wrong(self, path: Path, code: str, message: str) -> None:
        """Note a mistake; the first one of a field is the one that is told."""
        self.errors.setdefault(path, (code, message))

    def settle(self) -> None:
        """Raise Refused if anything was wrong."""
        if self.errors:
            raise invalid({(*self.root, *path): told for path, told in self.errors.items()})


Check = Callable[[Form, Path, Any], None]


def anything(form: Form, path: Path, value: Any) -> None:
    """Accept every value."""


def text(least: int, most: int) -> Check:
    """Check a string of so many characters."""

    def check(form: Form, path: Path, value: Any) -> None:
        if not isinstance(value, str):
            form.wrong(path, "STRING_TYPE_CONVERT", f'Could not interpret "{value}" as string.')
        elif least and not value:
            form.wrong(path, "BASE_TYPE_REQUIRED", "This field is required")
        elif not least <= len(value) <= most:
            bad_length(form, path, least, most)

    return check


def number(least: float, most: float, *, whole: bool = True) -> Check:
    """Check a number within its bounds."""

    def check(form: Form, path: Path, value: Any) -> None:
        kinds = int if whole else (int, float)
        if isinstance(value, bool) or not isinstance(value, kinds):
            form.wrong(path, "NUMBER_TYPE_COERCE", f'Value "{value}" is not {_kind(whole)}.')
        elif value < least:
            message = f"{_kind(whole)} value should be greater than or equal to {least}."
            form.wrong(path, "NUMBER_TYPE_MIN", message)
        elif value > most:
            message = f"{_kind(whole)} value should be less than or equal to {most}."
            form.wrong(path, "NUMBER_TYPE_MAX", message)

    return check


def one_of(*values: int | str) -> Check:
    """Check one of the values there are."""

    def check(form: Form, path: Path, value: Any) -> None:
        if isinstance(value, bool) or value not in values:
            form.wrong(path, "BASE_TYPE_CHOICES", f"Value must be one of {set(values)}.")

    return check


def truth(form: Form, path: Path, value: Any) -> None:
    """Check a boolean."""
    if not isinstance(value, bool):
        form.wrong(path, "BOOLEAN_TYPE_CONVERT", "Must be either true or false.")


def snowflake(form: Form, path: Path, value: Any) -> None:
    """Check an id: digits, as a string or a number."""
    if isinstance(value, bool) or not re.fullmatch(r"\d{1,20}", str(value)):
        form.wrong(path, "NUMBER_TYPE_COERCE", f'Value "{value}" is not snowflake.')


def moment(form: Form, path: Path, value: Any) -> None:
    """Check an ISO 8601 date and time."""
    try:
        datetime.fromisoformat(value)
    except (TypeError, ValueError):
        message = f'Could not parse "{value}". Should be ISO8601.'
        form.wrong(path, "DATE_TIME_TYPE_PARSE", message)


def url(most: int, *schemes: str) -> Check:
    """Check an address with one of the schemes."""

    def check(form: Form, path: Path, value: Any) -> None:
        if not isinstance(value, str):
            form.wrong(path, "STRING_TYPE_CONVERT", f'Could not interpret "{value}" as string.')
            return
        scheme = value.partition("://")[0].lower()
        if len(value) > most:
            bad_length(form, path, 0, most)
        elif "://" not in value or scheme not in schemes:
            told = ", ".join(f"'{name}'" for name in schemes)
            message = f'Scheme "{scheme}" is not supported. Scheme must be one of ({told}).'
            form.wrong(path, "URL_TYPE_INVALID_SCHEME", message)
        elif not re.fullmatch(r"[^\s/?#]+[^\s]*", value.partition("://")[2]):
            form.wrong(path, "URL_TYPE_INVALID_URL", "Not a well formed URL.")

    return check


def list_of(check: Check, least: int, most: int) -> Check:
    """Check a list of so many items, and every one of them."""

    def check_list(form: Form, path: Path, value: Any) -> None:
        if not isinstance(value, list):
            message = "Only iterables may be used in a ListType"
            form.wrong(path, "LIST_TYPE_CONVERT", message)
            return
        if not least <= len(value) <= most:
            bad_length(form, path, least, most)
        for place, item in enumerate(value):
            check(form, (*path, place), item)

    return check_list


def table_of(keys: Sequence[str], check: Check) -> Check:
    """Check an object whose keys are a fixed vocabulary, as those of localisations are."""

    def check_table(form: Form, path: Path, value: Any) -> None:
        if not isinstance(value, dict):
            form.wrong(path, "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
            return
        for key, item in value.items():
            if key not in keys:
                form.wrong((*path, key), "BASE_TYPE_CHOICES", f"Value must be one of {set(keys)}.")
            else:
                check(form, (*path, key), item)

    return check_table


def shape(needed: Mapping[str, Check], other: Mapping[str, Check]) -> Check:
    """Check an object: the fields it needs, others that may be null, and no more than these."""

    def check(form: Form, path: Path, value: Any) -> None:
        if not isinstance(value, dict):
            form.wrong(path, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
            return
        for name, inner in needed.items():
            if value.get(name) is not None:
                inner(form, (*path, name), value[name])
            else:
                form.wrong((*path, name), "BASE_TYPE_REQUIRED", "This field is required")
        for name, item in value.items():
            if name in needed or (item is None and name in other):
                continue
            if name in other:
                other[name](form, (*path, name), item)
            else:
                form.wrong((*path, name), "UNKNOWN_FIELD", f'There is no field "{name}" here')

    return check


def bad_length(form: Form, path: Path, least: int, most: int) -> None:
    """Note a length that is out of its bounds."""
    if least:
        message = f"Must be between {least} and {most} in length."
        form.wrong(path, "BASE_TYPE_BAD_LENGTH", message)
    else:
        form.wrong(path, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")


def _kind(whole: bool) -> str:
    return "int" if whole else "float"
