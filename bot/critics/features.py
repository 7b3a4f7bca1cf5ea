"""An answer as a short row of numbers, for whoever learns from graded answers what they are worth.

The verdicts of the critic do not come from here: they are rules that can be explained. What these
numbers tell is how good its comparisons are (tests/benchmarks/shortanswers).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from functools import cached_property

from bot.critics import lexicon
from bot.critics.clauses import split
from bot.critics.embedding import Embedding
from bot.critics.evidence import ACCUSE_WINDOW
from bot.critics.matching import best
from bot.critics.reading import Read, read
from bot.critics.resemblance import Rarity, Text, by_meaning, by_words, share, turned
from bot.critics.rubric import Prepared, prepare
from bot.critics.targets import Target
from bot.critics.words import fold, spoken
from bot.domain.question import KeyPoint, Misconception, Question, Rubric


class Yardstick:
    """What answers to one question are measured with."""

    def __init__(
        self,
        question: str,
        right: Sequence[str],
        wrong: Sequence[str],
        rarity: Rarity,
        vectors: Embedding | None = None,
    ) -> None:
        """Prepare it.

        Args:
            question: The question.
            right: Good answers in different words, at least one, the reference first.
            wrong: Wrong answers.
            rarity: How telling words are.
            vectors: What compares by meaning; None to do without.
        """
        self._rarity = rarity
        self._vectors = vectors
        self._question = Text(question, vectors)
        self._right = [Text(each, vectors) for each in right]
        self._wrong = [Text(each, vectors) for each in wrong]
        self._whole = prepare(_question(question, [right], wrong))
        self._parts = prepare(_question(question, [[each] for each in self._right[0].clauses], ()))

    def measure(self, answer: str) -> dict[str, float]:
        """Return the features of `answer` by name; the names are the same for every answer."""
        given = Text(answer, self._vectors)
        right = [self._alike(given, each) for each in self._right]
        wrong = [self._alike(given, each) for each in self._wrong]
        found = dict(right[0])
        for name in right[0]:
            found[f"best {name}"] = max(each[name] for each in right)
            found[f"wrong {name}"] = max((each[name] for each in wrong), default=0.0)
        found |= self._pooled(given) | self._matched(answer) | self._of_itself(given)
        return found | self._meant(given) if self._vectors else found

    def _alike(self, given: Text, other: Text) -> dict[str, float]:
        found = by_words(given, other, self._question, self._rarity)
        if self._vectors:
            found |= by_meaning(given, other, self._question, self._rarity)
        return found

    def _pooled(self, given: Text) -> dict[str, float]:
        """Return how much of the right answers' words together is said: people mix them."""
        new = given.stems - self._question.stems
        said, wrong, rarity = self._said, self._said_wrongly, self._rarity
        agreed = {stem: count - 1 for stem, count in said.items() if count > 1}
        lead = sum(
            said[stem] / len(self._right) - wrong[stem] / max(len(self._wrong), 1)
            for stem in sorted(new)
        )
        return {
            "pooled": self._of_usual(said, new),
            "agreed": self._of_usual(agreed, new),
            "known": share(rarity.of(new & said.keys()), rarity.of(new)),
            "lead over wrong": lead,
        }

    def _of_usual(self, counts: Counter[str] | dict[str, int], new: frozenset[str]) -> float:
        """Return the weight of `new` words compared with that of a right answer."""

        def weight(stems: frozenset[str]) -> float:
            return sum(counts[each] * self._rarity(each) for each in sorted(stems & counts.keys()))

        usual = sum(weight(each.stems) for each in self._right) / len(self._right)
        return share(weight(new), usual)

    @cached_property
    def _said(self) -> Counter[str]:
        """For each word that is not the question's, how many right answers have it."""
        return Counter(stem for each in self._right for stem in each.stems - self._question.stems)

    @cached_property
    def _said_wrongly(self) -> Counter[str]:
        return Counter(stem for each in self._wrong for stem in each.stems - self._question.stems)

    def _matched(self, answer: str) -> dict[str, float]:
        """Return what the critic's own matching finds."""
        whole, parts = _read(answer, self._whole), _read(answer, self._parts)
        each_part = [_score(parts, target, self._parts) for target in self._parts.points]
        accused = [
            best(whole, target, self._whole.subject_bits, longest=ACCUSE_WINDOW).score
            for target in self._whole.misconceptions
        ]
        return {
            "match": _score(whole, self._whole.points[0], self._whole),
            "match of parts": sum(each_part) / len(each_part),
            "accused": max(accused, default=0.0),
        }

    def _of_itself(self, given: Text) -> dict[str, float]:
        """Return what an answer is like whatever it says."""
        new = given.stems - self._question.stems
        words = spoken(given.text)
        return {
            "turned": turned(given, self._right[0]),
            "length": math.log1p(len(given.sequence)),
            "new words": math.log1p(len(new)),
            "share of new words": share(len(new), len(given.sequence)),
            "denials": share(sum(lexicon.negates(token.word) for token in words), len(words)),
            "clauses": float(len(given.clauses)),
        }

    def _meant(self, given: Text) -> dict[str, float]:
        """Return where the answer's vector lies between the right, the wrong and the question."""
        right = sum(given.vector @ each.vector for each in self._right) / len(self._right)
        wrong = sum(given.vector @ each.vector for each in self._wrong) / max(len(self._wrong), 1)
        return {
            "mean cosine": float(right),
            "mean lead over wrong": float(right - wrong),
            "likeness to question": float(given.vector @ self._question.vector),
        }


def _question(prompt: str, points: Sequence[Sequence[str]], wrong: Sequence[str]) -> Question:
    """Return a question whose rubric has a point for each of `points`, with its wordings."""
    rubric = Rubric(
        tuple(KeyPoint(f"p{n}", each[0], 1, tuple(each[1:])) for n, each in enumerate(points)),
        tuple(Misconception(f"m{n}", (each,), "") for n, each in enumerate(wrong)),
    )
    return Question(slug="measured", prompt=prompt, topic="", difficulty=1, rubric=rubric)


def _read(answer: str, ready: Prepared) -> list[Read]:
    return read(split(fold(answer), answer, ready.subjects, ready.vocabulary.respell), ready)


def _score(reads: Sequence[Read], target: Target, ready: Prepared) -> float:
    return best(reads, target, ready.subject_bits).score
