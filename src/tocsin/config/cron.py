"""Cron expressions, as a schedule of digests may have one: five fields, at most one slot an hour, every year some."""

from __future__ import annotations

from datetime import datetime, timedelta

from cronsim import CronSim, CronSimError

from tocsin.config.wording import quoted

MOST_CHARACTERS = 100

_FIELDS = ("minute", "hour", "day-of-month", "month", "day-of-week")
_EXAMPLE = "'30 7 * * 1-5'"
# A year without a 29 February: what comes in leap years only does not come every year.
_NEW_YEAR = datetime(2023, 1, 1)  # noqa: DTZ001 -- a date on a calendar, in no zone
_YEAR = timedelta(days=366)


def cron_fault(expression: str) -> str | None:
    """Say what is wrong with a cron expression, remedy included; None for one that can be kept.

    Debian's cron is the model (cron(8), crontab(5)), by the library cronsim.

    >>> cron_fault("30 7 * * 1-5")
    >>> cron_fault("*/20 7 * * *")
    "'*/20 7 * * *' comes 3 times an hour; digests are at least an hour apart: write one minute, such as '0 7 * * *'"
    """
    fields = expression.split()
    if len(fields) != len(_FIELDS) or len(expression) > MOST_CHARACTERS:
        return (
            f"{quoted(expression)} is no cron expression; write five fields ({', '.join(_FIELDS)}), such as {_EXAMPLE}"
        )
    try:
        slots = CronSim(expression, _NEW_YEAR)
    except CronSimError as error:
        name = str(error).removeprefix("Bad ")
        written = dict(zip(_FIELDS, fields, strict=True)).get(name, expression)
        cannot = f"the {name} {quoted(written)} cannot be; write one such as {_EXAMPLE}"
        return f"{quoted(expression)} is no cron expression: {cannot}"
    if len(slots.minutes) > 1:
        one = " ".join(["0", *fields[1:]])
        return (
            f"{quoted(expression)} comes {len(slots.minutes)} times an hour; digests are at least an hour apart: "
            f"write one minute, such as '{one}'"
        )
    first = next(slots, None)
    if first is None or first - _NEW_YEAR > _YEAR:
        return f"{quoted(expression)} does not come every year; write days that every year has, such as {_EXAMPLE}"
    return None
