"""Pruning as a tick: one small batch at a time, so that nobody who writes is ever kept waiting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from tocsin.store.database import Database, database_now
from tocsin.store.placements import lock_stories
from tocsin.store.retention import (
    Found,
    Place,
    find_overdue,
    prune_articles,
    prune_digests,
    prune_watchlists,
    shortest_retention,
)
from tocsin.store.retention_alerts import proofs_still_needed, prune_notices, prune_rhythms

PRUNE_EVERY: Final = timedelta(seconds=0.5)
"""How often a batch is pruned; between two of them everybody else may write."""

AT_ONCE: Final = 20
"""So many rows go in one transaction, which takes less than ten milliseconds: three million a day."""

LOOKS: Final = 50
"""So many times as many articles are looked at in one tick, where all of them are to be kept."""

REST: Final = timedelta(minutes=10)
"""How long to rest when everything was looked through."""

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Pruner:
    """Walks through the articles, the oldest first, then through the digests, and rests after each walk.

    ``retention`` says how long digests are kept.
    """

    database: Database
    retention: Callable[[], timedelta]
    _seen_before: datetime | None = None
    _place: Place | None = None
    _rests_until: datetime | None = None
    _pruned: int = 0

    def tick(self) -> int:
        """Prune one batch, if there is anything to prune, and give the number of articles and digests that went.

        Raises:
            StoreError: The database failed; the next tick tries again.

        """
        found, now = self._look()
        if found is None:
            return 0
        pruned = self._prune(found)
        self._place = found.place
        self._pruned += pruned
        return pruned + (self._end_walk(now) if found.place is None else 0)

    def _look(self) -> tuple[Found | None, datetime]:
        """Look on until something is overdue, or enough was looked at; None while resting."""
        with self.database.read() as connection:
            now = database_now(connection)
            if self._rests_until is not None and now < self._rests_until:
                return None, now
            if self._seen_before is None:
                shortest = shortest_retention(connection)
                self._seen_before = now - shortest if shortest is not None else now
            place = self._place
            for _ in range(LOOKS):
                found = find_overdue(connection, now, seen_before=self._seen_before, after=place, look_at=AT_ONCE)
                if found.overdue or found.place is None:
                    break
                place = found.place
            return found, now

    def _prune(self, found: Found) -> int:
        if not found.overdue:
            return 0
        with self.database.write() as connection:
            lock_stories(connection)
            needed = proofs_still_needed(connection, found.overdue, database_now(connection))
            return prune_articles(connection, [one for one in found.overdue if one not in needed])

    def _end_walk(self, now: datetime) -> int:
        with self.database.write() as connection:
            digests = prune_digests(connection, now, retention=self.retention(), limit=AT_ONCE)
            prune_notices(connection, now, retention=self.retention(), limit=AT_ONCE)
            prune_rhythms(connection, now, retention=self.retention())
            prune_watchlists(connection)
        if self._pruned or digests:
            _log.info("pruned", articles=self._pruned, digests=digests)
        self._seen_before, self._pruned = None, 0
        self._rests_until = now + REST if digests < AT_ONCE else None
        return digests
