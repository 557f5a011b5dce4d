"""How often a feed says that it changes: RSS's ttl, skipHours and skipDays, and the syndication module of RSS 1.0.

Publishers write all kinds of things there ("always", "dayly", a frequency of 0.1): what makes no sense says nothing,
and what is out of all proportion counts as the nearest sense. Nothing is decided here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from tocsin.models.feeds import Hints

LONGEST: Final = timedelta(days=366)
SHORTEST: Final = timedelta(minutes=1)

_PERIODS: Final = {
    "minutely": timedelta(minutes=1),
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "dayly": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NUMBER: Final = re.compile(r"\s*(\d{1,9}(?:\.\d{1,9})?)\s*\Z", re.ASCII)
_HOUR: Final = re.compile(r"<hour>\s*(\d{1,2})\s*</hour>", re.ASCII | re.IGNORECASE)
_DAY: Final = re.compile(r"<day>\s*([A-Za-z]{6,9})\s*</day>", re.IGNORECASE)


def hints_of(said: Mapping[str, str]) -> Hints:
    """Read what stands above the entries: texts by field; ``skip hours`` and ``skip days`` hold their elements."""
    return Hints(
        ttl=_ttl(said.get("ttl", "")),
        update_every=_update_every(said.get("update period", ""), said.get("update frequency")),
        skip_hours=_skipped_hours(said.get("skip hours", "")),
        skip_days=_skipped_days(said.get("skip days", "")),
    )


def _number(text: str) -> float | None:
    found = _NUMBER.match(text)
    return float(found[1]) if found else None


def _ttl(text: str) -> timedelta | None:
    """Read minutes; a ttl of 0 says nothing."""
    minutes = _number(text)
    return _bounded(timedelta(minutes=min(minutes, 1e6))) if minutes else None


def _update_every(period: str, frequency: str | None) -> timedelta | None:
    """Read a period and how often in it the feed changes; without a sound frequency, once (its default)."""
    length = _PERIODS.get(period.strip().lower())
    if length is None:
        return None
    times = _number(frequency or "") or 1.0
    return _bounded(length / max(times, 1e-3))


def _bounded(length: timedelta) -> timedelta:
    return min(max(length, SHORTEST), LONGEST)


def _skipped_hours(markup: str) -> tuple[int, ...]:
    """Read hours of the day in GMT: 0 to 23, and 24 for 0, as the first versions of RSS had it."""
    hours = {int(each) % 24 for each in _HOUR.findall(markup) if int(each) <= 24}  # noqa: PLR2004 - hours of a day
    # A feed that is never to be asked means something else.
    return tuple(sorted(hours)) if len(hours) < 24 else ()  # noqa: PLR2004 - as above


def _skipped_days(markup: str) -> tuple[int, ...]:
    found = {each.lower() for each in _DAY.findall(markup)}
    days = tuple(number for number, name in enumerate(_DAYS, start=1) if name in found)
    return days if len(days) < len(_DAYS) else ()
