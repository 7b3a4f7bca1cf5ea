"""What a rule finds wrong, for the tests of the rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.discord.rules.refused import Refused


def wrongs(rule: Callable[..., Any], *args: Any, **options: Any) -> dict[str, str]:
    """Return the codes of what is wrong, by the path of the field; the rule must refuse."""
    with pytest.raises(Refused) as refused:
        rule(*args, **options)
    if refused.value.errors is None:
        return {"": str(refused.value.code)}
    assert (refused.value.status, refused.value.code) == (400, 50035)
    return dict(_leaves(refused.value.errors, ""))


def _leaves(errors: dict[str, Any], path: str) -> Iterator[tuple[str, str]]:
    for name, inner in errors.items():
        if name == "_errors":
            yield path, inner[0]["code"]
        else:
            yield from _leaves(inner, f"{path}.{name}".strip("."))
