"""Walks questions/: every question and the roadmap, or every fault."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from bot.bank.fault import BankFaults, Fault, locate
from bot.bank.format import parse
from bot.bank.roadmap import Roadmap, load_roadmap
from bot.domain.question import Question


@dataclass(frozen=True, slots=True)
class Bank:
    """All questions on disk, in the order of their seed numbers and slugs, and the roadmap."""

    questions: tuple[Question, ...]
    roadmap: Roadmap


def read_bank(folder: Path) -> Bank:
    """Read every question file below `folder`.

    Raises:
        BankFaults: With the faults of all files together.
    """
    roadmap = load_roadmap(folder / "roadmap.toml")
    found: list[tuple[Path, str, Question]] = []
    faults: list[Fault] = []
    for path in question_files(folder):
        try:
            text = path.read_text(encoding="utf-8")
            found.append((path, text, parse(path, text)))
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            faults.append(Fault(path, line, "", "is not UTF-8", "Save the file as UTF-8"))
        except OSError as error:
            message = f"cannot be read: {error.strerror}"
            faults.append(Fault(path, 1, "", message, "Check the file's permissions"))
        except BankFaults as error:
            faults += error.faults
    faults += _cross_check(found, roadmap, {path.stem for path in question_files(folder)})
    if faults:
        raise BankFaults(faults)
    questions = sorted((question for _, _, question in found), key=_order)
    return Bank(tuple(questions), roadmap)


def question_files(folder: Path) -> list[Path]:
    """Return the question files below `folder`, sorted by path."""
    return sorted(path for path in folder.glob("*/*.toml"))


_READING = b"2"
"""Changes when what we read from a file changes, so that a bank that is known is read again."""


def fingerprint(folder: Path) -> str:
    """Return a hash of all files of the bank: unchanged means nothing to import."""
    digest = hashlib.sha256(_READING)
    for path in [folder / "roadmap.toml", *question_files(folder)]:
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _order(question: Question) -> tuple[tuple[int, ...], str]:
    seed = question.seed or "999.999.999"
    return tuple(int(part) for part in seed.split(".")), question.slug


def _cross_check(
    found: list[tuple[Path, str, Question]], roadmap: Roadmap, slugs: set[str]
) -> list[Fault]:
    """Return what is wrong between files: slugs and seeds used twice, names of nothing.

    Args:
        found: The questions that could be read.
        roadmap: Has the topics, the ids and the seeds' wording.
        slugs: Of all questions, so that one broken file is no fault of those that name it.
    """
    faults: list[Fault] = []
    owners: dict[str, Path] = {}
    for path, text, question in found:

        def add(field: str, message: str, remedy: str, path: Path = path, text: str = text) -> None:
            faults.append(Fault(path, locate(text, (field,)), field, message, remedy))

        for name in filter(None, (question.slug, question.seed)):
            if (owner := owners.setdefault(name, path)) != path:
                field = "slug" if name == question.slug else "seed"
                add(field, f"{name!r} is also used by {owner}", "Give each its own")
        if question.topic not in roadmap.topic_titles:
            known = ", ".join(roadmap.topic_titles)
            add(
                "topic", f"{question.topic!r} is not a topic of roadmap.toml", f"Use one of {known}"
            )
        for topic in question.covers:
            if topic not in roadmap.nodes:
                remedy = "Ids are level.section.place, places counted from 1"
                add("covers", f"{topic!r} is not an id of roadmap.toml", remedy)
        if question.seed and roadmap.nodes.get(f"I.{question.seed}") != question.prompt:
            wanted = roadmap.nodes.get(f"I.{question.seed}", "no such number")
            add("prompt", f"is not the roadmap's wording of {question.seed}", f"Keep: {wanted}")
        for number, follow_up in enumerate(question.rubric.follow_ups):
            if follow_up.question is not None and follow_up.question not in slugs:
                line = locate(text, ("follow_ups", number, "question"))
                message = f"{follow_up.question!r} is not a question of the bank"
                remedy = "Name one that is, or say what to listen for"
                name = f"follow_ups[{number}].question"
                faults.append(Fault(path, line, name, message, remedy))
    return faults
