"""In what manner a server wants to be asked: found out by asking, remembered in the process.

Servers that call themselves compatible differ: some take a schema, some only "JSON", some neither;
some models refuse a temperature, or call the limit of a reply otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from bot.critics.llm import wire


class Form(StrEnum):
    """How a server is told that the reply is to be JSON, the strictest first."""

    SCHEMA = "json_schema"
    OBJECT = "json_object"
    TEXT = "text"


_EASIER = {Form.SCHEMA: Form.OBJECT, Form.OBJECT: Form.TEXT}
_LIMITS = {"max_tokens": "max_completion_tokens", "max_completion_tokens": ""}
_OF_THE_CONTENT = (
    "context_length",
    "context length",
    "maximum context",
    "context window",
    "model_not_found",
)
"""What a refusal says that no other manner would change."""


@dataclass(frozen=True, slots=True)
class Manner:
    """One manner of asking.

    Attributes:
        form: How JSON is asked for.
        temperature: Whether one is given.
        limit: Name of the field that limits the reply; empty: it is not limited.
    """

    form: Form = Form.SCHEMA
    temperature: bool = True
    limit: str = "max_tokens"

    def fields(self, reply_tokens: int) -> dict[str, Any]:
        """Return the fields of a request in this manner."""
        found: dict[str, Any] = {}
        if self.form is Form.SCHEMA:
            schema = {"name": wire.NAME, "strict": True, "schema": wire.SCHEMA}
            found["response_format"] = {"type": self.form.value, "json_schema": schema}
        elif self.form is Form.OBJECT:
            found["response_format"] = {"type": self.form.value}
        if self.temperature:
            found["temperature"] = 0
        if self.limit:
            found[self.limit] = reply_tokens
        return found

    def easier(self, about: str) -> Manner | None:
        """Return what to try after a refusal; None if there is nothing left.

        Args:
            about: What the server said, in lower case. What it does not explain is put down to
                the form, in which servers differ most.
        """
        if any(each in about for each in _OF_THE_CONTENT):
            return None
        if self.temperature and "temperature" in about:
            return replace(self, temperature=False)
        if self.limit and self.limit in about:
            return replace(self, limit=_LIMITS[self.limit])
        if self.form in _EASIER:
            return replace(self, form=_EASIER[self.form])
        return None


REMEMBERED: dict[tuple[str, str], Manner] = {}
"""For an address and a model, the manner in which it answered last."""
