"""Tasks, one file a family: what both engines of jobs run. Every module here is looked through."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping

from bot.tasks.task import Retry, Task

__all__ = ["Retry", "Task", "registry"]


def registry() -> Mapping[str, Task]:
    """Return all tasks that the modules of this folder declare, by name.

    Raises:
        ValueError: A name is declared twice.
    """
    found: dict[str, Task] = {}
    for module in pkgutil.iter_modules(__path__):
        for each in vars(importlib.import_module(f"{__name__}.{module.name}")).values():
            if not isinstance(each, Task):
                continue
            if each.name in found:
                raise ValueError(f"two tasks are called {each.name!r}")
            found[each.name] = each
    return found
