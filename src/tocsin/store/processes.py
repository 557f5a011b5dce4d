"""Heartbeats: which processes of the house are alive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from tocsin.store.tables import processes
from tocsin.store.upsert import insert


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """A process was alive at ``seen_at``, working with that watchlist; ``note`` says what it complains of."""

    name: str
    seen_at: datetime
    watchlist_version: str
    note: str | None


def beat(connection: sa.Connection, heartbeat: Heartbeat) -> None:
    """Record that a process is alive."""
    values = {
        "seen_at": heartbeat.seen_at,
        "watchlist_version": heartbeat.watchlist_version,
        "note": heartbeat.note,
    }
    added = insert(connection, processes).values(name=heartbeat.name, **values)
    connection.execute(added.on_conflict_do_update(index_elements=[processes.c.name], set_=values))


def heartbeats(connection: sa.Connection) -> list[Heartbeat]:
    """Give the last heartbeat of every process, by name."""
    rows = connection.execute(sa.select(processes).order_by(processes.c.name))
    return [Heartbeat(row.name, row.seen_at, row.watchlist_version, row.note) for row in rows]
