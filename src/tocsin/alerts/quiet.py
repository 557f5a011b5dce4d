"""Quiet hours as spans of time. Pure; all instants are aware UTC.

Quiet hours are wall times in a channel's zone. They begin at the first moment at which clocks there show ``start``, and
end at the last at which they show ``end``: on the autumn night, when clocks show it twice, peace lasts until the second
time. A wall time that the spring night leaves out is the moment at which clocks go on.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tocsin.models.watchlist import QuietHours
from tocsin.models.zones import zone_of

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)

# Quiet hours that began up to so many dates ago may last: they run past midnight, and a zone that changes sides of the
# date line leaves out a day.
_DATES_BACK = 3


def quiet_until(hours: QuietHours, timezone: str, at: datetime) -> datetime | None:
    """Give the end of the quiet hours in which an instant lies, None if it lies in none.

    >>> night = QuietHours("22:00", "07:00")
    >>> quiet_until(night, "Europe/Berlin", datetime(2017, 9, 5, 21, 30, tzinfo=UTC))
    datetime.datetime(2017, 9, 6, 5, 0, tzinfo=datetime.timezone.utc)
    >>> quiet_until(night, "Europe/Berlin", datetime(2017, 9, 6, 5, 0, tzinfo=UTC))
    """
    zone = zone_of(timezone)
    today = at.astimezone(zone).date()
    for back in range(_DATES_BACK, -1, -1):
        began, ends = _span(hours, zone, today - back * _DAY)
        if began <= at < ends:
            # Where a day is left out, the next quiet hours may begin as these end.
            return quiet_until(hours, timezone, ends) or ends
    return None


def _span(hours: QuietHours, zone: ZoneInfo, day: date) -> tuple[datetime, datetime]:
    start, end = time.fromisoformat(hours.start), time.fromisoformat(hours.end)
    last_day = day if start < end else day + _DAY
    return _moment(datetime.combine(day, start), zone, 0), _moment(datetime.combine(last_day, end), zone, 1)


def _moment(nominal: datetime, zone: ZoneInfo, fold: int) -> datetime:
    """Give the moment at which clocks show ``nominal``, the first or second (``fold``); or the end of a gap."""
    while True:
        at = nominal.replace(tzinfo=zone, fold=fold).astimezone(UTC)
        if at.astimezone(zone).replace(tzinfo=None, fold=0) == nominal:
            return at
        nominal += _MINUTE
