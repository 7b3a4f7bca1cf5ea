from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.bank.fault import BankFaults, Fault
from bot.bank.walk import fingerprint, question_files, read_bank

SAMPLE = Path(__file__).parent / "sample"


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SAMPLE, tmp_path / "questions"))


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new, 1), "utf-8")


def add(bank: Path, slug: str, *changes: tuple[str, str]) -> Path:
    path = bank / "core-python" / f"{slug}.toml"
    path.write_text((bank / "core-python" / "kettle.toml").read_text("utf-8"), "utf-8")
    change(path, 'slug = "kettle"', f'slug = "{slug}"')
    for old, new in changes:
        change(path, old, new)
    return path


def faults(bank: Path) -> list[Fault]:
    with pytest.raises(BankFaults) as caught:
        read_bank(bank)
    return caught.value.faults


def line_of(path: Path, marker: str) -> int:
    lines = path.read_text("utf-8").split("\n")
    return next(number for number, line in enumerate(lines, 1) if marker in line)


def test_questions_come_in_the_order_of_their_seeds_and_then_of_their_slugs(bank: Path) -> None:
    lid = ("How does a kettle work?", "Why a lid?")
    add(bank, "a-lid", ('seed = "2.1.1"', 'seed = "2.1.2"'), lid)
    add(bank, "an-apple", ('seed = "2.1.1"\n', ""))
    found = read_bank(bank)
    assert [question.slug for question in found.questions] == ["kettle", "a-lid", "an-apple", "pot"]
    assert found.roadmap.topic_titles == {"core-python": "Core Python", "databases": "Databases"}
    assert list(found.roadmap.nodes) == ["I.1.1.1", "I.1.1.2", "I.2.1.1", "I.2.1.2"]
    assert found.roadmap.nodes["I.2.1.2"] == "Why a lid?"


def test_two_files_with_one_slug_are_a_fault_that_names_the_other(bank: Path) -> None:
    path = bank / "databases" / "kettle.toml"
    path.write_text((bank / "databases" / "pot.toml").read_text("utf-8"), "utf-8")
    change(path, 'slug = "pot"', 'slug = "kettle"')
    (fault,) = faults(bank)
    assert (fault.path, fault.line, fault.field) == (path, line_of(path, 'slug = "'), "slug")
    assert fault.message == f"'kettle' is also used by {bank / 'core-python' / 'kettle.toml'}"
    assert fault.remedy == "Give each its own"


def test_two_files_with_one_seed_are_a_fault_that_names_the_other(bank: Path) -> None:
    path = add(bank, "samovar")
    (fault,) = faults(bank)
    assert (fault.path, fault.line, fault.field) == (path, line_of(path, "seed = "), "seed")
    assert "'2.1.1' is also used by" in fault.message


def test_a_topic_that_the_roadmap_does_not_have_is_a_fault_with_the_topics_it_has(
    bank: Path,
) -> None:
    (bank / "databases").rename(bank / "cooking")
    path = bank / "cooking" / "pot.toml"
    change(path, 'topic = "databases"', 'topic = "cooking"')
    (fault,) = faults(bank)
    assert (fault.path, fault.line, fault.field) == (path, line_of(path, "topic = "), "topic")
    assert fault.message == "'cooking' is not a topic of roadmap.toml"
    assert fault.remedy == "Use one of core-python, databases"


@pytest.mark.parametrize("wrong", ["I.1.1.3", "I.1.1.0", "II.1.1.1", "1.1.1", "Kettles"])
def test_an_id_that_the_roadmap_does_not_have_is_a_fault(bank: Path, wrong: str) -> None:
    path = bank / "core-python" / "kettle.toml"
    change(path, '"I.2.1.1"]', f'"{wrong}"]')
    (fault,) = faults(bank)
    assert (fault.path, fault.line, fault.field) == (path, line_of(path, "covers = "), "covers")
    assert fault.message == f"'{wrong}' is not an id of roadmap.toml"
    assert "places counted from 1" in fault.remedy


def test_a_seed_that_is_not_in_the_roadmaps_words_is_a_fault_with_those_words(bank: Path) -> None:
    path = bank / "core-python" / "kettle.toml"
    change(path, "How does a kettle work?", "how does a kettle work?")
    (fault,) = faults(bank)
    assert (fault.path, fault.line, fault.field) == (path, line_of(path, "prompt = "), "prompt")
    assert fault.message == "is not the roadmap's wording of 2.1.1"
    assert fault.remedy == "Keep: How does a kettle work?"


def test_a_seed_that_the_roadmap_does_not_have_is_a_fault(bank: Path) -> None:
    change(bank / "core-python" / "kettle.toml", 'seed = "2.1.1"', 'seed = "2.9.9"')
    (fault,) = faults(bank)
    assert fault.remedy == "Keep: no such number"


def test_a_follow_up_to_a_question_that_the_bank_does_not_have_is_a_fault(bank: Path) -> None:
    path = bank / "core-python" / "kettle.toml"
    change(path, 'question = "pot"', 'question = "pots"')
    (fault,) = faults(bank)
    assert (fault.path, fault.field) == (path, "follow_ups[1].question")
    assert fault.line == line_of(path, 'question = "pots"')
    assert fault.message == "'pots' is not a question of the bank"
    assert "Name one that is" in fault.remedy


def test_one_broken_file_is_no_fault_of_those_that_lead_to_it(bank: Path) -> None:
    path = bank / "databases" / "pot.toml"
    change(path, "weight = 40", "weight = 0")
    (fault,) = faults(bank)
    assert (fault.path, fault.field) == (path, "points[0].weight")


def test_a_file_that_is_not_utf_8_is_told_with_the_line_where_it_begins_not_to_be(
    bank: Path,
) -> None:
    path = bank / "databases" / "pot.toml"
    change(path, "What gets hot first?", "Was wird zuerst heiß?")
    path.write_bytes(path.read_text("utf-8").encode("latin-1"))
    lines = path.read_text("latin-1").split("\n")
    (fault,) = faults(bank)
    assert (fault.path, fault.message) == (path, "is not UTF-8")
    assert fault.line == next(n for n, line in enumerate(lines, 1) if "heiß" in line)
    assert fault.remedy == "Save the file as UTF-8"


def test_a_file_that_cannot_be_read_is_told(bank: Path) -> None:
    path = bank / "databases" / "sieve.toml"
    path.mkdir()
    (fault,) = faults(bank)
    assert (fault.path, fault.line) == (path, 1)
    assert fault.message.startswith("cannot be read: ")
    assert fault.remedy == "Check the file's permissions"


def test_broken_toml_is_told_with_the_file_and_the_line(bank: Path) -> None:
    path = bank / "databases" / "pot.toml"
    change(path, "weight = 40", "weight = ")
    (fault,) = faults(bank)
    assert (fault.path, fault.line) == (path, line_of(path, "weight = "))


def test_the_faults_of_all_files_are_told_together(bank: Path) -> None:
    change(bank / "databases" / "pot.toml", "weight = 40", "weight = 0")
    change(bank / "core-python" / "kettle.toml", '"I.2.1.1"]', '"I.9.9.9"]')
    (bank / "core-python" / "broken.toml").write_text("slug", "utf-8")
    assert [fault.path.stem for fault in faults(bank)] == ["broken", "kettle", "pot"]


@pytest.mark.parametrize("content", [None, b"[[levels]", b"levels = 3\ntopics = []", b"\xff", b""])
def test_a_roadmap_that_is_missing_or_none_is_a_fault(bank: Path, content: bytes | None) -> None:
    path = bank / "roadmap.toml"
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    (fault,) = faults(bank)
    assert fault.path == path
    assert fault.message.startswith("cannot be read" if content is None else "is not a roadmap")
    assert "Restore the file" in fault.remedy


def test_a_folder_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path / "nowhere")
    assert fault.message.startswith("cannot be read")


def test_the_fingerprint_changes_with_any_file_and_with_nothing_else(bank: Path) -> None:
    before = fingerprint(bank)
    (bank / "notes.md").write_text("not a question", "utf-8")
    assert fingerprint(bank) == before
    seen = {before}
    change(bank / "databases" / "pot.toml", "weight = 40", "weight = 41")
    seen.add(fingerprint(bank))
    change(bank / "roadmap.toml", "Pots", "Pans")
    seen.add(fingerprint(bank))
    path = bank / "databases" / "pot.toml"
    path.rename(path.with_name("pan.toml"))
    seen.add(fingerprint(bank))
    assert len(seen) == 4
    assert [each.name for each in question_files(bank)] == ["kettle.toml", "pan.toml"]
