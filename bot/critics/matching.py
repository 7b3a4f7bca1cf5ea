"""How well clauses say a wording: weighted recall that minds denials, opposites and order."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.critics.likeness import Stretch, recall, repeated
from bot.critics.polarity import narrowing
from bot.critics.reading import Read
from bot.critics.targets import LEAST_TOTAL, OUTVOTES, POOLING, Target, Wording, each_bit

WINDOW = 3
"""Clauses that may say one thing together."""
WINDOW_WORDS = 45
"""Words that they may have together: a longer stretch holds a bit of everything."""
TAINTED_SHARE = 0.5
"""Share that may stand only in clauses which deny something ("403 is not returned")."""
TAINTED = 0.45
"""What a match of such words is worth."""
ACCUSED_SHARE = 0.44
"""Share of a stretch's content words that an accusation must explain: the more else is said, the
likelier it is something else."""
NAMED_SHARE = 0.6
"""Share of a wording's words, whatever they weigh, that an accusation must find: what a wrong
statement is about is often in the question and weighs little."""
LONGER = 0.97
"""What each further clause makes of a match: the shortest evidence is the best to quote."""
CODE = 0.9
"""What a match in a code block is worth: words outside say it better."""
NO_SUBJECT = 0.85
"""What a match is worth if neither the clause nor one before names what it is about, where
another point is about something else."""


@dataclass(frozen=True, slots=True)
class Match:
    """How well clauses first..last say something.

    Attributes:
        score: 0 to 1.
        hits: Bits of the words that matched.
    """

    score: float
    first: int = 0
    last: int = 0
    hits: int = 0


NONE = Match(0.0)


def best(
    reads: Sequence[Read],
    target: Target,
    subject_bits: int,
    spoilt: Collection[int] = (),
    longest: int = WINDOW,
    repeats: bool = True,
) -> Match:
    """Return the stretch of `reads` that says `target` best, without the `spoilt` clauses.

    With `repeats`, saying a wording word for word is enough, however little its words weigh.
    """
    found: list[Match] = []
    near, whole = _possible(reads, target)
    if not near and not whole:
        return NONE
    fit = [each.clause.live and place not in spoilt for place, each in enumerate(reads)]
    apt = [about(each, target) for each in reads]
    turned: list[tuple[int, int, float]] = []
    for first in range(len(reads)):
        stretch = Stretch(0, 0, 0, (), 0, frozenset(), 0, ())
        names: list[frozenset[str]] = []
        length = 0
        for last in range(first, min(first + longest, len(reads))):
            each = reads[last]
            length += len(each.clause.tokens)
            if not fit[last] or (last > first and length > WINDOW_WORDS):
                break
            stretch = Stretch(
                stretch.said | each.said,
                stretch.denied | each.denied,
                stretch.plain | (0 if each.negative else each.said),
                stretch.orders + each.orders,
                stretch.size + each.size,
                stretch.turns | each.turns,
                stretch.negations + each.negations,
                stretch.sequence + each.sequence,
            )
            names.append(each.named)
            lacks = target.foreign and not any(target.own & named for named in names)
            worth = NO_SUBJECT if target.own and lacks and not target.accuses else 1.0
            worth *= LONGER ** (last - first)
            if each.clause.code:
                worth *= CODE
            if repeats and whole and (same := repeated(stretch, whole)):
                score, hits = 1.0, same
            elif near and all(apt[first : last + 1]):
                score, hits = says(stretch, target, subject_bits, names, near)
            else:
                continue
            if score < 0:
                turned.append((first, last, -score))
            elif score:
                found.append(Match(score * worth, first, last, hits))
    # A part of a statement must not pass where the whole says the opposite.
    kept = (
        match
        for match in found
        if not any(
            first <= match.first and match.last <= last and score >= match.score
            for first, last, score in turned
        )
    )
    return max(
        kept, key=lambda match: (match.score, -match.first, match.first - match.last), default=NONE
    )


def _possible(reads: Sequence[Read], target: Target) -> tuple[Sequence[Wording], Sequence[Wording]]:
    """Return the wordings that `reads` may say, and those that they may repeat."""
    known = 0
    for each in reads:
        known |= each.said | each.denied
    reach = [
        (each.reach[(known & each.known).bit_count()], place)
        for place, each in enumerate(target.wordings)
    ]
    reach.sort(reverse=True)  # the sooner a good one is found, the fewer others are looked at
    near = [target.wordings[place] for most, place in reach if most > target.least]
    if target.accuses:
        return near, ()
    return near, [each for each in target.wordings if not (each.said | each.denied) & ~known]


def says(
    stretch: Stretch,
    target: Target,
    subject_bits: int,
    names: Sequence[frozenset[str]],
    wordings: Sequence[Wording] | None = None,
) -> tuple[float, int]:
    """Return how well `stretch` says `target`, and the bits that match.

    It is 0 to 1, and below 0 where the opposite is said. `names` are the subjects of the clauses:
    an accusation must be about the same. Half of it is the recall of the best wording, of
    `wordings` if there are any, half that of the words which the wordings have together: people
    mix them. A wording said the other way round outvotes a weaker match.
    """
    top, top_hits, turned, least = 0.0, 0, 0.0, 0.0
    needed = target.least
    known = stretch.said | stretch.denied
    for wording in target.wordings if wordings is None else wordings:
        if wording.reach[(known & wording.known).bit_count()] <= needed:
            continue  # neither better nor, turned round, of any weight
        if target.accuses and not plainly(stretch, wording, names, target):
            continue
        score, hits = recall(stretch, wording, subject_bits)
        if score > top:
            top, top_hits, needed = score, hits, max(score, needed)
            least = NAMED_SHARE * len(wording.weights)
        turned = max(turned, -score)
    if turned > max(top, OUTVOTES):
        return -turned, 0
    if not top:
        return 0.0, 0
    tainted = _tainted(stretch, top_hits, target)
    if target.accuses:
        hits = top_hits.bit_count()
        explained = hits >= ACCUSED_SHARE * stretch.size and hits >= least
        return (top, top_hits) if explained and not tainted else (0.0, 0)
    share = (top + pooled(stretch, target)) / 2 if len(target.wordings) >= POOLING else top
    return share * (TAINTED if tainted else 1.0), top_hits


def _tainted(stretch: Stretch, hits: int, target: Target) -> bool:
    """Whether most of what matched is only said in clauses that deny something else."""
    if hits & stretch.denied:  # the wording denies, too
        return False
    weight = sum(target.weights[bit] for bit in each_bit(hits))
    doubtful = sum(target.weights[bit] for bit in each_bit(hits & ~stretch.plain))
    return doubtful > TAINTED_SHARE * weight


def plainly(
    stretch: Stretch, wording: Wording, names: Sequence[frozenset[str]], target: Target
) -> bool:
    """Whether `stretch` may be called wrong: nothing in it narrows or turns `wording`.

    What tells the wording from what is right must be there: "written in Rust" is not "in Go".
    """
    telling = (wording.said | wording.denied) & ~target.truth
    topic = wording.topic & (target.own | target.foreign)  # what points are about
    return (
        narrowing(wording.turns) <= stretch.turns <= wording.turns
        and stretch.negations <= wording.negations
        and (_names(topic, names) or not (target.foreign or any(names)))
        and (not telling or bool(telling & (stretch.said | stretch.denied)))
    )


def _names(topic: frozenset[str], names: Sequence[frozenset[str]]) -> bool:
    """Whether the clauses with subjects `names` are about `topic`, each of them."""
    if not topic:
        return True
    return topic <= frozenset().union(*names) and all(named & topic for named in names)


def pooled(stretch: Stretch, target: Target) -> float:
    """Return how much of a usual wording's weight `stretch` has of all wordings' words (0 to 1)."""
    hits = (stretch.said | stretch.denied) & target.pool
    agree = sum(target.weights[bit] for bit in each_bit(hits))
    return min(agree / max(target.usual, LEAST_TOTAL), 1.0)


def about(each: Read, target: Target) -> bool:
    """Whether a clause can be about the target: not if it names another's subject instead.

    A subject both share does not help: "async endpoints" are not about "sync endpoints".
    """
    foreign = each.named & target.foreign
    if not target.own or not foreign:
        return True
    named = each.named & target.own
    if not target.others:
        return bool(named)
    return all(named - other for other in target.others if other & foreign)
