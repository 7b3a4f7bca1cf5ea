"""Answers on which a model is not believed: those that seem to speak to whoever judges them.

Being wrong here costs an honest answer no more than what the model would have added to the offline
verdict, so it is far more suspicious than precheck.py, which takes credit away.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from bot.critics import precheck
from bot.critics.embedding import Embedding, embedding
from bot.critics.llm.support import PREPARED, Answer
from bot.critics.rubric import wordings
from bot.critics.words import content, fold, stem
from bot.domain.critique import Critique
from bot.domain.question import Question

if TYPE_CHECKING:
    from bot.critics.embedding import Vectors

FLAGS = frozenset(
    ("injection", "stuffing", "copy_question", "offtopic", "obfuscated", "contradiction")
)
FOREIGN = 4
"""Letters of another script from which on a part of an answer cannot be read here."""
ALIEN = 0.34
"""Likeness by meaning to anything in the rubric, below which a sentence is about something else:
98 of 100 sentences of honest answers are above, 95 of 100 appeals to the judge below."""
ALIEN_WORDS = 3
"""Words of such a sentence at least."""
ALIEN_PART = 0.2
"""The same for a part of a sentence."""
ALIEN_PART_WORDS = 5
WINDOW = 6
"""Content words in a row that are about something else, if the rubric knows at most `KNOWN` of
them. Honest answers in words of their own have shorter ones."""
KNOWN = 1
UNRELATED = 3
"""Content words from which on a sentence is about something else if the rubric knows few of them;
one of which it knows none needs one less. None of 146 honest answers has such a sentence."""
RELATED_SHARE = 0.25

_JUDGING = re.compile(
    r"\b(?:grad(?:e|es|ed|er|ers|ing)|evaluat(?:or|ors|ion)|examiners?|interviewers?|assessors?|"
    r"judges?|judg(?:ing|e?ment)|critics?|reviewers?|rubrics?|scor(?:e|es|ed|ing)|marks|"
    r"full (?:credit|marks|points)|key ?points?|verdicts?|candidates?|students?|"
    r"(?:my|this|the|following|above) (?:answer|response|reply|submission)s?|"
    r"(?:previous|prior|above|earlier|following|these|new) (?:instruction|direction|rule|prompt)s?|"
    r"system prompt|language models?|chatbots?|assistant|json output|not[_ ]found|"
    r"mark(?:ed)? .{0,30}(?:correct|covered|complete)|as covered|all (?:the )?points|"
    r"please|generous|trust me|i (?:can |hereby )?(?:confirm|certify|assure|know)|"
    r"(?:years of|as an?) .{0,30}(?:experience|developer|engineer|expert|professor|teacher)|"
    r"(?:everything|anything|all|what(?:ever)?|the) (?:else|not|remaining|rest|others?)\b"
    r".{0,60}\b(?:true|right|correct|fine|done|said|implied|included|complete|acquired|known|too)|"
    r"impl(?:ied|icit) (?:here|above|too)|"
    r"(?:calificaci[o]n|puntuaci[o]n|puntos|instrucciones|anweisung(?:en)?|punktzahl|bewert\w+|"
    r"consignes?|notation|pontuacao|instrucoes|istruzioni|punteggio|reponse|antwort|respuesta))\b"
    r"|<\|.{0,40}\|>|\[/?inst\]|[{\[]\s*\"\w+\"\s*:"
)
"""Words for judging and begging, which are not the question's own."""


def suspicious(question: Question, offline: Critique, answer: Answer) -> bool:
    """Whether a model's credits for an answer are not to be believed at all."""
    if not offline.status.is_attempt or not FLAGS.isdisjoint(offline.flags):
        return True
    text = answer.folded.text
    known = fold("\n".join([*_own_texts(question), question.rubric.model_answer])).text
    if any(found[0] not in known for found in _JUDGING.finditer(text)):
        return True
    if sum(_is_foreign(char) for char in text) >= FOREIGN:
        return True
    if _digresses(answer):
        return True
    vectors = embedding()
    return vectors is not None and _strays(answer, question, vectors)


def _digresses(answer: Answer) -> bool:
    """Whether a part of the answer has next to none of the rubric's words."""
    whole: list[bool] = []
    for sentence in precheck.by_sentence(answer.clauses):
        known = [
            stem(token.word) in answer.ready.vocabulary.bits  # as spelt: a slip may be Spanish
            for clause in sentence
            if not clause.code
            for token in clause.tokens
            if content(token.word)
        ]
        few = sum(known) <= RELATED_SHARE * len(known)
        if few and len(known) >= UNRELATED - (not any(known)):
            return True
        whole += known
    windows = range(len(whole) - WINDOW + 1)
    return any(sum(whole[first : first + WINDOW]) <= KNOWN for first in windows)


def _strays(answer: Answer, question: Question, vectors: Embedding) -> bool:
    """Whether a part of the answer is unlike everything in the rubric, and names no subject."""
    texts: list[str] = []
    least: list[float] = []
    for sentence in precheck.by_sentence(answer.clauses):
        if sentence[0].code:
            continue
        parts = [(sentence, ALIEN_WORDS, ALIEN)]
        parts += [([clause], ALIEN_PART_WORDS, ALIEN_PART) for clause in sentence]
        for clauses, words, like in parts:
            named = any(not clause.stems.isdisjoint(answer.ready.contrast) for clause in clauses)
            if not named and sum(len(clause.tokens) for clause in clauses) >= words:
                texts.append(answer.text(clauses[0].tokens[0].start, clauses[-1].tokens[-1].end))
                least.append(like)
    if not texts:
        return False
    nearest = (vectors.vectors(texts) @ _meanings(question, vectors).T).max(axis=1)
    return any(float(found) < wanted for found, wanted in zip(nearest, least, strict=True))


@lru_cache(maxsize=PREPARED)
def _meanings(question: Question, vectors: Embedding) -> Vectors:
    return vectors.vectors(_own_texts(question))


def _own_texts(question: Question) -> list[str]:
    """Return what the question itself says: some are about scores, grading and students."""
    texts = [question.prompt]
    for point in question.rubric.points:
        texts += wordings(point)
    for each in question.rubric.misconceptions:
        texts += (*each.said, each.correction)
    return texts


def _is_foreign(char: str) -> bool:
    return not char.isascii() and char.isalpha() and "LATIN" not in unicodedata.name(char, "")
