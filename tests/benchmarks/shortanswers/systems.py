"""What is compared: the critic's features with and without embeddings, and plain baselines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer  # type: ignore[import-untyped]

from bot.critics.embedding import Embedding
from bot.critics.features import Yardstick
from bot.critics.resemblance import Rarity
from bot.critics.words import fold, spoken
from tests.benchmarks.shortanswers.agreement import Numbers
from tests.benchmarks.shortanswers.answers import Examples


def critic(examples: Sequence[Examples], rarity: Rarity, vectors: Embedding | None) -> Numbers:
    """Return the critic's features of every answer."""
    rows = []
    for each in examples:
        if not each.rest:
            continue
        yardstick = Yardstick(each.rest[0].question, each.right, each.wrong, rarity, vectors)
        rows += [list(yardstick.measure(graded.answer).values()) for graded in each.rest]
    return np.array(rows)


def tf_idf(examples: Sequence[Examples]) -> Numbers:
    """Return the cosine of TF-IDF vectors with the likest right answer."""
    texts = [text for each in examples for text in each.right]
    texts += [graded.answer for each in examples for graded in each.rest]
    vectorizer = TfidfVectorizer(sublinear_tf=True).fit(texts)
    return _likest(
        (vectorizer.transform([answer]) @ vectorizer.transform(right).T).max()
        for answer, right in _pairs(examples)
    )


def token_f1(examples: Sequence[Examples]) -> Numbers:
    """Return the F1 of words with the likest right answer."""
    return _likest(
        max(_f1(_words(answer), _words(text)) for text in right)
        for answer, right in _pairs(examples)
    )


def cosine(examples: Sequence[Examples], vectors: Embedding) -> Numbers:
    """Return the cosine of the embedding with the likest right answer."""
    return _likest(
        float((vectors.vectors([*right]) @ vectors.vectors([answer])[0]).max())
        for answer, right in _pairs(examples)
    )


def _pairs(examples: Sequence[Examples]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for each in examples:
        for graded in each.rest:
            yield fold(graded.answer).text, tuple(fold(text).text for text in each.right)


def _likest(found: Iterator[float]) -> Numbers:
    return np.array([[each] for each in found])


def _words(text: str) -> Counter[str]:
    return Counter(token.word for token in spoken(text))


def _f1(left: Counter[str], right: Counter[str]) -> float:
    both = (left & right).total()
    return 2 * both / (left.total() + right.total()) if both else 0.0
