"""``when: burst``: when a watch comes thicker than its own rhythm. Pure.

What was found in the last hour, three and six hours is compared with what is usual at that time of the week (see
`tocsin.alerts.rhythm`). A burst begins when that is at least twice the usual, when chance alone would hardly ever bring
so much, and when both hold of at least two outlets: it must still be much without the loudest of them. It ends when
what is found is near the usual again: two thresholds, like the states of Kleinberg's automaton (Bursty and hierarchical
structure in streams, Data Mining and Knowledge Discovery 7, 2003), keep it from flickering.

A look is taken at every match, in three windows and by two measures, so the chance must be far below one in the looks
of a month. `benchmarks/bench_bursts.py` counts what comes of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from tocsin.alerts.chances import chance_of
from tocsin.alerts.records import Burst, Measure, Pulse
from tocsin.alerts.rhythm import HISTORY, HOUR, Rhythm, WatchHour, learn
from tocsin.models.ids import StoryId

SPANS = (1, 3, 6)
"""The windows, in hours."""

LOOK_BACK = timedelta(hours=max(SPANS))
"""How far back sightings are wanted."""

LEAST_OUTLETS = 2
GROWTH = 3.0
"""A burst is told again when there is this many times more above the usual than when it was last told."""

TIMES_USUAL = 2.0
"""What is found must be so many times the usual: of many articles a little more is no chance, but no burst either."""

# How unlikely it must be to go on as a burst, and to be much even without the loudest outlet.
_GOES_ON, _WITHOUT_LOUDEST = 0.05, 1e-2
# How unlikely it must be to begin one: so that all looks of a month together hardly give one, within these bounds. A
# look is taken at every report; those of a lively watch see much the same, so that the lower bound is enough for them.
_ONES_A_MONTH, _MONTH_HOURS = 0.2, 720
_AT_LEAST, _AT_MOST = 3e-5, 5e-4


@dataclass(frozen=True, slots=True)
class Sighting:
    """A match of the last hours: when its article was published, its story (merged ones resolved) and its outlet.

    By publication, since after an outage the articles of many hours are found in one. ``is_new`` says that it is the
    first of its story for the watch.
    """

    at: datetime
    story: StoryId
    outlet: str
    is_new: bool


class Expected(NamedTuple):
    """What is usual in a window that ends now, how much that varies, and how unlikely more must be to begin a burst."""

    measure: Measure
    window: timedelta
    mean: float
    variance: float
    allowed: float


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual of a watch by one measure."""

    measure: Measure
    rhythm: Rhythm

    def expected(self, hours: int, now: datetime) -> Expected:
        """Give what is expected in the last hours."""
        mean = self.rhythm.usual(hours, now)
        variance = dict(self.rhythm.dispersion)[hours] * mean + self.rhythm.uncertainty(hours, now)
        return Expected(self.measure, hours * HOUR, mean, variance, _allowed(self.rhythm.mean))


@dataclass(frozen=True, slots=True)
class Rhythms:
    """What is usual of a watch; good for hours."""

    stories: Usual
    reports: Usual


def learn_rhythms(hours: Sequence[WatchHour], since: datetime, now: datetime) -> Rhythms:
    """Learn a watch's rhythms from its rows of the last `HISTORY`; ``since`` is when it was first counted.

    The hours that the windows cover are left out.
    """
    start, until = max(since, now - HISTORY), now - LOOK_BACK
    of_stories = learn(((hour.hour_at, hour.stories) for hour in hours), start, until, SPANS)
    of_reports = learn(((hour.hour_at, hour.articles) for hour in hours), start, until, SPANS)
    return Rhythms(Usual(Measure.STORIES, of_stories), Usual(Measure.REPORTS, of_reports))


def _allowed(an_hour: float) -> float:
    """Give the chance that is allowed of a look, where so many are taken an hour."""
    return min(_AT_MOST, max(_AT_LEAST, _ONES_A_MONTH / (_MONTH_HOURS * an_hour)))


def measure(rhythms: Rhythms, sightings: Iterable[Sighting], now: datetime) -> Pulse:
    """Give the least likely of what the windows hold; one that can begin a burst before any other."""
    recent = [one for one in sightings if now - LOOK_BACK < one.at <= now]
    pulses = []
    for hours in SPANS:
        within = [one for one in recent if one.at > now - hours * HOUR]
        pulses.append(_pulse(rhythms.stories.expected(hours, now), _stories(within)))
        pulses.append(_pulse(rhythms.reports.expected(hours, now), _reports(within)))
    return min(pulses, key=lambda pulse: (not pulse.begins, pulse.chance))


def step(burst: Burst | None, pulse: Pulse, now: datetime) -> Burst | None:
    """Give the burst that lasts after this pulse: begun, grown, unchanged; None if there is none, or no more."""
    if burst is None:
        return _called(pulse, now, now) if pulse.begins else None
    if pulse.chance > _GOES_ON:
        return None
    has_grown = pulse.found - pulse.usual >= GROWTH * (burst.found - burst.usual)
    return _called(pulse, burst.began_at, now) if has_grown and pulse.begins else burst


def _called(pulse: Pulse, began_at: datetime, now: datetime) -> Burst:
    return Burst(began_at, now, pulse.measure, pulse.window, pulse.found, pulse.usual, pulse.outlets)


def _stories(within: Sequence[Sighting]) -> list[set[str]]:
    """Give the outlets of each story that is new to the watch."""
    by_story: dict[StoryId, set[str]] = {one.story: set() for one in within if one.is_new}
    for one in within:
        if one.story in by_story:
            by_story[one.story].add(one.outlet)
    return list(by_story.values())


def _reports(within: Sequence[Sighting]) -> list[set[str]]:
    """Give the outlet of each report."""
    return [{outlet} for _, outlet in {(one.story, one.outlet) for one in within}]


def _pulse(expected: Expected, counted: Sequence[set[str]]) -> Pulse:
    """Compare what was counted, each with its outlets, with what is expected."""
    by_outlet = Counter(outlet for outlets in counted for outlet in outlets)
    pulse = Pulse(expected.measure, expected.window, len(counted), expected.mean, len(by_outlet), 1.0)
    if len(counted) <= expected.mean:
        return pulse
    chance = chance_of(len(counted), expected.mean, expected.variance)
    is_much = len(counted) >= TIMES_USUAL * expected.mean and chance < expected.allowed
    begins = is_much and len(by_outlet) >= LEAST_OUTLETS and _is_much_without_loudest(expected, counted, by_outlet)
    return replace(pulse, chance=chance, begins=begins)


def _is_much_without_loudest(expected: Expected, counted: Sequence[set[str]], by_outlet: Counter[str]) -> bool:
    [(loudest, _)] = by_outlet.most_common(1)
    rest = sum(1 for outlets in counted if outlets != {loudest})
    return chance_of(rest, expected.mean, expected.variance) <= _WITHOUT_LOUDEST
