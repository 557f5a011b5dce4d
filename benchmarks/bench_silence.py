"""Claim: a feed that stops is told by its own rhythm, and a healthy one is hardly ever told.

Made-up feeds publish for two years: evenly, by day and night, in office hours, on weekdays, in bursts. A scheduler
polls each every so many minutes. False alarms are counted over the second year of each feed; targets: at most one a
feed and year. Then feeds of each kind stop at a random time, and the wait until they are told is measured; targets: a
feed of 20 articles a day within 24 hours, one of 2 a day within a week::

    python benchmarks/bench_silence.py [--feeds 20] [--only WORD]
"""

from __future__ import annotations

import argparse
import random
import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import median

from tocsin.feeds.silence import HISTORY, alarm_at, may_be_silent

START = datetime(2024, 1, 1, tzinfo=UTC)
YEAR, WEEK, DAY, HOUR = timedelta(days=365), timedelta(days=7), timedelta(days=1), timedelta(hours=1)
GAPS = 50
OFFICE = range(8, 18)
WEEKDAYS = 5


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of feed: its rate, how busy each hour is (1 on average), and how many articles come at once."""

    name: str
    per_day: float
    weight: Callable[[datetime], float]
    burst: float = 1.0
    target: timedelta | None = None


def evenly(_: datetime) -> float:
    """Publish at any time alike."""
    return 1.0


def by_day(at: datetime) -> float:
    """Publish eight times as much by day as by night."""
    return 1.45 if 6 <= at.hour < 22 else 0.18  # noqa: PLR2004 -- hours


def in_office(at: datetime) -> float:
    """Publish from eight to six on weekdays, and never else."""
    return 168 / (len(OFFICE) * WEEKDAYS) if at.hour in OFFICE and at.weekday() < WEEKDAYS else 0.0


def on_weekdays(at: datetime) -> float:
    """Publish on weekdays only."""
    return 7 / WEEKDAYS if at.weekday() < WEEKDAYS else 0.0


KINDS = (
    Kind("evenly, 200 a day", 200, evenly, target=DAY),
    Kind("evenly, 20 a day", 20, evenly, target=DAY),
    Kind("evenly, 2 a day", 2, evenly, target=WEEK),
    Kind("evenly, 1 a week", 1 / 7, evenly),
    Kind("day and night, 20 a day", 20, by_day, target=DAY),
    Kind("day and night, 2 a day", 2, by_day, target=WEEK),
    Kind("office hours, 20 a day", 20, in_office),
    Kind("office hours, 2 a day", 2, in_office),
    Kind("weekdays, 20 a day", 20, on_weekdays),
    Kind("weekdays, 2 a day", 2, on_weekdays),
    Kind("bursts of 5, 20 a day", 20, evenly, burst=5),
    Kind("bursts of 5 over hours, 20 a day", 20, by_day, burst=-5),
    Kind("bursts of 5 over hours, 2 a day", 2, by_day, burst=-5),
)


def published(kind: Kind, chance: random.Random, length: timedelta) -> list[datetime]:
    """Make up the times of articles, sorted; a negative burst is spread over the hours after its begin."""
    size = abs(kind.burst)
    found: list[datetime] = []
    for hour in range(int(length / HOUR)):
        begin = START + hour * HOUR
        for _ in range(_poisson(chance, kind.per_day / 24 * kind.weight(begin) / size)):
            at = begin + chance.random() * HOUR
            number = 1 if size == 1 else 1 + _poisson(chance, size - 1)
            spread = 3 * HOUR if kind.burst < 0 else HOUR / 12
            found += [at + chance.expovariate(1.0) * spread * (index > 0) for index in range(number)]
    return sorted(found)


def _poisson(chance: random.Random, mean: float) -> int:
    number, passed = 0, chance.expovariate(1.0)
    while passed < mean:
        number += 1
        passed += chance.expovariate(1.0)
    return number


def polls_with_news(times: list[datetime], every: timedelta) -> list[datetime]:
    """Give the polls that find something new."""
    return sorted({START + -((START - at) // every) * every for at in times})


def alarms(seen: list[datetime], begin: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Give each silence that is told though the feed goes on: since when, and when it was told."""
    for index, (last, following) in enumerate(pairwise(seen)):
        if last < begin:
            continue
        gaps = [second - first for first, second in pairwise(seen[max(0, index - GAPS) : index + 1])]
        if not may_be_silent(following - last, gaps):
            continue
        told_at = alarm_at(seen[bisect_left(seen, last - HISTORY) : index + 1], START, gaps)
        if told_at is not None and following > told_at:
            yield last, told_at


def waits(seen: list[datetime], chance: random.Random, stops: int) -> Iterator[timedelta]:
    """Let the feed stop at random times, and give how long it takes until that is told."""
    for _ in range(stops):
        stop = START + YEAR / 2 + chance.random() * YEAR
        known = seen[: bisect_right(seen, stop)]
        gaps = [second - first for first, second in pairwise(known[-GAPS - 1 :])]
        told_at = alarm_at(known[bisect_left(known, known[-1] - HISTORY) :], START, gaps)
        if told_at is not None:
            yield told_at - stop


def main() -> None:
    """Measure each kind."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--feeds", type=int, default=20, help="feeds of each kind")
    parser.add_argument("--only", default="", help="kinds whose name has this word")
    parser.add_argument("--seed", default="two", help="the settings were chosen with the seed 'one'")
    options = parser.parse_args()
    feeds: int = options.feeds
    began = time.process_time()
    print(f"{'kind':34} {'false a year':>12} {'median':>9} {'95 %':>9} {'longest':>9}  target")
    for kind in (kind for kind in KINDS if options.only in kind.name):
        chance = random.Random(f"{options.seed} {kind.name}")
        false, found = 0, list[timedelta]()
        for _ in range(feeds):
            seen = polls_with_news(published(kind, chance, 2 * YEAR), timedelta(minutes=chance.choice((10, 30, 60))))
            false += sum(1 for _ in alarms(seen, START + YEAR))
            found += waits(seen, chance, 10)
        hours = sorted(wait / HOUR for wait in found)
        words = "".join(f" {value:7.1f} h" for value in (median(hours), hours[int(len(hours) * 0.95)], hours[-1]))
        target = f"{kind.target / HOUR:.0f} h" if kind.target else "-"
        print(f"{kind.name:34} {false / feeds:12.2f}{words}  {target}", flush=True)
    print(f"{time.process_time() - began:.0f} s CPU")


if __name__ == "__main__":
    main()
