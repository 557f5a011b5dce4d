"""What is put right once an hour: how many matches each feed had lately, and hosts that nobody needs any more."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from tocsin.store.database import Database, database_now
from tocsin.store.feeds import count_matches
from tocsin.store.hosts import forget_hosts

HOUSEKEEPING_EVERY: Final = timedelta(hours=1)
MATCHES_OF: Final = timedelta(days=7)
"""Feeds whose articles matched in this time are asked more often (see `tocsin.feeds.next_check`)."""


def keep_house(database: Database) -> None:
    """Count each feed's matches anew, and forget hosts without feeds.

    Raises:
        StoreError: The database failed.

    """
    with database.write() as connection:
        now = database_now(connection)
        count_matches(connection, now - MATCHES_OF)
        forget_hosts(connection, now)
