"""Finds what the program reads besides its code: the question bank and the migrations.

An installed wheel carries both inside the package; in a checkout they stand beside it.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def questions_folder() -> Path:
    """Return the folder of the question bank."""
    return _find("questions")


def migrations_folder() -> Path:
    """Return the folder of the migrations."""
    return _find("migrations")


def _find(name: str) -> Path:
    inside = _PACKAGE / "_bundled" / name
    return inside if inside.is_dir() else _PACKAGE.parent / name
