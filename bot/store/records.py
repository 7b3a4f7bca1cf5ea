"""What the store gives out: frozen values, free of any session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.chat.context import ChatKind, ChatRef
from bot.domain.cadence import Cadence
from bot.domain.critique import Critique
from bot.domain.question import Question


@dataclass(frozen=True, slots=True)
class User:
    """A human.

    Attributes:
        consent: Provider that may be sent their answers; empty: none; None: not asked yet.
    """

    id: int
    name: str
    zone: str
    zone_chosen: bool
    day_starts_at: int
    hidden: bool
    consent: str | None = None


@dataclass(frozen=True, slots=True)
class StoredChat:
    """A chat as kept."""

    id: int
    ref: ChatRef
    kind: ChatKind
    title: str
    zone: str
    left: bool
    reports_thread: str | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """A message of ours: the chat that it concerns, and the action that takes a reply to it."""

    about: StoredChat
    reply: str


@dataclass(frozen=True, slots=True)
class StoredQuestion:
    """A question as kept: its wording now, and where it stands."""

    id: int
    revision_id: int
    number: int
    status: str
    chat_id: int | None
    content_hash: str
    question: Question


WRAP_AFTER_H = 168
"""Hours after which a group's question is wrapped up at the latest, unless moderators chose."""


class ReportKind(StrEnum):
    """What somebody told a group's moderators."""

    REPORT = "report"
    SUGGESTION = "suggestion"
    APPEAL = "appeal"


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody told a group's moderators.

    Attributes:
        question_id: What it is about; a suggestion is about none.
        body: What is wrong; of a suggestion the question, and below it what an answer says.
        name: Of who told it, now.
        closed: Whether a moderator has dealt with it.
        attempt_id: Of an appeal, the answer whose verdict they find unfair.
    """

    id: int
    chat_id: int
    question_id: int | None
    kind: ReportKind
    body: str
    name: str
    closed: bool
    attempt_id: int | None = None


class DeliveryState(StrEnum):
    """What became of a delivery."""

    PENDING = "pending"
    LEASED = "leased"
    SENT = "sent"
    UNSURE = "unsure"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Subscription:
    """A chat's or a person's wish for questions."""

    id: int
    chat_id: int
    user_id: int | None
    name: str
    topic: str | None
    difficulty: int | None
    cadence: Cadence
    zone: str
    next_due_at: datetime | None
    next_day: date | None
    last_day: date | None
    paused: bool
    ended: bool
    thread: str = ""
    ping: str = ""
    wrap_after_h: int = WRAP_AFTER_H


@dataclass(frozen=True, slots=True)
class Delivery:
    """One due occurrence of a subscription."""

    id: int
    subscription_id: int
    due_at: datetime
    day: date
    state: DeliveryState
    tries: int
    error: str | None


@dataclass(frozen=True, slots=True)
class Serving:
    """One question shown in one chat at one moment."""

    id: int
    question_id: int
    revision_id: int
    chat_id: int
    user_id: int | None
    delivery_id: int | None
    message_id: str | None
    served_at: datetime
    answers: int
    wrapped_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """What a person did with a serving besides answering."""

    hints: int = 0
    skipped: bool = False
    revealed: bool = False


@dataclass(frozen=True, slots=True)
class Attempt:
    """One answer.

    Attributes:
        day: Local day of the person, for the streak.
        board_day: Date in the chat's zone, for its board.
        scores: Whether it is the one that counts; None while not judged.
        points: What it brought on the chat's board.
        shared: Whether the group may see it once the question is wrapped up.
    """

    id: int
    user_id: int
    serving_id: int
    answer: str
    submitted_at: datetime
    day: date
    board_day: date
    zone: str
    scores: bool | None
    score: int | None
    points: int
    critique: Critique | None
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was heard in a recorded answer."""

    id: int
    user_id: int
    serving_id: int
    text: str
    heard_at: datetime
