"""The README tells the truth: its command table, its settings, and the example of a question."""

from __future__ import annotations

import re
from pathlib import Path

from pydantic import BaseModel

from bot import commands
from bot.bank.format import parse
from bot.cards.help import ordered
from bot.settings import Settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_command_stands_in_the_table_with_its_help() -> None:
    rows = [
        f"| `{command.usage}` | {command.about}"
        for command in ordered(commands.registry().commands.values())
    ]
    shown = re.findall(r"^\| `/.*$", README, re.MULTILINE)
    assert [line[: len(row)] for line, row in zip(shown, rows, strict=True)] == rows


def test_every_setting_stands_in_the_table() -> None:
    names = {
        f"DRILLMATE_{'__'.join(path).upper()}"
        for group, field in Settings.model_fields.items()
        for path in (
            [(group, name) for name in field.default.__class__.model_fields]
            if isinstance(field.default, BaseModel)
            else [(group,)]
        )
    }
    assert set(re.findall(r"`(DRILLMATE_\w+)`", README)) == names


def test_the_example_of_a_question_has_only_fields_that_exist(tmp_path: Path) -> None:
    document = (ROOT / "docs" / "questions.md").read_text(encoding="utf-8")
    [example] = re.findall(r"```toml\n(.*?)```", document, re.DOTALL)
    start, more = re.split(r"(?=\[\[points\]\])", example, maxsplit=1)
    point, rest = re.split(r"(?=\[\[misconceptions\]\])", more, maxsplit=1)
    wrong, end = re.split(r"(?=\[\[code\]\])", rest, maxsplit=1)
    # The example shows one point and one misconception; a question needs more of both.
    points = [_another(point, number) for number in range(4)]
    wrongs = [_another(wrong, number) for number in range(2)]
    answer = " ".join(["word"] * 80)
    whole = re.sub(r'(model_answer = """\n).*?\n', rf"\g<1>{answer}\n", start)
    path = tmp_path / "core-python" / "list-vs-tuple.toml"
    assert parse(path, "".join([whole, *points, *wrongs, end])).slug == "list-vs-tuple"


def _another(table: str, number: int) -> str:
    """Return a copy of an example's table with an id and wordings of its own."""
    if number == 0:
        return table
    marked = re.sub(r'^(  ")', rf"\g<1>{number} ", table, flags=re.MULTILINE)
    return re.sub(r'^id = "(\w+)"', rf'id = "\1_{number}"', marked, flags=re.MULTILINE)
