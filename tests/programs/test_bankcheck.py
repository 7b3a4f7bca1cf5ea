from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from bot.bank.walk import read_bank
from bot.programs.bankcheck import FEW, count
from tests.programs.command_line import SAMPLE, drillmate


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """Return a bank with two faults in one file and one in another."""
    bank = Path(shutil.copytree(SAMPLE, tmp_path / "questions"))
    kettle, pot = bank / "core-python" / "kettle.toml", bank / "databases" / "pot.toml"
    text = kettle.read_text("utf-8")
    text = text.replace("weight = 40", "weight = 0").replace("weight = 20", "weight = 0")
    kettle.write_text(text, "utf-8")
    pot.write_text(pot.read_text("utf-8").replace('"I.1.1.2"', '"Töpfe"'), "utf-8")
    return bank


def test_our_own_bank_is_without_fault() -> None:
    done = drillmate("bank", "check", "--json")
    assert (done.status, done.told) == (0, "")
    found = json.loads(done.out)
    assert (found["ok"], found["faults"]) == (True, [])
    assert found["questions"] == sum(found["topics"].values()) >= 46


def test_a_sound_bank_is_told_as_one_object_with_counts_by_topic_and_section() -> None:
    done = drillmate("bank", "check", "--json", "--bank", SAMPLE)
    assert (done.status, done.told) == (0, "")
    assert json.loads(done.out) == {
        "ok": True,
        "questions": 2,
        "topics": {"core-python": 1, "databases": 1},
        "sections": [
            {
                "id": "I.1.1",
                "title": "Kitchen",
                "questions": 2,
                "topics": 2,
                "uncovered": [],
                "thin": True,
            },
            {
                "id": "I.2.1",
                "title": "Most asked",
                "questions": 1,
                "topics": 2,
                "uncovered": ["I.2.1.2"],
                "thin": True,
            },
        ],
        "faults": [],
    }


def test_a_sound_bank_is_told_to_people_in_lines() -> None:
    done = drillmate("bank", "check", "--bank", SAMPLE)
    assert (done.status, done.told) == (0, "")
    lines = [" ".join(line.split()) for line in done.out.splitlines()]
    assert lines[0] == "2 questions, no faults."
    assert "1 Core Python" in lines
    assert "I.2.1 Most asked 1 1 of 2 thin" in lines
    assert lines[-1].startswith("2 sections are thin: fewer than 6 questions")


def test_a_section_is_thin_with_few_questions_or_with_a_bullet_that_none_covers(
    tmp_path: Path,
) -> None:
    bank = Path(shutil.copytree(SAMPLE, tmp_path / "questions"))
    pot = (bank / "databases" / "pot.toml").read_text("utf-8")
    for number in range(FEW - 2):
        text = pot.replace('slug = "pot"', f'slug = "pot-{number}"')
        (bank / "databases" / f"pot-{number}.toml").write_text(text, "utf-8")
    kitchen, most_asked = count(read_bank(bank))
    assert (kitchen.questions, kitchen.uncovered, kitchen.thin) == (FEW, (), False)
    assert (most_asked.uncovered, most_asked.thin) == (("I.2.1.2",), True)


def test_faults_are_told_as_one_object_with_status_1(broken: Path) -> None:
    done = drillmate("bank", "check", "--json", "--bank", broken)
    assert (done.status, done.told) == (1, "")
    found = json.loads(done.out)
    assert found.keys() == {"ok", "faults"}
    assert found["ok"] is False
    assert [fault["field"] for fault in found["faults"]] == [
        "points[0].weight",
        "points[1].weight",
        "covers",
    ]
    kettle = broken / "core-python" / "kettle.toml"
    first = found["faults"][0]
    assert first.keys() == {"path", "line", "field", "message", "remedy"}
    assert first["path"] == str(kettle)
    assert kettle.read_text("utf-8").split("\n")[first["line"] - 1] == "weight = 0"
    assert "Töpfe" in found["faults"][2]["message"]


def test_faults_are_told_to_people_one_a_line_as_editors_jump_to_them(broken: Path) -> None:
    done = drillmate("bank", "check", "--bank", broken)
    assert done.status == 1
    lines = done.out.splitlines()
    assert lines[0].startswith(f"{broken / 'core-python' / 'kettle.toml'}:")
    assert (len(lines), lines[-1]) == (4, "3 faults.")


@pytest.mark.parametrize("flag", [[], ["--json"]], ids=["people", "json"])
def test_a_folder_without_a_roadmap_is_a_fault_and_no_crash(
    tmp_path: Path, flag: list[str]
) -> None:
    done = drillmate("bank", "check", "--bank", tmp_path, *flag)
    assert (done.status, done.told) == (1, "")
    assert "cannot be read" in done.out
