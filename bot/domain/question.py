"""What a question is: the values that the bank loads, the store keeps and critics read.

Every value is frozen and built from plain types, so that it goes to JSON and back unchanged.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """Level of the roadmap that a question belongs to."""

    ONE = "I"
    TWO = "II"


@dataclass(frozen=True, slots=True)
class Fact:
    """A property that a key point says its subject has, or has not.

    Word overlap cannot see polarity ("tuples are mutable" against "tuples are immutable"), so a
    point that states a property names the wordings on both sides.

    Attributes:
        subject: Words that name the subject ("tuple", "tuples").
        property: Name of the property ("mutable"); for readers, and to pair facts in a question.
        affirmed_by: Wordings that say the subject has the property ("mutable", "can be changed").
        denied_by: Wordings that say it has not, without a negation word ("immutable", "fixed").
        holds: Whether the subject has the property.
    """

    subject: tuple[str, ...]
    property: str
    affirmed_by: tuple[str, ...]
    holds: bool
    denied_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KeyPoint:
    """One thing a good answer says.

    Attributes:
        id: Stable inside its question, so that critiques can cite it.
        text: The point in one sentence, as the person reads it.
        weight: Share of the score, relative to the other points' weights.
        paraphrases: The same point in words that people really type.
        facts: Polarity facts, where the point states a property.
        must: Groups of words; an answer earns the point only with a word of each group.
    """

    id: str
    text: str
    weight: int
    paraphrases: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    must: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Misconception:
    """Something people wrongly say.

    Attributes:
        id: Stable inside its question.
        said: The wrong statement in the words people use; the first one names it.
        correction: One sentence that puts it right.
        contradicts: Id of the key point that it denies, if it denies one.
    """

    id: str
    said: tuple[str, ...]
    correction: str
    contradicts: str | None = None


@dataclass(frozen=True, slots=True)
class Code:
    """A code block that an interviewer would ask for.

    Attributes:
        about: One line that says what the block shows.
        source: What the person sees.
        setup: Run before `source`, unseen (settings, fixtures).
        check: Run after it, unseen: assertions that prove what the block claims.
        language: "python", or "sql" (run on SQLite).
    """

    about: str
    source: str
    setup: str = ""
    check: str = ""
    language: str = "python"


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What an interviewer would ask next.

    Attributes:
        prompt: The question.
        question: Slug of the bank's question it leads to, if there is one.
        listen_for: What a good short answer says, when no question of the bank is named.
    """

    prompt: str
    question: str | None = None
    listen_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact can be read up: official documentation, with the section."""

    title: str
    url: str
    section: str = ""


@dataclass(frozen=True, slots=True)
class Rubric:
    """What a critic needs to judge an answer, and what is shown after it."""

    points: tuple[KeyPoint, ...]
    misconceptions: tuple[Misconception, ...] = ()
    model_answer: str = ""
    code: tuple[Code, ...] = ()
    hints: tuple[str, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    sources: tuple[Source, ...] = ()
    versions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """One authored question, in one wording.

    Attributes:
        slug: Stable name, unique in the bank ("list-vs-tuple").
        prompt: The text shown to the person.
        topic: Slug of the roadmap topic it is filed under ("core-python").
        difficulty: 1 (warm-up) to 5 (senior).
        kind: Question type ("open").
        seed: Number in the roadmap's list of most asked questions ("2.1.1"), if it is one.
        covers: Ids of roadmap topics it covers ("I.1.1.1").
    """

    slug: str
    prompt: str
    topic: str
    difficulty: int
    rubric: Rubric
    level: Level = Level.ONE
    kind: str = "open"
    tags: tuple[str, ...] = ()
    covers: tuple[str, ...] = ()
    seed: str | None = None
    author: str = ""
    licence: str = ""


DIFFICULTIES = {1: "warm-up", 2: "easy", 3: "medium", 4: "hard", 5: "senior"}
"""Words for the difficulties, as cards and commands say them."""
