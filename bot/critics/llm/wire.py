"""What a reply looks like on the wire, and reading one that may look otherwise.

The schema is the same for all questions, so that servers compile it once; ids are checked here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.critics.llm.failures import Unusable
from bot.domain.critique import MisconceptionFound, PointState, PointVerdict
from bot.domain.question import Rubric

VERSION = "1"
"""Changes with the shape of requests and replies."""
NAME = "evidence"
MAX_QUOTE = 400
"""Characters of a quote that are looked at; the instructions ask for 25 words."""
MAX_CONTENT = 100_000
"""Characters of a reply that are looked at."""
OBJECTS = 20
"""Places at which a JSON object is looked for in a reply."""

_STRING = {"type": "string"}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "points": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "id": _STRING,
                    "quote": _STRING,
                    "verdict": {"type": "string", "enum": [each.value for each in PointState]},
                },
                "required": ["id", "quote", "verdict"],
                "additionalProperties": False,
            },
        },
        "misconceptions": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"id": _STRING, "quote": _STRING},
                "required": ["id", "quote"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["points", "misconceptions"],
    "additionalProperties": False,
}
"""No unions, no references, no score."""

_THOUGHTS = re.compile(r"<think>.*?</think>", re.DOTALL)


class _Lenient(BaseModel):
    model_config = ConfigDict(extra="ignore")


class _Point(_Lenient):
    id: str
    verdict: PointState
    quote: str = ""


class _Misconception(_Lenient):
    id: str
    quote: str


class _Reply(_Lenient):
    points: list[Any]
    misconceptions: list[Any] = []


_Model = TypeVar("_Model", bound=_Lenient)


def read(
    content: str, rubric: Rubric
) -> tuple[tuple[PointVerdict, ...], tuple[MisconceptionFound, ...]]:
    """Return the points and misconceptions of a reply, in the rubric's order.

    Unknown ids, unknown fields and malformed entries are dropped; a point that is missing is not
    found; of two entries for one id the first counts.

    Raises:
        Unusable: There is no such object in it.
    """
    reply = _reply(content)
    said: dict[str, PointVerdict] = {}
    for each in reply.points:
        point = _valid(_Point, each)
        if point is not None:
            quote = "" if point.verdict is PointState.NOT_FOUND else point.quote[:MAX_QUOTE]
            said.setdefault(point.id, PointVerdict(point.id, point.verdict, quote))
    found: dict[str, MisconceptionFound] = {}
    for each in reply.misconceptions:
        wrong = _valid(_Misconception, each)
        if wrong is not None:
            found.setdefault(wrong.id, MisconceptionFound(wrong.id, wrong.quote[:MAX_QUOTE]))
    points = tuple(
        said.get(point.id, PointVerdict(point.id, PointState.NOT_FOUND)) for point in rubric.points
    )
    known = (found.get(each.id) for each in rubric.misconceptions)
    return points, tuple(each for each in known if each is not None)


def _reply(content: str) -> _Reply:
    for each in _objects(_THOUGHTS.sub(" ", content[:MAX_CONTENT])):
        reply = _valid(_Reply, each)
        if reply is not None:
            return reply
    raise Unusable("the reply is not what was asked for")


def _objects(text: str) -> Iterator[Any]:
    """Yield the JSON objects in a text, those in fences and after an introduction too."""
    decoder = json.JSONDecoder()
    place = 0
    for _ in range(OBJECTS):
        place = text.find("{", place)
        if place < 0:
            return
        try:
            found, end = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            place += 1
        else:
            yield found
            place = end


def _valid(model: type[_Model], value: Any) -> _Model | None:
    try:
        return model.model_validate(value)
    except ValidationError:
        return None
