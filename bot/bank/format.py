"""The format of a question file: TOML text to a `Question`, every fault with its line and remedy.

The rules are written out for authors in docs/questions.md.
"""

from __future__ import annotations

import re
import sqlite3
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
)
from pydantic_core import ErrorDetails

from bot.bank.fault import BankFaults, Fault, locate
from bot.domain.question import Level, Question

MIN_POINTS = 4
MIN_PARAPHRASES = 5
MIN_MISCONCEPTIONS = 2
MIN_WORDINGS = 2
MODEL_ANSWER_WORDS = (60, 180)
MAX_CODE_LINES = 40

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=50)]
PointId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]


def _flowing(text: str) -> str:
    """Return paragraphs as one line each: files break lines where an editor does, chats do not."""
    return re.sub(r"(?<!\n)\n(?!\n|[-*] |\d+\. )", " ", text)


Paragraphs = Annotated[Text, AfterValidator(_flowing)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Fact(_Table):
    subject: Annotated[list[Text], Field(min_length=1)]
    property: Text
    affirmed_by: Annotated[list[Text], Field(min_length=1)]
    holds: bool
    denied_by: list[Text] = []


class _Point(_Table):
    id: PointId
    text: Text
    weight: Annotated[int, Field(ge=1, le=100)]
    paraphrases: Annotated[list[Text], Field(min_length=MIN_PARAPHRASES)]
    facts: list[_Fact] = []
    must: list[Annotated[list[Text], Field(min_length=1)]] = []


class _Misconception(_Table):
    id: PointId
    said: Annotated[list[Text], Field(min_length=MIN_WORDINGS)]
    correction: Text
    contradicts: PointId | None = None


class _Code(_Table):
    about: Text
    source: Text
    setup: str = ""
    check: str = ""
    language: Literal["python", "sql"] = "python"


class _FollowUp(_Table):
    prompt: Text
    question: Slug | None = None
    listen_for: list[Text] = []


class _Source(_Table):
    title: Text
    url: Annotated[str, StringConstraints(pattern=r"^https://\S+$")]
    section: Text


class _QuestionFile(_Table):
    slug: Slug
    prompt: Text
    topic: Slug
    level: Literal["I", "II"]
    difficulty: Annotated[int, Field(ge=1, le=5)]
    kind: Literal["open"] = "open"
    tags: list[Slug] = []
    covers: Annotated[list[Text], Field(min_length=1)]
    seed: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$")] | None = None
    versions: Annotated[list[Text], Field(min_length=1)]
    author: Text
    licence: Text
    model_answer: Paragraphs
    hints: Annotated[list[Text], Field(min_length=2, max_length=3)]
    points: Annotated[list[_Point], Field(min_length=MIN_POINTS)]
    misconceptions: Annotated[list[_Misconception], Field(min_length=MIN_MISCONCEPTIONS)]
    code: list[_Code] = []
    follow_ups: Annotated[list[_FollowUp], Field(min_length=2, max_length=3)]
    sources: Annotated[list[_Source], Field(min_length=1)]


_QUESTION = TypeAdapter(Question)
_OUTER = ("slug", "prompt", "topic", "difficulty", "kind", "tags", "covers", "seed")
_RUBRIC = ("points", "misconceptions", "model_answer", "code", "hints", "follow_ups", "sources")

Place = tuple[str | int, ...]
Found = tuple[Place, str, str]


def parse(path: Path, text: str) -> Question:
    """Return the question that `text`, the content of `path`, describes.

    Raises:
        BankFaults: With every fault found, each with line, field and remedy.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BankFaults([_toml_fault(path, error)]) from error
    try:
        file = _QuestionFile.model_validate(raw)
    except ValidationError as error:
        found = [_from_pydantic(detail) for detail in error.errors()]
        raise BankFaults([_fault(path, text, *each) for each in found]) from error
    if found := list(_check(path, file)):
        raise BankFaults([_fault(path, text, *each) for each in found])
    values = file.model_dump()
    outer = {name: values[name] for name in _OUTER}
    rubric = {name: values[name] for name in (*_RUBRIC, "versions")}
    return _QUESTION.validate_python(
        outer
        | {"rubric": rubric, "level": Level(file.level)}
        | {"author": file.author, "licence": file.licence}
    )


def same(wording: str) -> str:
    """Return `wording` as it is compared with others: case, punctuation and spaces aside."""
    return " ".join(re.findall(r"[\w*_+#=<>]+", wording.casefold()))


def _fault(path: Path, text: str, place: Place, message: str, remedy: str) -> Fault:
    return Fault(path, locate(text, place), _name(place), message, remedy)


def _name(place: Place) -> str:
    name = ""
    for part in place:
        name += f"[{part}]" if isinstance(part, int) else f".{part}" if name else str(part)
    return name


def _toml_fault(path: Path, error: tomllib.TOMLDecodeError) -> Fault:
    line = re.search(r"line (\d+)", str(error))
    message = re.sub(r"\s*\(at .*\)$", "", str(error))
    number = int(line[1]) if line else 1
    remedy = "Mend the TOML there; a string with quotes or line breaks wants triple quotes"
    return Fault(path, number, "", f"not valid TOML: {message}", remedy)


def _from_pydantic(detail: ErrorDetails) -> Found:
    place, context = detail["loc"], detail.get("ctx", {})
    match detail["type"]:
        case "missing":
            return place, "is missing", "Add it; docs/questions.md shows an example"
        case "extra_forbidden":
            return place, "is not a field of a question", "Remove it, or mend its spelling"
        case "too_short":
            wanted, given = context.get("min_length"), context.get("actual_length")
            return place, f"has {given}, needs at least {wanted}", "Add more"
        case "too_long":
            wanted, given = context.get("max_length"), context.get("actual_length")
            return place, f"has {given}, takes at most {wanted}", "Remove some"
        case "string_too_short":
            return place, "is empty", "Write it, or remove it"
        case "string_pattern_mismatch":
            message = f"{detail['input']!r} does not match {context.get('pattern')}"
            return place, message, "Write it in that form"
        case _:
            return place, detail["msg"][:1].lower() + detail["msg"][1:], "Correct the value"


def _check(path: Path, file: _QuestionFile) -> Iterator[Found]:
    """Yield what the types alone cannot say."""
    if file.slug != path.stem:
        yield ("slug",), f"{file.slug!r} is not the file's name", f"Name the file {file.slug}.toml"
    if re.match(r"g\d+-", file.slug):
        message = f"{file.slug!r} begins like the name of a group's own question"
        yield ("slug",), message, "Begin it with another word"
    if file.topic != path.parent.name:
        remedy = f"Move the file to {file.topic}/, or mend the topic"
        yield ("topic",), f"{file.topic!r} is not the folder's name", remedy
    words = len(file.model_answer.split())
    low, high = MODEL_ANSWER_WORDS
    if not low <= words <= high:
        yield ("model_answer",), f"has {words} words", f"Say it in {low} to {high}"
    yield from _check_wordings(file)
    yield from _check_prose(file)
    yield from _check_code(file)
    for place, follow_up in enumerate(file.follow_ups):
        if (follow_up.question is None) == (not follow_up.listen_for):
            message = "needs either question or listen_for"
            yield ("follow_ups", place), message, "Name a question of the bank, or what to hear"


def _check_wordings(file: _QuestionFile) -> Iterator[Found]:
    ids: set[str] = set()
    seen: dict[str, str] = {}
    for place, point in enumerate(file.points):
        if point.id in ids:
            yield ("points", place, "id"), f"{point.id!r} is used twice", "Give each its own id"
        ids.add(point.id)
        for wording in point.paraphrases:
            if (owner := seen.setdefault(same(wording), point.id)) != point.id:
                message = f"{wording!r} is also a paraphrase of {owner!r}"
                yield ("points", place, "paraphrases"), message, "Keep it where it belongs"
        for wording in _twice(point.paraphrases):
            message = f"{wording!r} is there twice, case and punctuation aside"
            yield ("points", place, "paraphrases"), message, "Say it in other words"
    known: set[str] = set()
    for place, wrong in enumerate(file.misconceptions):
        at: Place = ("misconceptions", place)
        if wrong.id in known:
            yield (*at, "id"), f"{wrong.id!r} is used twice", "Give each its own id"
        known.add(wrong.id)
        if wrong.contradicts is not None and wrong.contradicts not in ids:
            message = f"{wrong.contradicts!r} is not the id of a point"
            yield (*at, "contradicts"), message, f"Use one of {', '.join(sorted(ids))}"
        for wording in wrong.said:
            if same(wording) in seen:
                message = f"{wording!r} is a paraphrase of {seen[same(wording)]!r}"
                yield (*at, "said"), message, "A wording cannot be both right and wrong"


def _twice(wordings: list[str]) -> Iterator[str]:
    seen: set[str] = set()
    for wording in wordings:
        if same(wording) in seen:
            yield wording
        seen.add(same(wording))


def _check_prose(file: _QuestionFile) -> Iterator[Found]:
    prose: list[tuple[Place, str]] = [(("prompt",), file.prompt)]
    prose.append((("model_answer",), file.model_answer))
    prose += [(("hints",), hint) for hint in file.hints]
    prose += [(("points", n, "text"), point.text) for n, point in enumerate(file.points)]
    prose += [
        (("misconceptions", n, "correction"), wrong.correction)
        for n, wrong in enumerate(file.misconceptions)
    ]
    for n, follow_up in enumerate(file.follow_ups):
        prose.append((("follow_ups", n, "prompt"), follow_up.prompt))
        prose += [(("follow_ups", n, "listen_for"), each) for each in follow_up.listen_for]
    for place, text in prose:
        if "```" in text:
            yield place, "holds a fenced block", "Move it to [[code]], where it is run"


def _check_code(file: _QuestionFile) -> Iterator[Found]:
    for number, code in enumerate(file.code):
        place: Place = ("code", number, "source")
        if (lines := len(code.source.splitlines())) > MAX_CODE_LINES:
            yield place, f"has {lines} lines", f"Cut it to {MAX_CODE_LINES}"
        try:
            if code.language == "python":
                whole = "\n".join((code.setup, code.source, code.check))
                compile(whole, file.slug, "exec", dont_inherit=True)
            elif not sqlite3.complete_statement(code.source):
                yield place, "does not end a statement", "End it with a semicolon"
        except (SyntaxError, ValueError) as error:  # ValueError: a NUL, before Python 3.12
            yield place, f"does not compile: {error}", "Mend the code"
