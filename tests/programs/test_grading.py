from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.programs.command_line import SAMPLE, Done, drillmate

KEYS = {"score", "status", "points", "misconceptions", "flags", "critic"}
POINTS = ["element", "convection", "switch", "lid"]
ANSWER = "The element heats up when current flows. A bimetal strip turns it off."


def batch(tmp_path: Path, *lines: str | bytes) -> tuple[Done, list[dict[str, Any]]]:
    """Grade the lines from a file and return what came back, an object a line."""
    path = tmp_path / "answers.jsonl"
    raw = [line.encode() if isinstance(line, str) else line for line in lines]
    path.write_bytes(b"\n".join(raw) + b"\n")
    done = drillmate("grade", "--bank", SAMPLE, "--batch", path)
    return done, [json.loads(line) for line in done.out.splitlines()]


def line(answer: str, **more: object) -> str:
    return json.dumps({"id": "x", "seed": "2.1.1", "answer": answer} | more)


def is_critique(found: dict[str, Any]) -> bool:
    return (
        found.keys() - {"id"} == KEYS
        and [point["id"] for point in found["points"]] == POINTS
        and all(point.keys() == {"id", "state", "quote"} for point in found["points"])
        and all(wrong.keys() == {"id", "quote"} for wrong in found["misconceptions"])
        and found["score"] in range(101)
    )


@pytest.mark.parametrize("name", [("--seed", "2.1.1"), ("--slug", "kettle"), ("--seed", "kettle")])
def test_an_answer_on_stdin_is_graded_by_the_questions_number_or_name(
    name: tuple[str, str],
) -> None:
    done = drillmate("grade", "--bank", SAMPLE, *name, stdin=ANSWER)
    assert (done.status, done.told) == (0, "")
    found = json.loads(done.out)
    assert found.keys() == KEYS
    assert is_critique(found)
    assert (found["score"], found["status"]) == (70, "graded")
    assert found["points"][0]["state"] == "covered"
    assert found["points"][0]["quote"] in ANSWER
    assert found["critic"].startswith("keypoints/")


def test_our_own_bank_is_used_when_none_is_named() -> None:
    answer = "A tuple cannot be changed after it is created."
    by_seed = drillmate("grade", "--seed", "2.1.1", stdin=answer)
    by_slug = drillmate("grade", "--slug", "list-vs-tuple", stdin=answer)
    assert by_seed.status == by_slug.status == 0
    assert json.loads(by_seed.out)["score"] > 0
    assert by_seed.out == by_slug.out


@pytest.mark.parametrize(
    ("stdin", "status"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"\x00\x00", "empty"),
        (b"\xff\xfe\xff", None),
        (b"x" * 10_000, None),
        ("Nie wieder: 日本 👩‍💻 \u202e\ufeff".encode(), None),
        (ANSWER.encode("utf-16"), None),
    ],
)
def test_whatever_bytes_come_on_stdin_are_graded(stdin: bytes, status: str | None) -> None:
    done = drillmate("grade", "--bank", SAMPLE, "--seed", "2.1.1", stdin=stdin)
    assert (done.status, done.told) == (0, "")
    found = json.loads(done.out)
    assert is_critique(found)
    if status is not None:
        assert found["status"] == status


@pytest.mark.parametrize(
    ("args", "told"),
    [
        ([], "Which question?"),
        (["--seed", "9.9.9"], 'There is no question "9.9.9".'),
        (["--slug", "samovar"], 'There is no question "samovar".'),
        (["--batch", "/nowhere/at/all.jsonl"], "cannot be read"),
        (["--batch", "."], "cannot be read"),
    ],
)
def test_what_cannot_be_graded_is_told_in_words_with_status_1(args: list[str], told: str) -> None:
    done = drillmate("grade", "--bank", SAMPLE, *args, stdin="x")
    assert (done.status, done.out) == (1, "")
    assert told in done.told
    assert "Traceback" not in done.told


def test_a_bank_with_faults_is_told_and_nothing_is_graded(tmp_path: Path) -> None:
    bank = Path(shutil.copytree(SAMPLE, tmp_path / "questions"))
    (bank / "databases" / "pot.toml").write_text("slug", "utf-8")
    done = drillmate("grade", "--bank", bank, "--seed", "2.1.1", stdin=ANSWER)
    assert (done.status, done.out) == (1, "")
    assert "pot.toml:1: not valid TOML" in done.told
    assert "Traceback" not in done.told


def test_a_batch_gives_one_object_a_line_in_the_order_of_the_lines(tmp_path: Path) -> None:
    done, found = batch(
        tmp_path,
        line(ANSWER, id="first"),
        line("", id=2),
        "",
        "   ",
        json.dumps({"slug": "kettle", "answer": ANSWER}),
        line(ANSWER, id=None, other="ignored"),
    )
    assert (done.status, done.told) == (0, "")
    assert [each["id"] for each in found] == ["first", 2, None, None]
    assert all(each.keys() == {"id", *KEYS} and is_critique(each) for each in found)
    assert [each["score"] for each in found] == [70, 0, 70, 70]
    assert [each["status"] for each in found] == ["graded", "empty", "graded", "graded"]


def test_a_batch_is_read_from_stdin_too_and_says_the_same(tmp_path: Path) -> None:
    from_file, found = batch(tmp_path, line(ANSWER))
    raw = line(ANSWER) + "\r\n"
    from_stdin = drillmate("grade", "--bank", SAMPLE, "--batch", "-", stdin=raw)
    assert (from_stdin.status, from_stdin.out) == (0, from_file.out)
    alone = drillmate("grade", "--bank", SAMPLE, "--seed", "2.1.1", stdin=ANSWER)
    assert found == [{"id": "x"} | json.loads(alone.out)]


HOSTILE = {
    "half a character": "the coil \ud800 gets hot \udfff",
    "nothing but half a character": "\ud83d",
    "NUL": "\x00the coil\x00 gets hot\x00",
    "10,000 characters": "the coil at the bottom gets hot " * 313,
    "10,000 times the same": "a" * 10_000,
    "10,000 brackets": "[(" * 5_000,
    "10,000 spaces": " " * 10_000,
    "invisible": "\u200b\u200d\ufeff\u202e",
    "turned around": "\u202etoh steg lioc eht",
    "line separators": "the coil\u2028gets\x85hot\x1c",
    "markup": "*bold* `code` ||spoiler|| [x](https://e.org) <b>",
    "emoji": "👩‍👩‍👧‍👦" * 500,
    "combining": "e" + "\u0301" * 2_000,
}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Return what became of the hostile answers, graded in one batch."""
    folder = tmp_path_factory.mktemp("hostile")
    done, found = batch(folder, *(line(answer, id=name) for name, answer in HOSTILE.items()))
    assert (done.status, done.told) == (0, "")
    return found


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_answer_is_graded_like_any_other(
    hostile: list[dict[str, Any]], name: str
) -> None:
    found = hostile[list(HOSTILE).index(name)]
    assert found["id"] == name
    assert is_critique(found)
    assert all(point["quote"] in HOSTILE[name] for point in found["points"])


BROKEN: dict[str, str | bytes] = {
    "not JSON": "the coil gets hot",
    "half an object": '{"id": "x", "seed": "2.1.1", "answer": "hot',
    "a list": "[1, 2]",
    "a number": "3",
    "null": "null",
    "not UTF-8": b'{"id": "x", "seed": "2.1.1", "answer": "\xff"}',
    "nested without end": "[" * 100_000,
    "a number without end": '{"id": ' + "9" * 10_000 + "}",
    "no answer": '{"id": "x", "seed": "2.1.1"}',
    "an answer that is none": '{"id": "x", "seed": "2.1.1", "answer": ["hot"]}',
    "no question": '{"id": "x", "answer": "hot"}',
    "an unknown seed": line("hot", seed="9.9.9"),
    "an unknown slug": '{"id": "x", "slug": "samovar", "answer": "hot"}',
    "half a seed": line("hot", seed="\ud800"),
    "a seed of another kind": line("hot", seed=[2, 1, 1]),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_line_is_told_and_the_lines_around_it_are_graded(
    tmp_path: Path, name: str
) -> None:
    done, found = batch(tmp_path, line(ANSWER, id=1), BROKEN[name], line(ANSWER, id=3))
    assert done.status == 1
    assert f"{tmp_path / 'answers.jsonl'}:2: " in done.told
    assert "Traceback" not in done.told
    first, wrong, last = found
    assert is_critique(first)
    assert is_critique(last)
    assert wrong.keys() == {"id", "status", "error"}
    assert (wrong["id"] in ("x", None), wrong["status"]) == (True, "error")
    assert wrong["error"]


def test_a_mark_of_the_byte_order_at_the_start_is_no_fault(tmp_path: Path) -> None:
    done, found = batch(tmp_path, b"\xef\xbb\xbf" + line(ANSWER).encode())
    assert (done.status, found[0]["score"]) == (0, 70)
