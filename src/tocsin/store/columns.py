"""Column types that keep our promises on every database: times are aware UTC, spans are seconds, JSON is text with its
own letters.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import Dialect


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An aware UTC time to the microsecond; a naive one is refused, since its zone would be a guess."""

    impl = sa.DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> sa.types.TypeEngine[Any]:
        """Take PostgreSQL's timestamptz; SQLite keeps the text of UTC, which sorts as time does."""
        return dialect.type_descriptor(sa.DateTime(timezone=dialect.name == "postgresql"))

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """Write as SQLite keeps it in one step; SQLAlchemy's own steps cost more than SQLite itself."""
        return _in_sqlite if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """Read what SQLite keeps in one step."""
        return _from_sqlite if dialect.name == "sqlite" else super().result_processor(dialect, coltype)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 -- SQLAlchemy's signature
        """Turn an aware time into what PostgreSQL keeps."""
        return None if value is None else _utc(value)

    @staticmethod
    def as_sqlite_text(value: datetime) -> str:
        """Write an aware time as SQLAlchemy does for SQLite.

        >>> UtcDateTime.as_sqlite_text(datetime(2026, 3, 10, 12, tzinfo=UTC))
        '2026-03-10 12:00:00.000000'
        """
        return _utc(value).replace(tzinfo=None).isoformat(" ", "microseconds")

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 -- SQLAlchemy's signature
        """Give the time back as aware UTC, whatever zone the server speaks in."""
        return None if value is None else value.astimezone(UTC)


def _utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError(f"{value!r} has no time zone; pass an aware UTC time")
    return value.astimezone(UTC)


def _in_sqlite(value: datetime | None) -> str | None:
    return None if value is None else UtcDateTime.as_sqlite_text(value)


def _from_sqlite(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value).replace(tzinfo=UTC)


class Seconds(sa.types.TypeDecorator[timedelta]):
    """A span of time in whole seconds."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: timedelta | None, dialect: Dialect) -> int | None:  # noqa: ARG002 -- SQLAlchemy's signature
        """Write the seconds, rounded."""
        return None if value is None else round(value.total_seconds())

    def process_result_value(self, value: int | None, dialect: Dialect) -> timedelta | None:  # noqa: ARG002 -- SQLAlchemy's signature
        """Read them back."""
        return None if value is None else timedelta(seconds=value)


class JsonText(sa.types.TypeDecorator[Any]):
    """JSON kept as text, readable in any script; PostgreSQL's JSONB would refuse U+0000 and reorder keys."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: object, dialect: Dialect) -> str:  # noqa: ARG002 -- SQLAlchemy's signature
        """Write compact JSON."""
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002 -- SQLAlchemy's signature
        """Read it back."""
        return None if value is None else json.loads(value)


AnyRow: TypeAlias = sa.Row[*tuple[Any, ...]]
"""A row of any query; each module makes records of its own kind from it at once."""
