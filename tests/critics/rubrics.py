"""Small rubrics that the critic's tests judge against; they stand for no question of the bank."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.question import Fact, KeyPoint, Misconception, Question, Rubric

STACKS = Question(
    slug="stack-vs-queue",
    prompt="Difference between a stack and a queue?",
    topic="core-python",
    difficulty=1,
    rubric=Rubric(
        points=(
            KeyPoint(
                "lifo",
                "A stack is last in, first out: the newest item leaves first.",
                30,
                (
                    "a stack is LIFO",
                    "the last element pushed on a stack is popped first",
                    "from a stack you take the most recent item",
                    "stack = last in first out",
                    "a stack gives back the newest entry",
                ),
            ),
            KeyPoint(
                "fifo",
                "A queue is first in, first out: the oldest item leaves first.",
                30,
                (
                    "a queue is FIFO",
                    "the first element enqueued is dequeued first",
                    "from a queue you take the oldest item",
                    "queue = first in first out",
                    "a queue serves whoever waits longest",
                ),
            ),
            KeyPoint(
                "durable",
                "The queue of our broker is durable: messages survive a restart.",
                20,
                (
                    "queued messages survive a broker restart",
                    "the queue is persisted to disk",
                    "messages in the queue are not lost on a crash",
                    "queue = durable",
                    "after a reboot the queue still has its messages",
                ),
                facts=(
                    Fact(
                        ("queue", "queues"),
                        "durable",
                        ("durable", "persistent", "survive"),
                        True,
                        ("volatile", "transient"),
                    ),
                    Fact(("stack", "stacks"), "durable", ("durable", "persistent"), False),
                ),
            ),
            KeyPoint(
                "undo",
                "Undo histories and recursion use a stack.",
                20,
                (
                    "use a stack for undo",
                    "function calls and recursion need a stack",
                    "a stack for backtracking, e.g. a browser's back button",
                    "undo history = stack",
                    "the call stack remembers where recursion returns to",
                ),
                must=(("stack", "stacks"),),
            ),
        ),
        misconceptions=(
            Misconception(
                "queue_lifo",
                ("a queue is last in first out", "a queue gives you the newest item first"),
                "A queue hands out the oldest item first.",
                "fifo",
            ),
            Misconception(
                "stack_sorted",
                ("a stack sorts its elements", "a stack keeps items sorted"),
                "A stack never sorts; it keeps the order of arrival.",
            ),
        ),
        model_answer=(
            "A stack is last in, first out, a queue first in, first out. Our broker's queue is"
            " durable, so messages survive a restart. Undo uses a stack."
        ),
    ),
)
"""A contrast of two subjects, with one fact on each and a misconception that costs points."""

VERBS = Question(
    slug="verbs",
    prompt="What do the HTTP verbs PUT and PATCH do?",
    topic="api-fundamentals",
    difficulty=2,
    rubric=Rubric(
        points=(
            KeyPoint(
                "put",
                "PUT replaces the whole resource.",
                50,
                (
                    "PUT overwrites the entire representation",
                    "with PUT you send the complete object",
                    "put = full replacement",
                    "PUT swaps the old resource for the new one",
                    "a PUT body must contain every field",
                ),
            ),
            KeyPoint(
                "patch",
                "PATCH changes only the fields that are sent.",
                50,
                (
                    "PATCH is a partial update",
                    "with PATCH the other fields stay untouched",
                    "patch = modify some attributes",
                    "PATCH edits just what is in the body",
                    "only the submitted fields are changed by PATCH",
                ),
            ),
        ),
    ),
)
"""A rubric without facts and misconceptions."""

BARE = replace(
    VERBS,
    slug="bare",
    rubric=Rubric(points=tuple(replace(p, paraphrases=()) for p in VERBS.rubric.points)),
)
"""What a moderator adds in a minute: points, no paraphrases."""
