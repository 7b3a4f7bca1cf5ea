"""The words of one rubric: a bit and a weight for each, and how answers may spell them."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from rapidfuzz.distance import DamerauLevenshtein

from bot.critics import lexicon, thesaurus
from bot.critics.words import MAX_WORD, Token, content, spoken, stem

LIGHT_WEIGHT = 0.4
"""Of an everyday word against a telling one ("use" against "idempotent")."""
PROMPT_WEIGHT = 0.3
"""Of a word that the question itself has: repeating the question earns next to nothing."""
TYPO_LENGTHS = (5, 8)
"""Letters from which on one and two wrong letters are forgiven."""

_LIGHT = frozenset(stem(word) for word in lexicon.LIGHT)
OPPOSITES: dict[str, set[str]] = {}
for _left, _right in thesaurus.ANTONYMS:
    OPPOSITES.setdefault(stem(_left), set()).add(stem(_right))
    OPPOSITES.setdefault(stem(_right), set()).add(stem(_left))
"""For a stem, those that mean the opposite."""


_CODE = re.compile(r"(?<=[@.`_])\w+|\w+(?=[(`])|\b[A-Z][a-z]+[A-Z]\w*")

Joins = dict[str, tuple[str, str]]
"""For the stem of a word written together ("threadpool"), the stems of its parts."""


def joins_in(texts: Sequence[str]) -> Joins:
    """Return the words that neighbours in `texts` would make, and the usual short forms.

    A name of code among them stays whole: `@contextmanager` is not just any context manager.
    """
    found: Joins = {
        stem(short): (stem(first), stem(second)) for short, first, second in thesaurus.SHORT_FORMS
    }
    code = {stem(name.lower()) for text in texts for name in _CODE.findall(text)}
    for text in texts:
        for left, right in pairwise(spoken(text)):
            if content(left.word) and content(right.word) and right.end - left.start < MAX_WORD:
                for whole in (stem(left.word + right.word), stem(left.stem + right.word)):
                    if whole not in code and whole != right.stem:
                        found.setdefault(whole, (left.stem, right.stem))
    return found


def apart(words: Iterable[Token], joins: Joins) -> list[Token]:
    """Return `words` with those of `joins` in their parts: both sides are read the same way."""
    found: list[Token] = []
    for token in words:
        parts = joins.get(token.stem, ())
        found += [Token(token.word, part, token.start, token.end) for part in parts] or [token]
    return found


class Vocabulary:
    """Stems of a rubric as bits, so that matching is arithmetic on integers."""

    def __init__(
        self,
        prompt: Sequence[Token],
        points: Sequence[Sequence[Sequence[Token]]],
        others: Iterable[Sequence[Token]],
        joins: Joins | None = None,
    ) -> None:
        """Learn the words of a rubric.

        Args:
            prompt: Words of the question.
            points: For each point, the words of each of its wordings.
            others: Words of everything else: misconceptions, facts.
            joins: Words of the rubric that are written together and apart, already read apart here.
        """
        self.bits: dict[str, int] = {}
        self._joins = joins or {}
        spelt: set[str] = set()
        for words in (*(words for point in points for words in point), *others, prompt):
            self._learn(words, spelt)
        for each in list(self.bits):
            for opposite in sorted(OPPOSITES.get(each, ())):
                self._bit(opposite)
        self._by_initial: dict[str, list[str]] = {}
        for word in sorted(spelt):
            if len(word) >= TYPO_LENGTHS[0]:
                self._by_initial.setdefault(word[0], []).append(word)
        self.weights = self._weigh({token.stem for token in prompt if content(token.word)}, points)
        self.opposites = {
            bit: self.mask(OPPOSITES[each]) for each, bit in self.bits.items() if each in OPPOSITES
        }

    def bit(self, token: Token) -> int:
        """Return the bit of a word, 0 if it carries no content or the rubric has it not."""
        return self.bits.get(token.stem, 0) if content(token.word) else 0

    def mask(self, stems: Iterable[str]) -> int:
        """Return the bits of those `stems` that the rubric knows."""
        found = 0
        for each in stems:
            found |= self.bits.get(each, 0)
        return found

    def respell(self, words: list[Token]) -> list[Token]:
        """Return `words` with misspelt, joined and parted words as the rubric spells them."""
        found: list[Token] = []
        for token in apart(words, self._joins):
            if token.stem in self.bits or token.word in lexicon.STOP:
                found.append(token)
            else:
                found.append(self._corrected(token))
        return self._joined(found)

    def _joined(self, words: list[Token]) -> list[Token]:
        found: list[Token] = []
        for token in words:
            last = found[-1] if found else None
            if last and last.end < token.start <= last.end + 1 and content(last.word):
                whole = stem(last.word + token.word)
                parted = last.stem in self.bits and token.stem in self.bits
                if whole in self.bits and not parted:
                    found[-1] = Token(last.word + token.word, whole, last.start, token.end)
                    continue
            found.append(token)
        return found

    def _corrected(self, token: Token) -> Token:
        word = token.word
        if len(word) < TYPO_LENGTHS[0] or not word.isalpha():
            return token
        slips = 1 if len(word) < TYPO_LENGTHS[1] else 2
        best: tuple[int, str] | None = None
        for known in self._by_initial.get(word[0], ()):  # another first letter is another word
            if abs(len(known) - len(word)) <= slips:
                distance = DamerauLevenshtein.distance(word, known, score_cutoff=slips)
                if distance <= slips and (best is None or distance < best[0]):
                    best = (distance, known)
        return Token(word, stem(best[1]), token.start, token.end) if best else token

    def _learn(self, words: Sequence[Token], spelt: set[str]) -> None:
        for token in words:
            if content(token.word):
                self._bit(token.stem)
                spelt.add(token.word)

    def _bit(self, word: str) -> None:
        self.bits.setdefault(word, 1 << len(self.bits))

    def _weigh(
        self, prompt: set[str], points: Sequence[Sequence[Sequence[Token]]]
    ) -> dict[int, float]:
        """Return the weight of each bit: a word that few points have weighs more."""
        spread = Counter(
            each for point in points for each in {token.stem for words in point for token in words}
        )
        count = max(len(points), 1)
        weights = {}
        for each, bit in self.bits.items():
            weight = math.log1p(count / max(spread[each], 1)) / math.log1p(count)
            if each in _LIGHT:
                weight *= LIGHT_WEIGHT
            if each in prompt:
                weight *= PROMPT_WEIGHT
            weights[bit] = weight
        return weights
