"""When a feed that brings nothing new has fallen out of its own rhythm. Pure; a change in rate, not a fixed number.

The model: polls that bring something new are events. Their rate follows the hours of the day and the days of the week
as the feed itself has done so far, so that nights and weekends are as long as the feed makes them. Measured in events
that were to be expected instead of hours, gaps between events are alike; their tail is taken as exponential above its
upper quarter (peaks over threshold, Pickands 1975), as wide as it was seen to be, so that a feed that publishes in
bursts gets the patience it needs. A silence is told when a gap of its length is to be expected once in five years.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate, pairwise
from typing import Final

HISTORY: Final = timedelta(days=84)
"""Events older than this, counted back from the latest, do not speak for the rhythm of today."""

LEAST_GAPS: Final = 10
"""With fewer gaps a rhythm is not known yet."""

SHORTEST: Final = timedelta(hours=6)
"""No silence is told before, however fast the feed was."""

_LONGEST: Final = timedelta(days=400)
_FALSE_ALARMS_A_YEAR: Final = 0.2
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(days=7)
_WEEK_HOURS: Final = 168
_PRIOR: Final = 1.0
_LEAST_TAIL: Final = 15


def alarm_at(arrivals: Sequence[datetime], watched_since: datetime, gaps: Sequence[timedelta] = ()) -> datetime | None:
    """Say when the feed counts as silent, if nothing new comes until then; None while its rhythm is not known.

    ``arrivals`` are the times of the polls that brought something new, the latest last. ``gaps`` are times between such
    polls that reach further back; they serve where the arrivals are too few, as with a feed that speaks once a week.
    """
    if not arrivals:
        return None
    newest = arrivals[-1]
    since = max(watched_since, newest - HISTORY)
    recent = [at for at in arrivals if at >= since]
    if len(recent) > LEAST_GAPS and newest - since >= 2 * _DAY:
        profile = _profile(recent, since)
        lengths = [profile.between(first, second) for first, second in pairwise(recent)]
        a_year = len(lengths) * timedelta(days=365) / (newest - since)
        wanted = profile.after(newest, _patience(lengths, a_year))
    elif len(gaps) >= LEAST_GAPS:
        mean = sum(gaps, timedelta()) / len(gaps)
        wanted = newest + mean * _patience([gap / mean for gap in gaps], timedelta(days=365) / mean)
    else:
        return None
    return min(max(wanted, newest + SHORTEST), newest + _LONGEST)


def may_be_silent(quiet: timedelta, gaps: Sequence[timedelta]) -> bool:
    """Tell cheaply whether a feed that was quiet so long is worth a look at its history.

    Hardly any patience is shorter; a feed whose is, is told that much later.
    """
    if len(gaps) < LEAST_GAPS or quiet < SHORTEST:
        return False
    return quiet > 2 * sum(gaps, timedelta()) / len(gaps)


def _patience(lengths: Sequence[float], a_year: float) -> float:
    """Give the length of a gap that is seen once in five years, ``a_year`` gaps being seen in one.

    ``lengths`` have the mean 1. With k of n gaps above a threshold, by ``spread`` on average, the chance of a longer
    one is k/n (1 + (u - threshold) / (k spread))^-k: exponential for many, with a heavier tail the fewer were seen.
    """
    chance = min(0.01, _FALSE_ALARMS_A_YEAR / a_year)
    ordered = sorted(lengths, reverse=True)
    number = len(ordered)
    tails = [max(LEAST_GAPS, number // 4), *(number // part for part in (10, 20) if number // part >= _LEAST_TAIL)]
    return max(ordered[0], *(_beyond(ordered, tail, chance) for tail in tails))


def _beyond(ordered: Sequence[float], tail: int, chance: float) -> float:
    """Give the length that a gap exceeds with that chance, by the ``tail`` longest of them."""
    number = len(ordered)
    threshold = ordered[tail] if tail < number else 0.0
    # Never sharper than chance alone: a feed as regular as a clock may miss a beat.
    spread = max(1.0, sum(ordered[:tail]) / tail - threshold)
    stretch: float = (tail / number / chance) ** (1 / tail)
    return threshold + tail * spread * (stretch - 1)


@dataclass(frozen=True, slots=True)
class _Profile:
    """How many events are to be expected in each hour of a week, Monday 00:00 UTC first; ``sums`` adds them up."""

    origin: datetime
    rates: tuple[float, ...]
    sums: tuple[float, ...]

    def between(self, start: datetime, end: datetime) -> float:
        """Give the number of events to be expected in a span of time."""
        return self._until(end) - self._until(start)

    def after(self, start: datetime, expected: float) -> datetime:
        """Give the time by which so many events are to be expected."""
        wanted = self._until(start) + expected
        weeks = int(wanted / self.sums[-1])
        if weeks > _LONGEST / _WEEK + self._until(start) / self.sums[-1]:
            return start + _LONGEST
        rest = wanted - weeks * self.sums[-1]
        hour = next(hour for hour in range(_WEEK_HOURS) if self.sums[hour + 1] >= rest or hour == _WEEK_HOURS - 1)
        part = min(1.0, (rest - self.sums[hour]) / self.rates[hour]) if self.rates[hour] else 1.0
        return self.origin + weeks * _WEEK + (hour + part) * _HOUR

    def _until(self, at: datetime) -> float:
        hours = (at - self.origin) / _HOUR
        weeks, hour = divmod(hours, _WEEK_HOURS)
        whole = int(hour)
        return weeks * self.sums[-1] + self.sums[whole] + (hour - whole) * self.rates[whole]


def _profile(arrivals: Sequence[datetime], since: datetime) -> _Profile:
    """Learn the profile: the rate over all, times one factor for the hour of the day and one for the day of the week.

    A factor is drawn towards 1 by as much as one event would weigh. Hours and days that were never watched expect
    nothing: a feed that was added on a Tuesday is not told on its first Sunday.
    """
    newest = arrivals[-1]
    origin = _monday(since)
    seen = _by_hour(arrivals, origin)
    watched = _watched(since, newest, origin)
    rate = len(arrivals) * _HOUR / (newest - since)
    of_hour = _factors(_around([sum(seen[hour::24]) for hour in range(24)]), _around(_daily(watched)), rate)
    of_day = _factors(
        [sum(seen[24 * day : 24 * day + 24]) for day in range(7)],
        [sum(watched[24 * day : 24 * day + 24]) for day in range(7)],
        rate,
    )
    shape = [of_hour[hour % 24] * of_day[hour // 24] for hour in range(_WEEK_HOURS)]
    scale = len(arrivals) / sum(part * hours for part, hours in zip(shape, watched, strict=True))
    rates = tuple(part * scale for part in shape)
    return _Profile(origin, rates, (0.0, *accumulate(rates)))


def _monday(at: datetime) -> datetime:
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - midnight.weekday() * _DAY


def _by_hour(arrivals: Sequence[datetime], origin: datetime) -> list[float]:
    seen = [0.0] * _WEEK_HOURS
    for at in arrivals:
        seen[(at - origin) // _HOUR % _WEEK_HOURS] += 1
    return seen


def _watched(since: datetime, until: datetime, origin: datetime) -> list[float]:
    """Give for each hour of the week how many hours of it were watched."""
    first, last = (since - origin) / _HOUR, (until - origin) / _HOUR
    watched = [0.0] * _WEEK_HOURS
    for hour in range(int(first), int(last) + 1):
        watched[hour % _WEEK_HOURS] += min(hour + 1, last) - max(hour, first)
    return watched


def _daily(watched: Sequence[float]) -> list[float]:
    return [sum(watched[hour::24]) for hour in range(24)]


def _around(hours: Sequence[float]) -> list[float]:
    """Smear each hour over its neighbours: newsrooms change their clocks twice a year, UTC does not."""
    return [(hours[hour - 1] + 2 * hours[hour] + hours[(hour + 1) % 24]) / 4 for hour in range(24)]


def _factors(seen: Sequence[float], watched: Sequence[float], rate: float) -> list[float]:
    return [
        (number + _PRIOR) / (rate * hours + _PRIOR) if hours > 0 else 0.0
        for number, hours in zip(seen, watched, strict=True)
    ]
