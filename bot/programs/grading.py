"""`drillmate grade`: the offline critic on answers from stdin or a file, without a database."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from bot import bundled
from bot.bank.walk import read_bank
from bot.critics.keypoints import KeypointsCritic
from bot.domain.critique import Critique
from bot.domain.question import Question
from bot.errors import Invalid, NotFound, UserError
from bot.programs.configuration import configured


def run(*, seed: str, slug: str, batch: Path | None, folder: Path | None) -> int:
    """Grade and print; return the exit status: 1 if a line of the batch could not be graded.

    Raises:
        BankFaults: The question bank has faults.
        NotFound: No such question.
        Invalid: Neither a question nor a batch was named, or the file cannot be read.
    """
    bank = read_bank(folder or configured().bank.folder or bundled.questions_folder()).questions
    by_name = {question.slug: question for question in bank}
    by_name |= {question.seed: question for question in bank if question.seed}
    critic = KeypointsCritic()
    if batch is not None:
        return _batch(batch, by_name, critic)
    if not (seed or slug):
        raise Invalid("Which question?", "Name it with --seed 2.1.1 or --slug list-vs-tuple.")
    question = _find(by_name, seed or slug)
    critique = critic.judge(question, _text(sys.stdin.buffer.read()))
    if sys.stdout.isatty():
        sys.stdout.write(_readable(question, critique))
    else:
        sys.stdout.write(json.dumps(as_json(critique)) + "\n")
    return 0


def as_json(critique: Critique, **more: object) -> dict[str, object]:
    """Return a critique as the batch writes it."""
    return {
        **more,
        "score": critique.score,
        "status": critique.status.value,
        "points": [
            {"id": point.id, "state": point.state.value, "quote": point.quote}
            for point in critique.points
        ],
        "misconceptions": [
            {"id": found.id, "quote": found.quote} for found in critique.misconceptions
        ],
        "flags": list(critique.flags),
        "critic": f"{critique.critic}/{critique.version}",
    }


def _batch(path: Path, by_name: dict[str, Question], critic: KeypointsCritic) -> int:
    failed = False
    for number, line in _lines(path):
        item: Any = None
        try:
            item = _read(line)
            result = _grade(item, by_name, critic)
        except UserError as error:
            failed = True
            sys.stderr.write(f"{path}:{number}: {error.message} {error.hint}\n")
            name = item.get("id") if isinstance(item, dict) else None
            result = {"id": name, "status": "error", "error": error.message}
        # Half characters in an answer cannot be written as they are; JSON's escapes can.
        sys.stdout.write(json.dumps(result) + "\n")
    return int(failed)


def _read(line: bytes) -> Any:
    try:
        return json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Invalid("not UTF-8.", "Save the file as UTF-8.") from error
    except (ValueError, RecursionError) as error:  # the latter: nested some thousand deep
        raise Invalid(f"not JSON: {error}.", "Write one JSON object a line.") from error


def _grade(item: Any, by_name: dict[str, Question], critic: KeypointsCritic) -> dict[str, object]:
    if not isinstance(item, dict) or not isinstance(item.get("answer"), str):
        raise Invalid("has no answer.", 'Write {"id": ..., "seed": "2.1.1", "answer": "..."}.')
    question = _find(by_name, str(item.get("seed") or item.get("slug") or ""))
    return as_json(critic.judge(question, item["answer"]), id=item.get("id"))


def _find(by_name: dict[str, Question], name: str) -> Question:
    if (found := by_name.get(name)) is None:
        raise NotFound(
            f'There is no question "{name[:60]}".',
            "Name a file of questions/, as list-vs-tuple, or its seed, as 2.1.1.",
        )
    return found


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    try:
        source: BinaryIO = sys.stdin.buffer if str(path) == "-" else path.open("rb")
        with source:
            for number, line in enumerate(source, start=1):
                if line.strip():
                    yield number, line
    except OSError as error:
        raise Invalid(f"{path} cannot be read: {error}.", "Name a UTF-8 file, or -.") from error


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace").strip("\n")


def _readable(question: Question, critique: Critique) -> str:
    lines = [question.prompt, "", f"{critique.score} / 100 ({critique.status.value})"]
    texts = {point.id: point.text for point in question.rubric.points}
    for point in critique.points:
        quote = f'  "{point.quote}"' if point.quote else ""
        lines.append(f"{point.state.value:>12}  {texts[point.id]}{quote}")
    corrections = {wrong.id: wrong.correction for wrong in question.rubric.misconceptions}
    lines += [f'       wrong  "{m.quote}" {corrections[m.id]}' for m in critique.misconceptions]
    if critique.flags:
        lines.append(f"flags: {', '.join(critique.flags)}")
    return "\n".join(lines) + "\n"
