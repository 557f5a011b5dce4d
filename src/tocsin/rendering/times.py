"""Times as a reader writes them, in the reader's zone; English names, whatever the machine's locale."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def local_day(at: datetime, zone: str) -> str:
    """Give the local day of an aware time.

    >>> from datetime import UTC
    >>> local_day(datetime(2017, 9, 5, 22, 30, tzinfo=UTC), "Europe/Berlin")
    'Wed 6 Sep'
    """
    local = at.astimezone(ZoneInfo(zone))
    return f"{_DAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]}"


def local_clock(at: datetime, zone: str) -> str:
    """Give the local wall time ``HH:MM`` of an aware time."""
    return f"{at.astimezone(ZoneInfo(zone)):%H:%M}"


def local_time(at: datetime, zone: str) -> str:
    """Give local day and wall time of an aware time.

    >>> from datetime import UTC
    >>> local_time(datetime(2017, 9, 5, 14, 42, tzinfo=UTC), "Europe/Berlin")
    'Tue 5 Sep, 16:42'
    """
    return f"{local_day(at, zone)}, {local_clock(at, zone)}"


def local_span(start: datetime, end: datetime, zone: str) -> str:
    """Give a span of time with the year where it is needed, "Tue 5 Sep 07:30 \u2013 Wed 6 Sep 2017 07:30"."""
    first, last = (at.astimezone(ZoneInfo(zone)) for at in (start, end))
    first_year = "" if first.year == last.year else f" {first.year}"
    return (
        f"{local_day(start, zone)}{first_year} {local_clock(start, zone)} \u2013 "
        f"{local_day(end, zone)} {last.year} {local_clock(end, zone)}"
    )


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
    minutes = max(1, round(length / timedelta(minutes=1)))
    for unit, size, least in (("day", 1440, 2880), ("hour", 60, 120), ("minute", 1, 0)):
        if minutes >= least:
            number = round(minutes / size)
            return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
    raise AssertionError(minutes)  # the last unit takes any number
