"""Words for reasons: times, lengths and numbers."""

from __future__ import annotations

from datetime import datetime, timedelta

from tocsin.models.watchlist import Rate
from tocsin.rendering.times import local_clock, local_day

_UNITS = ((timedelta(days=1), "day"), (timedelta(hours=1), "hour"), (timedelta(minutes=1), "minute"))


def clock(at: datetime, now: datetime) -> str:
    """Give a time in UTC, with the day if that is another one; for after "since" and "until".

    >>> from datetime import UTC
    >>> now = datetime(2017, 9, 6, 9, 0, tzinfo=UTC)
    >>> clock(datetime(2017, 9, 6, 7, 2, tzinfo=UTC), now), clock(datetime(2017, 9, 5, 7, 2, tzinfo=UTC), now)
    ('07:02 UTC', 'Tue 5 Sep, 07:02 UTC')
    """
    year = "" if at.year == now.year else f" {at.year}"
    day = "" if at.date() == now.date() else f"{local_day(at, 'UTC')}{year}, "
    return f"{day}{local_clock(at, 'UTC')} UTC"


def when(at: datetime, now: datetime) -> str:
    """Say when something happened: "at 07:02 UTC", "on Tue 5 Sep, 07:02 UTC"."""
    return f"{'at' if at.date() == now.date() else 'on'} {clock(at, now)}"


def counted(number: int, thing: str) -> str:
    """Give a number with its noun: "1 outlet", "3 outlets"."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def span_words(span: timedelta) -> str:
    """Give an exact length of time: "an hour", "90 minutes", "6 hours"."""
    for size, unit in _UNITS:
        if span % size == timedelta():
            number = span // size
            return f"{'an' if unit == 'hour' else 'a'} {unit}" if number == 1 else f"{number} {unit}s"
    return f"{round(span.total_seconds())} seconds"


def at_most_words(rate: Rate) -> str:
    """Give a rate: "3 messages an hour", "1 message in 30 minutes".

    >>> at_most_words(Rate(3, timedelta(hours=1))), at_most_words(Rate(1, timedelta(minutes=30)))
    ('3 messages an hour', '1 message in 30 minutes')
    """
    span = span_words(rate.per)
    return f"{counted(rate.number, 'message')} {span if span[0] == 'a' else f'in {span}'}"
