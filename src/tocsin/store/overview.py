"""Queries that only the pages ask: sums and lists over several tables. Nothing here writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from tocsin.models.deliveries import DeliveryState
from tocsin.models.ids import DigestId, WatchId
from tocsin.store.matches import in_its_digest
from tocsin.store.tables import deliveries, digest_items, feeds, matches


@dataclass(frozen=True, slots=True)
class DigestFigures:
    """How many matches a digest tells, and how its message stands; None where no message was owed."""

    matches: int
    state: DeliveryState | None


def watch_is_known(connection: sa.Connection, watch: WatchId) -> bool:
    """Tell whether anything ever matched a watch of that id, be it in the watchlist or not."""
    query = sa.select(matches.c.id).where(matches.c.watch == watch).limit(1)
    return connection.execute(query).one_or_none() is not None


def next_check_at(connection: sa.Connection) -> datetime | None:
    """Give the time at which the next active feed is due; None where there is none."""
    query = sa.select(feeds.c.next_check_at).where(feeds.c.active).order_by(feeds.c.next_check_at).limit(1)
    return connection.execute(query).scalar_one_or_none()


def digest_figures(connection: sa.Connection, ids: Sequence[DigestId]) -> dict[DigestId, DigestFigures]:
    """Give the figures of each of the digests."""
    sizes = (
        sa.select(digest_items.c.digest_id, sa.func.count().label("n"))
        .join(matches, matches.c.id == digest_items.c.match_id)
        .where(digest_items.c.digest_id.in_(ids), in_its_digest())
        .group_by(digest_items.c.digest_id)
    )
    found = {row.digest_id: row.n for row in connection.execute(sizes)}
    messages = sa.select(deliveries.c.digest_id, deliveries.c.state).where(deliveries.c.digest_id.in_(ids))
    states = {row.digest_id: DeliveryState(row.state) for row in connection.execute(messages)}
    return {digest_id: DigestFigures(found.get(digest_id, 0), states.get(digest_id)) for digest_id in ids}
