"""What a clock that was ahead for a while leaves behind: windows and messages of a future that does not come for days
or years. Without a hand they would wait for it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from tocsin.store.columns import UtcDateTime
from tocsin.store.subscriber_rows import lock_subscribers
from tocsin.store.tables import deliveries, subscribers

TOLERANCE: Final = timedelta(days=2)
"""Nothing is put off for longer than this but by a clock that was ahead. What lies in the future by less waits for it:
a digest is late then.
"""

_WINDOWS = (subscribers.c.closed_until, subscribers.c.slots_from)
_MESSAGES = (deliveries.c.next_attempt_at, deliveries.c.lease_until, deliveries.c.enqueued_at)
_IS_PENDING = deliveries.c.state == "pending"


def was_ahead(connection: sa.Connection, now: datetime) -> bool:
    """Tell whether windows begin, or messages wait, in a future that only a clock that was ahead has seen."""
    windows = sa.select(subscribers.c.id).where(_any_after(now, *_WINDOWS))
    messages = sa.select(deliveries.c.id).where(_IS_PENDING, _any_after(now, *_MESSAGES))
    return any(connection.execute(query.limit(1)).first() is not None for query in (windows, messages))


def pull_back(connection: sa.Connection, now: datetime) -> int:
    """Let windows that begin in such a future begin now, and what waits for it be due now; gives the number of windows.
    To be called before any row is locked.
    """
    lock_subscribers(connection)
    due = {"next_attempt_at": now, "lease": None, "lease_until": None, "enqueued_at": None}
    connection.execute(sa.update(deliveries).where(_IS_PENDING, _any_after(now, *_MESSAGES)).values(**due))
    begun = {column.name: _not_after(now, column) for column in _WINDOWS}
    return connection.execute(sa.update(subscribers).where(_any_after(now, *_WINDOWS)).values(**begun)).rowcount


def _any_after(now: datetime, *columns: sa.Column[datetime]) -> sa.ColumnElement[bool]:
    return sa.or_(*(column > now + TOLERANCE for column in columns))


def _not_after(now: datetime, column: sa.Column[datetime]) -> sa.ColumnElement[datetime]:
    return sa.case((column > now + TOLERANCE, sa.literal(now, UtcDateTime)), else_=column)
