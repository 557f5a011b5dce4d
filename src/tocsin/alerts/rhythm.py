"""A watch's own rhythm: how much is usual in which hour of the week, and how much that varies. Pure; hours are UTC.

The rate of an hour of the week is learned in steps, each a gamma prior for the next: the watch's mean, the hour of the
day, the hour of the week. What is known of few hours stays near the step before, and says how little it is known.
Counts vary more than Poisson's, since one event brings several articles; so their variance is measured on the watch's
own past (quasi-Poisson), after hours that stand out have been cut, lest a burst of last week hides one of today:

- C. P. Farrington et al., A statistical algorithm for the early detection of outbreaks of infectious disease, Journal
  of the Royal Statistical Society A 159, 1996;
- A. Noufaily et al., An improved algorithm for outbreak detection in multiple surveillance systems, Statistics in
  Medicine 32, 2013.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt

HISTORY = timedelta(weeks=8)
"""How far back a rhythm is learned."""

HOUR = timedelta(hours=1)
DAY_HOURS, WEEK_HOURS = 24, 168

# Strength of the priors, as the number of matches that outweigh them: days differ more within themselves than weeks.
# What the last days brought is weighed likewise.
_DAY_SHAPE, _WEEK_SHAPE = 3.0, 8.0
_LATELY_HOURS, _LATELY_SHAPE = 72, 10.0
# Articles come in clusters: a watch is taken to vary so much more than Poisson's until it has brought some itself.
_PRIOR_DISPERSION, _PRIOR_COUNT = 3.0, 6.0
# A mean of nothing is not certain to be nothing: half a match (Jeffreys' prior of a Poisson rate).
_UNSEEN = 0.5
# Hours above this many standard deviations are cut to it before the rhythm is learned; again, since the first time they
# make the deviation large themselves.
_OUTSTANDING, _ROUNDS = 4.0, 3


@dataclass(frozen=True, slots=True)
class WatchHour:
    """What a watch brought in one hour, as `watch_hours` has it: stories new to it, and new matches."""

    hour_at: datetime
    stories: int
    articles: int


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What is usual in each hour of the week, from Monday 00:00 UTC on.

    ``doubts`` are the relative variances of these rates, each for itself, ``doubt`` that of all together: how little is
    known of them. ``lately`` is how much more than that the last days brought, at least 1: a watch that has come
    thicker for days is not in a burst for weeks. ``dispersion`` is the variance over the mean of counts, by the number
    of hours that are counted together; at least 1.
    """

    rates: tuple[float, ...]
    doubts: tuple[float, ...]
    doubt: float
    lately: float
    dispersion: tuple[tuple[int, float], ...]

    @property
    def mean(self) -> float:
        """Give how much an hour brings on the mean."""
        return sum(self.rates) / WEEK_HOURS

    def usual(self, span: int, end: datetime) -> float:
        """Give how much is expected in so many hours up to ``end``."""
        return sum(rate for rate, _ in self._parts(span, end)) * self.lately

    def uncertainty(self, span: int, end: datetime) -> float:
        """Give the variance of that expectation itself."""
        parts = self._parts(span, end)
        own = sum(rate * rate * doubt for rate, doubt in parts)
        return (own + sum(rate for rate, _ in parts) ** 2 * self.doubt) * self.lately**2

    def _parts(self, span: int, end: datetime) -> list[tuple[float, float]]:
        """Give what each hour of the week contributes, the first and the last in part, with its doubt."""
        last = _hour_of_week(end)
        begun = (end - _on_the_hour(end)) / HOUR
        weights = [1 - begun, *[1.0] * (span - 1), begun]
        hours = range(last - span, last + 1)
        return [(self.rates[hour] * weight, self.doubts[hour]) for hour, weight in zip(hours, weights, strict=True)]


def learn(counts: Iterable[tuple[datetime, int]], since: datetime, until: datetime, spans: Sequence[int]) -> Rhythm:
    """Learn a rhythm from the hours in [since, until) that had any; the others in between had none.

    ``spans`` are the numbers of hours for which the dispersion is wanted. Both bounds are cut to whole hours.
    """
    first = _on_the_hour(since)
    hours = max(0, (_on_the_hour(until) - first) // HOUR)
    series = [0] * hours
    for at, count in counts:
        place = (at - first) // HOUR
        if 0 <= place < hours:
            series[place] = count
    offset = _hour_of_week(first)
    cut: list[float] = list(series)
    rates, doubts = _fit(cut, offset)
    for _ in range(_ROUNDS):
        cut = _cut(cut, rates, offset)
        rates, doubts = _fit(cut, offset)
    dispersion = tuple((span, _dispersion(cut, rates, offset, span)) for span in spans)
    lately = _lately(cut, rates, offset)
    return Rhythm(tuple(rates), tuple(doubts), 1 / (sum(cut) + _UNSEEN), lately, dispersion)


def _fit(series: Sequence[float], offset: int) -> tuple[list[float], list[float]]:
    """Give the rate of each hour of the week, and how little it is known for itself."""
    total, hours = sum(series) + _UNSEEN, max(1, len(series))
    mean = total / hours
    by_day = [0.0] * DAY_HOURS
    by_week, seen = [0.0] * WEEK_HOURS, [0] * WEEK_HOURS
    for place, count in enumerate(series, offset):
        by_day[place % DAY_HOURS] += count
        by_week[place % WEEK_HOURS] += count
        seen[place % WEEK_HOURS] += 1
    rates, doubts = [], []
    for hour in range(WEEK_HOURS):
        of_day = hour % DAY_HOURS
        days = sum(seen[of_day::DAY_HOURS])
        daily = mean * (_DAY_SHAPE + by_day[of_day]) / (_DAY_SHAPE + mean * days)
        rates.append(daily * (_WEEK_SHAPE + by_week[hour]) / (_WEEK_SHAPE + daily * seen[hour]))
        doubts.append(1 / (_DAY_SHAPE + by_day[of_day]) + 1 / (_WEEK_SHAPE + by_week[hour]))
    return rates, doubts


def _cut(series: Sequence[float], rates: Sequence[float], offset: int) -> list[float]:
    spread = _dispersion(series, rates, offset, 1)
    most = [rate + _OUTSTANDING * sqrt(spread * rate) + 1 for rate in rates]
    return [min(count, most[place % WEEK_HOURS]) for place, count in enumerate(series, offset)]


def _lately(series: Sequence[float], rates: Sequence[float], offset: int) -> float:
    start = max(0, len(series) - _LATELY_HOURS)
    usual = sum(rates[place % WEEK_HOURS] for place in range(offset + start, offset + len(series)))
    return max(1.0, (sum(series[start:]) + _LATELY_SHAPE) / (usual + _LATELY_SHAPE))


def _dispersion(series: Sequence[float], rates: Sequence[float], offset: int, span: int) -> float:
    """Give how much more counts of ``span`` hours together vary than Poisson's: squared residuals over expectations."""
    squares = expected = 0.0
    blocks = len(series) // span
    for block in range(blocks):
        start = block * span
        usual = sum(rates[(offset + place) % WEEK_HOURS] for place in range(start, start + span))
        squares += (sum(series[start : start + span]) - usual) ** 2
        expected += usual
    return max(1.0, (squares + _PRIOR_COUNT * _PRIOR_DISPERSION) / (expected + _PRIOR_COUNT))


def _hour_of_week(at: datetime) -> int:
    return at.weekday() * DAY_HOURS + at.hour


def _on_the_hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)
