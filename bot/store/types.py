"""Column types: instants that know their zone, sets of weekdays, and JSON that knows its shape."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import JSON, DateTime, Dialect, SmallInteger
from sqlalchemy.types import TypeDecorator

T = TypeVar("T")


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Naive values are refused on the way in; on the way out it is in UTC.

    SQLite keeps no zone, so the value is stored as UTC without one there.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the instant as the database takes it."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime: {value!r}")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the instant in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Weekdays(TypeDecorator[frozenset[int]]):
    """A set of weekdays (0 is Monday) as a bit mask."""

    impl = SmallInteger
    cache_ok = True

    def process_bind_param(self, value: frozenset[int] | None, dialect: Dialect) -> int | None:
        """Return the mask."""
        return None if value is None else sum(1 << day for day in value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> frozenset[int] | None:
        """Return the set."""
        return None if value is None else frozenset(d for d in range(7) if value >> d & 1)


class JsonOf(TypeDecorator[T], Generic[T]):
    """A frozen value as JSON, validated on the way out."""

    impl = JSON
    cache_ok = True

    def __init__(self, shape: type[T]) -> None:
        """Keep the shape, a dataclass for instance."""
        super().__init__(none_as_null=True)
        self.shape = shape
        self._adapter: TypeAdapter[T] | None = None

    @property
    def adapter(self) -> TypeAdapter[T]:
        """The shape's adapter, built when first needed: start-up is not the time for it."""
        if self._adapter is None:
            self._adapter = TypeAdapter(self.shape)
        return self._adapter

    def process_bind_param(self, value: T | None, dialect: Dialect) -> Any:
        """Return the value as plain JSON."""
        return None if value is None else self.adapter.dump_python(value, mode="json")

    def process_result_value(self, value: Any, dialect: Dialect) -> T | None:
        """Return the value in its shape."""
        return None if value is None else self.adapter.validate_python(value)
