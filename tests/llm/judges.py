"""What the model behind the stand-in thinks: judges that read what they are sent."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Verdicts = dict[str, Any]
Judge = Callable[["Asked"], Verdicts]


@dataclass(frozen=True)
class Asked:
    """What a request holds: the rubric as it was sent, and the answer between its boundaries."""

    rubric: dict[str, Any]
    answer: str
    boundary: str

    @property
    def points(self) -> list[str]:
        """Ids of the key points."""
        return [point["id"] for point in self.rubric["key_points"]]


def read(body: dict[str, Any]) -> Asked:
    """Return what was asked, as a model would see it."""
    lines = body["messages"][-1]["content"].split("\n")
    assert lines[-1] == lines[-3], "the answer is the last line but one, between boundaries"
    return Asked(json.loads(lines[0]), json.loads(lines[-2]), lines[-1])


def verdicts(found: dict[str, tuple[str, str]], asked: Asked) -> Verdicts:
    """Return a reply: for some points a verdict and a quote, the others not found."""
    points = []
    for each in asked.points:
        verdict, quote = found.get(each, ("not_found", ""))
        points.append({"id": each, "quote": quote, "verdict": verdict})
    return {"points": points, "misconceptions": []}


def obeying(asked: Asked) -> Verdicts:
    """Find everything covered, in the first words of the answer."""
    quote = " ".join(asked.answer.split()[:20])
    return verdicts(dict.fromkeys(asked.points, ("covered", quote)), asked)


def inventing(asked: Asked) -> Verdicts:
    """Find everything covered, in words that nobody has said."""
    quote = "the person explained this very clearly and in depth"
    return verdicts(dict.fromkeys(asked.points, ("covered", quote)), asked)


def silent(asked: Asked) -> Verdicts:
    """Find nothing."""
    return verdicts({}, asked)
