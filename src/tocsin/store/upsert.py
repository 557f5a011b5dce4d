"""INSERT ... ON CONFLICT, which SQLite and PostgreSQL both have but SQLAlchemy keeps in two dialects."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite


def insert(connection: sa.Connection, table: sa.Table) -> sqlite.Insert | postgresql.Insert:
    """Start an INSERT that knows ``on_conflict_do_nothing`` and ``on_conflict_do_update`` on this connection's
    database.
    """
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)
