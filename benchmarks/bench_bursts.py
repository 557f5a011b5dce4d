"""Claim: `when: burst` hardly ever rings without a reason, and finds what is planted.

Made-up watches run for months: evenly, by day and week, in stories that several outlets tell, with an outlet that now
and then empties its archive into its feed, and young ones with days of history. Every begun burst in a watch-month
without any is false; targets: at most one a watch and month in each kind. Then bursts of several sizes are planted
into other months, and the share of those that are found is counted; target: .95 of those of ten times the usual::

    python benchmarks/bench_bursts.py [--months 5000] [--seed 1] [--only WORD]
"""

from __future__ import annotations

import argparse
import random
import time
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import cos, pi

from tocsin.alerts import HISTORY, LOOK_BACK, Burst, Sighting, WatchHour, learn_rhythms, measure, step
from tocsin.alerts.burst import SPANS, TIMES_USUAL, Usual
from tocsin.models.ids import StoryId

START = datetime(2024, 1, 1, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MONTH = timedelta(days=30)
RATES = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 50.0)
# The months are dealt out so that lively watches do not take all the time.
SHARES = (0.36, 0.28, 0.2, 0.1, 0.04, 0.014, 0.004, 0.002)
OUTLETS = 30
SIZES = (3, 5, 10, 20)
LEAST_PLANTED = 10
LEARN_EVERY = 12 * HOUR


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of watch: how busy each hour is (1 on average), how many outlets tell a story, whether all
    outlets publish alike, and what else it does.
    """

    name: str
    weight: Callable[[datetime], float]
    tellers: float = 1.0
    dumps: bool = False
    history: timedelta = HISTORY
    alike: bool = False


def evenly(_: datetime) -> float:
    """Publish at any time alike."""
    return 1.0


def by_day_and_week(at: datetime) -> float:
    """Publish nine times as much by day as by night, and less than half at weekends."""
    weekday = 1.2 if at.weekday() < 5 else 0.5  # noqa: PLR2004 -- weekdays
    return weekday * (1 - 0.8 * cos(2 * pi * (at.hour - 2) / 24))


KINDS = (
    Kind("steady", evenly, alike=True),
    Kind("day and week", by_day_and_week),
    Kind("in stories", evenly, tellers=4.0, alike=True),
    Kind("stories, day and week", by_day_and_week, tellers=4.0),
    Kind("an outlet's archive", by_day_and_week, tellers=2.0, dumps=True),
    Kind("young, 3 days", by_day_and_week, history=3 * DAY),
    Kind("young stories, 1 day", by_day_and_week, tellers=4.0, history=DAY),
)


@dataclass(slots=True)
class Stream:
    """The matches of one watch in order, and where its bursts were planted."""

    sightings: list[Sighting]
    start: datetime
    planted: list[tuple[datetime, datetime]]


def stream(kind: Kind, rate: float, size: float, draw: random.Random) -> Stream:
    """Make the matches of history and a month; with ``size`` above 0 plant a burst in each week of the month.

    A burst brings ``size`` times what is usual in its three hours, `LEAST_PLANTED` articles at least.
    """
    until = START + kind.history + MONTH
    reports = list(_usual_reports(kind, rate, until, draw))
    planted = []
    if kind.dumps:
        reports += _dumps(until, draw)
    if size:
        for week in range(4):
            began = START + kind.history + week * 7 * DAY + draw.uniform(0, 6.5) * DAY
            planted.append((began, began + 3 * HOUR))
            number = max(LEAST_PLANTED, round(size * 3 * rate * kind.weight(began)))
            reports += _burst(began, number, week, draw)
    reports.sort()
    seen: set[int] = set()
    sightings = []
    for at, story, outlet in reports:
        sightings.append(Sighting(at, StoryId(story), outlet, story not in seen))
        seen.add(story)
    return Stream(sightings, START, planted)


def _usual_reports(
    kind: Kind, rate: float, until: datetime, draw: random.Random
) -> Iterator[tuple[datetime, int, str]]:
    at, story = START, 0
    peak = 2.2 if kind.weight is not evenly else 1.0
    while (at := at + draw.expovariate(peak * rate / kind.tellers) * HOUR) < until:
        if draw.random() * peak > kind.weight(at):
            continue
        story += 1
        told = at
        for _ in range(1 + _geometric(kind.tellers, draw)):
            yield told, story, _any_outlet(draw) if kind.alike else _outlet(draw)
            told += draw.expovariate(0.7) * HOUR


def _geometric(mean: float, draw: random.Random) -> int:
    number = 0
    while draw.random() > 1 / mean:
        number += 1
    return number


def _outlet(draw: random.Random) -> str:
    return f"outlet {min(OUTLETS, int(draw.paretovariate(0.8)))}"


def _any_outlet(draw: random.Random) -> str:
    return f"outlet {draw.randrange(OUTLETS)}"


def _dumps(until: datetime, draw: random.Random) -> Iterator[tuple[datetime, int, str]]:
    """Let one outlet publish 40 articles within half an hour every five days, some as copies of one."""
    at, number = START, 1_000_000
    while (at := at + draw.expovariate(1 / 5) * DAY) < until:
        copies = draw.random() < 0.5  # noqa: PLR2004 -- half of them
        for place in range(40):
            yield at + draw.uniform(0, 0.5) * HOUR, number + (0 if copies else place), "outlet 3"
        number += 100


def _burst(began: datetime, number: int, week: int, draw: random.Random) -> Iterator[tuple[datetime, int, str]]:
    stories = max(1, number // 3)
    for _ in range(number):
        at = began + draw.uniform(0, 3) * HOUR
        yield at, 2_000_000 + 10_000 * week + draw.randrange(stories), _any_outlet(draw)


def begun(made: Stream, tested_from: datetime) -> list[datetime]:
    """Run the house's judgement over a stream; gives when bursts began."""
    hours = _hours(made.sightings)
    keys = [hour.hour_at for hour in hours]
    times = [one.at for one in made.sightings]
    news = [one.at for one in made.sightings if one.is_new]
    found: list[datetime] = []
    burst: Burst | None = None
    learned_at, rhythms = None, None
    for place in range(bisect_right(times, tested_from), len(times)):
        now = times[place]
        first = bisect_right(times, now - LOOK_BACK)
        if now - times[place - 1] > LOOK_BACK:
            burst = None  # the scheduler ends a burst that has dried up
        if burst is None and place - first < 2:  # noqa: PLR2004 -- so few begin none
            continue
        if rhythms is None or learned_at is None or now - learned_at > LEARN_EVERY:
            learned_at = now
            known = hours[bisect_right(keys, now - HISTORY) : bisect_right(keys, now)]
            rhythms = learn_rhythms(known, made.start, now)
        if burst is None and not (_may_begin(rhythms.stories, news, now) or _may_begin(rhythms.reports, times, now)):
            continue
        before, burst = burst, step(burst, measure(rhythms, made.sightings[first : place + 1], now), now)
        if burst is not None and before is None:
            found.append(now)
    return found


def _may_begin(usual: Usual, times: Sequence[datetime], now: datetime) -> bool:
    """Tell whether a look is worth its time: below `TIMES_USUAL` no burst begins."""
    here = bisect_right(times, now)
    found = ((here - bisect_right(times, now - hours * HOUR), usual.expected(hours, now).mean) for hours in SPANS)
    return any(number >= TIMES_USUAL * mean for number, mean in found)


def _hours(sightings: Sequence[Sighting]) -> list[WatchHour]:
    stories: Counter[datetime] = Counter()
    articles: Counter[datetime] = Counter()
    for one in sightings:
        hour = one.at.replace(minute=0, second=0, microsecond=0)
        articles[hour] += 1
        stories[hour] += one.is_new
    return [WatchHour(hour, stories[hour], articles[hour]) for hour in sorted(articles)]


def false_bursts(kind: Kind, rate: float, months: int, seed: int) -> int:
    """Count the bursts in months without any."""
    draws = (random.Random(f"{kind.name}/{rate}/{month}/{seed}") for month in range(months))
    return sum(len(begun(stream(kind, rate, 0, draw), START + kind.history)) for draw in draws)


def recall(kind: Kind, rate: float, size: float, months: int, seed: int) -> tuple[int, int]:
    """Count the planted bursts that are found within an hour of their end, and those planted."""
    hits = planted = 0
    for month in range(months):
        made = stream(kind, rate, size, random.Random(f"{kind.name}/{rate}/{size}/{month}/{seed}"))
        found = begun(made, START + kind.history)
        hits += sum(any(began <= at <= end + HOUR for at in found) for began, end in made.planted)
        planted += len(made.planted)
    return hits, planted


def main() -> None:
    """Print false bursts a watch and month by kind and rate, then the recall by size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--months", type=int, default=5000, help="watch-months without bursts, over all kinds")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="only kinds whose name has this in it")
    asked = parser.parse_args()
    kinds = [kind for kind in KINDS if asked.only in kind.name]
    began = time.process_time()
    print(
        f"false bursts a watch and month\n{'kind':24}" + "".join(f"{rate:>8}" for rate in RATES), "  (articles an hour)"
    )
    total = months_run = 0
    for kind in kinds:
        row = []
        for rate, share in zip(RATES, SHARES, strict=True):
            months = max(1, round(asked.months * share / len(kinds)))
            found = false_bursts(kind, rate, months, asked.seed)
            total, months_run = total + found, months_run + months
            row.append(found / months)
        print(f"{kind.name:24}" + "".join(f"{value:8.3f}" for value in row), flush=True)
    print(f"{total} in {months_run} watch-months: {total / months_run:.4f}; {time.process_time() - began:.0f} s CPU")
    print(f"\nplanted bursts found\n{'kind':24}{'rate':>6}" + "".join(f"{size:>7}x" for size in SIZES))
    for kind in kinds:
        for rate, months in ((0.03, 8), (0.3, 8), (3.0, 3), (10.0, 2)):
            cells = [recall(kind, rate, size, months, asked.seed) for size in SIZES]
            print(f"{kind.name:24}{rate:6}" + "".join(f"{hits / planted:8.2f}" for hits, planted in cells), flush=True)
    print(f"{time.process_time() - began:.0f} s CPU")


if __name__ == "__main__":
    main()
