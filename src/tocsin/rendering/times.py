"""Times in English, for what operators read; readers are told them by their `Locale`."""

from __future__ import annotations

from datetime import datetime, timedelta

from tocsin.rendering.locales import ENGLISH


def local_day(at: datetime, zone: str) -> str:
    """Give the local day of an aware time.

    >>> from datetime import UTC
    >>> local_day(datetime(2017, 9, 5, 22, 30, tzinfo=UTC), "Europe/Berlin")
    'Wed 6 Sep'
    """
    return ENGLISH.day(at, zone)


def local_clock(at: datetime, zone: str) -> str:
    """Give the local wall time ``HH:MM`` of an aware time."""
    return ENGLISH.clock(at, zone)


def local_time(at: datetime, zone: str) -> str:
    """Give local day and wall time of an aware time.

    >>> from datetime import UTC
    >>> local_time(datetime(2017, 9, 5, 14, 42, tzinfo=UTC), "Europe/Berlin")
    'Tue 5 Sep, 16:42'
    """
    return ENGLISH.moment(at, zone)


def both_times(at: datetime, timezone: str | None) -> str:
    """Give an aware time in UTC and, where it is known and another, in the reader's zone.

    >>> from datetime import UTC
    >>> both_times(datetime(2017, 9, 5, 14, 42, tzinfo=UTC), "Europe/Berlin")
    'Tue 5 Sep, 14:42 UTC (16:42 Europe/Berlin)'
    >>> both_times(datetime(2017, 9, 5, 23, 42, tzinfo=UTC), "Europe/Berlin")
    'Tue 5 Sep, 23:42 UTC (Wed 6 Sep, 01:42 Europe/Berlin)'
    """
    universal = f"{local_time(at, 'UTC')} UTC"
    if timezone is None or timezone == "UTC":
        return universal
    same_day = local_day(at, timezone) == local_day(at, "UTC")
    return f"{universal} ({local_clock(at, timezone) if same_day else local_time(at, timezone)} {timezone})"


def rough_length(length: timedelta) -> str:
    """Say a length of time in the unit a person would use: "3 days", "36 hours", "20 minutes".

    >>> rough_length(timedelta(hours=71))
    '3 days'
    """
    return ENGLISH.length(length)
