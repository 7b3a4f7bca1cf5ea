"""`drillmate critic`: a question's rubric tried on answers before it is published."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from bot import bundled
from bot.bank.format import parse
from bot.bank.walk import read_bank
from bot.critics.explain import Explained, Reason, explained
from bot.domain.critique import PointState
from bot.domain.question import Question
from bot.errors import Conflict, Invalid, NotFound
from bot.programs.configuration import configured
from bot.programs.grading import as_json

END = "---"
"""A line that ends an answer."""
LACKS = 6
"""Words shown of those that an answer lacks."""


def run(name: str, *, folder: Path | None, as_lines: bool) -> int:
    """Read answers from stdin, and print what the offline critic says of each, and why.

    Args:
        name: Slug or number of a question, or a file of one that is not in the bank yet.
        folder: The bank; None: the program's own.
        as_lines: Whether to print one JSON object an answer.

    Raises:
        BankFaults: The question bank, or the file, has faults.
        NotFound: No such question.
    """
    question = _question(name, folder)
    if sys.stdin.isatty():
        sys.stderr.write(
            f"{question.prompt}\n\nType an answer; {END} on a line of its own ends it, "
            "Ctrl-D leaves.\n\n"
        )
    for answer in _answers():
        found = explained(question, answer)
        text = _as_json(found) if as_lines else _readable(question, found)
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
    return 0


def calibrate(path: Path, out: Path, folder: Path | None) -> int:
    """Fit a curve for the model of the settings to answers that people have graded; write it.

    Raises:
        Conflict: No model is set.
        Invalid: The file cannot be read or written, or has too little.
    """
    settings = configured()
    if not settings.llm.judges:
        raise Conflict(
            "No model is set, so there is nothing to calibrate.",
            "Set DRILLMATE_LLM__BASE_URL and DRILLMATE_LLM__MODEL.",
        )
    from bot.critics.llm import calibration
    from bot.critics.llm.critic import LlmCritic

    questions = {each.slug: each for each in _bank(folder)}
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(f"{path} cannot be read: {error}.", "Name a UTF-8 file.") from error

    async def fitted() -> calibration.Calibration:
        critic = LlmCritic(settings.llm)
        try:
            return await calibration.calibrate(lines, critic, questions)
        finally:
            await critic.close()

    curve = asyncio.run(fitted())
    try:
        calibration.save(curve, out)
    except OSError as error:
        raise Invalid(f"{out} cannot be written: {error.strerror}.", "Name another.") from error
    sys.stdout.write(
        f"{len(curve.knots)} knots for {curve.model} are in {out}. "
        f"DRILLMATE_LLM__CALIBRATION={out} has them used.\n"
    )
    return 0


def _bank(folder: Path | None) -> list[Question]:
    place = folder or configured().bank.folder or bundled.questions_folder()
    return list(read_bank(place).questions)


def _question(name: str, folder: Path | None) -> Question:
    path = Path(name)
    if path.suffix == ".toml":
        try:
            return parse(path, path.read_text(encoding="utf-8"))
        except OSError as error:
            raise NotFound(f"{path} cannot be read: {error.strerror}.", "Name a file.") from error
    for each in _bank(folder):
        if name in (each.slug, each.seed):
            return each
    raise NotFound(
        f'There is no question "{name[:60]}".',
        "Name a question of the bank, as list-vs-tuple or 2.1.1, or a file ending in .toml.",
    )


def _answers() -> Iterator[str]:
    lines: list[str] = []
    for line in sys.stdin:
        if line.strip() == END:
            yield "".join(lines)
            lines = []
        else:
            lines.append(line)
    if "".join(lines).strip():
        yield "".join(lines)


def _as_json(found: Explained) -> str:
    reasons = [
        {
            "id": each.id,
            "nearest": each.nearest,
            "match": round(each.match, 2),
            "partly_from": each.partly,
            "from": each.full,
            "lacks": list(each.lacks),
            "meant": round(each.meant, 2),
        }
        for each in (*found.points, *found.misconceptions)
    ]
    return json.dumps(as_json(found.critique, reasons=reasons))


def _readable(question: Question, found: Explained) -> str:
    critique = found.critique
    flags = f"  flags: {', '.join(critique.flags)}" if critique.flags else ""
    lines = [f"{critique.score} / 100 ({critique.status.value}){flags}"]
    texts = {point.id: point.text for point in question.rubric.points}
    for verdict, reason in zip(critique.points, found.points, strict=True):
        lines.append(f"{verdict.state.value:>12}  {texts[verdict.id]}")
        if verdict.quote:
            lines.append(f'{"":>12}  in "{verdict.quote}"')
        lines.append(f"{'':>12}  {_why(verdict.state, reason)}")
    accused = {each.id: each.quote for each in critique.misconceptions}
    for reason in found.misconceptions:
        if reason.id in accused:
            lines.append(f'{"wrong":>12}  {reason.id}: "{accused[reason.id]}"')
        elif reason.match:
            lines.append(f"{'not wrong':>12}  {reason.id}: {_measure(reason)}")
    return "\n".join(lines) + "\n"


def _why(state: PointState, reason: Reason) -> str:
    """Return why a point has its state, in a line."""
    why = _measure(reason)
    if state is PointState.CONTRADICTED:
        return f"a fact, or a misconception below, the other way round; {why}"
    if state is PointState.COVERED and reason.match + reason.meant < reason.full:
        return f"stated as a fact; {why}"
    if state is PointState.COVERED or not reason.lacks:
        return why
    return f"{why}; it lacks: {', '.join(reason.lacks[:LACKS])}"


def _measure(reason: Reason) -> str:
    needs = f"{reason.full:.2f}"
    if reason.partly != reason.full:
        needs = f"{reason.partly:.2f} for partly, {needs} for covered"
    meant = f" {reason.meant:+.2f} by what it means" if round(reason.meant, 2) else ""
    return f'{reason.match:.2f}{meant} (needs {needs}), nearest "{reason.nearest}"'
