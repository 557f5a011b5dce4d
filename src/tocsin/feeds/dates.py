"""When an entry was published: what the feed says, believed only where it can be true. No clock here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

_FIRST_YEAR: Final = 1990
_LAST_YEAR: Final = 2100
_WIDEST_ZONE: Final = 14

# feedparser reads year 10000 as 2010 and year -1 as 2000.
_NO_YEAR: Final = re.compile(r"\s*[-+]|.*(?<!\d)\d{5,}(?!\d)", re.DOTALL)
_ZONE: Final = re.compile(r"[-+](\d\d):?\d\d\s*\Z")


def published_at(raw: str, parsed: Sequence[int] | None) -> datetime | None:
    """Check a date that feedparser read (nine numbers, UTC) against the words it was read from.

    None for a year before 1990 or after 2100, five-digit and negative years, zones over 14 hours, and leap seconds that
    the calendar does not have.
    """
    if not parsed or _NO_YEAR.match(raw):
        return None
    zone = _ZONE.search(raw)
    if zone and int(zone[1]) > _WIDEST_ZONE:
        return None
    try:
        found = datetime(*parsed[:6], tzinfo=UTC)  # type: ignore[misc,arg-type]  # six numbers, of which none is tzinfo
    except (ValueError, TypeError, OverflowError):
        return None
    return found if _FIRST_YEAR <= found.year <= _LAST_YEAR else None


def clamp_published(published_at: datetime | None, seen_at: datetime) -> datetime:
    """Give the date to sort an entry by: its own, unless it has none, lies after ``seen_at`` or before 1990.

    An article cannot have been published after we saw it; dates in the future would stay on top of every digest.
    """
    if published_at is None or published_at > seen_at or published_at.year < _FIRST_YEAR:
        return seen_at
    return published_at
