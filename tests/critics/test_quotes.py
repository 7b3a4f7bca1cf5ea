from __future__ import annotations

from bot.critics.quotes import MAX_QUOTE, quote
from bot.critics.words import Token, fold, tokens


def cut_out(answer: str, hits: slice) -> str:
    folded = fold(answer)
    words: list[Token] = tokens(folded.text)
    return quote(answer, folded.origin, [words], [words[hits]])


def test_a_short_stretch_is_quoted_whole_and_untouched() -> None:
    assert cut_out("  **A stаck**  is LIFO!", slice(0, 1)) == "A stаck**  is LIFO"


def test_a_long_stretch_is_cut_around_what_matched_at_word_borders() -> None:
    answer = f"{'before ' * 40}the stack is last in first out {'after ' * 40}"

    quoted = cut_out(answer, slice(40, 47))

    assert "the stack is last in first out" in quoted
    assert len(quoted) <= MAX_QUOTE
    assert quoted in answer
    assert set(quoted.split()) <= {*"the stack is last in first out before after".split()}


def test_a_long_match_is_quoted_from_its_start() -> None:
    answer = "word " * 60

    quoted = cut_out(answer, slice(0, 60))

    assert answer.startswith(quoted)
    assert len(quoted) <= MAX_QUOTE


def test_a_long_stretch_is_cut_between_clauses_first() -> None:
    answer = f"the heap is shared. {'so ' * 20}a stack is LIFO, {'so it goes ' * 9}"
    folded = fold(answer)
    clauses = [tokens(folded.text)[:4], tokens(folded.text)[24:28], tokens(folded.text)[28:]]

    quoted = quote(answer, folded.origin, clauses, [[], clauses[1][1:], clauses[2][:1]])

    assert quoted.startswith("a stack is LIFO")
