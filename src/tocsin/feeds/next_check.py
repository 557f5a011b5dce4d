"""When a feed is asked again: pure decisions, no clock and no I/O.

Waits spread by a hash instead of a random number, so that the same poll always gives the same answer.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from tocsin.models.feeds import ProblemKind
from tocsin.models.ids import FeedId

LONGEST_WAIT: Final = timedelta(hours=24)
_JITTER: Final = 0.1
_ONCE_A_DAY: Final = frozenset({ProblemKind.GONE, ProblemKind.NOT_A_FEED})


def next_check_at(
    feed_id: FeedId,
    problem: ProblemKind | None,
    failures: int,
    now: datetime,
    interval: timedelta,
    *,
    max_age: int | None = None,
    retry_at: datetime | None = None,
) -> datetime:
    """Say when the feed is due again after a poll at ``now``; always later than ``now``.

    ``problem`` is None after a success; ``failures`` counts the failed polls in a row, this one included. A wait varies
    by a tenth either way, yet never goes below what the server asked for: ``max_age`` in seconds after a success,
    ``retry_at`` after a failure, each at most 24 hours.
    """
    fraction = _fraction(f"{feed_id} {now.timestamp()}")
    wait = _usual_wait(problem, failures, interval) * (1 - _JITTER + 2 * _JITTER * fraction)
    floor = _asked_for(problem, now, max_age, retry_at)
    if floor >= wait:
        # Feeds held back together must not come back together.
        wait = floor + interval * (_JITTER * fraction)
    return now + max(wait, timedelta(seconds=1))


def _usual_wait(problem: ProblemKind | None, failures: int, interval: timedelta) -> timedelta:
    if problem is None:
        return interval
    if problem in _ONCE_A_DAY:
        return max(LONGEST_WAIT, interval)
    # 2**16 intervals of a minute are over a month: beyond that the cap holds anyway, and nothing overflows.
    doublings: int = 2 ** min(max(failures, 1), 16)
    return max(interval, min(interval * doublings, LONGEST_WAIT))


def _asked_for(problem: ProblemKind | None, now: datetime, max_age: int | None, retry_at: datetime | None) -> timedelta:
    if problem is None:
        return min(timedelta(seconds=min(max_age or 0, 10**6)), LONGEST_WAIT)
    return min(retry_at - now, LONGEST_WAIT) if retry_at else timedelta()


def first_check_at(url: str, added_at: datetime, spread: timedelta) -> datetime:
    """Say when a new feed is asked first: within ``spread`` after ``added_at``, by a phase of its own.

    A thousand feeds added at once are then spread over the interval, and stay spread.
    """
    return added_at + spread * _fraction(url)


def _fraction(text: str) -> float:
    """Spread texts evenly over [0, 1)."""
    return int.from_bytes(sha256(text.encode("utf-8", "replace")).digest()[:6]) / 2**48
