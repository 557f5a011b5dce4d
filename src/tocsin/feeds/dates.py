"""When an entry was published: what the feed says, believed only where it can be true. No clock here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

_FIRST_YEAR: Final = 1990
_LAST_YEAR: Final = 2100
_WIDEST_ZONE: Final = 14

# The two forms that nearly all feeds write, read without asking feedparser's nine readers (RFC 822, RFC 3339).
_RFC_822: Final = re.compile(
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? )?(\d{1,2}) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (\d{4})"
    r" (\d\d):(\d\d):([0-5]\d) (?:([-+])(\d\d)(\d\d)|GMT|UTC|UT|Z)",
    re.ASCII,
)
_RFC_3339: Final = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):([0-5]\d)(?:\.\d{1,9})?(?:([-+])(\d\d):(\d\d)|Z)", re.ASCII
)
_MONTHS: Final = {
    name: number
    for number, name in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), start=1)  # noqa: SIM905 - a list of twelve is no better
}
# feedparser reads year 10000 as 2010 and year -1 as 2000. Fractions and ISO 8601 without hyphens are no such years.
_NO_YEAR: Final = re.compile(r"\s*[-+]|.*(?<![\d.T])(?!(?:19|20)\d{6}(?!\d))\d{5,}(?!\d)", re.DOTALL)
_ZONE: Final = re.compile(r"[-+](\d\d):?\d\d\s*\Z")


def date_of(raw: str) -> datetime | None:
    """Read a date as feeds write them; None for what is no date, or cannot be true (see `published_at`)."""
    raw = raw.strip()
    if not raw:
        return None
    found = _RFC_822.fullmatch(raw)
    if found:
        day, month, year, *time = found.groups()
        return _checked(int(year), _MONTHS[month], int(day), time)
    found = _RFC_3339.fullmatch(raw)
    if found:
        year, month, day, *time = found.groups()
        return _checked(int(year), int(month), int(day), time)
    import feedparser  # takes long to load, and is seldom needed

    return published_at(raw, feedparser.datetimes._parse_date(raw))  # noqa: SLF001 - feedparser shows no other way


def _checked(year: int, month: int, day: int, time: list[str]) -> datetime | None:
    hour, minute, second, sign, zone_hours, zone_minutes = time
    # A year more on both sides, since the zone is still to be reckoned with.
    if not _FIRST_YEAR - 1 <= year <= _LAST_YEAR + 1 or (zone_hours and int(zone_hours) > _WIDEST_ZONE):
        return None
    try:
        found = datetime(year, month, day, int(hour), int(minute), tzinfo=UTC) + timedelta(seconds=int(second))
    except (ValueError, OverflowError):
        return None
    if zone_hours:
        offset = timedelta(hours=int(zone_hours), minutes=int(zone_minutes))
        found = found - offset if sign == "+" else found + offset
    return found if _FIRST_YEAR <= found.year <= _LAST_YEAR else None


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
