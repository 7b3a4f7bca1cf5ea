"""What an answer is before its content counts: empty, no attempt, a word list, a copy, orders.

Nothing here protects the score by spotting attacks: an instruction says no key point and so earns
nothing anyway. The flags are for people, and for sparing a model the call.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from bot.critics import lexicon
from bot.critics.clauses import Clause, split
from bot.critics.words import Folded, Token, content, fold

MAX_ANSWER = 4_000
"""Characters that are graded: about 650 words, four times a long spoken answer, and what one chat
message of the platforms holds."""
MIN_SENTENCE = 2_000
"""A cut answer keeps whole sentences if that leaves at least so many characters."""
LIST_RUN = 7
"""Content words in a row without a function word or a verb: nobody writes a clause like that."""
TERSE_RUN = 9
"""The same with a verb near its start: "index speeds reads slows writes costs space"."""
LONGEST_RUN = 12
"""The same in a sentence that has function words elsewhere."""
VERB_PLACE = 4
"""The last place of such a verb: a sentence has it behind its subject."""
QUIET_SHARE = 1 / 8
"""Share of function words from which on a sentence has some."""
LIST_ITEMS = 5
"""Comma-parted single terms from which on they are a list of words, not an enumeration."""
LIST_TERM = 3
"""Words of such a term ("reference counting")."""
LIST_SHARE = 0.8
"""Share of the items that must be such terms."""
COPIED_SHARE = 0.8
"""Share of a clause's content words that the question has, from which on it is the question."""

_VISIBLE = re.compile(
    r"[^\s\u0000-\u001f\u00ad\u115f\u1160\u180e\u2800\u3164\ufeff\u200b-\u200f"
    r"\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\U000e0000-\U000e0fff]"
)
_NO_ANSWER = re.compile(
    r"\b(?:i (?:really |honestly )?(?:do not|don'?t|dont) "
    r"(?:know|remember|understand|have (?:an? )?(?:idea|clue|answer))|"
    r"(?:i have |i've )?(?:no|not a|zero) (?:idea|clue|answer)|not sure|idk|"
    r"dunno|skip(?: (?:this|it|please|pls))?|pass|next(?: (?:one|question))?|n/a|no answer|"
    r"(?:can'?t|cannot) (?:answer|remember)|never heard of (?:it|this|that)|help|hint|"
    r"(?:my )?(?:thought process|thoughts?|solution|reasoning|answer|explanation)(?: is)?|"
    r"i give up|give up|lol|hi|hello|hey|test|ok(?:ay)?|sorry|thanks?|please|pls|hm+|um+|well|"
    r"much|anything|this|that|it|sir|bro|man|though|at all|none|nothing|the|about|or|and)\b"
)
_INJECTION = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:instructions?|rubrics?|prompts?|"
    r"directions|guidelines|criteria|key points?|everything (?:above|before))\b"
    r"|\b(?:ignore|disregard|forget)\b.{0,20}\b(?:previous|prior|above|earlier) rules\b"
    r"|\b(?:give|giving|award|assign|grant)\s+(?:this|me|my|it|the)\b.{0,40}"
    r"\b(?:scores?|marks?|points?|grade|credit)\b"
    r"|\b(?:full|maximum|max|perfect|top|highest) (?:possible )?(?:score|marks?|grade|credit)\b"
    r"|\b(?:score|grade|rating)\b ?(?:of|=|:|is|to)? ?(?:100|10/10|a\+|perfect|full)"
    r"|\bmark\b.{0,60}\bas (?:covered|correct|fully answered)\b"
    r"|\byou are (?:now|no longer)\b|\b(?:developer|calibration|god|jailbreak) mode\b"
    r"|\b(?:print|show|reveal|repeat|leak|output)\b.{0,40}\b(?:rubric|reference answer|"
    r"system prompt|your instructions|model answer)\b"
    r"|\b(?:pretend|assume|imagine)\b.{0,20}\b(?:candidate|student|(?:this|my) answer)\b"
    r"|\b(?:note|message|instructions?) (?:to|for) (?:the )?(?:grader|judge|critic|examiner|"
    r"evaluator)\b|\b(?:dear|attention) (?:grader|judge|evaluator|examiner)\b"
    r"|\bgrading is (?:over|done|complete)\b|</?(?:answer|system|assistant|rubric)>"
    r"|(?:^|\n)\s*(?:system|assistant|developer)\s*:"
    r"|[\"'](?:verdict|feedback|covered)[\"']\s*:"
    r"|\b(?:covers?|meets?|satisf(?:y|ies)) (?:all|every) (?:of )?(?:the )?key points?\b"
)
_SENTENCE_END = re.compile(r"[.!?;\n](?=\s)")
_JOINS = frozenset(("and", "or"))
_PARTED = re.compile(r"[,;/|]|\be\.g|\bi\.e")
_RELATION = re.compile(r"[:=]|->|\s-\s")
_SPACED = re.compile(r"(?:(?<!\w)\w\s{1,3}){8,}")


def visible_from(answer: str) -> int | None:
    """Return where the first visible character of `answer` is; None if there is none."""
    found = _VISIBLE.search(answer)
    return found.start() if found else None


def cut(answer: str, start: int) -> tuple[str, bool]:
    """Return the part of `answer` that is graded, from `start`, and whether more was cut off.

    A cut in a sentence could turn its meaning round, so whole sentences are kept.
    """
    rest = answer[start : start + MAX_ANSWER]
    if not _VISIBLE.search(answer, start + MAX_ANSWER):
        return rest, False
    ends = [found.end() for found in _SENTENCE_END.finditer(rest, MIN_SENTENCE)]
    if ends:
        return rest[: ends[-1]], True
    spaces = max(rest.rfind(" "), rest.rfind("\n"))
    return (rest[:spaces] if spaces > MIN_SENTENCE else rest), True


def attempted(folded: Folded) -> bool:
    """Whether the folded text tries to answer: it has words beyond "idk, skip"."""
    if sum(char.isalpha() for char in folded.text) < 2:
        return False
    if len(folded.text) > 300:  # the phrases are for short texts; a long one tries something
        return True
    return bool(re.search(r"[^\W\d_]{2}", _NO_ANSWER.sub(" ", folded.text)))


def mute_instructions(clauses: Sequence[Clause], folded: Folded) -> bool:
    """Take credit from sentences that give the critic orders; whether there are any."""
    muted = False
    for members in by_sentence(clauses):
        start = members[0].tokens[0].start
        line = max(folded.text.rfind("\n", 0, start), folded.text.rfind(". ", 0, start), start - 40)
        text = folded.text[max(line, 0) : members[-1].tokens[-1].end + 8]
        if _INJECTION.search(text):
            muted = True
            for clause in members:
                clause.live = False
    return muted


def mute_word_lists(clauses: Sequence[Clause], folded: Folded) -> bool:
    """Take credit from sentences that only list words; whether they are most of the answer."""
    listed = 0
    sentences = by_sentence(clauses)
    lines = _lines_of_terms(sentences, folded.text)
    for number, members in enumerate(sentences):
        words = [token for clause in members for token in clause.tokens]
        if members[0].code or not (number in lines or _is_list(words, folded.text)):
            continue
        listed += len(words)
        for clause in members:
            clause.live = False
    return listed * 2 > sum(len(clause.tokens) for clause in clauses)


def _lines_of_terms(sentences: Sequence[Sequence[Clause]], text: str) -> set[int]:
    """Return the numbers of the sentences that are a list of words together, one on each line."""
    found: set[int] = set()
    run: list[int] = []
    for number, members in enumerate(sentences):
        words = [token for clause in members for token in clause.tokens]
        inside = text[words[0].start : words[-1].end]
        term = len(words) <= LIST_TERM and all(content(token.word) for token in words)
        if not term or _RELATION.search(inside) or _states(words):
            run = []
            continue
        run.append(number)
        if len(run) >= LIST_ITEMS:
            found.update(run)
    return found


def _is_list(words: Sequence[Token], text: str) -> bool:
    """Whether there is a run of words no clause has, or single terms between commas."""
    items: list[list[Token]] = [[]]
    for place, token in enumerate(words):
        between = text[words[place - 1].end : token.start] if place else " "
        if _RELATION.search(between) or _RELATION.search(token.word):
            return False
        if _PARTED.search(between) or token.word in _JOINS:
            items.append([])
        if token.word not in _JOINS and (not items[-1] or between.isspace()):
            items[-1].append(token)  # the parts of `request.user` are one word
    items = [item for item in items if item]
    runs = [list(run) for item in items for loud, run in groupby(item, _loud) if loud]
    spoken = sum(not content(token.word) for token in words) >= QUIET_SHARE * len(words)
    if any(len(run) >= _allowed(run, spoken) for run in runs):
        return True
    if not items or (len(items[0]) >= LIST_TERM and _states(items[0])):
        return False  # "these signals include pre_save, post_save, m2m_changed"
    single = sum(len(item) <= LIST_TERM for item in items)
    plain = all(content(token.word) or len(token.word) == 1 for item in items for token in item)
    return plain and len(items) >= LIST_ITEMS and single >= LIST_SHARE * len(items)


def _allowed(run: Sequence[Token], spoken: bool) -> int:
    """Return from how many words on `run` is no clause; `spoken`: its sentence is no telegram."""
    if not _states(run):
        return LIST_RUN
    return LONGEST_RUN if spoken else TERSE_RUN


def _loud(token: Token) -> bool:
    return content(token.word) and token.word not in lexicon.PREPOSITIONS


def _states(words: Sequence[Token]) -> bool:
    """Whether one of `words` is a verb with a subject before it ("cookies protect", "it runs")."""
    return any(token.word in lexicon.VERBS for token in words[1 : VERB_PLACE + 1])


def by_sentence(clauses: Sequence[Clause]) -> list[list[Clause]]:
    """Return `clauses` sentence by sentence."""
    return [list(group) for _, group in groupby(clauses, key=lambda clause: clause.sentence)]


def mute_question(clauses: Sequence[Clause], prompt: str) -> bool:
    """Take credit from sentences that only repeat the question; whether that is all there is."""
    asked = [
        {token.stem for token in clause.tokens if content(token.word)}
        for clause in split(fold(prompt), prompt)
    ]
    every = frozenset().union(*asked)
    copied = 0
    sentences = by_sentence(clauses)
    for members in sentences:
        own = [t.stem for clause in members for t in clause.tokens if content(t.word)]
        if (
            len(own) > 1
            and sum(each in every for each in own) >= COPIED_SHARE * len(own)
            and any(len(part & set(own)) >= COPIED_SHARE * len(part) for part in asked if part)
        ):
            copied += 1
            for clause in members:
                clause.live = False
    return bool(copied) and copied == len(sentences)


def spaced_out(folded: Folded) -> bool:
    """Whether words are spelt with spaces between their letters."""
    return _SPACED.search(folded.text) is not None
