"""The words of one rubric: a bit and a weight for each, and how answers may spell them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from rapidfuzz.distance import DamerauLevenshtein

from bot.critics import lexicon, thesaurus
from bot.critics.words import Token, content, stem

LIGHT_WEIGHT = 0.4
"""Of an everyday word against a telling one ("use" against "idempotent")."""
PROMPT_WEIGHT = 0.3
"""Of a word that the question itself has: repeating the question earns next to nothing."""
TYPO_LENGTHS = (5, 8)
"""Letters from which on one and two wrong letters are forgiven."""

_LIGHT = frozenset(stem(word) for word in lexicon.LIGHT)
_OPPOSITES: dict[str, set[str]] = {}
for _left, _right in thesaurus.ANTONYMS:
    _OPPOSITES.setdefault(stem(_left), set()).add(stem(_right))
    _OPPOSITES.setdefault(stem(_right), set()).add(stem(_left))


class Vocabulary:
    """Stems of a rubric as bits, so that matching is arithmetic on integers."""

    def __init__(
        self,
        prompt: Sequence[Token],
        points: Sequence[Sequence[Sequence[Token]]],
        others: Iterable[Sequence[Token]],
    ) -> None:
        """Learn the words of a rubric.

        Args:
            prompt: Words of the question.
            points: For each point, the words of each of its wordings.
            others: Words of everything else: misconceptions, facts.
        """
        self.bits: dict[str, int] = {}
        self._joins: dict[str, tuple[str, str]] = {}
        spelt: set[str] = set()
        for words in (*(words for point in points for words in point), *others, prompt):
            self._learn(words, spelt)
        for each in list(self.bits):
            for opposite in sorted(_OPPOSITES.get(each, ())):
                self._bit(opposite)
        self._by_initial: dict[str, list[str]] = {}
        for word in sorted(spelt):
            if len(word) >= TYPO_LENGTHS[0]:
                self._by_initial.setdefault(word[0], []).append(word)
        self.weights = self._weigh({token.stem for token in prompt if content(token.word)}, points)
        self.opposites = {
            bit: self.mask(_OPPOSITES[each])
            for each, bit in self.bits.items()
            if each in _OPPOSITES
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
        for token in words:
            if token.stem in self.bits or token.word in lexicon.STOP:
                found.append(token)
            elif pair := self._joins.get(token.stem):
                found += [Token(token.word, part, token.start, token.end) for part in pair]
            else:
                found.append(self._corrected(token))
        return self._joined(found)

    def _joined(self, words: list[Token]) -> list[Token]:
        found: list[Token] = []
        for token in words:
            last = found[-1] if found else None
            if last and last.end < token.start <= last.end + 1:
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
        for place, token in enumerate(words):
            if not content(token.word):
                continue
            self._bit(token.stem)
            spelt.add(token.word)
            if place and content(words[place - 1].word):
                pair = (words[place - 1].stem, token.stem)
                self._joins.setdefault(stem(words[place - 1].word + token.word), pair)

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
