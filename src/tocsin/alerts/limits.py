"""``at_most``: when the next message may leave. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tocsin.models.watchlist import Rate


def opens_at(sent: Iterable[datetime], rate: Rate | None, now: datetime) -> datetime:
    """Give the first instant from ``now`` on at which one more message keeps the rate in any stretch of its length.

    A message counts for a stretch that is open at its start: one of 14:00 is out of ``3/hour`` at 15:00 sharp. A clock
    that went backwards (messages after ``now``) makes wait until it has caught up; one that was ahead by more than the
    stretch was wrong, and what it stamped does not count.
    """
    if rate is None:
        return now
    latest = sorted(at for at in sent if at <= now + rate.per)[-rate.number :]
    return now if len(latest) < rate.number else max(now, latest[0] + rate.per)
