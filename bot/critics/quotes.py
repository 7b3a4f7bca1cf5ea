"""The person's own words as evidence: a short stretch of the answer, untouched."""

from __future__ import annotations

from collections.abc import Sequence

from bot.critics.words import Token

MAX_QUOTE = 120
"""Characters of a quote: what a card shows in two lines."""

_LEADING = frozenset(
    "and or but so then also while whereas because although well therefore".split()
)


def quote(
    answer: str,
    origin: tuple[int, ...],
    clauses: Sequence[Sequence[Token]],
    hits: Sequence[Sequence[Token]],
) -> str:
    """Return the stretch of `answer` that holds `clauses`, or if that is long, most of `hits`.

    A long stretch is cut between clauses first, so that no quote begins with the tail of a
    sentence before it.

    Args:
        answer: The original text.
        origin: Where each folded character stands in it.
        clauses: The words of the clauses in question.
        hits: For each clause, those of its words that matched.
    """
    first, last = _telling(origin, clauses, hits)
    words = _without_lead([token for clause in clauses[first : last + 1] for token in clause])
    matched = [token for clause in hits[first : last + 1] for token in clause]
    start, end = _span(origin, words)
    if end - start > MAX_QUOTE and matched and _span(origin, matched)[1] - start > MAX_QUOTE:
        start, end = _widened(answer, _span(origin, matched), (start, end))
    if end - start > MAX_QUOTE:
        end = _word_border(answer, start, start + MAX_QUOTE)
    return answer[start:end]


def _telling(
    origin: tuple[int, ...], clauses: Sequence[Sequence[Token]], hits: Sequence[Sequence[Token]]
) -> tuple[int, int]:
    """Return the clauses first..last that fit a quote and have most hits, the fewest of those."""
    found = [
        (-sum(map(len, hits[first : last + 1])), last - first, first)
        for first in range(len(clauses))
        for last in range(first, len(clauses))
        if last == first or _length(origin, clauses[first : last + 1]) <= MAX_QUOTE
    ]
    if _length(origin, clauses) <= MAX_QUOTE:
        return 0, len(clauses) - 1
    _, more, first = min(found)
    return first, first + more


def _length(origin: tuple[int, ...], clauses: Sequence[Sequence[Token]]) -> int:
    start, end = _span(origin, _without_lead([token for clause in clauses for token in clause]))
    return end - start


def _without_lead(words: list[Token]) -> list[Token]:
    """Return `words` without the conjunctions that they begin with."""
    while len(words) > 1 and words[0].word in _LEADING:
        words = words[1:]
    return words


def _span(origin: tuple[int, ...], words: list[Token]) -> tuple[int, int]:
    return origin[words[0].start], origin[words[-1].end - 1] + 1


def _widened(answer: str, inner: tuple[int, int], outer: tuple[int, int]) -> tuple[int, int]:
    """Return `inner` with as much of `outer` around it as fits."""
    start, end = inner
    room = MAX_QUOTE - (end - start)
    if room <= 0:
        return start, end
    left = max(start - room // 2, outer[0])
    if left > outer[0]:
        space = answer.find(" ", left, start)
        left = space + 1 if space >= 0 else start
    right = min(end + MAX_QUOTE - (end - left), outer[1])
    if right < outer[1]:
        right = _word_border(answer, end, right)
    return left, right


def _word_border(answer: str, least: int, limit: int) -> int:
    """Return the last word border in least..limit, or `limit` if there is none."""
    for place in range(limit, least, -1):
        if place >= len(answer) or answer[place].isspace():
            return place
    return limit if least + MAX_QUOTE == limit else least
