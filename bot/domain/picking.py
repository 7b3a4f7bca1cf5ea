"""Which question comes next: each once before any comes again, in an order of one's own."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question that may be shown, and how often it was shown to this person or chat.

    Attributes:
        question_id: The store's id.
        slug: The question's name in the bank; the order hangs on it, as ids differ by database.
        times_shown: How often it was shown here.
        last_shown: Number of its last showing here, counted up over all showings; 0 if never.
            A number and not an instant: two showings may share one.
    """

    question_id: int
    slug: str
    times_shown: int
    last_shown: int = 0


def pick(candidates: Sequence[Candidate], key: str) -> Candidate:
    """Return the question to show next.

    It is one of those shown least, leaving out the half of the pool that was shown last. The
    latter never delays a question that is still to come in this round; it keeps the first ones
    of a round away from the last ones of the round before, and keeps a question that joins a
    pool already shown five times from coming every other day until it has caught up.

    Args:
        candidates: The pool; the order does not matter.
        key: Names whom it is for ("user:7", "chat:3"): each has an order of its own, always the
            same for the same history, and another one in each round.

    Raises:
        ValueError: The pool is empty.
    """
    if not candidates:
        raise ValueError("nothing to pick from")
    newest = sorted(candidates, key=lambda one: (one.last_shown, one.slug), reverse=True)
    tired = {one.slug for one in newest[: len(newest) // 2] if one.last_shown}
    rested = [one for one in candidates if one.slug not in tired]
    fewest = min(one.times_shown for one in rested)
    fresh = (one for one in rested if one.times_shown == fewest)
    return min(fresh, key=lambda one: _order(key, one))


def _order(key: str, candidate: Candidate) -> bytes:
    """Return where a question stands in the order of `key`, in its present round."""
    text = f"{key}\0{candidate.times_shown}\0{candidate.slug}"
    return hashlib.sha256(text.encode()).digest()
