from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.bank.fault import BankFaults, Fault, locate

TOML = '''\
slug = "kettle"
tags = [
  "a", "[[points]]",
  "b",
]
model_answer = """
slug = "not here"
[[points]]
id = "nor here"
"""

[[points]]
id = "one"
paraphrases = [
  """
[[points]]
""",
  'id = "no"',  # ] not the end
]

[[points.facts]]
holds = true

  [[points]]
  id = "two"
  must = [["a", "b"],
    ["c"]]
  [[points.facts]]
  holds = true
  [[points.facts]]
  subject = ["x"]
  holds = false

[[code]]
source = \'\'\'
[[points]]
holds = 1
text = """ not closed
\'\'\'

[[sources]]
title = "The end"
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("slug",), "slug = "),
        (("tags",), "tags = ["),
        (("tags", 1), "tags = ["),
        (("model_answer",), "model_answer = "),
        (("points", 0, "id"), 'id = "one"'),
        (("points", 0, "paraphrases", 1), "paraphrases = ["),
        (("points", 0, "facts", 0, "holds"), "holds = true"),
        (("points", 1), "  [[points]]"),
        (("points", 1, "id"), '  id = "two"'),
        (("points", 1, "must", 1, 0), "  must = "),
        (("points", 1, "facts", 0, "holds"), "  holds = true"),
        (("points", 1, "facts", 1, "subject"), "  subject = "),
        (("points", 1, "facts", 1, "holds"), "  holds = false"),
        (("code", 0, "source"), "source = '''"),
        (("sources", 0, "title"), 'title = "The end"'),
    ],
)
def test_a_value_is_found_on_its_line_however_deep(path: tuple[str | int, ...], line: str) -> None:
    starts = [number for number, each in enumerate(TOML.split("\n"), 1) if each.startswith(line)]
    assert locate(TOML, path) == starts[0]


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("points", 1, "text"), "  [[points]]"),
        (("points", 0, "facts", 0, "subject", 3), "[[points.facts]]"),
        (("points",), "[[points]]"),
        (("sources", 0, "url"), "[[sources]]"),
    ],
)
def test_what_is_missing_is_told_at_the_nearest_table_around_it(
    path: tuple[str | int, ...], line: str
) -> None:
    after_the_text = TOML.index('"""\n\n')
    wanted = TOML.index(f"\n{line}\n", after_the_text) + 1
    assert locate(TOML, path) == TOML.count("\n", 0, wanted) + 1


def test_what_is_nowhere_is_told_at_the_first_line() -> None:
    assert locate(TOML, ("prompt",)) == 1
    assert locate("", ("slug",)) == 1
    assert locate(TOML, ()) == 1


@pytest.mark.parametrize(
    "before",
    [
        'a = """x\\"""" # "',
        'a = """x"""""',
        "a = '''x'''''",
        'a = """\\\\"""',
        'a = "\\"[["',
        "a = '\\'",
        'a = "#" # "',
        "a = [ # [\n]",
        'a = ["""x"""", "[", "b"]',
        "a = [\n\"]\",\n'[',\n]",
        "a = [[1], [\n[2], 3]]",
        'a = """\n\u2028[[points]]\x85\n"""',
        'a = "\u2028\u2029\x85"',
        "a = [\n[1],\n[true], [\n2]]",
        "a = {b = [1, 2]}",
        "#[[points]]\n# text = 1",
    ],
)
def test_strings_arrays_and_comments_are_stepped_over(before: str) -> None:
    text = f'{before}\ntext = "out"\n[[points]]\ntext = "in"\n'
    assert tomllib.loads(text)["points"] == [{"text": "in"}]
    line = before.count("\n") + 2
    assert locate(text, ("text",)) == line
    assert locate(text, ("points", 0, "text")) == line + 2


NASTY = st.lists(
    st.sampled_from(
        [
            "[[points]]",
            "[points]",
            'text = "x"',
            "]",
            "[",
            "[[",
            '"',
            "'",
            "''",
            '""',
            "#",
            "\\\\",
            "",
            "\u2028",
            "\x85",
            "a",
        ]
    ),
    max_size=5,
)


def _string(kind: str, lines: list[str]) -> str:
    joined = "\n".join(lines)
    if kind == "'''":
        return f"'''\n{joined.replace(chr(39), '').rstrip(chr(92))}\n'''"
    if kind == '"""':
        escaped = joined.replace('"', '\\"')
        return f'"""\n{escaped}\n"""'
    flat = joined.replace("\n", " ").replace('"', '\\"').replace("\x85", "")
    return f'"{flat}"'


STRINGS = st.builds(_string, st.sampled_from(["'''", '"""', '"']), NASTY)
ARRAYS = st.lists(STRINGS, max_size=3).map(lambda each: "[" + ",\n".join(each) + "]")
VALUES = STRINGS | ARRAYS | st.lists(ARRAYS, max_size=2).map(lambda a: f"[\n{', '.join(a)}\n]")


@given(st.lists(st.lists(VALUES, min_size=1, max_size=3), min_size=1, max_size=4))
def test_whatever_the_values_hold_each_key_is_found_on_its_line(points: list[list[str]]) -> None:
    lines: list[str] = []
    wanted: dict[tuple[str | int, ...], int] = {}
    for number, values in enumerate(points):
        lines.append("[[points]]")
        for place, value in enumerate(values):
            wanted["points", number, f"key{place}"] = len(lines) + 1
            lines += f"key{place} = {value}".split("\n")
    text = "\n".join(lines)
    assert len(tomllib.loads(text)["points"]) == len(points)
    assert {path: locate(text, path) for path in wanted} == wanted


@given(st.text(), st.lists(st.text(max_size=5) | st.integers(0, 3), max_size=4))
def test_any_text_and_path_give_a_line_of_the_text(text: str, path: list[str | int]) -> None:
    assert 1 <= locate(text, tuple(path)) <= text.count("\n") + 1


def test_a_fault_reads_as_editors_jump_to_it() -> None:
    path = Path("core-python/kettle.toml")
    fault = Fault(path, 7, "points[0].id", "is missing", "Add it")
    assert str(fault) == f"{path}:7: points[0].id: is missing. Add it"
    assert str(Fault(path, 1, "", "is not UTF-8", "Save it")) == f"{path}:1: is not UTF-8. Save it"


def test_faults_are_told_in_the_order_of_files_and_lines() -> None:
    faults = [
        Fault(Path("b.toml"), 1, "", "x", "y"),
        Fault(Path("a.toml"), 10, "", "x", "y"),
        Fault(Path("a.toml"), 9, "", "x", "y"),
    ]
    error = BankFaults(faults)
    assert error.faults == faults[::-1]
    assert str(error).splitlines() == [str(fault) for fault in faults[::-1]]
