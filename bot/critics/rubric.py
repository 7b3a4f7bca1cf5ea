"""A question's rubric made ready for matching: its wordings as bits, its subjects, its facts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from bot.critics import lexicon
from bot.critics.clauses import split
from bot.critics.facts import FactReader
from bot.critics.targets import Target, wording
from bot.critics.vocabulary import Vocabulary, apart, joins_in
from bot.critics.words import Token, content, fold, spoken
from bot.domain.question import Fact, KeyPoint, Question

TOPIC_SHARE = 0.5
"""Share of a point's wordings that name a subject, from which on the point is about it."""
AT_HOME_SHARE = 0.4
"""Share from which on a subject is at home in a point, though the point is not about it."""
MAIN_SHARE = 0.8
"""Of several subjects, those named so often compared with the most frequent are the main ones."""

_APART = re.compile(
    r"\b[A-Z]{2,}\b|\.\w+|\w+\(|`[^`]+`|__\w+__|\*+\w+"
    r"|[A-Z][a-z]+(?=[A-Z])|(?<=[a-z])[A-Z][a-z]+"
)


@dataclass(slots=True)
class Prepared:
    """A question's rubric, ready for matching; the lists are in the rubric's order.

    Attributes:
        question: Whose rubric it is.
        vocabulary: Its words.
        subjects: Stems that name what its statements are about, in the question or in a fact.
        contrast: Those of the question: of list and tuple, what is said of one is not of the other.
        subject_bits: The same as bits.
        points: The key points.
        facts: For each point, the readers of its facts.
        misconceptions: The misconceptions.
    """

    question: Question
    vocabulary: Vocabulary
    subjects: frozenset[str]
    contrast: frozenset[str]
    subject_bits: int
    points: list[Target] = field(default_factory=list)
    facts: list[list[FactReader]] = field(default_factory=list)
    misconceptions: list[Target] = field(default_factory=list)


def prepare(question: Question) -> Prepared:
    """Return the rubric of `question`, ready for matching."""
    rubric = question.rubric
    joins = joins_in(_texts(question))
    respell = partial(apart, joins=joins)
    prompt = respell(spoken(question.prompt))
    contrast = _naming(prompt) | _written_apart(question.prompt)
    said = [
        [_clauses(text, contrast, respell) for text in wordings(point)] for point in rubric.points
    ]
    wrong = [
        [_clauses(text, contrast, respell) for text in each.said] for each in rubric.misconceptions
    ]
    flat = [[_flat(words) for words in each] for each in said]
    flat_wrong = [[_flat(words) for words in each] for each in wrong]
    facts = [fact for point in rubric.points for fact in point.facts]
    stated = [respell(spoken(text)) for fact in facts for text in _names_and_wordings(fact)]
    others = [*(words for each in flat_wrong for words in each), *stated]
    vocabulary = Vocabulary(prompt, flat, others, joins)
    named = [token for fact in facts for name in fact.subject for token in respell(spoken(name))]
    subjects = contrast | _naming(named)
    ready = Prepared(question, vocabulary, subjects, contrast, vocabulary.mask(subjects))
    topics = [_topics(each, contrast) for each in flat]
    everywhere = frozenset().union(*topics)
    weights = vocabulary.weights
    for point, parts, words, topic in zip(rubric.points, said, flat, topics, strict=True):
        must = tuple(
            frozenset(t.stem for word in group for t in respell(spoken(word)))
            for group in point.must
        )
        found = tuple(
            wording(text, each, vocabulary, contrast)
            for text, each in zip(wordings(point), parts, strict=True)
        )
        rest = tuple(each for each in topics if each - topic)
        foreign = everywhere - topic - _named_by(words, contrast, AT_HOME_SHARE)
        ready.points.append(Target(found, topic, foreign, weights, must, others=rest))
        ready.facts.append(
            [FactReader(fact, _rivals(question, fact.property), respell) for fact in point.facts]
        )
    pools = {
        point.id: target.pool for point, target in zip(rubric.points, ready.points, strict=True)
    }
    for belief, parts, words in zip(rubric.misconceptions, wrong, flat_wrong, strict=True):
        topic = _topics(words, contrast & everywhere)
        found = tuple(
            wording(text, each, vocabulary, contrast)
            for text, each in zip(belief.said, parts, strict=True)
        )
        truth = pools.get(belief.contradicts or "", 0)
        ready.misconceptions.append(
            Target(found, topic, everywhere - topic, weights, accuses=True, truth=truth)
        )
    return ready


def wordings(point: KeyPoint) -> list[str]:
    """Return every wording of a point, its text first."""
    return [point.text, *point.paraphrases]


def _texts(question: Question) -> list[str]:
    """Return everything that a rubric says and the question."""
    rubric = question.rubric
    texts = [question.prompt]
    for point in rubric.points:
        texts += wordings(point)
        texts += [text for fact in point.facts for text in _names_and_wordings(fact)]
    return texts + [text for each in rubric.misconceptions for text in each.said]


def _names_and_wordings(fact: Fact) -> tuple[str, ...]:
    return (*fact.subject, *fact.affirmed_by, *fact.denied_by)


def _clauses(
    text: str, subjects: frozenset[str], respell: Callable[[list[Token]], list[Token]]
) -> list[list[Token]]:
    return [clause.tokens for clause in split(fold(text), text, subjects, respell)]


def _flat(clauses: Sequence[Sequence[Token]]) -> list[Token]:
    return [token for clause in clauses for token in clause]


def _naming(words: Sequence[Token]) -> frozenset[str]:
    return frozenset(
        token.stem
        for token in words
        if content(token.word) and token.word not in lexicon.LIGHT | lexicon.PRONOUNS
    )


def _written_apart(prompt: str) -> frozenset[str]:
    """Return the stems of words in capitals, code and camel case: "PUT", ".get()"."""
    return frozenset(
        token.stem
        for found in _APART.finditer(prompt)
        for token in spoken(found[0])
        if content(token.word)
    )


def _topics(texts: Sequence[Sequence[Token]], subjects: frozenset[str]) -> frozenset[str]:
    """Return those of `subjects` that enough of the wordings name, the main ones of them."""
    counts = Counter(each for words in texts for each in {t.stem for t in words} & subjects)
    most = max(counts.values(), default=0)
    return frozenset(
        each
        for each in _named_by(texts, subjects, TOPIC_SHARE)
        if counts[each] >= MAIN_SHARE * most
    )


def _named_by(
    texts: Sequence[Sequence[Token]], subjects: frozenset[str], share: float
) -> frozenset[str]:
    """Return those of `subjects` that at least `share` of the wordings name."""
    counts = Counter(each for words in texts for each in {t.stem for t in words} & subjects)
    return frozenset(each for each, count in counts.items() if count >= share * len(texts))


def _rivals(question: Question, wanted: str) -> list[str]:
    """Return the names of everything in the rubric that the property `wanted` is said of."""
    return [
        name
        for point in question.rubric.points
        for fact in point.facts
        if fact.property == wanted
        for name in fact.subject
    ]
