"""Whether a digest that has nothing to tell is mailed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from tocsin.models.subscribers import StoredSubscriber
from tocsin.models.watchlist import QuietPolicy
from tocsin.models.zones import zone_of

HEARTBEAT: Final = timedelta(days=7)
"""After so long without a digest the next one comes even if it is quiet, for those who want that."""


def wants_quiet(stored: StoredSubscriber, on: date, mailed: date | None) -> bool:
    """Tell whether a subscriber is to be told on this day of theirs that nothing matched; ``mailed`` is the day of the
    last digest that they were sent.

    Days are counted, not hours: a week with a DST night in it is a week.
    """
    match stored.subscriber.digest.quiet:
        case QuietPolicy.SKIP:
            return False
        case QuietPolicy.SHORT:
            return True
        case QuietPolicy.WEEKLY:
            joined = stored.joined_at.astimezone(zone_of(stored.subscriber.timezone)).date()
            return on - (mailed or joined) >= HEARTBEAT
