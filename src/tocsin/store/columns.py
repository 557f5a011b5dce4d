"""Column types that keep our promises on every database: times are aware UTC, spans are seconds, JSON is text with its
own letters.
"""

from __future__ import annotations

import json
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

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware time into what the database keeps."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone; pass an aware UTC time")
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 -- SQLAlchemy's signature
        """Give the time back as aware UTC, whatever zone the server speaks in."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


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
