"""Statements turned round by rule: denied, or with their two subjects exchanged."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.critics import lexicon

_AUXILIARY = re.compile(
    r"\b(is|are|was|were|can|could|must|should|will|would|may|might|does|do|has to|have to)\b"
    r"(?! ?not\b|n't)",
    re.IGNORECASE,
)
_NOT = re.compile(r"\b(?:do|does|did) not |\b(?:don't|doesn't|didn't) ", re.IGNORECASE)
_CANNOT = re.compile(r"\bcannot\b|\bcan't\b|\bcan not\b", re.IGNORECASE)
_BE_NOT = re.compile(r"\b(is|are|was|were)(?: not|n't)\b", re.IGNORECASE)
_MODAL_NOT = re.compile(r"\b(could|must|should|will|would|may|might)(?: not|n't)\b", re.IGNORECASE)
_NEVER = re.compile(r"\bnever ", re.IGNORECASE)
_DENIED = re.compile(r"\b(?:not?|never|nothing|nobody|none|neither|nor|without|\w+n't)\b")
_THIRD = re.compile(r"\b([a-z]+s)\b")
_CODE = re.compile(r"`[^`]*`")


def negated(text: str) -> str | None:
    """Return `text` with its main verb denied, or no more denied; None where no rule knows how."""
    if _CODE.sub("", text) != text or ";" in text or ":" in text:
        return None
    for pattern, new in (
        (_CANNOT, "can"),
        (_BE_NOT, r"\1"),
        (_MODAL_NOT, r"\1"),
        (_NOT, ""),
        (_NEVER, ""),
    ):
        found, count = pattern.subn(new, text)
        if count:
            return found if count == 1 and not _DENIED.search(found) else None
    if _DENIED.search(text):
        return None
    found, count = _AUXILIARY.subn(r"\1 not", text)
    if count:
        return found.replace("can not", "cannot") if count == 1 else None
    verbs = [each for each in _THIRD.finditer(text) if each[1] in lexicon.VERBS]
    if len(verbs) != 1:
        return None
    verb = verbs[0]
    return f"{text[: verb.start()]}does not {base(verb[1])}{text[verb.end() :]}"


def base(verb: str) -> str:
    """Return the plain form of a verb in the third person."""
    if verb.endswith("ies") and len(verb) > 4:
        return verb[:-3] + "y"
    if verb.endswith(("sses", "shes", "ches", "xes", "zes", "oes")):
        return verb[:-2]
    return {"has": "have"}.get(verb, verb[:-1])


def untrue(text: str) -> str | None:
    """Return `text` called untrue; None for two sentences in one: it is one that this denies."""
    if re.search(r"[;:?]\s", text):
        return None
    return f"It is not true that {text.rstrip('.')}."


def swapped(text: str, pairs: list[tuple[str, str]]) -> str | None:
    """Return `text` with the two subjects of one of `pairs` exchanged; None if it names neither."""
    for left, right in pairs:
        either = re.compile(rf"\b({re.escape(left)}|{re.escape(right)})(s?)\b", re.IGNORECASE)
        if either.search(text):
            return either.sub(_exchange(left, right), text)
    return None


def _exchange(left: str, right: str) -> Callable[[re.Match[str]], str]:
    def other(found: re.Match[str]) -> str:
        return (right if found[1].lower() == left.lower() else left) + found[2]

    return other
