"""What bounds a channel or the alerts of a watch, as a watchlist writes it: rates, quiet hours, numbers of outlets.

Each check takes a value as written and gives it checked, or raises ValueError with the fault as the user reads it.
"""

from __future__ import annotations

import re
from datetime import timedelta

from tocsin.config.values import TIME
from tocsin.config.wording import UnknownWord, quoted
from tocsin.models.watchlist import QuietHours, Rate

PERIODS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}
MOST = 1_000
RATE = rf"^[1-9][0-9]{{0,3}}/({'|'.join(PERIODS)})$"
QUIET_HOURS = rf"^{TIME.strip('^$')}-{TIME.strip('^$')}$"

_RATE_EXAMPLE = "3/hour"
_QUIET_EXAMPLE = "22:00-07:00"
_SHORT_PERIODS = {
    "minute": ("m", "min", "mins", "minutes"),
    "hour": ("h", "hr", "hrs", "hours", "hourly"),
    "day": ("d", "days", "daily"),
}
# What people write in their place: 3 per hour, 3 an hour; 22-7, 9:30 - 18:00, 22:00 to 07:00.
_LOOSE_RATE = re.compile(r"(?P<number>[0-9]{1,6})\s*(?:/|per\b|an?\b)?\s*(?P<period>[a-z]+)", re.IGNORECASE)
_LOOSE_HOURS = re.compile(r"([0-9]{1,2})(?::([0-9]{2}))?\s*(?:[-\u2010-\u2015]|to)\s*([0-9]{1,2})(?::([0-9]{2}))?")


def rate(written: object) -> Rate:
    """Check a rate: a number from 1 to 1000, a slash, and ``minute``, ``hour`` or ``day``."""
    text = written.strip() if isinstance(written, str) else ""
    if not text:
        raise ValueError(f"a rate is missing here; write one such as {_RATE_EXAMPLE}")
    number, slash, period = text.partition("/")
    if slash and re.fullmatch("[0-9]{1,6}", number) and re.fullmatch("[A-Za-z]+", period):
        return _rate(text, int(number), period)
    raise ValueError(f"{quoted(text)} is no rate; {_better_rate(text)}")


def _rate(text: str, number: int, period: str) -> Rate:
    meant = _period(period)
    if meant is None:
        raise UnknownWord("period", period, PERIODS, f"write minute, hour or day, such as {_RATE_EXAMPLE}")
    if period != meant:
        raise ValueError(f"{quoted(text)} is no rate; write '{number}/{meant}'")
    if not 1 <= number <= MOST:
        raise ValueError(f"{quoted(text)} is out of range; write a number from 1 to {MOST}, such as {_RATE_EXAMPLE}")
    return Rate(number, PERIODS[period])


def _better_rate(text: str) -> str:
    """Say how the rate that is probably meant is written."""
    if re.fullmatch("[0-9]{1,6}", text):
        number = int(text) or 1
        return f"write what it counts in too: {', '.join(f'{number}/{period}' for period in PERIODS)}"
    loose = _LOOSE_RATE.fullmatch(text)
    period = _period(loose["period"]) if loose else None
    if loose is None or period is None:
        return f"write a number, a slash and minute, hour or day, such as {_RATE_EXAMPLE}"
    return f"write '{int(loose['number']) or 1}/{period}'"


def _period(word: str) -> str | None:
    lowered = word.lower()
    return next((period for period, short in _SHORT_PERIODS.items() if lowered in (period, *short)), None)


def written(checked: Rate) -> str:
    """Write a rate as the file would have it.

    >>> written(Rate(3, timedelta(hours=1)))
    '3/hour'
    """
    return f"{checked.number}/{next(period for period, span in PERIODS.items() if span == checked.per)}"


def quiet_hours(written: object) -> QuietHours:
    """Check quiet hours: two wall times ``HH:MM`` with a hyphen between them, the second past midnight if earlier."""
    text = written.strip() if isinstance(written, str) else ""
    if not text:
        raise ValueError(f"quiet hours are missing here; write them such as '{_QUIET_EXAMPLE}'")
    if not re.fullmatch(QUIET_HOURS, text):
        raise ValueError(f"{quoted(text)} are no quiet hours; write '{_better_hours(text) or _QUIET_EXAMPLE}'")
    start, end = text.split("-")
    if start == end:
        raise ValueError(f"quiet hours from {start} to {end} would never end; write two different times")
    return QuietHours(start, end)


def _better_hours(text: str) -> str | None:
    loose = _LOOSE_HOURS.fullmatch(text)
    if loose is None:
        return None
    from_hour, from_minute, to_hour, to_minute = loose.groups(default="00")
    better = f"{from_hour.zfill(2)}:{from_minute}-{to_hour.zfill(2)}:{to_minute}"
    return better if re.fullmatch(QUIET_HOURS, better) else None


def outlets(written: object) -> int:
    """Check after how many further outlets a story rings once more: 1 to 1000."""
    text = written.strip() if isinstance(written, str) else ""
    if not re.fullmatch("[0-9]{1,4}", text) or not 1 <= int(text) <= MOST:
        found = f"{quoted(text)} is no number of outlets" if text else "a number of outlets is missing here"
        raise ValueError(f"{found}; write one from 1 to {MOST}, or remove the key")
    return int(text)
