"""Polls and quizzes, and who voted for what."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(eq=False)
class Poll:
    """One poll. `votes` are option numbers by the voter's id."""

    id: str
    question: str
    options: list[str]
    kind: str
    anonymous: bool
    multiple: bool
    revoting: bool
    correct: list[int] = field(default_factory=list)
    explanation: str = ""
    explanation_entities: list[dict[str, Any]] = field(default_factory=list)
    open_period: int | None = None
    closed: bool = False
    votes: dict[int, list[int]] = field(default_factory=dict)

    def vote(self, voter: int, chosen: list[int]) -> None:
        """Count a vote as the apps let people cast it."""
        assert not self.closed, f"the poll {self.question!r} is closed"
        assert all(0 <= number < len(self.options) for number in chosen), "no such option"
        assert self.multiple or len(chosen) <= 1, "only one option may be chosen"
        assert self.revoting or voter not in self.votes, "this vote cannot be changed"
        if chosen:
            self.votes[voter] = list(chosen)
        else:
            self.votes.pop(voter, None)

    def persistent(self, number: int) -> str:
        """Return the id of an option, the same wherever it is shown."""
        return f"{self.id}-{number}"

    def shown(self) -> dict[str, Any]:
        """Return it as the Bot API shows it to the bot that sent it."""
        counts = [
            sum(number in chosen for chosen in self.votes.values())
            for number in range(len(self.options))
        ]
        shown: dict[str, Any] = {
            "id": self.id,
            "question": self.question,
            "options": [
                {"persistent_id": self.persistent(number), "text": text, "voter_count": count}
                for number, (text, count) in enumerate(zip(self.options, counts, strict=True))
            ],
            "total_voter_count": len(self.votes),
            "is_closed": self.closed,
            "is_anonymous": self.anonymous,
            "type": self.kind,
            "allows_multiple_answers": self.multiple,
            "allows_revoting": self.revoting,
            "members_only": False,
        }
        if self.kind == "quiz":
            shown["correct_option_ids"] = self.correct
        if self.explanation:
            shown["explanation"] = self.explanation
            shown["explanation_entities"] = self.explanation_entities
        if self.open_period:
            shown["open_period"] = self.open_period
        return shown
