"""Every card and form that any test makes can be shown: limits are checked where cards are made.

Tests of commands and services know no platform; a card of theirs that Discord or Telegram would
refuse is found here all the same. What is made while a test runs is noted, rendered at its end for
both platforms, and held against their rules; what has been looked at once in a process is not
again. Cards that are made while modules are imported, or by fixtures of a wider scope, are not
seen: goldens show those.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeVar

from bot.chat.dialog import ask, start
from bot.chat.view import Card, Form
from tests.adapters.discord import sight as discord
from tests.adapters.telegram import sight as telegram

MOST = 200
"""Distinct cards and forms of one test that are looked at: property tests make thousands."""
MARKER = "unshowable: makes cards or forms on purpose that a platform would refuse"

T = TypeVar("T", Card, Form)

_passed: set[int] = set()
_noted: dict[int, Card | Form] | None = None


@contextmanager
def watched(*, forgiven: bool = False) -> Iterator[None]:
    """Note the cards and forms that are made inside, and look at each of them at the end.

    Args:
        forgiven: Look at none.

    Raises:
        AssertionError: One of them cannot be shown; says which, where, and why.
    """
    global _noted
    before, _noted = _noted, {}
    try:
        yield
        found = _noted
    finally:
        _noted = before
    if forgiven:
        return
    wrong = [told for key, value in found.items() for told in _look_at(key, value)]
    assert not wrong, "\n".join(wrong[:5])


def install() -> None:
    """Have every card and form that is made from now on noted while somebody watches."""
    Card.__post_init__ = _noting(Card.__post_init__)  # type: ignore[method-assign, assignment]
    Form.__post_init__ = _noting(Form.__post_init__)  # type: ignore[method-assign, assignment]


def _noting(made: Callable[[T], None]) -> Callable[[T], None]:
    def noted(self: T) -> None:
        made(self)
        if _noted is not None and len(_noted) < MOST and (key := hash(self)) not in _passed:
            _noted[key] = self

    return noted


def _look_at(key: int, value: Card | Form) -> Iterator[str]:
    """Yield what is wrong with a card or a form."""
    fine = True
    for platform, show in _ways(value):
        try:
            show()
        except Exception as error:  # whatever it is, nobody would have seen it
            fine = False
            yield f"{platform} cannot show {value!r:.600}: {error!r}"
    if fine:
        _passed.add(key)


def _ways(value: Card | Form) -> Iterator[tuple[str, Callable[[], object]]]:
    match value:
        case Card():
            yield "Discord", lambda: discord.shown(value)
            yield "Telegram", lambda: telegram.card(value)
        case Form():
            yield "Discord", lambda: discord.opened(value)
            for step in range(len(value.inputs)):
                asked = ask(replace(start(value), step=step, id="f0f0f0"))
                yield "Telegram", lambda asked=asked: telegram.card(asked)  # type: ignore[misc]
