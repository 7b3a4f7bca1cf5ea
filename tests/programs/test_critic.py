"""`drillmate critic`: what authors see of a rubric before it is published."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.bank.format import parse
from bot.critics.embedding import installed
from bot.critics.explain import explained
from tests.programs.command_line import SAMPLE, drillmate

TEA = Path(__file__).parents[1] / "small_bank" / "core-python" / "tea.toml"


def test_each_answer_is_graded_and_each_point_explained() -> None:
    answers = "Boil the water and pour it over the leaves.\n---\nI would add sugar.\n"
    done = drillmate("critic", "try", TEA, stdin=answers)
    assert done.status == 0
    first, second = done.out.split("\n\n")[:2]
    assert first.startswith("70 / 100 (graded)")
    assert 'in "Boil the water and pour it over the leaves"' in first
    assert "Let it steep for three minutes." in first
    assert "needs 0." in first
    assert "it lacks: " in first
    assert second.startswith("0 / 100")


def test_as_json_it_is_one_object_an_answer_with_reasons_for_all() -> None:
    done = drillmate("critic", "try", TEA, "--json", stdin="Boil the water.\n---\nNothing else.")
    first, second = (json.loads(line) for line in done.out.splitlines())
    assert first["points"][0]["state"] == "covered"
    boil, leaves = first["reasons"][:2]
    assert boil["match"] >= boil["from"] > boil["partly_from"] > leaves["match"]
    assert leaves["lacks"]
    assert second["score"] == 0


def test_it_says_how_far_meaning_moves_a_match() -> None:
    if not installed():
        pytest.skip("word vectors are not installed")
    tea = parse(TEA, TEA.read_text(encoding="utf-8"))
    boil, leaves = explained(tea, "First cook the water.").points[:2]
    assert boil.match < boil.full <= boil.match + boil.meant
    assert leaves.meant < 0
    done = drillmate("critic", "try", TEA, stdin="First cook the water.")
    assert f"{boil.match:.2f} {boil.meant:+.2f} by what it means" in done.out


def test_a_question_of_the_bank_is_named_by_its_slug_or_number() -> None:
    for name in ("kettle", "2.1.1"):
        done = drillmate("critic", "try", name, "--bank", SAMPLE, stdin="The lid is closed.")
        assert done.status == 0
        assert "/ 100" in done.out


@pytest.mark.parametrize("name", ["nothing", "nothing.toml"])
def test_what_is_not_there_is_said(name: str) -> None:
    done = drillmate("critic", "try", name, "--bank", SAMPLE, stdin="x")
    assert done.status == 1
    assert "no question" in done.told or "cannot be read" in done.told


def test_without_a_model_there_is_nothing_to_calibrate(tmp_path: Path) -> None:
    path = tmp_path / "graded.jsonl"
    path.write_text("")
    done = drillmate("critic", "calibrate", path, "--bank", SAMPLE)
    assert done.status == 1
    assert "No model is set" in done.told


@pytest.mark.parametrize("answer", ["", " \n", "\u200b", "tea", "x" * 9000, "boil\x00 water"])
def test_no_answer_makes_it_fail(answer: str) -> None:
    question = parse(TEA, TEA.read_text(encoding="utf-8"))
    found = explained(question, answer)
    assert [each.id for each in found.points] == ["boil", "leaves", "steep", "milk"]
    assert all(0 <= each.match <= 1 for each in (*found.points, *found.misconceptions))
