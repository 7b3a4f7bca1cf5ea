"""Clauses read with a rubric's vocabulary: what each says, denies, and is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.critics.clauses import Clause, goes_on_list
from bot.critics.lexicon import FOILS, PRONOUNS
from bot.critics.polarity import compared_with, denied, denies, disowns, lasts, negations, turns
from bot.critics.rubric import Prepared
from bot.critics.targets import Order, orders
from bot.critics.words import content, sequence

GOES_ON_TRUE = frozenset("but because instead rather actually since although though so".split())
"""Words with which somebody goes on to what is true after having called something untrue."""


@dataclass(frozen=True, slots=True)
class Read:
    """A clause as the rubric's bits.

    Attributes:
        clause: The clause.
        said: Bits of the words it says.
        denied: Bits of the words it denies.
        negative: Whether it denies anything.
        named: Stems of the subjects it is about, its own or carried over.
        orders: What it puts in an order.
        size: Number of its content words.
        turns: Words in it that may turn what it says round.
        negations: Number of those that plainly deny.
        sequence: Stems of its content words, in order.
    """

    clause: Clause
    said: int
    denied: int
    negative: bool
    named: frozenset[str]
    orders: tuple[Order, ...]
    size: int
    turns: frozenset[str]
    negations: int
    sequence: tuple[str, ...]


def read(clauses: Sequence[Clause], ready: Prepared) -> list[Read]:
    """Return `clauses` as bits, with the subject each is about."""
    found: list[Read] = []
    carried: frozenset[str] = frozenset()
    sentence = disowned = -1
    vocabulary = ready.vocabulary
    before: Clause | None = None
    for clause in clauses:
        said = refused = 0
        signs = denied(clause.tokens)
        if clause.sentence == disowned and clause.words.isdisjoint(GOES_ON_TRUE):
            signs = [not each for each in signs]
        elif clause.sentence == disowned or disowns(clause.tokens):
            disowned = clause.sentence if disowned != clause.sentence else -1
        goes_on = before is not None and goes_on_list(before, clause) and lasts(before.tokens)
        if goes_on:
            signs = [True] * len(signs)
        before = clause
        for token, negative in zip(clause.tokens, signs, strict=True):
            if negative:
                refused |= vocabulary.bit(token)
            else:
                said |= vocabulary.bit(token)
        named = subjects_of(clause, ready.contrast)
        if named:
            carried, sentence = named, clause.sentence
        elif clause.sentence != sentence and not _refers_back(clause):
            carried = frozenset()
        loud = len({token.stem for token in clause.tokens if content(token.word)})
        order = orders(clause.tokens, vocabulary)
        found.append(
            Read(
                clause,
                said,
                refused,
                goes_on or denies(clause.tokens),
                carried,
                order,
                loud,
                turns(clause.tokens),
                negations(clause.tokens),
                sequence(clause.tokens),
            )
        )
    return found


def _refers_back(clause: Clause) -> bool:
    """Whether a clause begins with a pronoun, so that it is about what came before."""
    return any(token.word in PRONOUNS for token in clause.tokens[:3])


def subjects_of(clause: Clause, subjects: frozenset[str]) -> frozenset[str]:
    """Return the subjects that `clause` names, without those it only compares with."""
    every = clause.stems & subjects
    if not every or clause.words.isdisjoint(FOILS):
        return every
    return frozenset(
        token.stem
        for place, token in enumerate(clause.tokens)
        if token.stem in every and not compared_with(clause.tokens, place)
    )
