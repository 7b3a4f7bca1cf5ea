"""How much of one wording a few clauses say: weighted recall that minds denials and opposites."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rapidfuzz.distance import LCSseq

from bot.critics.reading import Read
from bot.critics.targets import LEAST_TOTAL, Order, Wording

OTHERWISE_SHARE = 0.65
"""Share of the matched weight that may be denied where a wording says it, or the other way round,
if that wording denies something: how far a denial reaches is not always plain."""
REPEATED = 0.85
"""Share of words in the same order from which on one text repeats another."""
LEAST_REPEATED = 3
"""Content words that a repeated wording has at least."""
LEAST_TURNED = 2
"""Words that a wording said the other way round shares with it at least."""
LEAST_OPPOSITE = 0.2
"""Weight from which on it matters that a word is denied, or its opposite said."""


class Stretch(NamedTuple):
    """What clauses in a row say together.

    Attributes:
        said: Bits said.
        denied: Bits denied.
        plain: Bits said in a clause that denies nothing.
        orders: What is put in an order.
        size: Number of content words.
        turns: Words that may turn what is said round.
        negations: Number of those that plainly deny.
        sequence: Stems of the content words, in order.
    """

    said: int
    denied: int
    plain: int
    orders: tuple[Order, ...]
    size: int
    turns: frozenset[str]
    negations: int
    sequence: tuple[str, ...]


def joined(reads: Sequence[Read]) -> Stretch:
    """Return what `reads` say together."""
    said = refused = plain = size = denials = 0
    for each in reads:
        said |= each.said
        refused |= each.denied
        plain |= 0 if each.negative else each.said
        size += each.size
        denials += each.negations
    return Stretch(
        said,
        refused,
        plain,
        tuple(order for each in reads for order in each.orders),
        size,
        frozenset[str]().union(*(each.turns for each in reads)),
        denials,
        tuple(stem for each in reads for stem in each.sequence),
    )


def repeated(stretch: Stretch, wordings: Sequence[Wording]) -> int:
    """Return the bits of that of a point's `wordings` which is repeated; 0 if none is."""
    return next((each.said | each.denied for each in wordings if _repeats(stretch, each)), 0)


def _repeats(stretch: Stretch, wording: Wording) -> bool:
    """Whether `stretch` is `wording` almost word for word, even if all its words weigh little."""
    return (
        not (wording.said | wording.denied) & ~(stretch.said | stretch.denied)
        and len(wording.sequence) >= LEAST_REPEATED
        and stretch.negations == wording.negations
        and stretch.turns == wording.turns
        and alike(stretch.sequence, wording.sequence) >= REPEATED
    )


def alike(left: Sequence[str], right: Sequence[str]) -> float:
    """Return the share of words that two texts have in the same order, 0 to 1."""
    return LCSseq.normalized_similarity(left, right)


def recall(stretch: Stretch, wording: Wording, subject_bits: int) -> tuple[float, int]:
    """Return how much of `wording` is said, and its bits; below 0 where the opposite is said."""
    said, refused = stretch.said, stretch.denied
    agree = refused_weight = otherwise = 0.0
    hits = against_it = 0
    turned = opposed = refused_any = False
    for bit, weight in wording.weights.items():
        if bit & wording.denied & subject_bits & said:
            continue  # "is not copied" says little against "a shallow copy"
        if (said | refused) & bit:
            agree += weight
            hits |= bit
            otherwise += weight * (not (said if wording.said & bit else refused) & bit)
            if not said & bit and weight >= LEAST_OPPOSITE:
                refused_weight += weight
            refused_any = refused_any or not said & bit
            continue
        opposite = wording.opposites.get(bit, 0)
        here, against = (said, refused) if wording.said & bit else (refused, said)
        if against & opposite:  # "not slow" says "fast"
            agree += weight
            hits |= against & opposite
            turned = True
        elif here & opposite and (weight >= LEAST_OPPOSITE or bit & subject_bits):
            opposed = True
            against_it |= bit
    score = agree / max(wording.total, LEAST_TOTAL)
    if wording.denied & hits:
        opposed = opposed or not (refused_weight or turned) or otherwise > OTHERWISE_SHARE * agree
    elif not wording.denied:
        opposed = opposed or refused_any
    if opposed or _crossed(wording.orders, stretch.orders, subject_bits, turned):
        # "Without commit nothing is saved" is not denied by whoever says "commit".
        return (-score if (hits | against_it).bit_count() >= LEAST_TURNED else 0.0), 0
    return score, hits


def _crossed(
    wanted: tuple[Order, ...], known: tuple[Order, ...], subject_bits: int, turned: bool
) -> bool:
    """Whether an answer has the two sides of a "before" or "than" the other way round."""
    for one in wanted:
        among = subject_bits if one.word in ("to", "into") else -1
        left, right = one.left & ~one.right & among, one.right & ~one.left & among
        for other in known:
            if other.word != one.word or (one.word == "than" and turned):
                continue
            straight = left & other.left and right & other.right
            if left & other.right and right & other.left and not straight:
                return True
    return False
