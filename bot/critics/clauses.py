"""An answer cut into clauses, each with its words and its place in the original text."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field

from bot.critics import lexicon
from bot.critics.words import Folded, Token, blank, content, tokens

MEMBER = 4
"""Words that a member of an enumeration may have ("a session cookie")."""

_FENCE = re.compile(r"(?:```|~~~)[^\n`]*\n.*?(?:```|~~~)", re.DOTALL)
_HARD = re.compile(r"[.!?]+(?=[\s\"')\]*_~`|]|$)|[;\n|]")
_SOFT = re.compile(r"[,()\[\]{}:]|\s-+\s|=+>|->")
_BRACKETS = "()[]{}"
_ALWAYS = frozenset(
    "but while whereas whilst although though however because so therefore otherwise unless".split()
)
_SUBJECTS_FOLLOW = frozenset(("and", "or", "then", "as", "since", "if", "when"))
_ARTICLES = frozenset(("the", "a", "an", "also", "so", "that", "with", "for"))
_STATES = frozenset(
    "is are was be can will has have does do gets get should must may uses use makes it they them "
    "you we i but while whereas because so if when which that then not = for".split()
)
_FRESH = frozenset(
    ("it", "they", "you", "we", "this", "these", "use", "is", "are", "can", "cannot")
)


@dataclass(slots=True)
class Clause:
    """A part of an answer that says one thing, as far as punctuation and conjunctions show.

    Attributes:
        tokens: Its words.
        sentence: Number of its sentence; the text between full stops, or a line.
        code: Whether it stands in a fenced block.
        asks: Whether its sentence is a question.
        live: Whether it can earn anything; precheck.py clears it for instructions and word lists.
        comma: Whether a comma parts it from the clause after it.
    """

    tokens: list[Token]
    sentence: int
    code: bool = False
    asks: bool = False
    live: bool = True
    comma: bool = False
    words: frozenset[str] = field(init=False)
    stems: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        """Keep the sets that are asked for again and again."""
        self.words = frozenset(token.word for token in self.tokens)
        self.stems = frozenset(token.stem for token in self.tokens)


def split(
    folded: Folded,
    original: str,
    subjects: Collection[str] = (),
    respell: Callable[[list[Token]], list[Token]] = list,
) -> list[Clause]:
    """Return the clauses of an answer in order.

    Args:
        folded: The answer, folded.
        original: The answer; fences are looked for in it.
        subjects: Stems that name what the question is about: "and" starts a clause before one.
        respell: Reads misspelt and differently joined words as the rubric has them.
    """
    text = blank(folded.text)
    fences = [found.span() for found in _FENCE.finditer(original)]
    clauses: list[Clause] = []
    start = 0
    for number, (end, mark) in enumerate(_sentences(text)):
        found = _parts(respell(tokens(text[start:end])), text[start:end], start, subjects)
        for part, comma in found:
            place = folded.origin[part[0].start]
            code = any(first <= place < last for first, last in fences)
            clauses.append(Clause(part, number, code, asks="?" in mark, comma=comma))
        start = end + len(mark)
    return clauses


def goes_on_list(before: Clause, clause: Clause) -> bool:
    """Whether `clause` is the end of a list begun in `before` ("append, pop or remove items")."""
    return (
        before.comma
        and before.sentence == clause.sentence
        and not clause.words.isdisjoint(("or", "and", "nor"))
        and clause.words.isdisjoint(_STATES)
    )


def _sentences(text: str) -> Iterator[tuple[int, str]]:
    for mark in _HARD.finditer(text):
        yield mark.start(), mark[0]
    yield len(text), ""


def _parts(
    sentence: list[Token], text: str, offset: int, subjects: Collection[str]
) -> list[tuple[list[Token], bool]]:
    """Return the clauses of one sentence, each with whether a comma follows it."""
    parts: list[tuple[list[Token], bool]] = []
    part: list[Token] = []
    opened = False  # whether a bracket has begun a clause, so that closing it ends one
    for place, token in enumerate(sentence):
        between = text[sentence[place - 1].end : token.start] if place else ""
        marks = [mark[0] for mark in _SOFT.finditer(between) if opened or mark[0] not in ")]}"]
        cuts = bool(marks) and _cuts(marks[0], part, between)
        opened = (opened and not any(mark in ")]}" for mark in marks)) or (
            cuts and marks[0] in "([{"
        )
        if part and (
            cuts
            or token.word in _ALWAYS
            or (token.word in _SUBJECTS_FOLLOW and _starts_anew(sentence, place, part, subjects))
        ):
            parts.append((part, bool(marks) and marks[0] == ","))
            part = []
        part.append(token)
    if part:
        parts.append((part, False))
    shifted = [
        ([Token(t.word, t.stem, t.start + offset, t.end + offset) for t in part], comma)
        for part, comma in parts
    ]
    return _merged(shifted, subjects)


def _cuts(mark: str, part: list[Token], between: str) -> bool:
    """Whether a soft mark ends the clause: "list: mutable" and `f(x)` stay whole."""
    if mark not in _BRACKETS and mark != ",":
        return sum(content(token.word) for token in part) > 1
    if mark in "([{":
        return between[:1].isspace() and len(part) > 1
    return True


def _starts_anew(
    sentence: list[Token], place: int, part: list[Token], subjects: Collection[str]
) -> bool:
    """Whether "and" joins two statements rather than two words."""
    if sum(content(token.word) for token in part) < 2 and len(part) < 3:
        return False
    after = [t for t in sentence[place + 1 : place + 4] if t.word not in _ARTICLES]
    if not after or sentence[place + 2 :] == []:  # "use it for POST and PATCH"
        return False
    return after[0].word in _FRESH or after[0].word in lexicon.NEGATORS or after[0].stem in subjects


def _merged(
    parts: list[tuple[list[Token], bool]], subjects: Collection[str]
) -> list[tuple[list[Token], bool]]:
    """Join what a comma parts but one statement holds.

    That is a lone word before it ("lists, unlike tuples, are mutable") and the members of an
    enumeration behind it ("GET, HEAD and PUT").
    """
    merged: list[tuple[list[Token], bool]] = []
    pending: list[Token] = []
    after_comma = False
    for part, comma in parts:
        whole = pending + part
        lone = sum(content(token.word) for token in whole) <= 1
        foil = part[0].word in lexicon.FOILS and bool(pending)
        states = any(token.word in _STATES or token.word in lexicon.NEGATORS for token in whole)
        named = any(token.stem in subjects for token in whole)
        if comma and (lone or foil) and not states and len(whole) <= 6:
            pending = whole
            continue
        if after_comma and merged and len(whole) <= MEMBER and not (states or named):
            merged[-1] = (merged[-1][0] + whole, comma)
        else:
            merged.append((whole, comma))
        pending = []
        after_comma = comma
    if pending:
        merged.append((pending, False))
    return merged
