"""How alike two texts are, measured in many small ways: by words, by letters and by meaning.

The critic decides by rules (matching.py); these are the same comparisons as numbers, for whoever
weighs them by graded answers.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from bot.critics.clauses import split
from bot.critics.embedding import Embedding
from bot.critics.polarity import denied
from bot.critics.words import content, fold, spoken

if TYPE_CHECKING:
    from bot.critics.embedding import Vectors

FEW = 3
MORE = 4
"""Letters in a row that are compared: they see "encapsulate" in "encapsulation"."""


class Rarity:
    """How telling words are: those that few texts have tell more."""

    def __init__(self, texts: Iterable[str]) -> None:
        """Count in how many of `texts` each word is."""
        stems = [{token.stem for token in spoken(text)} for text in texts]
        self._texts = len(stems)
        self._having = Counter(each for found in stems for each in found)

    def __call__(self, stem: str) -> float:
        """Return the weight of a word; the rarest weighs most."""
        return math.log((self._texts + 1) / (self._having[stem] + 0.5))

    def of(self, stems: Iterable[str]) -> float:
        """Return the weight of several words together."""
        return sum(self(stem) for stem in sorted(stems))  # sorted: a sum hangs on its order


@dataclass(frozen=True)
class Text:
    """A text and everything about it that is compared, each worked out once.

    Attributes:
        text: As written.
        vectors: What makes vectors of it; None to do without.
    """

    text: str
    vectors: Embedding | None = None
    _grams: dict[int, Counter[str]] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def folded(self) -> str:
        """The text in plain lower-case letters."""
        return fold(self.text).text

    @cached_property
    def spelt(self) -> dict[str, str]:
        """For each stem that carries content, the word as it stands there first."""
        found: dict[str, str] = {}
        for token in spoken(self.text):
            if content(token.word):
                found.setdefault(token.stem, token.word)
        return found

    @cached_property
    def sequence(self) -> tuple[str, ...]:
        """The stems that carry content, in order."""
        return tuple(token.stem for token in spoken(self.text) if content(token.word))

    @cached_property
    def stems(self) -> frozenset[str]:
        """The same as a set."""
        return frozenset(self.sequence)

    @cached_property
    def denied(self) -> frozenset[str]:
        """Those that are denied and nowhere plainly said."""
        signs = [
            (token.stem, sign)
            for clause in split(fold(self.text), self.text)
            for token, sign in zip(clause.tokens, denied(clause.tokens), strict=True)
        ]
        said = {stem for stem, sign in signs if not sign}
        return self.stems & ({stem for stem, sign in signs if sign} - said)

    @cached_property
    def clauses(self) -> list[str]:
        """The text in clauses, at least one."""
        found = split(fold(self.text), self.text)
        return [" ".join(token.word for token in each.tokens) for each in found] or [self.folded]

    def grams(self, size: int) -> Counter[str]:
        """Return the runs of `size` letters in its stems."""
        if size not in self._grams:
            line = f" {' '.join(self.sequence)} "
            runs = (line[place : place + size] for place in range(len(line) - size + 1))
            self._grams[size] = Counter(runs)
        return self._grams[size]

    def vectors_of(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of `texts`."""
        assert self.vectors is not None
        return self.vectors.vectors(texts)

    @cached_property
    def vector(self) -> Vectors:
        """The vector of the whole text."""
        (row,) = self.vectors_of([self.folded])
        found: Vectors = row
        return found

    @cached_property
    def clause_vectors(self) -> Vectors:
        """The vector of each clause."""
        return self.vectors_of(self.clauses)

    @cached_property
    def word_vectors(self) -> dict[str, Vectors]:
        """The vector of each stem."""
        rows = self.vectors_of(list(self.spelt.values()))
        return dict(zip(self.spelt, rows, strict=True))


def by_words(answer: Text, other: Text, question: Text, rarity: Rarity) -> dict[str, float]:
    """Return how alike `answer` and `other` are by words and letters, each 0 to 1.

    Words that the question has are no news in either; only "whole recall" counts them.
    """
    own, new = other.stems - question.stems, answer.stems - question.stems
    recall = share(rarity.of(own & new), rarity.of(own))
    precision = share(rarity.of(own & new), rarity.of(new))
    both = answer.stems & other.stems
    return {
        "recall": recall,
        "whole recall": share(rarity.of(both), rarity.of(other.stems)),
        "f1": share(2 * recall * precision, recall + precision),
        "part": fuzz.partial_ratio(answer.folded, other.folded) / 100,
        "letters": _cosine(answer.grams(FEW), other.grams(FEW)),
        "letters recall": _recall(answer.grams(MORE), other.grams(MORE), question.grams(MORE)),
    }


def by_meaning(answer: Text, other: Text, question: Text, rarity: Rarity) -> dict[str, float]:
    """Return how alike `answer` and `other` are by their vectors, -1 to 1; both must have some."""
    clauses = other.clause_vectors @ answer.clause_vectors.T
    found = {
        "cosine": float(answer.vector @ other.vector),
        "clauses recall": float(clauses.max(axis=1).mean()),
        "words recall": 0.0,
        "own cosine": 0.0,
    }
    own, new = sorted(other.stems - question.stems), sorted(answer.stems - question.stems)
    if not own or not new:
        return found
    import numpy as np

    wanted = np.stack([other.word_vectors[stem] for stem in own])
    given = np.stack([answer.word_vectors[stem] for stem in new])
    heavy, light = np.array([rarity(s) for s in own]), np.array([rarity(s) for s in new])
    nearest = np.clip(wanted @ given.T, 0, 1).max(axis=1)
    left, right = heavy @ wanted, light @ given
    lengths = float(np.linalg.norm(left) * np.linalg.norm(right))
    found["words recall"] = share(float(nearest @ heavy), float(heavy.sum()))
    found["own cosine"] = share(float(left @ right), lengths)
    return found


def turned(answer: Text, other: Text) -> float:
    """Return the share of words in both that one of them denies and the other says."""
    both = answer.stems & other.stems
    return share(len((answer.denied ^ other.denied) & both), len(both))


def share(part: float, whole: float) -> float:
    """Return `part` of `whole`; of nothing it is 0."""
    return part / whole if whole else 0.0


def _recall(answer: Counter[str], other: Counter[str], question: Counter[str]) -> float:
    own = {gram: count for gram, count in other.items() if gram not in question}
    return share(sum(count for gram, count in own.items() if gram in answer), sum(own.values()))


def _cosine(left: Counter[str], right: Counter[str]) -> float:
    inner = sum(count * right[gram] for gram, count in left.items())
    squares = [sum(count * count for count in each.values()) for each in (left, right)]
    return share(inner, math.sqrt(squares[0] * squares[1]))
