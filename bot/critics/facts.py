"""What a clause says of a fact: that its subject has the property, or that it has not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from bot.critics import lexicon
from bot.critics.clauses import Clause
from bot.critics.lexicon import negates
from bot.critics.polarity import compared_with, denied, excepts
from bot.critics.words import Token, content, spoken, stem
from bot.domain.question import Fact

MAX_GAP = 2
"""Words that may stand inside a wording of a fact ("be [easily] changed")."""

Phrase = tuple[str, ...]

_IDLE = frozenset(
    "a an the is are am was were be been being can could may might will would do does to of it its "
    "they them that which you we".split()
)
_STATES = frozenset("is are was were an a be considered".split())
_BE = frozenset("is are was were can will".split())
_RAISE = stem("raise")


class Claim(IntEnum):
    """What a clause says of a fact."""

    RIGHT = 1
    WRONG = -1


@dataclass(frozen=True, slots=True)
class Stated:
    """A fact stated in a clause.

    Attributes:
        claim: Whether it is stated as it holds.
        sure: Whether the sentence is plain enough to call the statement wrong.
        wording: Number of the wording in the fact's lists.
    """

    claim: Claim
    sure: bool
    wording: int


@dataclass(frozen=True, slots=True)
class Mention:
    """A subject named in a clause, at words first..last."""

    first: int
    last: int
    own: bool


class FactReader:
    """Reads one fact of a rubric in clauses."""

    def __init__(
        self,
        fact: Fact,
        rivals: Iterable[str],
        respell: Callable[[list[Token]], list[Token]] = list,
    ) -> None:
        """Prepare the fact's wordings.

        Args:
            fact: The fact.
            rivals: Names of what else in the rubric the property is said of.
            respell: Reads differently joined words as the rubric has them.
        """
        self.holds = fact.holds
        self.own = {_name(name, respell) for name in fact.subject} - {()}
        self.rivals = {_name(name, respell) for name in rivals} - {()} - self.own
        others = {stem for name in self.rivals for stem in name}
        self.carries = frozenset(stem for name in self.own for stem in name) - others
        self.muted: set[int] = set()
        said = [(wording, True) for wording in fact.affirmed_by]
        said += [(wording, False) for wording in fact.denied_by]
        self.wordings = [
            (number, _wording(wording, respell), affirms)
            for number, (wording, affirms) in enumerate(said)
        ]
        self.wordings.sort(key=lambda each: -len(each[1]))  # the longest wording is meant

    def read(
        self, clause: Clause, carried: str | None, before: tuple[int, bool] | None = None
    ) -> list[Stated]:
        """Return what `clause` states of the fact.

        Args:
            clause: The clause.
            carried: Stem of the subject of the clause before, if it carries over.
            before: A wording and whether it affirms, left over by the clause before, for
                "a list can be changed, a tuple can't".
        """
        words = clause.tokens
        found: list[Stated] = []
        taken: set[int] = set()
        for number, wording, affirms in self.wordings:
            if not clause.stems.issuperset(wording):
                continue
            for first, last in places(words, wording, MAX_GAP):
                if not taken.isdisjoint(range(first, last + 1)):
                    continue
                taken.update(range(first, last + 1))
                own, sure = self._subject(words, first, last, carried)
                if own:
                    said = range(first, last + 1)
                    signs = denied(words, verbal=True, said=said)
                    fails = _fails(words, first, last)
                    says = affirms ^ (signs[first] or signs[last]) ^ fails
                    says ^= not signs[last] and self._excepted(words)
                    plain = sure and not fails and signs == denied(words, said=said)
                    inside = {
                        token.word for token in words[first:last] if token.stem not in wording
                    }
                    plain = plain and inside.isdisjoint(lexicon.CONTAINS)
                    stated = self._stated(says, plain, number, clause)
                    if stated.claim is Claim.RIGHT or number not in self.muted:
                        found.append(stated)
        if not taken and before is not None:
            return self._elliptic(clause, before)
        return found

    def names(self, clause: Clause) -> tuple[bool, bool]:
        """Return whether `clause` names the fact's subject, and a rival that it is about."""
        if not any(clause.stems.issuperset(name) for name in self.rivals):
            return any(clause.stems.issuperset(name) for name in self.own), False
        found = self._mentions(clause.tokens)
        rival = any(not each.own and not _inside(clause.tokens, each.first) for each in found)
        return any(each.own for each in found), rival

    def affirmation(self, clause: Clause) -> tuple[int, bool] | None:
        """Return the wording that `clause` says of any subject, unnegated, for what follows it."""
        for number, wording, affirms in self.wordings:
            if clause.stems.issuperset(wording):
                for first, last in places(clause.tokens, wording, MAX_GAP):
                    if not denied(clause.tokens, True, range(first, last + 1))[first]:
                        return number, affirms
        return None

    def _stated(self, says: bool, sure: bool, number: int, clause: Clause) -> Stated:
        claim = Claim.RIGHT if says == self.holds else Claim.WRONG
        plain = not clause.asks and clause.words.isdisjoint(lexicon.SUPPOSING)
        return Stated(claim, sure and plain, number)

    def _elliptic(self, clause: Clause, before: tuple[int, bool]) -> list[Stated]:
        """Read "a tuple can't" after "a list can be changed": the property is left out."""
        loud = tuple(token.stem for token in clause.tokens if content(token.word))
        negations = sum(negates(token.word) for token in clause.tokens)
        if loud not in self.own or negations != 1:
            return []
        return [self._stated(not before[1], True, before[0], clause)]

    def _subject(
        self, words: Sequence[Token], first: int, last: int, carried: str | None
    ) -> tuple[bool, bool]:
        """Return whether what stands at first..last is said of the fact's subject, and how surely.

        The nearest noun before it counts, unless it hangs on another ("elements of a tuple"); then
        the first one behind it; then the clause before.
        """
        named = self._mentions(words)
        inner: Mention | None = None
        for mention in reversed(named):
            if mention.first > last:
                continue
            if _inside(words, mention.first):
                inner = inner or mention
                continue
            between = {each.word for each in words[mention.last + 1 : first]}
            plain = between.isdisjoint(lexicon.CONTAINS)
            return mention.own, plain and _predicates(words, mention.last, first, last)
        for mention in named:
            if mention.first > last:
                sure = inner is None and not _inside(words, mention.first)
                sure = sure and not any(negates(each.word) for each in words[:1])
                return (inner or mention).own, sure
        if inner is not None:
            return inner.own, False
        return carried in self.carries, True

    def _excepted(self, words: Sequence[Token]) -> bool:
        """Whether the fact's subject is what is left out ("all methods except POST")."""
        place = next((n for n in range(len(words)) if excepts(words, n)), len(words))
        return any(
            mention.own
            and mention.first > place
            and all(each.word not in _BE for each in words[place : mention.first])
            for mention in self._mentions(words)
        )

    def _mentions(self, words: Sequence[Token]) -> list[Mention]:
        """Return the subjects named, in order; of two at one place the longer."""
        found = [
            Mention(first, last, own)
            for names, own in ((self.own, True), (self.rivals, False))
            for name in names
            for first, last in places(words, name, 0)
            if not compared_with(words, first)
        ]
        found.sort(key=lambda each: (each.first, -each.last, each.own))
        kept: list[Mention] = []
        for mention in found:
            if not kept or mention.last > kept[-1].last:
                kept.append(mention)
        return kept


def places(words: Sequence[Token], phrase: Phrase, gap: int) -> list[tuple[int, int]]:
    """Return where `phrase` stands in `words`, in order, with at most `gap` words between two."""
    found = []
    for first, token in enumerate(words):
        if token.stem != phrase[0]:
            continue
        last = first
        for wanted in phrase[1:]:
            window = words[last + 1 : last + 2 + gap]
            step = next((n for n, each in enumerate(window) if each.stem == wanted), None)
            if step is None:
                break
            last += step + 1
        else:
            found.append((first, last))
    return found


def _name(name: str, respell: Callable[[list[Token]], list[Token]]) -> Phrase:
    """Return the stems of a subject's name; of code like "a.copy" every word counts."""
    code = any(char in name for char in ".[(_")
    return tuple(
        token.stem
        for token in respell(spoken(name))
        if code or (content(token.word) and token.word not in lexicon.PRONOUNS)
    )


def _wording(wording: str, respell: Callable[[list[Token]], list[Token]]) -> Phrase:
    """Return the stems of a wording: "be changed" is "change", "even if" stays as it is."""
    found = respell(spoken(wording))
    loud = [token.stem for token in found if token.word not in _IDLE]
    return tuple(loud or [token.stem for token in found] or [""])


def _inside(words: Sequence[Token], place: int) -> bool:
    """Whether the noun at `place` hangs on another noun ("elements of a tuple")."""
    return any(token.word in lexicon.INNER for token in words[max(place - 2, 0) : place])


def _predicates(words: Sequence[Token], subject: int, first: int, last: int) -> bool:
    """Whether first..last is said of the subject, not of a noun behind it ("mutable elements")."""
    if last + 1 >= len(words) or not content(words[last + 1].word):
        return True
    return all(not content(token.word) for token in words[subject + 1 : first])


def _fails(words: Sequence[Token], first: int, last: int) -> bool:
    """Whether what stands at first..last is said to fail ("assigning raises TypeError").

    A wording that speaks of failing itself ("raises") is not turned by its own object ("an error").
    """
    if any(
        token.word in lexicon.FAILURES or token.stem == _RAISE for token in words[first : last + 1]
    ):
        return False
    for place, token in enumerate(words[last + 1 :], start=last):
        if token.word in ("and", "if", "when", "because"):
            return False
        before = {each.word for each in words[max(place - 1, 0) : place + 1]}
        if token.word in lexicon.FAILURES or (
            token.word in lexicon.FORBIDDEN and not before.isdisjoint(_STATES)
        ):
            return not negates(words[place].word)
    return False
