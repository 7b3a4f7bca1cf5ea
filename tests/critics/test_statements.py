"""Single sentences as people type them: right ones must not be accused, wrong ones not credited."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bot.bank.format import parse
from bot.critics.keypoints import KeypointsCritic
from bot.domain.critique import Critique, PointState
from bot.domain.question import Question

QUESTIONS = Path(__file__).parents[2] / "questions"
ROWS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "statements.json").read_text(encoding="utf-8")
)
CRITIC = KeypointsCritic()


@cache
def question(slug: str) -> Question:
    (path,) = QUESTIONS.glob(f"*/{slug}.toml")
    return parse(path, path.read_text(encoding="utf-8"))


@cache
def judged(right: bool) -> list[tuple[str, Critique]]:
    return [
        (row["says"], CRITIC.judge(question(row["question"]), row["says"]))
        for row in ROWS
        if row["right"] is right
    ]


def ids(critique: Critique, state: PointState) -> set[str]:
    return {point.id for point in critique.points if point.state is state}


def accused(critique: Critique) -> bool:
    return bool(critique.misconceptions or ids(critique, PointState.CONTRADICTED))


def test_right_sentences_are_not_accused() -> None:
    found = [says for says, critique in judged(True) if accused(critique)]

    assert len(found) <= 0.01 * len(judged(True)), found


def test_sentences_are_no_word_lists() -> None:
    assert not [says for says, critique in judged(True) if "stuffing" in critique.flags]


def test_wrong_sentences_are_met_or_at_least_not_credited() -> None:
    met = [says for says, critique in judged(False) if accused(critique)]
    credited = [says for says, critique in judged(False) if ids(critique, PointState.COVERED)]

    assert len(met) >= 0.5 * len(judged(False))
    assert len(credited) <= 0.03 * len(judged(False)), credited


@pytest.mark.parametrize(
    ("slug", "says", "point"),
    [
        (
            "sync-vs-async-endpoints",
            "a sync endpoint runs in a thread pool so it does not block the event loop",
            "in_threads",
        ),
        ("sync-vs-async-endpoints", "sync endpoints run in a threadpool", "in_threads"),
        ("api-security", "CSRF tokens protect against forged cross-site requests", "csrf"),
        (
            "uvicorn-vs-gunicorn",
            "gunicorn's default sync worker handles one request at a time, uvicorn handles many"
            " with an event loop",
            "sync_worker",
        ),
        ("dependencies", "a shared dependency runs only once per request", "cached"),
        (
            "custom-permissions-validators",
            "has_permission runs for each request, has_object_permission runs only when get_object"
            " is called, so for list views you have to filter the queryset.",
            "object_when",
        ),
        ("idempotent-methods", "All methods are idempotent except POST and PATCH", "post_patch"),
        ("idempotent-methods", "All HTTP methods except POST are idempotent", "post_patch"),
    ],
)
def test_what_was_once_misread_is_covered(slug: str, says: str, point: str) -> None:
    critique = CRITIC.judge(question(slug), says)

    assert point in ids(critique, PointState.COVERED)
    assert not accused(critique)


@pytest.mark.parametrize(
    ("slug", "says", "point"),
    [
        (
            "file-uploads",
            "The client sends multipart form data, DRF parses it with MultiPartParser, and a"
            " FileField in the serializer validates it.",
            "validate",
        ),
        ("sqlalchemy-sessions", "use one global session for the whole app", "engine"),
        (
            "shallow-vs-deep-copy",
            "copy.copy copies all nested objects too, so both are the same thing",
            "deep",
        ),
        ("put-vs-patch", "PUT is a partial update", "patch_partial"),
        ("idempotent-methods", "every method except PUT is idempotent", "which"),
    ],
)
def test_words_about_something_else_earn_nothing(slug: str, says: str, point: str) -> None:
    states = {p.id: p.state for p in CRITIC.judge(question(slug), says).points}

    assert states[point] in (PointState.NOT_FOUND, PointState.CONTRADICTED)


def test_a_right_sentence_with_a_verb_that_denies_is_not_accused() -> None:
    says = "The GIL prevents threads from running Python code in parallel"

    assert not accused(CRITIC.judge(question("gil"), says))


def test_a_quote_does_not_begin_with_the_end_of_the_sentence_before() -> None:
    critique = CRITIC.judge(
        question("shallow-vs-deep-copy"),
        "A shallow copy makes a new outer object but the nested objects are shared with the"
        " original. deepcopy copies everything recursively, so changing a nested list in the copy"
        " does not touch the original. list.copy() and slicing are shallow.",
    )

    assert {"shallow", "deep"} <= ids(critique, PointState.COVERED)
    assert not any(point.quote.startswith("original.") for point in critique.points)
