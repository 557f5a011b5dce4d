"""Subscriptions as time goes by: what the watchlist changes in them, pauses that end, and sign-ups that nobody
confirmed.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
import structlog

from tocsin.models.watchlist import Watchlist
from tocsin.store.database import Database, database_now
from tocsin.store.signups import prune_signups
from tocsin.store.subscriber_changes import sync_subscribers
from tocsin.store.subscriber_states import end_pauses, pauses_are_over

SUBSCRIPTIONS_EVERY: Final = timedelta(seconds=30)

AT_ONCE: Final = 500
"""So many sign-ups are deleted in one transaction."""

_log = structlog.get_logger(__name__)


def follow_subscribers(connection: sa.Connection, watchlist: Watchlist, now: datetime, *, secret: bytes) -> None:
    """Make the subscribers of the watchlist what it says, and say in the log what changed for people, and which entries
    do not hold. To be called before any row is locked.
    """
    synced = sync_subscribers(
        connection, watchlist.subscribers, now, self_service=watchlist.self_service, secret=secret
    )
    if synced.joined or synced.removed:
        _log.info("subscribers follow the watchlist", joined=len(synced.joined), removed=len(synced.removed))
    for email, watches in synced.lost:
        _log.warning(
            "a reader's watches are no longer open to readers",
            subscriber=email,
            watches=list(watches),
            remedy="they are gone from the subscription: when they are open again, the reader has to choose them anew",
        )
    for conflict in synced.conflicts:
        _log.warning(
            "an entry of the watchlist does not hold",
            subscriber=conflict.email,
            reason=conflict.words,
            remedy=conflict.remedy,
        )


def keep_subscriptions(database: Database) -> None:
    """End the pauses whose time is over, and delete old sign-ups.

    Raises:
        StoreError: The database failed; the next tick tries again.

    """
    with database.read() as connection:
        are_over = pauses_are_over(connection, database_now(connection))
    if are_over:
        with database.write() as connection:
            ended = end_pauses(connection, database_now(connection))
        _log.info("pauses ended", subscribers=ended)
    pruned = AT_ONCE
    while pruned == AT_ONCE:
        pruned = _prune(database)


def _prune(database: Database) -> int:
    with database.write() as connection:
        return prune_signups(connection, database_now(connection), limit=AT_ONCE)
