"""Dismissals: matches that a reader called not relevant, kept so that they can become tests of their watch."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from tocsin.models.ids import MatchId, WatchId
from tocsin.models.matches import Match
from tocsin.store.matches import get_match
from tocsin.store.mutes import mute_target
from tocsin.store.tables import dismissals, matches
from tocsin.store.upsert import insert

LISTED = 100


@dataclass(frozen=True, slots=True)
class Dismissal:
    """A match that readers dismissed: how many of them, and when the last one did."""

    match: Match
    readers: int
    dismissed_at: datetime


def dismiss_match(connection: sa.Connection, match_id: MatchId, target: str, now: datetime) -> None:
    """Record that a match is not relevant to a target; once is enough."""
    row = {"match_id": match_id, "target": mute_target(target), "dismissed_at": now}
    connection.execute(insert(connection, dismissals).on_conflict_do_nothing(), [row])


def restore_match(connection: sa.Connection, match_id: MatchId, target: str) -> bool:
    """Take back that a match is not relevant; False where nobody said so."""
    change = sa.delete(dismissals).where(_of(match_id, target))
    return connection.execute(change).rowcount > 0


def is_dismissed(connection: sa.Connection, match_id: MatchId, target: str) -> bool:
    """Tell whether a target called a match not relevant."""
    query = sa.select(dismissals.c.id).where(_of(match_id, target))
    return connection.execute(query).first() is not None


def latest_dismissals(
    connection: sa.Connection, watches: Collection[WatchId], *, limit: int = LISTED
) -> list[Dismissal]:
    """Give what was dismissed of these watches, the latest first; matches that were withdrawn since are left out."""
    last = sa.func.max(dismissals.c.dismissed_at).label("last_at")
    query = (
        sa.select(matches.c.id, sa.func.count().label("readers"), last)
        .join(dismissals, dismissals.c.match_id == matches.c.id)
        .where(matches.c.watch.in_(watches), matches.c.withdrawn_at.is_(None))
        .group_by(matches.c.id)
        .order_by(sa.desc("last_at"), matches.c.id.desc())
        .limit(limit)
    )
    rows = connection.execute(query).all() if watches else []
    found = ((row, get_match(connection, MatchId(row.id))) for row in rows)
    return [Dismissal(match, row.readers, row.last_at) for row, match in found if match is not None]


def _of(match_id: MatchId, target: str) -> sa.ColumnElement[bool]:
    return sa.and_(dismissals.c.match_id == match_id, dismissals.c.target == mute_target(target))
