"""What may go wrong between us and a model, on demand."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar


def error(status: int, message: str, code: str = "", param: str = "", **headers: str) -> Fault:
    """Return a refusal in the shape of OpenAI's API."""
    body = {"error": {"message": message, "type": "error", "code": code, "param": param}}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Fault("answer", status, json.dumps(body).encode(), named)


def content(text: str | None, **more: Any) -> Fault:
    """Return a completion with this content instead of the judge's; `more` changes its choice."""
    return Fault("content", text=text, choice=more)


@dataclass(frozen=True)
class Fault:
    """One way to fail.

    Attributes:
        kind: "answer" (a status and bytes), "content" (a completion that holds something else),
            "hang", "drip", "reset", "reset_inside", "slow", "flood", "no_choices", "no_usage".
        only_with: The fault spares requests in which this is not found.
    """

    kind: str
    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str | None = None
    choice: Mapping[str, Any] = field(default_factory=dict)
    seconds: float = 0
    only_with: str = ""

    HTML: ClassVar[Fault]
    UNAUTHORIZED: ClassVar[Fault]
    FORBIDDEN: ClassVar[Fault]
    NO_MODEL: ClassVar[Fault]
    QUOTA: ClassVar[Fault]
    TOO_MANY: ClassVar[Fault]
    BROKEN: ClassVar[Fault]
    MOVED: ClassVar[Fault]
    NO_SCHEMA: ClassVar[Fault]
    NO_JSON: ClassVar[Fault]
    NO_TEMPERATURE: ClassVar[Fault]
    NO_MAX_TOKENS: ClassVar[Fault]
    TOO_LONG: ClassVar[Fault]
    FILTERED: ClassVar[Fault]
    HANG: ClassVar[Fault]
    DRIP: ClassVar[Fault]
    RESET: ClassVar[Fault]
    RESET_INSIDE: ClassVar[Fault]
    FLOOD: ClassVar[Fault]
    FLOOD_OF_ERRORS: ClassVar[Fault]
    BAD_GZIP: ClassVar[Fault]
    GZIP_BOMB: ClassVar[Fault]
    NO_CHOICES: ClassVar[Fault]
    NO_USAGE: ClassVar[Fault]
    MAD_USAGE: ClassVar[Fault]


def too_many(seconds: str) -> Fault:
    """Return a 429 that says how long to wait."""
    return error(429, "Rate limit reached", "rate_limit_exceeded", retry_after=seconds)


def where(mark: str, fault: Fault) -> Fault:
    """Return `fault` for requests that have `mark`, and none for others."""
    return Fault(fault.kind, fault.status, fault.body, fault.headers, only_with=mark)


Fault.HTML = Fault(
    "answer", 200, b"<html><body>Welcome</body></html>", {"Content-Type": "text/html"}
)
Fault.UNAUTHORIZED = error(401, "Incorrect API key provided: sk-xx", "invalid_api_key")
Fault.FORBIDDEN = error(403, "Your country is not supported", "unsupported_country")
Fault.NO_MODEL = error(404, "The model does not exist", "model_not_found")
Fault.QUOTA = error(429, "You exceeded your current quota", "insufficient_quota", retry_after="0")
Fault.TOO_MANY = error(429, "Rate limit reached", "rate_limit_exceeded")
Fault.BROKEN = Fault("answer", 500, b"Internal Server Error", {"Content-Type": "text/plain"})
Fault.MOVED = Fault("answer", 307, b"", {"Location": "http://127.0.0.1:9/elsewhere"})
Fault.NO_SCHEMA = where(
    "json_schema", error(400, "'response_format' of type 'json_schema' is not supported")
)
Fault.NO_JSON = where("response_format", error(400, "bad request"))
Fault.NO_TEMPERATURE = where(
    "temperature",
    error(400, "Unsupported value: 'temperature' does not support 0", param="temperature"),
)
Fault.NO_MAX_TOKENS = where(
    '"max_tokens"',
    error(400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."),
)
Fault.TOO_LONG = error(400, "This model's maximum context length is 512", "context_length_exceeded")
Fault.FILTERED = error(400, "The prompt was filtered by the management policy", "content_filter")
Fault.HANG = Fault("hang")
Fault.DRIP = Fault("drip")
Fault.RESET = Fault("reset")
Fault.RESET_INSIDE = Fault("reset_inside")
Fault.FLOOD = Fault("flood")
Fault.FLOOD_OF_ERRORS = Fault("flood", 500)
Fault.BAD_GZIP = Fault("answer", 200, b"\x1f\x8b not gzip at all", {"Content-Encoding": "gzip"})
Fault.GZIP_BOMB = Fault(
    "answer", 200, gzip.compress(b" " * 100_000_000, 1), {"Content-Encoding": "gzip"}
)
Fault.NO_CHOICES = Fault("no_choices")
Fault.NO_USAGE = Fault("no_usage")
Fault.MAD_USAGE = Fault("mad_usage")


@dataclass
class Faults:
    """The failures that are still to come."""

    planned: list[tuple[Fault, int | None]] = field(default_factory=list)

    def plan(self, fault: Fault, times: int | None = None) -> None:
        """Fail the next `times` requests; None: all of them."""
        self.planned.append((fault, times))

    def take(self, body: str) -> Fault | None:
        """Return how a request fails, if it does."""
        for place, (fault, times) in enumerate(self.planned):
            if fault.only_with and fault.only_with not in body:
                continue
            if times is not None:
                self.planned[place : place + 1] = [(fault, times - 1)] if times > 1 else []
            return fault
        return None
