"""Watchlists that were in force, and so the last good one when the file is faulty."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from tocsin.store.tables import watchlists
from tocsin.store.upsert import insert


@dataclass(frozen=True, slots=True)
class AcceptedWatchlist:
    """A watchlist's text, and those of the lists of feeds that it names, by name."""

    source: str
    files: Mapping[str, str]


def accept_watchlist(
    connection: sa.Connection, version: str, source: str, now: datetime, files: Iterable[tuple[str, str]] = ()
) -> None:
    """Remember a good watchlist as the one in force since ``now``; ``files`` are the texts of its lists, by name."""
    added = insert(connection, watchlists).values(version=version, source=source, files=dict(files), accepted_at=now)
    connection.execute(added.on_conflict_do_update(index_elements=[watchlists.c.version], set_={"accepted_at": now}))


def last_good(connection: sa.Connection) -> AcceptedWatchlist | None:
    """Give the watchlist that was accepted last, or None."""
    query = sa.select(watchlists.c.source, watchlists.c.files).order_by(watchlists.c.accepted_at.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return None if row is None else AcceptedWatchlist(row.source, row.files)
