"""The answers nobody tuned to: how far two labellers agree on them, and the critic with both.

`python -m tests.critics.blind` prints both for the development half, with `--test` for the half
that is looked at only to report (tests/data/critique/README.md).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path

from bot.bank.walk import read_bank
from bot.bundled import questions_folder
from bot.critics.embedding import installed
from bot.critics.keypoints import KeypointsCritic
from bot.domain.critique import PointState, PointVerdict, score
from bot.domain.question import Question

DATA = Path(__file__).parents[1] / "data" / "critique"
COVERED, PARTLY, WRONG, NOTHING = "covered", "partly", "wrong", "nothing"


@dataclass(frozen=True)
class Labels:
    """One labeller's verdict on one answer: ids of points and misconceptions."""

    covered: frozenset[str] = frozenset()
    partly: frozenset[str] = frozenset()
    wrong: frozenset[str] = frozenset()
    misconceptions: frozenset[str] = frozenset()
    other: str = ""

    def of(self, point: str) -> str:
        """Return what the labeller says of a point."""
        kinds = ((COVERED, self.covered), (PARTLY, self.partly), (WRONG, self.wrong))
        return next((kind for kind, points in kinds if point in points), NOTHING)


@dataclass(frozen=True)
class Row:
    """An answer with what both labellers say together.

    Attributes:
        states: For each point that they agree on enough, the more cautious of their verdicts.
        misconceptions: Those that both find.
        clean: Whether neither finds anything wrong.
    """

    id: str
    kind: str
    question: Question
    answer: str
    states: dict[str, str]
    misconceptions: frozenset[str]
    clean: bool


@dataclass
class Figures:
    """How the critic does on some answers."""

    answers: int = 0
    right: int = 0
    half: int = 0
    bad: int = 0
    said: int = 0
    off: list[int] = field(default_factory=list)
    named: int = 0
    met: int = 0
    wrong: int = 0
    denied: int = 0
    clean: int = 0
    accused: int = 0

    @property
    def precision(self) -> float:
        """Of points called covered, the share that is; points that are partly covered aside."""
        return self.right / max(self.right + self.bad, 1)

    @property
    def strict_precision(self) -> float:
        """The same with partly covered points counted as not covered."""
        return self.right / max(self.right + self.half + self.bad, 1)

    @property
    def recall(self) -> float:
        """Of points that are covered, the share called so."""
        return self.right / max(self.said, 1)

    @property
    def error(self) -> float:
        """Mean distance of the score from that which the labels give, of 100."""
        return sum(self.off) / len(self.off)

    def __str__(self) -> str:
        """Return a line."""
        return (
            f"{self.answers:4} answers  precision {self.precision:.3f}"
            f" (half-said counted wrong {self.strict_precision:.3f})  recall {self.recall:.3f}"
            f"  score off by {self.error:.1f}  misconceptions {self.met}/{self.named}"
            f"  points said wrong: met {self.denied}/{self.wrong}"
            f"  accused without a fault {self.accused}/{self.clean}"
        )


@cache
def questions() -> dict[str, Question]:
    """Return the bank's questions by slug."""
    return {each.slug: each for each in read_bank(questions_folder()).questions}


def labels(who: str) -> dict[str, Labels]:
    """Return the labels of one labeller, by answer."""
    found = {}
    for line in (DATA / f"labels-{who}.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        sets = {
            key: frozenset(row.get(key, ()))
            for key in ("covered", "partly", "wrong", "misconceptions")
        }
        found[row["id"]] = Labels(**sets, other=row.get("other", ""))
    return found


def rows(test: bool) -> list[Row]:
    """Return the answers of one half that both labelled."""
    first, second = labels("a"), labels("b")
    found = []
    for line in (DATA / "answers.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        identity = row["id"]
        if int(identity.split("/")[1]) % 2 == test or identity not in first.keys() & second.keys():
            continue
        asked = questions()[row["question"]]
        pair = first[identity], second[identity]
        both = {
            point.id: together(*(each.of(point.id) for each in pair))
            for point in asked.rubric.points
        }
        clean = not any(each.wrong or each.misconceptions or each.other for each in pair)
        states = {point: state for point, state in both.items() if state}
        found.append(
            Row(
                identity,
                row["kind"],
                asked,
                row["answer"],
                states,
                pair[0].misconceptions & pair[1].misconceptions,
                clean,
            )
        )
    return found


def together(left: str, right: str) -> str | None:
    """Return the more cautious of two verdicts; None if only one of them is "wrong"."""
    if left == right:
        return left
    if WRONG in (left, right):
        return None
    return PARTLY if COVERED in (left, right) else NOTHING


def measured(sample: Iterable[Row], critic: KeypointsCritic) -> Figures:
    """Return how the critic does on `sample`."""
    found = Figures()
    for row in sample:
        critique = critic.judge(row.question, row.answer)
        found.answers += 1
        for point in critique.points:
            state = row.states.get(point.id)
            covered = point.state is PointState.COVERED
            found.said += state == COVERED
            found.wrong += state == WRONG
            found.denied += state == WRONG and point.state is PointState.CONTRADICTED
            found.right += covered and state == COVERED
            found.half += covered and state == PARTLY
            found.bad += covered and state in (WRONG, NOTHING)
        meant = [
            PointVerdict(point, PointState(state))
            for point, state in row.states.items()
            if state in (COVERED, PARTLY)
        ]
        found.off.append(abs(critique.score - score(row.question.rubric, meant)))
        met = {each.id for each in critique.misconceptions}
        found.named += len(row.misconceptions)
        found.met += len(row.misconceptions & met)
        found.clean += row.clean
        accused = met or any(p.state is PointState.CONTRADICTED for p in critique.points)
        found.accused += row.clean and bool(accused)
    return found


@dataclass(frozen=True)
class Agreement:
    """How far the two labellers agree, over every point of every answer that both labelled."""

    answers: int
    points: int
    same: float
    kappa: float
    covered_same: float
    covered_kappa: float
    misconceptions_both: int
    misconceptions_one: int


def agreement() -> Agreement:
    """Return how far the labellers agree."""
    first, second = labels("a"), labels("b")
    shared = sorted(first.keys() & second.keys())
    pairs = [
        (first[each].of(point.id), second[each].of(point.id))
        for each in shared
        for point in questions()[each.split("/")[0]].rubric.points
    ]
    same, kappa = _kappa(pairs)
    covered, covered_kappa = _kappa([(a == COVERED, b == COVERED) for a, b in pairs])
    both = sum(len(first[e].misconceptions & second[e].misconceptions) for e in shared)
    one = sum(len(first[e].misconceptions ^ second[e].misconceptions) for e in shared)
    return Agreement(
        len(shared),
        len(pairs),
        round(same, 3),
        round(kappa, 3),
        round(covered, 3),
        round(covered_kappa, 3),
        both,
        one,
    )


def _kappa(pairs: Sequence[tuple[object, object]]) -> tuple[float, float]:
    """Return the share of equal pairs, and Cohen's kappa: that share, chance taken away."""
    count = len(pairs)
    same = sum(left == right for left, right in pairs) / count
    chance = sum(
        sum(left == each for left, _ in pairs) * sum(right == each for _, right in pairs)
        for each in {value for pair in pairs for value in pair}
    ) / (count * count)
    return same, (same - chance) / (1 - chance)


def main() -> None:
    """Print the figures that the command line asks for."""
    parser = argparse.ArgumentParser("python -m tests.critics.blind")
    parser.add_argument("--test", action="store_true", help="the half for reports")
    sample = rows(parser.parse_args().test)
    print(json.dumps(asdict(agreement())))  # noqa: T201 - a program for the terminal
    for meaning in (True, False) if installed() else (False,):
        critic = KeypointsCritic(meaning)
        print(f"{critic.version:12}", measured(sample, critic))  # noqa: T201
    critic = KeypointsCritic()
    for kind in sorted({row.kind for row in sample}):
        print(f"{kind:12}", measured([r for r in sample if r.kind == kind], critic))  # noqa: T201


if __name__ == "__main__":
    main()
