"""When a delivery that was put off is tried again. Pure."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

MAX_ATTEMPTS = 12

# Minutes after the 1st, 2nd ... attempt; the last one stands for all that follow. In all about three days: mail servers
# are mended within that time, and news older than that is none (RFC 5321 4.5.4.1 asks for 4 to 5 days for letters).
_WAITS = (1, 5, 15, 30, 60, 120, 240, 480, 960, 1440)
_JITTER = 0.1


def next_attempt(attempts: int, now: datetime, *, key: str = "") -> datetime | None:
    """Give the time of the next attempt after ``attempts`` failed ones, or None when there were enough.

    Up to a tenth is added to each wait, different for each ``key`` (the delivery's) but the same whenever asked, so
    that a thousand messages put off by one dead server do not return in one second.
    """
    if attempts >= MAX_ATTEMPTS:
        return None
    wait = timedelta(minutes=_WAITS[min(max(attempts, 1), len(_WAITS)) - 1])
    return now + wait * (1 + _JITTER * _fraction(f"{key}:{attempts}"))


def _fraction(seed: str) -> float:
    """Map a text to 0..1, evenly."""
    return int.from_bytes(hashlib.sha256(seed.encode(errors="replace")).digest()[:4]) / 0xFFFFFFFF
