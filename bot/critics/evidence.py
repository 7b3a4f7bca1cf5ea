"""What an answer's clauses say for and against each key point, before a verdict is made of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.critics import lexicon
from bot.critics.clauses import Clause
from bot.critics.facts import Claim, FactReader, Stated
from bot.critics.likeness import REPEATED, alike
from bot.critics.matching import NONE, Match, best
from bot.critics.nearness import Meaning, Near, Nearness
from bot.critics.reading import Read, read, subjects_of
from bot.critics.rubric import Prepared
from bot.critics.targets import Target
from bot.domain.question import Misconception

ACCUSE = 0.78
"""Match from which on a misconception is found: calling right words wrong costs trust, so it is
asked for more than for a credit."""
ACCUSE_WINDOW = 2
"""Clauses that may state a misconception together."""
ASIDE = 4
"""Words below which a clause is an aside: "a list can be changed (append), a tuple can't"."""
MARGIN = 0.05
"""By how much a misconception must match better than any point does in the same words."""
CONDITION = 8
"""Words of a clause that says but a condition: a longer one says what follows, too."""
_IF = frozenset(("if", "unless", "suppose"))


@dataclass(slots=True)
class PointEvidence:
    """What was found for and against one point; numbers are those of clauses.

    Attributes:
        match: The best match of a wording.
        right: Clauses that state a fact of it as it holds, with the fact's number.
        wrong: Clauses that state one the other way round, plainly.
        doubtful: Clauses that seem to, but not plainly: they neither earn nor accuse.
        denied_by: Stretch that states a misconception which contradicts the point.
    """

    match: Match
    right: list[tuple[int, int]] = field(default_factory=list)
    wrong: list[int] = field(default_factory=list)
    doubtful: list[int] = field(default_factory=list)
    denied_by: Match | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything found in an answer.

    Attributes:
        reads: The clauses, read.
        points: One for each point of the rubric.
        misconceptions: Numbers of those found, with where.
        near: For each point, what the meaning does to its match; None where it is not known.
        meaning: What the answer means, where it is known.
    """

    reads: Sequence[Read]
    points: list[PointEvidence]
    misconceptions: list[tuple[int, Match]]
    near: list[Near] | None = None
    meaning: Meaning | None = None


def gather(
    clauses: Sequence[Clause], ready: Prepared, text: str = "", nearness: Nearness | None = None
) -> Evidence:
    """Return what `clauses` say for and against each point and misconception.

    Args:
        clauses: Of an answer.
        ready: The rubric.
        text: The answer, folded.
        nearness: The rubric's meaning, if it is to count.
    """
    reads = read(clauses, ready)
    meaning = Meaning(text, reads, nearness) if nearness else None
    meant = dict(meaning.accusations(_innocent(reads))) if meaning else {}
    facts = [_stated(reads, readers, ready) for readers in ready.facts]
    found = []
    for number, target in enumerate(ready.misconceptions):
        match = accusation(reads, target, ready)
        if match.score < ACCUSE:
            match = meant.get(number, NONE)
        if not match.score:
            continue
        if not _stated_right(match, ready.question.rubric.misconceptions[number], facts, ready):
            found.append((number, match))
    found = _apart(found)
    points = []
    for place, target in enumerate(ready.points):
        evidence = facts[place]
        identity = ready.question.rubric.points[place].id
        for number, match in found:
            if ready.question.rubric.misconceptions[number].contradicts == identity:
                evidence.denied_by = evidence.denied_by or match
        spoilt = _against(evidence)
        spoilt |= {n for n, each in enumerate(reads) if _of_rival(each.clause, ready.facts[place])}
        wrong = [
            sequence
            for other, each in zip(
                ready.misconceptions, ready.question.rubric.misconceptions, strict=True
            )
            for sequence in other.sequences
            if each.contradicts == identity
        ]
        evidence.match = best(reads, target, ready.subject_bits, spoilt)
        if _repeats_wrong(reads, evidence.match, target, wrong):
            evidence.match = NONE
        points.append(evidence)
    near = meaning.nearest([_against(each) for each in points]) if meaning else None
    return Evidence(reads, points, found, near, meaning)


def _apart(found: Sequence[tuple[int, Match]]) -> list[tuple[int, Match]]:
    """Return what was found, in the answer's order; of what the same words state, the plainest."""
    kept: list[tuple[int, Match]] = []
    for number, match in sorted(found, key=lambda each: (-each[1].score, each[0])):
        if not any(match.first <= each.last and each.first <= match.last for _, each in kept):
            kept.append((number, match))
    return sorted(kept, key=lambda each: (each[1].first, each[0]))


def _against(evidence: PointEvidence) -> set[int]:
    """Return the clauses that speak against a point, or may."""
    found = {*evidence.wrong, *evidence.doubtful}
    if evidence.denied_by:
        found.update(range(evidence.denied_by.first, evidence.denied_by.last + 1))
    return found


def _of_rival(clause: Clause, readers: Sequence[FactReader]) -> bool:
    """Whether a clause is about what a fact says the opposite of, and not about its subject."""
    named = [reader.names(clause) for reader in readers]
    return any(rival for _, rival in named) and not any(own for own, _ in named)


def _repeats_wrong(
    reads: Sequence[Read], match: Match, target: Target, wrong: Sequence[Sequence[str]]
) -> bool:
    """Whether what seems to say a point is, word by word, rather a misconception about it."""
    if not match.score:
        return False
    sentences = {each.clause.sentence for each in reads[match.first : match.last + 1]}
    whole = [stem for each in reads if each.clause.sentence in sentences for stem in each.sequence]
    part = [stem for each in reads[match.first : match.last + 1] for stem in each.sequence]
    for said in (part, whole):
        same = [each for each in wrong if each.count("not") == said.count("not")]
        most = max((alike(said, each) for each in same), default=0.0)
        if most >= REPEATED and most > max(alike(said, each) for each in target.sequences):
            return True
    return False


def accusation(reads: Sequence[Read], target: Target, ready: Prepared) -> Match:
    """Return the stretch that states a misconception best, if it says no point as well."""
    match = best(reads, target, ready.subject_bits, _innocent(reads), ACCUSE_WINDOW)
    if match.score < ACCUSE - MARGIN or not _beats_points(match, reads, ready):
        return Match(0.0)
    return match


def _innocent(reads: Sequence[Read]) -> set[int]:
    """Return the clauses that accuse nobody: conditions, questions, and what others say."""
    reported = _reported(reads)
    found = set()
    for place, each in enumerate(reads):
        goes_on = [after.clause.sentence for after in reads[place + 1 : place + 2]]
        short = each.clause.tokens if len(each.clause.tokens) <= CONDITION else ()
        starts = [token.word for token in short[:1]]
        supposed = goes_on == [each.clause.sentence] and not _IF.isdisjoint(starts)
        if supposed or each.clause.asks or each.clause.sentence in reported:
            found.add(place)
    return found


def _reported(reads: Sequence[Read]) -> set[int]:
    """Return the numbers of the sentences that report what others say."""
    return {
        each.clause.sentence
        for each in reads
        if not each.clause.words.isdisjoint(lexicon.REPORTING)
    }


def _beats_points(match: Match, reads: Sequence[Read], ready: Prepared) -> bool:
    stretch = reads[match.first : match.last + 1]
    return all(
        best(stretch, point, ready.subject_bits, repeats=False).score + MARGIN <= match.score
        for point in ready.points
    )


def _stated_right(
    match: Match, wrong: Misconception, facts: Sequence[PointEvidence], ready: Prepared
) -> bool:
    """Whether the words that seem to state `wrong` state a fact of its point as it holds."""
    return any(
        match.first <= place <= match.last
        for point, evidence in zip(ready.question.rubric.points, facts, strict=True)
        if point.id == wrong.contradicts
        for place, _ in evidence.right
    )


def _stated(reads: Sequence[Read], readers: Sequence[FactReader], ready: Prepared) -> PointEvidence:
    evidence = PointEvidence(Match(0.0))
    for number, reader in enumerate(readers):
        for place, stated in statements(reads, reader, ready):
            if stated.claim is Claim.RIGHT:
                evidence.right.append((place, number))
            elif stated.sure:
                evidence.wrong.append(place)
            else:
                evidence.doubtful.append(place)
    evidence.wrong.sort()
    return evidence


def statements(
    reads: Sequence[Read], reader: FactReader, ready: Prepared
) -> list[tuple[int, Stated]]:
    """Return where the clauses state the fact, and how."""
    found: list[tuple[int, Stated]] = []
    reported = _reported(reads)
    carried: str | None = None
    last: int | None = None  # the clause that named it
    before: tuple[int, bool] | None = None
    for place, each in enumerate(reads):
        clause = each.clause
        named = subjects_of(clause, ready.subjects)
        if clause.live and not clause.code:
            topic = None if named else carried
            stated = reader.read(clause, topic, before)
            fresh = topic is None or (last is not None and place - last == 1)
            plain = fresh and clause.sentence not in reported
            found += [
                (place, Stated(s.claim, s.sure and plain, s.wording))
                for s in stated
                if not clause.asks
            ]
        if named:
            carried, last = _main_subject(clause, named), place
        before = reader.affirmation(clause) or (before if len(clause.tokens) < ASIDE else None)
    return found


def _main_subject(clause: Clause, named: frozenset[str]) -> str:
    """Return the subject that the next clause's "they" means: the first that hangs on no other."""
    named_here = [token for token in clause.tokens if token.stem in named]
    for token in named_here:
        place = clause.tokens.index(token)
        if not any(t.word in lexicon.INNER for t in clause.tokens[max(place - 2, 0) : place]):
            return token.stem
    return named_here[0].stem
