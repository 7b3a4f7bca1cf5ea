"""What answers are matched with: the wordings of a point or misconception, as a rubric's bits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot.critics.polarity import denied, negations, turns
from bot.critics.vocabulary import Vocabulary
from bot.critics.words import Token, fold, sequence

ORDERS = {"before": False, "after": True, "than": False, "to": False, "into": False}
"""Words with a left and a right that must not be swapped, and whether they mean it the other way
round ("A after B" is "B before A")."""


POOLING = 4
"""Wordings from which on their words count together too; of fewer, a usual one is not known."""
OUTVOTES = 0.6
"""Match from which on a wording said the other way round outvotes a lesser match of another."""
LEAST_SHARE = 0.35
"""Part of a wording up to which it is not looked at: so much is there by chance."""
LEAST_OF_FEW = 0.2
"""The same where a point has but few wordings, which nobody repeats."""
LEAST_TOTAL = 0.9
"""Weight that a wording is taken to have at least: about one telling word."""


@dataclass(frozen=True, slots=True)
class Order:
    """What stands on either side of a word like "before"."""

    left: int
    right: int
    word: str


@dataclass(frozen=True, slots=True)
class Wording:
    """One wording of a point or misconception.

    Attributes:
        said: Bits of the words it says.
        denied: Bits of the words it denies.
        weights: Weight of each bit.
        total: Their sum.
        opposites: For a bit, those of its opposites that the wording has not.
        orders: What it puts in an order.
        topic: Subjects of the question that it names.
        turns: Words in it that may turn it round.
        negations: Number of those that plainly deny.
        sequence: Stems of its content words, in order.
        text: It as it is written, folded.
        known: Bits of its words and of their opposites.
        reach: The most that so many of those bits can recall: 0, 1, 2 of them and so on.
    """

    said: int
    denied: int
    weights: dict[int, float]
    total: float
    opposites: dict[int, int]
    orders: tuple[Order, ...]
    topic: frozenset[str]
    turns: frozenset[str]
    negations: int
    sequence: tuple[str, ...]
    text: str
    known: int
    reach: tuple[float, ...]


@dataclass(slots=True)
class Target:
    """A key point or misconception with its wordings.

    Attributes:
        wordings: All of them.
        own: Subjects it is about; empty if it is about none in particular.
        foreign: Subjects that other points are about, and it is not.
        weights: Weight of each bit of the rubric.
        must: Groups of stems; an answer must have one of each.
        others: Subjects of each other point.
        truth: Bits of what is right about the same: an accusation needs words besides them.
        accuses: Whether it is a misconception. Then its subject must be named, and its wordings'
            words do not count together: mixed wrong words often make a right statement.
        pool: Bits that any wording has.
        sequences: Content words of each wording, also of those that calibration takes away.
        usual: Weight of a usual wording.
        least: Match of a wording up to which it says nothing.
    """

    wordings: tuple[Wording, ...]
    own: frozenset[str]
    foreign: frozenset[str]
    weights: dict[int, float]
    must: tuple[frozenset[str], ...] = ()
    accuses: bool = False
    others: tuple[frozenset[str], ...] = ()
    truth: int = 0
    pool: int = field(init=False, default=0)
    sequences: tuple[tuple[str, ...], ...] = field(init=False, default=())
    usual: float = field(init=False, default=0.0)
    least: float = field(init=False, default=LEAST_OF_FEW)

    def __post_init__(self) -> None:
        """Pool the wordings' words."""
        for wording in self.wordings:
            self.pool |= wording.said | wording.denied
        self.sequences = tuple(wording.sequence for wording in self.wordings)
        if self.accuses:
            self.least = OUTVOTES
        elif len(self.wordings) >= POOLING:
            self.least = LEAST_SHARE
        short = self.wordings[1:] or self.wordings  # the first may be a whole sentence
        self.usual = sum(wording.total for wording in short) / max(len(short), 1)


def wording(
    text: str,
    clauses: Sequence[Sequence[Token]],
    vocabulary: Vocabulary,
    contrast: frozenset[str],
) -> Wording:
    """Return the wording `text`, cut into `clauses`; `contrast` are the question's subjects."""
    words_said = [token for words in clauses for token in words]
    said = refused = 0
    found: list[Order] = []
    for words in clauses:
        found += orders(words, vocabulary)
        for token, negative in zip(words, denied(words), strict=True):
            if negative:
                refused |= vocabulary.bit(token)
            else:
                said |= vocabulary.bit(token)
    weights = {bit: vocabulary.weights[bit] for bit in each_bit(said | refused)}
    opposites = {
        bit: others & ~(said | refused)
        for bit in weights
        if (others := vocabulary.opposites.get(bit, 0))
    }
    topic = frozenset(token.stem for token in words_said) & contrast
    known = said | refused
    for others in opposites.values():
        known |= others
    return Wording(
        said,
        refused & ~said,
        weights,
        sum(weights.values()),
        opposites,
        tuple(found),
        topic,
        turns(words_said),
        negations(words_said),
        sequence(words_said),
        fold(text).text,
        known,
        _reach(weights.values(), known.bit_count()),
    )


def _reach(weights: Iterable[float], bits: int) -> tuple[float, ...]:
    """Return what the heaviest words recall together: none, the first, and so on up to `bits`."""
    heaviest = sorted(weights, reverse=True)
    total = max(sum(heaviest), LEAST_TOTAL)
    return tuple(sum(heaviest[:number]) / total for number in range(bits + 1))


def orders(words: Sequence[Token], vocabulary: Vocabulary) -> tuple[Order, ...]:
    """Return what one clause puts in an order, "after" read as a turned "before"."""
    found = []
    for place, token in enumerate(words):
        turned = ORDERS.get(token.word)
        if turned is None:
            continue
        left = _bits(words[:place], vocabulary)
        right = _bits(words[place + 1 :], vocabulary)
        if left and right:
            word = "before" if turned else token.word
            found.append(Order(right, left, word) if turned else Order(left, right, word))
    return tuple(found)


def _bits(words: Sequence[Token], vocabulary: Vocabulary) -> int:
    found = 0
    for token in words:
        found |= vocabulary.bit(token)
    return found


def each_bit(mask: int) -> list[int]:
    """Return the bits of `mask` one by one."""
    found = []
    while mask:
        low = mask & -mask
        found.append(low)
        mask ^= low
    return found
