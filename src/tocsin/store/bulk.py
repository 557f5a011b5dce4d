"""Inserting many rows at once, as fast as the database can: where the first reading of a feed spends its time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from tocsin.store.columns import UtcDateTime


def insert_many(connection: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, object]]) -> list[int]:
    """Insert rows that all name the same columns, none of them JSON, and give their ids, in their order."""
    if not rows:
        return []
    if connection.dialect.name == "sqlite":
        return _insert_in_sqlite(connection, table, rows)
    added = sa.insert(table).returning(table.c.id, sort_by_parameter_order=True)
    return [row.id for row in connection.execute(added, list(rows))]


def reserve_ids(connection: sa.Connection, table: sa.Table, number: int) -> list[int]:
    """Give the ids of that many rows that are still to be inserted; the transaction must be one that writes.

    They are above all that the table ever had; in SQLite it must be one with AUTOINCREMENT.
    """
    if number == 0:
        return []
    if connection.dialect.name == "sqlite":
        # Nobody else writes during a writing transaction: https://sqlite.org/autoinc.html
        query = "SELECT seq FROM sqlite_sequence WHERE name = ?"
        last: int = connection.exec_driver_sql(query, (table.name,)).scalar() or 0
        return list(range(last + 1, last + 1 + number))
    sequence = sa.func.pg_get_serial_sequence(table.name, "id")
    turns = sa.func.generate_series(1, number).table_valued("turn")
    return list(connection.execute(sa.select(sa.func.nextval(sequence)).select_from(turns)).scalars())


def _insert_in_sqlite(connection: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, object]]) -> list[int]:
    """Insert without SQLAlchemy's work on each value, which takes longer than SQLite itself.

    Nobody else writes during a writing transaction, so the ids are known before.
    """
    last: int = connection.exec_driver_sql(f"SELECT coalesce(max(id), 0) FROM {table.name}").scalar_one()  # noqa: S608 -- our own table
    ids = list(range(last + 1, last + 1 + len(rows)))
    names = ("id", *rows[0])
    places = ", ".join("?" * len(names))
    statement = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({places})"  # noqa: S608 -- our own names
    are_times = [isinstance(table.c[name].type, UtcDateTime) for name in rows[0]]
    texts: dict[datetime, str] = {}
    values = [(number, *_written(row, are_times, texts)) for number, row in zip(ids, rows, strict=True)]
    connection.exec_driver_sql(statement, values)
    return ids


def _written(row: Mapping[str, object], are_times: Sequence[bool], texts: dict[datetime, str]) -> list[object]:
    """Give a row's values as SQLite keeps them; ``texts`` remembers times, of which most rows have the same."""
    return [
        _text(value, texts) if is_time and isinstance(value, datetime) else value
        for value, is_time in zip(row.values(), are_times, strict=True)
    ]


def _text(moment: datetime, texts: dict[datetime, str]) -> str:
    if moment not in texts:
        texts[moment] = UtcDateTime.as_sqlite_text(moment)
    return texts[moment]
