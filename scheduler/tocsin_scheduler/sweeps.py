"""Sweeping: what the database says is undone, and that nobody seems to work on, is handed to the queue again.

This is what makes the queue expendable: a flushed Redis, a killed worker or a lost job costs seconds, never an
article or a message.
"""

from __future__ import annotations

from datetime import timedelta

import structlog

from tocsin.models.ids import ArticleId
from tocsin.queueing import CLASSIFY, DELIVER, JOB_LIFE_SECONDS, READ, Wakeups
from tocsin.store import articles, deliveries, full_text
from tocsin.store.database import Database, database_now

PATIENCE = timedelta(seconds=JOB_LIFE_SECONDS)
"""Rows enqueued longer ago than this have lost their job; by then it has evaporated from the queue, too."""

AT_ONCE = 2000

PAGES_AT_ONCE = 200
ENOUGH_WAITING = 10
"""Jobs; while so many wait, the readers have enough to do, and which hosts are free shows when they are through."""

_log = structlog.get_logger(__name__)


def sweep_articles(database: Database, wakeups: Wakeups) -> int:
    """Enqueue articles that wait to be classified and put the hopeless ones aside; gives the number enqueued.

    An article that was begun before and not finished goes alone, so that one that kills its worker does not take
    others along.

    Raises: StoreError: The database failed. QueueError: Redis is lost; the next sweep tries again.
    """
    with database.write() as connection:
        now = database_now(connection)
        for hopeless in articles.quarantine_hopeless(connection, now):
            _log.error("article put aside", article=hopeless, remedy=f"see `tocsin why {hopeless}` and report a bug")
        found = articles.unclassified(connection, enqueued_before=now - PATIENCE, limit=AT_ONCE)
    wakeups.send(CLASSIFY, [article_id for article_id, attempts in found if attempts == 0])
    _send_singly(wakeups, [article_id for article_id, attempts in found if attempts > 0])
    # Marked when they are sent: what a lost Redis did not take is tried again by the next sweep, not after a while.
    with database.write() as connection:
        articles.mark_enqueued(connection, [article_id for article_id, _ in found], now)
    return len(found)


def _send_singly(wakeups: Wakeups, begun: list[ArticleId]) -> None:
    for article_id in begun:
        wakeups.send(CLASSIFY, [article_id])


def sweep_deliveries(database: Database, wakeups: Wakeups) -> int:
    """Enqueue messages that are due and that nobody holds; gives their number.

    Raises:
        StoreError: The database failed.
        QueueError: Redis is lost; the next sweep tries again.

    """
    with database.read() as connection:
        now = database_now(connection)
        urgent, digests = (
            deliveries.undelivered(connection, now, digests=kind, enqueued_before=now - PATIENCE, limit=AT_ONCE)
            for kind in (False, True)
        )
    wakeups.send(DELIVER, digests)
    wakeups.send(DELIVER, urgent, first=True)
    found = urgent + digests
    with database.write() as connection:
        deliveries.mark_deliveries_enqueued(connection, found, now)
    return len(found)


def sweep_pages(database: Database, wakeups: Wakeups) -> int:
    """Hand out the articles' pages that are due, one a host; gives their number.

    This alone sends pages to the readers: so no page stands in line for a host that is busy.

    Raises:
        StoreError: The database failed.
        QueueError: Redis is lost; the next sweep tries again.

    """
    if wakeups.waiting(READ) >= ENOUGH_WAITING:
        return 0
    with database.read() as connection:
        due = full_text.due_pages(connection, database_now(connection), limit=PAGES_AT_ONCE)
    wakeups.send(READ, due)
    return len(due)
