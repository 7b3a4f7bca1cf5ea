"""Questions as moderators type them into a form, and back: lists are one item a line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.question import DIFFICULTIES, KeyPoint, Misconception, Question, Rubric
from bot.errors import Invalid

MAX_PROMPT = 500
"""Characters of a question; the form says the same."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A question as a moderator types it into a form: lists are one item a line."""

    prompt: str
    topic: str
    points: str
    answer: str
    wrong: str = ""


def question_of(draft: Draft, difficulty: int, author: str, titles: Mapping[str, str]) -> Question:
    """Return the question that a draft describes; its slug is not yet made unique.

    Raises:
        Invalid: A field is wrong; the error names it.
    """
    if difficulty not in DIFFICULTIES:
        raise Invalid("difficulty is 1 to 5.", "1 is a warm-up, 5 is for seniors.")
    prompt = " ".join(draft.prompt.split())
    if len(prompt) < 10:
        raise Invalid(
            "The question is too short.", "Ask it as an interviewer would.", field="prompt"
        )
    if len(prompt) > MAX_PROMPT:
        over = f"The question has {len(prompt):,} characters; {MAX_PROMPT} are the most."
        raise Invalid(over, "Ask one thing.", field="prompt")
    if draft.topic not in titles:
        ways = ", ".join(titles)
        raise Invalid("That is not a topic.", f"Use one of: {ways}.", field="topic")
    points = tuple(_points(draft.points))
    if not points:
        raise Invalid(
            "A question needs at least one key point.",
            "Write what a good answer says, one thing a line.",
            field="points",
        )
    rubric = Rubric(
        points=points,
        misconceptions=tuple(_misconceptions(draft.wrong)),
        model_answer=draft.answer.strip(),
    )
    slug = "-".join(re.findall(r"[a-z0-9]+", prompt.casefold())[:6])[:36].strip("-") or "question"
    return Question(slug, prompt, draft.topic, difficulty, rubric, author=author)


def draft_of(question: Question) -> Draft:
    """Return a question as the form that would make it."""
    rubric = question.rubric
    points = "\n".join(f"{point.text} ({point.weight})" for point in rubric.points)
    wrong = "\n".join(f"{w.said[0]} => {w.correction}" for w in rubric.misconceptions)
    return Draft(question.prompt, question.topic, points, rubric.model_answer, wrong)


def _points(text: str) -> list[KeyPoint]:
    """Read one key point a line; "(30)" at its end is its weight, 10 by default."""
    points: list[KeyPoint] = []
    for line in _lines(text):
        weight = re.search(r"(?<=\s)\((\d{1,3})\)$", line)
        said = line[: weight.start()].strip() if weight else line
        if said:
            number = min(max(int(weight[1]), 1), 100) if weight else 10
            points.append(KeyPoint(f"p{len(points) + 1}", said, number))
    return points


def _misconceptions(text: str) -> list[Misconception]:
    """Read one misconception a line: "what people wrongly say => what is right"."""
    found: list[Misconception] = []
    for line in _lines(text):
        said, arrow, right = (part.strip() for part in line.partition("=>"))
        if not (arrow and said and right):
            raise Invalid(
                f'"{line[:60]}" does not say what is right.',
                "Write each as: what people wrongly say => what is right",
                field="wrong",
            )
        found.append(Misconception(f"m{len(found) + 1}", (said,), right))
    return found


def _lines(text: str) -> list[str]:
    """Return the lines that say something, without the bullets of a list."""
    stripped = (re.sub(r"^[-*•]\s+", "", line.strip()) for line in text.splitlines())
    return [line for line in stripped if line]
