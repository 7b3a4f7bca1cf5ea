"""What is sent for one answer: instructions, then the rubric, the person's words last."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import unicodedata
from functools import lru_cache
from typing import Any

from bot.critics.llm import wire
from bot.critics.llm.instructions import instructions
from bot.domain.question import Question

MAX_ANSWER = 2_000
"""Characters of an answer that are sent: 330 words, two minutes of speech."""
OUR_CHARS = 3
"""Characters of our own English, JSON and code that a token stands for at least; it is about 4."""
OVERHEAD = 60
"""Tokens of roles and other wrapping."""

_UNSEEN = frozenset(("Cc", "Cf", "Cn", "Co", "Cs"))
"""Categories without a sign of their own: zero-width, bidi and tag characters among them."""
_FILLERS = re.compile("[\u115f\u1160\u2800\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_SENTENCE_END = re.compile(r"[.!?\n](?=\s)")


def clean(text: str) -> str:
    """Return `text` without characters that people do not see, and not cut in a sentence."""
    plain = "".join(
        char
        for char in unicodedata.normalize("NFC", text[: 4 * MAX_ANSWER])
        if char in "\n\t" or unicodedata.category(char) not in _UNSEEN
    )
    plain = _FILLERS.sub("", plain).strip()
    if len(plain) <= MAX_ANSWER:
        return plain
    ends = [end.end() for end in _SENTENCE_END.finditer(plain, MAX_ANSWER // 2, MAX_ANSWER)]
    return plain[: ends[-1] if ends else MAX_ANSWER]


def messages(question: Question, answer: str) -> list[dict[str, str]]:
    """Return the messages of a request.

    All that comes before the answer is the same for all answers to a question, and most of it for
    all questions, so that providers can keep it ready. The boundary is new each time: nobody can
    write it into an answer, and the line breaks of the answer are encoded besides.
    """
    boundary = f"ANSWER-{secrets.token_hex(8)}"
    text = json.dumps(clean(answer), ensure_ascii=False)
    asked = f"{rubric(question)}\n\n{boundary}\n{text}\n{boundary}"
    return [
        {"role": "system", "content": instructions().text},
        {"role": "user", "content": asked},
    ]


@lru_cache(maxsize=256)
def rubric(question: Question) -> str:
    """Return what the model is told of a question, as JSON in one line."""
    told: dict[str, Any] = {
        "question": question.prompt,
        "key_points": [
            {"id": point.id, "point": point.text, "in_other_words": point.paraphrases[:2]}
            for point in question.rubric.points
        ],
        "misconceptions": [
            {"id": each.id, "said": each.said[0] if each.said else "", "truth": each.correction}
            for each in question.rubric.misconceptions
        ],
    }
    whole = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return whole.encode("utf-8", "replace").decode("utf-8")


def estimate(question: Question, answer: str, reply_tokens: int) -> int:
    """Return how many tokens a call takes at most.

    No token is less than a byte, so that is the measure of what somebody else has written; our own
    texts are known to be ordinary.
    """
    ours = (instructions().text, rubric(question), json.dumps(wire.SCHEMA))
    theirs = len(json.dumps(clean(answer), ensure_ascii=False).encode())
    return OVERHEAD + sum(map(usual_tokens, ours)) + theirs + reply_tokens


def usual_tokens(text: str) -> int:
    """Return how many tokens ordinary text is at most."""
    plain = sum(char.isascii() for char in text)
    return -(-plain // OUR_CHARS) + len(text.encode("utf-8", "replace")) - plain


def cache_key(question: Question, answer: str, model: str) -> str:
    """Return what is the same for answers that get the same opinion."""
    same = " ".join(clean(answer).casefold().split())
    parts = (model, instructions().version, wire.VERSION, _digest(rubric(question)), same)
    return _digest("\0".join(parts))


def critic_version(model: str) -> str:
    """Return the version of the critic that asks `model`."""
    return f"{instructions().version}.{wire.VERSION} {model}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
