"""`drillmate bank check`: every fault of the bank, or what it covers and where it is thin."""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

from bot import bundled
from bot.bank.fault import BankFaults
from bot.bank.walk import Bank, read_bank
from bot.programs.configuration import configured

FEW = 6
"""A section with fewer questions is thin (QUESTIONS: every section by at least six)."""


@dataclass(frozen=True, slots=True)
class SectionCount:
    """How well a section of the roadmap is covered.

    Attributes:
        id: Level and number ("I.2.1").
        questions: Questions that cover something of it.
        topics: Its bullets.
        uncovered: Those that no question covers.
        thin: Whether it wants more questions.
    """

    id: str
    title: str
    questions: int
    topics: int
    uncovered: tuple[str, ...]
    thin: bool


def run(folder: Path | None, *, as_json: bool) -> int:
    """Check and print; return the exit status: 1 on any fault."""
    where = folder or configured().bank.folder or bundled.questions_folder()
    try:
        bank = read_bank(where)
    except BankFaults as error:
        _print_faults(error, as_json=as_json)
        return 1
    sections = count(bank)
    by_topic = Counter(question.topic for question in bank.questions)
    if as_json:
        found = {
            "ok": True,
            "questions": len(bank.questions),
            "topics": dict(by_topic),
            "sections": [asdict(section) for section in sections],
            "faults": [],
        }
        sys.stdout.write(json.dumps(found, indent=2) + "\n")
    else:
        sys.stdout.write(_readable(bank, sections, by_topic))
    return 0


def count(bank: Bank) -> list[SectionCount]:
    """Return the coverage of every section that has bullets, in the roadmap's order."""
    covered = Counter(topic for question in bank.questions for topic in set(question.covers))
    found = []
    for level in bank.roadmap.levels:
        for section in level.sections:
            if not section.topics:
                continue
            name = f"{level.number}.{section.number}"
            ids = [f"{name}.{place}" for place in range(1, len(section.topics) + 1)]
            questions = sum(1 for q in bank.questions if not set(ids).isdisjoint(q.covers))
            uncovered = tuple(each for each in ids if not covered[each])
            thin = questions < FEW or bool(uncovered)
            found.append(SectionCount(name, section.title, questions, len(ids), uncovered, thin))
    return found


def _print_faults(error: BankFaults, *, as_json: bool) -> None:
    if as_json:
        faults = [asdict(fault) | {"path": str(fault.path)} for fault in error.faults]
        sys.stdout.write(json.dumps({"ok": False, "faults": faults}, indent=2) + "\n")
        return
    sys.stdout.write(f"{error}\n{len(error.faults)} faults.\n")


def _readable(bank: Bank, sections: list[SectionCount], by_topic: Counter[str]) -> str:
    lines = [f"{len(bank.questions)} questions, no faults.", ""]
    titles = bank.roadmap.topic_titles
    lines += [f"{by_topic[slug]:4}  {title}" for slug, title in titles.items() if by_topic[slug]]
    lines += ["", "Roadmap section                                     questions  bullets covered"]
    for each in sections:
        name = f"{each.id} {each.title}"[:50]
        share = f"{each.topics - len(each.uncovered)} of {each.topics}"
        lines.append(f"{name:<50} {each.questions:>10}  {share:<10}{' thin' if each.thin else ''}")
    thin = sum(1 for each in sections if each.thin)
    lines += ["", f"{thin} sections are thin: fewer than {FEW} questions, or a bullet without one."]
    return "\n".join(lines) + "\n"
