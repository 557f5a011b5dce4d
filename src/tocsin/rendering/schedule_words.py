"""A schedule of digests in words. Pure."""

from __future__ import annotations

from tocsin.models.watchlist import DigestSchedule
from tocsin.rendering.locales import ENGLISH, Locale

EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)
_WEEKDAYS = (1, 2, 3, 4, 5)
_WEEKEND = (6, 7)


def schedule_words(schedule: DigestSchedule, timezone: str, *, locale: Locale = ENGLISH) -> str:
    """Say a schedule; ``timezone`` is an IANA name.

    >>> from tocsin.models.watchlist import QuietPolicy
    >>> schedule_words(DigestSchedule((1, 2, 3, 4, 5), ("07:30",), QuietPolicy.SKIP), "Europe/Berlin")
    '07:30 Europe/Berlin on weekdays'
    """
    if schedule.cron:
        return locale.text("by the cron expression %(cron)s, %(zone)s", cron=schedule.cron, zone=timezone)
    times = locale.listed(schedule.at)
    if schedule.days == EVERY_DAY:
        return locale.text("%(times)s %(zone)s every day", times=times, zone=timezone)
    if schedule.days == _WEEKDAYS:
        return locale.text("%(times)s %(zone)s on weekdays", times=times, zone=timezone)
    if schedule.days == _WEEKEND:
        return locale.text("%(times)s %(zone)s at weekends", times=times, zone=timezone)
    days = locale.listed([locale.weekday(day) for day in schedule.days])
    return locale.text("%(times)s %(zone)s on %(days)s", times=times, zone=timezone, days=days)
