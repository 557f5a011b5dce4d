"""Watchlists that were in force, and so the last good one when the file is faulty."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from tocsin.store.tables import watchlists
from tocsin.store.upsert import insert


def accept_watchlist(connection: sa.Connection, version: str, source: str, now: datetime) -> None:
    """Remember a good watchlist as the one in force since ``now``."""
    added = insert(connection, watchlists).values(version=version, source=source, accepted_at=now)
    connection.execute(added.on_conflict_do_update(index_elements=[watchlists.c.version], set_={"accepted_at": now}))


def last_good_source(connection: sa.Connection) -> str | None:
    """Give the text of the watchlist that was accepted last, or None."""
    query = sa.select(watchlists.c.source).order_by(watchlists.c.accepted_at.desc()).limit(1)
    return connection.execute(query).scalar_one_or_none()
