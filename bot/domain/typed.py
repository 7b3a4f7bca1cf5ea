"""What people typed, in one form to compare, and their words quoted back."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from bot.errors import Invalid

_LONGEST = 64  # characters; the longest zone key has 32


def folded(text: str, field: str, hint: str) -> str:
    """Return `text` in one form to compare: small letters, no accents, single spaces.

    Raises:
        Invalid: It is empty, too long to mean anything, or holds what is no text.
    """
    if len(text) > _LONGEST:
        raise Invalid("That is too long for me to read.", hint, field=field)
    seen = visible(text)
    if any(unicodedata.category(one) in {"Cc", "Cs", "Co", "Cn"} for one in seen):
        raise Invalid("That holds characters I cannot read.", hint, field=field)
    letters = unicodedata.normalize("NFKD", seen.replace("_", " "))
    plain = "".join(one for one in letters if not unicodedata.combining(one)).casefold()
    plain = " ".join(re.sub("[\u2010-\u2015\u2212]", "-", plain).replace("’", "'").split())
    if not plain:
        raise Invalid("There is nothing to read.", hint, field=field)
    return plain


def said(text: str) -> str:
    """Return the person's own words in quotes, in one line and not too many of them."""
    line = " ".join(visible(text).split())
    return f'"{line}"' if len(line) <= 32 else f'"{line[:31]}…"'


def visible(text: str) -> str:
    """Return `text` without format characters, which come along unseen when people paste."""
    return "".join(one for one in text.strip() if unicodedata.category(one) != "Cf")


def either(names: Iterable[str]) -> str:
    """Return names as a choice: "a, b or c"."""
    *rest, last = names
    return f"{', '.join(rest)} or {last}" if rest else last
