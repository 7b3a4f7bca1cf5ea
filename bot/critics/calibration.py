"""A rubric tried on its own right words, so that it accuses none of them."""

from __future__ import annotations

from dataclasses import replace

from bot.critics.clauses import split
from bot.critics.evidence import ACCUSE, ACCUSE_WINDOW, MARGIN, accusation, statements
from bot.critics.facts import Claim
from bot.critics.matching import best
from bot.critics.reading import read
from bot.critics.rubric import Prepared, prepare, wordings
from bot.critics.words import fold
from bot.domain.question import Question

INNOCENT = ACCUSE - MARGIN
"""Match with a right statement from which on a wording of a misconception is not used."""


def calibrated(question: Question) -> Prepared:
    """Return the rubric of `question`, ready, with what would accuse its right words muted.

    A wording of a fact that calls a paraphrase wrong loses the power to accuse; a wording
    of a misconception that matches one is not used.
    """
    ready = prepare(question)
    for text in right_words(question):
        reads = read(split(fold(text), text, ready.subjects, ready.vocabulary.respell), ready)
        for readers in ready.facts:
            for reader in readers:
                for _, stated in statements(reads, reader, ready):
                    if stated.claim is Claim.WRONG and stated.sure:
                        reader.muted.add(stated.wording)
        for target in ready.misconceptions:
            if best(reads, target, ready.subject_bits, longest=ACCUSE_WINDOW).score < INNOCENT:
                continue
            target.wordings = tuple(
                wording
                for wording in target.wordings
                if accusation(reads, replace(target, wordings=(wording,)), ready).score < INNOCENT
            )
    return ready


def right_words(question: Question) -> list[str]:
    """Return every right statement of a rubric: none of them may be called wrong."""
    rubric = question.rubric
    texts = [text for point in rubric.points for text in wordings(point)]
    texts += [each.correction for each in rubric.misconceptions]
    return [*texts, rubric.model_answer]
