"""Spans of time as a watchlist writes them: ``30m``, ``24h``, ``90d``, ``2w``.

Each check takes a value as written and gives a `timedelta`, or raises ValueError with the fault as the user reads it.
"""

from __future__ import annotations

import re
from datetime import timedelta

from tocsin.config.wording import quoted

SPAN = r"^[1-9][0-9]{0,5}[mhdw]$"
SPAN_OR_NOTHING = r"^(0|[1-9][0-9]{0,5}[mhdw])$"

UNITS = {"w": timedelta(weeks=1), "d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1)}

LEAST_EVERY, MOST_EVERY = timedelta(minutes=1), timedelta(days=30)
LEAST_RETENTION, MOST_RETENTION = timedelta(days=1), timedelta(days=3650)
MOST_BACKLOG = timedelta(days=365)
LEAST_PAUSE, MOST_PAUSE = timedelta(hours=1), timedelta(days=365)

_LONG_FORM = re.compile(r"(?P<number>[0-9]{1,6}(?:\.[0-9]{1,3})?)\s*(?P<unit>[a-z]+)\.?", re.IGNORECASE)
_UNIT_WORDS = {
    "m": ("min", "mins", "minute", "minutes"),
    "h": ("hr", "hrs", "hour", "hours"),
    "d": ("day", "days"),
    "w": ("wk", "wks", "week", "weeks"),
}
_MONTHS_AND_YEARS = {"mo": 30, "month": 30, "months": 30, "y": 365, "yr": 365, "year": 365, "years": 365}


def every(written: object) -> timedelta:
    """Check how often a feed is polled: a minute to 30 days."""
    return _within(_span(written, "30m", MOST_EVERY), LEAST_EVERY, MOST_EVERY)


def backlog(written: object) -> timedelta:
    """Check how much older than the subscription an article may be and still be news: nothing to 365 days."""
    if written == "0":
        return timedelta()
    return _within(_span(written, "24h", MOST_BACKLOG), timedelta(), MOST_BACKLOG)


def retention(written: object) -> timedelta:
    """Check how long articles are kept: a day to 3650 days."""
    return _within(_span(written, "90d", MOST_RETENTION), LEAST_RETENTION, MOST_RETENTION)


def pause(written: object) -> timedelta:
    """Check how long a subscriber pauses: an hour to 365 days."""
    return _within(_span(written, "2w", MOST_PAUSE), LEAST_PAUSE, MOST_PAUSE)


def written(span: timedelta) -> str:
    """Write whole minutes in the greatest unit that fits, as the file would have it.

    >>> written(timedelta(days=90)), written(timedelta(minutes=90)), written(timedelta())
    ('90d', '90m', '0')
    """
    if not span:
        return "0"
    # Weeks are left to those who write them: 14 days read as well as two weeks, and 90 days better.
    return next(f"{span // UNITS[unit]}{unit}" for unit in "dhm" if span % UNITS[unit] == timedelta())


def _span(value: object, example: str, most: timedelta) -> timedelta:
    text = value.strip() if isinstance(value, str) else ""
    if re.fullmatch(SPAN, text):
        return int(text[:-1]) * UNITS[text[-1]]
    if not text:
        raise ValueError(f"a span of time is missing here; write one such as {example}")
    raise ValueError(f"{quoted(text)} is no span of time; {_remedy(text, example, most)}")


def _remedy(text: str, example: str, most: timedelta) -> str:
    """Say how the span that is probably meant is written, if it may be; ``most`` is the longest."""
    if re.fullmatch("[0-9]{1,6}", text):
        number = int(text) or 1
        return f"write the unit too: {number}m (minutes), {number}h (hours), {number}d (days) or {number}w (weeks)"
    meant = _LONG_FORM.fullmatch(text)
    better = _better(float(meant["number"]), meant["unit"].lower()) if meant else None
    if better is None:
        return f"write a number with m, h, d or w, such as {example}"
    return f"write '{written(better)}'" if better <= most else f"the longest is '{written(most)}'"


def _better(number: float, unit: str) -> timedelta | None:
    if unit in _MONTHS_AND_YEARS:
        span = number * timedelta(days=_MONTHS_AND_YEARS[unit])
    else:
        short = next((key for key, words in _UNIT_WORDS.items() if unit == key or unit in words), None)
        if short is None:
            return None
        span = number * UNITS[short]
    return span if span and span % UNITS["m"] == timedelta() else None


def _within(span: timedelta, least: timedelta, most: timedelta) -> timedelta:
    if not least <= span <= most:
        raise ValueError(f"{written(span)} is out of range; write a span from {written(least)} to {written(most)}")
    return span
