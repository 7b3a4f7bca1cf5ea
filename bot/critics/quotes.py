"""The person's own words as evidence: a short stretch of the answer, untouched."""

from __future__ import annotations

from bot.critics.words import Token

MAX_QUOTE = 120
"""Characters of a quote: what a card shows in two lines."""

_LEADING = frozenset(
    "and or but so then also while whereas because although well therefore".split()
)


def quote(answer: str, origin: tuple[int, ...], words: list[Token], hits: list[Token]) -> str:
    """Return the stretch of `answer` that holds `words`, or if that is long, most of `hits`.

    Args:
        answer: The original text.
        origin: Where each folded character stands in it.
        words: The words of the clauses in question.
        hits: Those of them that matched.
    """
    while len(words) > 1 and words[0].word in _LEADING:
        words = words[1:]
    start, end = _span(origin, words)
    if end - start > MAX_QUOTE and hits:
        start, end = _widened(answer, _span(origin, hits), (start, end))
    if end - start > MAX_QUOTE:
        end = _word_border(answer, start, start + MAX_QUOTE)
    return answer[start:end]


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
