"""When a delivery that was put off is tried again, and how long a channel that fails is left in peace. Pure."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

MAX_ATTEMPTS = 12

LONGEST_WISH = timedelta(days=1)
"""No wish of the other side (Retry-After) holds a channel back for longer."""

# Minutes after the 1st, 2nd ... attempt; the last one stands for all that follow. In all about three days: mail servers
# are mended within that time, and news older than that is none (RFC 5321 4.5.4.1 asks for 4 to 5 days for letters).
_WAITS = (1, 5, 15, 30, 60, 120, 240, 480, 960, 1440)
_JITTER = 0.1

_LONGEST_REST = timedelta(minutes=15)
"""A channel that works again is found out about within this time."""


def next_attempt(attempts: int, now: datetime, *, key: str = "", not_before: datetime | None = None) -> datetime | None:
    """Give the time of the next attempt after ``attempts`` failed ones, or None when there were enough.

    Up to a tenth is added to each wait, different for each ``key`` (the delivery's) but the same whenever asked, so
    that a thousand messages put off by one dead server do not return in one second. ``not_before`` is the end of the
    channel's rest.
    """
    if attempts >= MAX_ATTEMPTS:
        return None
    wait = timedelta(minutes=_WAITS[min(max(attempts, 1), len(_WAITS)) - 1])
    again_at = now + wait * (1 + _JITTER * _fraction(f"{key}:{attempts}"))
    return again_at if not_before is None else max(again_at, not_before)


def rest(failures: int, wish: timedelta | None = None) -> timedelta:
    """Say how long a channel rests after so many failures in a row: 1, 2, 4, 8, then 15 minutes, or as long as it asks.

    >>> rest(1), rest(3), rest(9), rest(1, wish=timedelta(hours=1))  # doctest: +NORMALIZE_WHITESPACE
    (datetime.timedelta(seconds=60), datetime.timedelta(seconds=240),
     datetime.timedelta(seconds=900), datetime.timedelta(seconds=3600))
    """
    usual = min(timedelta(minutes=2 ** min(max(failures, 1) - 1, 8)), _LONGEST_REST)
    return max(usual, min(wish or timedelta(), LONGEST_WISH))


def _fraction(seed: str) -> float:
    """Map a text to 0..1, evenly."""
    return int.from_bytes(hashlib.sha256(seed.encode(errors="replace")).digest()[:4]) / 0xFFFFFFFF
