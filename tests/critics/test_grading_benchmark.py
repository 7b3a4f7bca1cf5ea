"""The measurement of short answers, on a few answers made up for it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.benchmarks import grading
from tests.benchmarks.shortanswers.agreement import pearson, rmse, rounded, spearman, weighted_kappa
from tests.benchmarks.shortanswers.answers import Graded, draw, read_answers

ASKED = {
    "What is a mutex for?": "It lets one thread at a time into a critical section.",
    "What is a port?": "A number that tells which program on a machine gets the traffic.",
    "What does DNS do?": "It turns names of hosts into their addresses.",
}


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    lines = []
    for number, (question, reference) in enumerate(ASKED.items()):
        words = reference.split()
        for kept in range(len(words) + 1):  # the more of the reference, the better
            answer = " ".join(words[:kept]) or "dunno"
            row: dict[str, Any] = {"qid": str(number), "question": question}
            row |= {"reference": reference, "answer": answer, "score": kept / len(words)}
            lines.append(json.dumps(row))
    path = tmp_path / "made_up.jsonl"
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return path


def test_the_more_of_a_reference_the_better_the_grade(
    answers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    grading.agreement(["--data", str(answers), "--json"])

    found = json.loads(capsys.readouterr().out)
    assert found["questions"] == 3
    assert {"critic without embeddings", "TF-IDF cosine", "token F1"} <= found["systems"].keys()
    assert found["systems"]["critic without embeddings"]["pearson"] > 0.7
    assert found["systems"]["critic without embeddings"]["rmse"] < 1.5


def test_examples_are_taken_out_of_what_is_graded(
    answers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--data", str(answers), "--exemplars", "2", "--wrong", "1", "--draws", "2"]
    grading.agreement(arguments)

    table = capsys.readouterr().out
    assert f"{len(read_answers(answers)) - 3 * 3} answers, 2 paraphrases and 1 wrong" in table


def test_a_draw_takes_good_and_bad_answers_and_is_the_same_again() -> None:
    graded = [Graded("q", "Why?", "Because.", f"answer {n}", n / 10) for n in range(11)]

    (found,) = draw(graded, 2, 2, seed=1)

    scores = {each.answer: each.score for each in graded}
    assert found.right[0] == "Because."
    assert all(scores[text] >= 0.9 for text in found.right[1:])
    assert all(scores[text] <= 0.5 for text in found.wrong)
    assert not {*found.right, *found.wrong} & {each.answer for each in found.rest}
    assert draw(graded, 2, 2, seed=1) == [found]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('{"qid": "1"}', "question"),
        ("no json", "line 1"),
        ('{"qid":1,"question":"a","reference":"b","answer":"c","score":5}', "0 to 1"),
        ('{"qid":1,"question":"a","reference":"b","answer":"c","score":1}', "two questions"),
    ],
)
def test_a_file_that_does_not_do_is_refused(tmp_path: Path, line: str, says: str) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(line, encoding="utf-8")

    with pytest.raises(SystemExit, match=says):
        grading.agreement(["--data", str(path)])


def test_measures_of_agreement_are_what_they_are_called() -> None:
    left, right = np.array([0.0, 0.2, 0.2, 1.0]), np.array([0.0, 0.4, 0.4, 0.6])

    assert pearson(left, left) == pytest.approx(1)
    assert pearson(left, np.ones(4)) == 0
    assert spearman(left, right) == pytest.approx(1)
    assert rmse(left, right) == pytest.approx(5 * np.sqrt((0.04 + 0.04 + 0.16) / 4))
    assert rounded(np.array([0.1, 0.49, 0.5, 2.0])).tolist() == [1, 2, 3, 5]
    assert weighted_kappa(rounded(left), rounded(left)) == 1
    assert weighted_kappa(rounded(left), 5 - rounded(left)) < 0
