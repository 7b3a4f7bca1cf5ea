"""What the image's files may name: settings, roles, commands, and spans of time."""

from __future__ import annotations

import re
from typing import Any, get_args

from pydantic import BaseModel
from typer.testing import CliRunner

from bot.cli import app
from bot.settings import Settings

_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600}


def settings_names() -> set[str]:
    """Return the names of all settings in the environment."""
    names = set()
    for name, of in Settings.model_fields.items():
        kind: Any = of.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            names |= {f"DRILLMATE_{name}__{one}".upper() for one in kind.model_fields}
        else:
            names.add(f"DRILLMATE_{name}".upper())
    return names


def roles() -> set[str]:
    """Return what DRILLMATE_ROLE may be."""
    return set(get_args(Settings.model_fields["role"].annotation))


def seconds(span: str) -> float:
    """Return a span such as 30s or 1m30s in seconds."""
    parts = re.findall(r"(\d+)(ms|s|m|h)", span)
    assert "".join(number + unit for number, unit in parts) == span, span
    return sum(int(number) * _UNITS[unit] for number, unit in parts)


def told_by(words: list[str]) -> str:
    """Return the command that `drillmate` with these words runs; fails where the program would."""
    done = CliRunner().invoke(app, [*words, "--help"])
    assert done.exit_code == 0, done.output
    usage = re.search(r"Usage: drillmate ([a-z ]*[a-z])", done.output)
    assert usage is not None, done.output
    return usage[1]
