"""Which words of a clause are said, and which are denied.

Word overlap cannot tell "threads run in parallel" from "threads do not run in parallel": this can.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.critics import lexicon
from bot.critics.lexicon import negates
from bot.critics.words import Token, content, stem

_TURNS = frozenset(stem(word) for word in lexicon.TURNS) - {stem(w) for w in lexicon.NEGATORS}
_SOFT = frozenset(stem(word) for word in lexicon.SOFT_TURNS)
_TRY = frozenset("try block blocks clause clauses if when that in a the an".split())
_NOBODY = ("nothing", "nobody")
_FEW = 3
"""Content words that "without" and "with no" cover."""
_TAKES_NOUN = frozenset("with if when has have had in of from by finds found given".split())
_SPEAKERS = frozenset(("i", "you", "we"))
_SCOPE_ENDS = frozenset(
    "because becuse becouse cause coz cuz bc so since but while whereas although though if when"
    " which unless until once after before therefore hence".split()
)
_AND_ENDS = frozenset("is are can will has have it they you so therefore the a an use".split())
_QUANTITIES = frozenset(("no", "none", "nobody", "nothing", "neither", "never"))
_FALSE = frozenset(("false", "untrue", "wrong", "incorrect", "myth"))
_TRUTH = frozenset("true correct right case".split())
_MYTH = frozenset(("myth", "misconception"))
_LATE = frozenset("possible allowed supported permitted true correct happen work works ok".split())


def denies(words: Sequence[Token]) -> bool:
    """Whether the clause as a whole denies something; "without" and "no" belong to a noun."""
    return any(
        negates(token.word)
        and token.word not in ("without", "no")
        and (place + 1 >= len(words) or words[place + 1].word not in lexicon.NOT_REALLY)
        for place, token in enumerate(words)
    )


def denied(words: Sequence[Token], verbal: bool = False, said: range = range(0)) -> list[bool]:
    """Return for each word whether it is denied; two negations cancel each other.

    Args:
        words: The words of one clause.
        verbal: Count "prevents", "forbids" and the like too; paraphrases carry those as words.
        said: Places of words that are what is said or denied, whatever they mean.
    """
    signs = [False] * len(words)
    sign = False  # whether a negation is in force
    whole = False  # whether it lasts to the end of the clause
    started = False  # whether a content word has been met since it began
    left = 0  # content words it still covers, if it is one of few words
    for place, token in enumerate(words):
        word = token.word
        following = words[place + 1].word if place + 1 < len(words) else ""
        untrue = (word in _FALSE and following in ("that", "to")) or (
            word == "none" and following == "of"  # alone it is Python's None
        )
        if (
            negates(word)
            or untrue
            or excepts(words, place)
            or (verbal and word in lexicon.VERBAL_NEGATORS and place not in said)
        ):
            if following in lexicon.NOT_REALLY or (word == "nor" and sign):
                continue
            if word == "no" and following in ("matter", "doubt", "problem", "longer"):
                if following == "longer":
                    sign = not sign
                continue
            late = following in _LATE and place + 3 >= len(words)
            if late and started:  # "changing it is not possible"
                signs = [not each for each in signs]
            sign = not sign
            left = 0
            if _local(words, place):
                left = 1 if word in _NOBODY else _FEW
            whole = whole or untrue or following in _TRUTH or word in _QUANTITIES
            started = False
            continue
        if sign and not whole and _ends_scope(words, place, started):
            sign = False
        signs[place] = sign
        started = started or content(word)
        if left and content(word):
            left -= 1
            sign = sign and left > 0
    return signs


def turns(words: Iterable[Token]) -> frozenset[str]:
    """Return the stems of the words that may turn a statement round or narrow it."""
    return frozenset(token.stem for token in words if token.stem in _TURNS)


def narrowing(found: frozenset[str]) -> frozenset[str]:
    """Return those of the words `found` by `turns` without which the statement is another."""
    return found - _SOFT


def negations(words: Sequence[Token]) -> int:
    """Return how many words deny something."""
    return sum(
        negates(token.word) or token.word == "none" or excepts(words, place)
        for place, token in enumerate(words)
    )


def excepts(words: Sequence[Token], place: int) -> bool:
    """Whether "except" leaves out what follows it ("all except POST"), and is no Python."""
    around = {token.word for token in words[max(place - 1, 0) : place + 2]}
    return words[place].word == "except" and around.isdisjoint(_TRY)


def disowns(words: Sequence[Token]) -> bool:
    """Whether a clause calls what follows it untrue ("it is not true that ...", "a myth that")."""
    for place, token in enumerate(words):
        if token.word != "that" or not place:
            continue
        before = words[place - 1].word
        if before in _FALSE or before in _MYTH:
            return not any(negates(each.word) for each in words[:place])
        if before in _TRUTH:
            return any(negates(each.word) for each in words[max(place - 4, 0) : place])
    return False


def lasts(words: Sequence[Token]) -> bool:
    """Whether a negation is still in force at the end of a clause, so that a list goes on in it."""
    return bool(words) and denied(words)[-1]


def _local(words: Sequence[Token], place: int) -> bool:
    """Whether the negation at `place` belongs to a noun ("with no match", "without an index")."""
    before = words[place - 1].word if place else ""
    word = words[place].word
    if word in _NOBODY:  # as an object it denies nothing behind it
        return place > 0
    return word in ("without", "except") or (word == "no" and before in _TAKES_NOUN)


def _ends_scope(words: Sequence[Token], place: int, started: bool) -> bool:
    """Whether a negation before `place` ends there; `started`: it has met a content word."""
    word = words[place].word
    if word in _SCOPE_ENDS:
        return started
    if word in ("and", "but"):
        following = words[place + 1].word if place + 1 < len(words) else ""
        return following in _AND_ENDS or negates(following)
    return started and (word in _SPEAKERS or word in ("is", "are", "can", "will"))


def compared_with(words: Sequence[Token], place: int) -> bool:
    """Whether the noun at `place` is only compared with ("unlike a tuple", "instead of it")."""
    for token in reversed(words[max(place - 3, 0) : place]):
        if token.word in lexicon.FOILS:
            return True
        if content(token.word):
            return False
    return False
