"""Commands, one file a family. Every module here is imported; there is no list to edit."""

from __future__ import annotations

import importlib
import pkgutil

from bot.chat.command import Registry
from bot.chat.context import Context
from bot.services import Services

Ctx = Context[Services]
"""What every command gets."""


def registry() -> Registry:
    """Return all that the modules of this folder declare.

    Raises:
        ValueError: A name is declared twice, or breaks a platform's limits.
    """
    found = Registry()
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda each: each.name):
        found.include(importlib.import_module(f"{__name__}.{module.name}").registry)
    return found
