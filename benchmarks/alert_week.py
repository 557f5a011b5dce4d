"""A made-up week of news for the alert policy: watches, channels, and articles in the order in which they are found.

The week is not fair: bursts are planted, a feed goes mad for an hour, one brings its backlog, old articles are edited,
the same articles are published again, stories turn out to be one, readers mute some, and channels sleep at night.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from math import cos, pi

from tocsin.alerts import HISTORY, WatchHour
from tocsin.models.ids import WatchId
from tocsin.models.stories import Join
from tocsin.models.watchlist import AlertRule, AlertWhen, Channel, ChannelKind, QuietHours, Rate, Watch

START = datetime(2026, 10, 19, tzinfo=UTC)  # the week that ends with the autumn night in Europe
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
WEEK = 7 * DAY
WATCHES, BURST_WATCHES, OUTLETS, ARTICLES = 50, 12, 200, 20_000
TELLERS, REPORTS_A_STORY = 4.0, 5.0
POLLED_EVERY = 15 * MINUTE
BURSTS_EACH, BURST_HOURS, BURST_SIZE, LEAST_PLANTED = 2, 3, 10, 15
MAD_FEED, MAD_ARTICLES, MAD_STORIES = 7, 500, 200_000
BACKLOG_FEED, BACKLOG_ARTICLES = 150, 60
EDITED, MERGES, MUTES = 300, 60, 40


@dataclass(frozen=True, slots=True)
class Post:
    """An article as it is found. ``happening`` is its story's number and its development's."""

    found_at: datetime
    published_at: datetime
    feed: int
    happening: tuple[int, int]
    join: Join
    watches: tuple[WatchId, ...]
    revision: int = 1
    backlog: bool = False


@dataclass(frozen=True, slots=True)
class Planted:
    """A burst that is really there."""

    watch: WatchId
    began_at: datetime
    end_at: datetime


@dataclass(frozen=True, slots=True)
class Week:
    """All that happens. ``merges`` and ``mutes`` are times with stories: two that become one, one with its channel."""

    watches: tuple[Watch, ...]
    channels: tuple[Channel, ...]
    posts: tuple[Post, ...]
    planted: tuple[Planted, ...]
    merges: tuple[tuple[datetime, int, int], ...]
    mutes: tuple[tuple[datetime, int, str], ...]
    history: dict[WatchId, list[WatchHour]]


def busy(at: datetime) -> float:
    """Tell how busy an hour is: five times as much by day as by night, half at weekends; 1 on average."""
    weekday = 1.2 if at.weekday() < 5 else 0.5  # noqa: PLR2004 -- weekdays
    return weekday * (1 - 0.65 * cos(2 * pi * (at.hour - 2) / 24))


def make_week(seed: int) -> Week:
    """Make the week of a seed."""
    draw = random.Random(seed)
    watches, rates = _watches(), _rates()
    posts = list(_news(rates, START, START + WEEK, draw))
    history = _history(rates, draw)
    planted, thick = _bursts(history, draw)
    posts += thick
    posts += [*_mad_feed(draw), *_backlog(draw), *_edited(draw), *_again(posts, draw)]
    posts.sort(key=lambda post: (post.found_at, post.happening))
    stories = sorted({post.happening[0] for post in posts if post.watches})
    pairs = [(START + draw.random() * WEEK, draw.choice(stories), draw.choice(stories)) for _ in range(MERGES)]
    merges = tuple(sorted(pairs))
    mutes = tuple(sorted((START + draw.random() * WEEK, draw.choice(stories), "desk") for _ in range(MUTES)))
    return Week(watches, _channels(), tuple(posts), planted, merges, mutes, history)


def _watches() -> tuple[Watch, ...]:
    return tuple(
        Watch(id=WatchId(f"watch-{number}"), title=f"Watch {number}", alert=_rule(number)) for number in range(WATCHES)
    )


def _rule(number: int) -> AlertRule:
    to = ("desk", *(("phone",) if number % 3 == 0 else ()), *(("hook",) if number % 5 == 0 else ()))
    if _is_for_bursts(number):
        return AlertRule(to, AlertWhen.BURST)
    return AlertRule(to, at_most=Rate(3, HOUR) if number % 2 else None, outlets=5 if number % 4 == 0 else None)


def _is_for_bursts(number: int) -> bool:
    return number % 4 == 1 and number // 4 < BURST_WATCHES


def _rates() -> list[float]:
    """Give the stories an hour of each watch: a few lively ones, many that hardly ever meet anything."""
    return [2.0 / (1 + number) ** 0.8 for number in range(WATCHES)]


def _channels() -> tuple[Channel, ...]:
    desk = Channel("desk", ChannelKind.MAIL, "desk@example.org", timezone="Europe/Berlin", at_most=Rate(20, HOUR))
    phone = Channel("phone", ChannelKind.APPRISE, "PHONE_URL", timezone="America/New_York", at_most=Rate(6, HOUR))
    hook = Channel("hook", ChannelKind.WEBHOOK, "HOOK_URL")
    asleep = (
        replace(desk, quiet_hours=QuietHours("22:00", "07:00")),
        replace(phone, quiet_hours=QuietHours("23:00", "06:30")),
    )
    return (*asleep, hook)


def _news(rates: list[float], start: datetime, end: datetime, draw: random.Random) -> Iterator[Post]:
    """Tell stories until the articles are used up; some meet one watch, some two, many none."""
    met = sum(rates) * (end - start) / HOUR
    unmet = ARTICLES / REPORTS_A_STORY - met
    ids = [WatchId(f"watch-{number}") for number in range(WATCHES)]
    for story in range(1, 1 + round(met + unmet)):
        at = _any_time(start, end, draw)
        watches = tuple(sorted(set(draw.choices(ids, rates, k=draw.choice((1, 1, 1, 2)))))) if story <= met else ()
        yield from _story(story, at, end, watches, draw)


def _any_time(start: datetime, end: datetime, draw: random.Random) -> datetime:
    while True:
        at = start + draw.random() * (end - start)
        if draw.random() * 2 < busy(at):
            return at


def _story(
    story: int, at: datetime, end: datetime, watches: tuple[WatchId, ...], draw: random.Random
) -> Iterator[Post]:
    """Let several outlets tell a story, each development in turn; not all their articles meet the watches."""
    for number in range(1, draw.choice((1, 1, 1, 2, 3)) + 1):
        for place in range(1 + _geometric(TELLERS * 0.7, draw)):
            if at >= end:
                return
            meets = tuple(watch for watch in watches if draw.random() < 0.9)  # noqa: PLR2004 -- most
            opens = Join.OPENED if number == 1 else Join.DEVELOPMENT
            join = opens if place == 0 else draw.choice((Join.SAME_EVENT, Join.NEAR_COPY))
            yield Post(_polled(at, draw), at, _outlet(draw), (story, number), join, meets)
            at += draw.expovariate(0.5) * HOUR
        at += draw.uniform(4, 30) * HOUR


def _polled(at: datetime, draw: random.Random) -> datetime:
    """Give when an article is found: at the next minute of a poll within the interval."""
    found = at + draw.random() * POLLED_EVERY + MINUTE
    return found.replace(second=0, microsecond=0)


def _geometric(mean: float, draw: random.Random) -> int:
    number = 0
    while draw.random() > 1 / mean:
        number += 1
    return number


def _outlet(draw: random.Random) -> int:
    return min(OUTLETS, int(draw.paretovariate(0.5)))


def _bursts(history: dict[WatchId, list[WatchHour]], draw: random.Random) -> tuple[tuple[Planted, ...], list[Post]]:
    """Plant bursts of `BURST_SIZE` times what such hours of the week brought before."""
    planted, posts, story = [], [], 100_000
    for number in filter(_is_for_bursts, range(WATCHES)):
        watch = WatchId(f"watch-{number}")
        for half in range(BURSTS_EACH):
            began = START + (half + draw.uniform(0.05, 0.9)) / BURSTS_EACH * WEEK
            planted.append(Planted(watch, began, began + BURST_HOURS * HOUR))
            reports = max(LEAST_PLANTED, round(BURST_SIZE * _before(history[watch], began)))
            for report in range(reports):
                at = began + draw.random() * BURST_HOURS * HOUR
                happening = (story + report % max(1, reports // 4), 1)
                feed = draw.randrange(1, OUTLETS)
                posts.append(Post(_polled(at, draw), at, feed, happening, Join.SAME_EVENT, (watch,)))
            story += reports
    return tuple(planted), posts


def _before(hours: list[WatchHour], began: datetime) -> float:
    """Give how many articles the hours of a burst brought in the weeks before, on the mean."""
    starts = {began.replace(minute=0, second=0, microsecond=0) + place * HOUR for place in range(BURST_HOURS)}
    same = sum(hour.articles for hour in hours if any((start - hour.hour_at) % WEEK == timedelta() for start in starts))
    return same / (HISTORY / WEEK)


def _mad_feed(draw: random.Random) -> Iterator[Post]:
    """Let a feed publish hundreds of articles within an hour, each a story that meets some watch."""
    began = START + 2 * DAY + 12 * HOUR
    for number in range(MAD_ARTICLES):
        watch = WatchId(f"watch-{draw.randrange(WATCHES)}")
        at = began + draw.random() * HOUR
        yield Post(at.replace(second=0, microsecond=0), at, MAD_FEED, (MAD_STORIES + number, 1), Join.OPENED, (watch,))


def _backlog(draw: random.Random) -> Iterator[Post]:
    found = START + DAY + 9 * HOUR
    for number in range(BACKLOG_ARTICLES):
        watches = (WatchId(f"watch-{draw.randrange(WATCHES)}"),)
        at = found - draw.uniform(1, 30) * DAY
        yield Post(found, at, BACKLOG_FEED, (300_000 + number, 1), Join.OPENED, watches, backlog=True)


def _edited(draw: random.Random) -> Iterator[Post]:
    """Edit articles of the weeks before, so that they meet a watch only now."""
    for number in range(EDITED):
        found = (START + draw.random() * WEEK).replace(second=0, microsecond=0)
        watches = (WatchId(f"watch-{draw.randrange(WATCHES)}"),)
        at = found - draw.uniform(1.1, 40) * DAY
        yield Post(found, at, _outlet(draw), (400_000 + number, 1), Join.OPENED, watches, revision=2)


def _again(posts: list[Post], draw: random.Random) -> Iterator[Post]:
    """Publish some articles a second time, under another title."""
    for post in draw.sample(posts, len(posts) // 30):
        later = post.found_at + draw.uniform(0.2, 5) * HOUR
        if later < START + WEEK:
            yield replace(post, found_at=later.replace(second=0, microsecond=0), join=Join.SAME_ARTICLE)


def _history(rates: list[float], draw: random.Random) -> dict[WatchId, list[WatchHour]]:
    """Count the weeks before, in which nothing special happened."""
    hours: dict[WatchId, dict[datetime, list[int]]] = {}
    span = WEEK
    for week in range(HISTORY // WEEK, 0, -1):
        seen: set[tuple[WatchId, int]] = set()
        start = START - week * span
        for post in sorted(_news(rates, start, start + span, draw), key=lambda post: post.found_at):
            for watch in post.watches:
                row = hours.setdefault(watch, {}).setdefault(post.found_at.replace(minute=0), [0, 0])
                row[0] += (watch, post.happening[0]) not in seen
                row[1] += 1
                seen.add((watch, post.happening[0]))
    return {watch: [WatchHour(at, *of[at]) for at in sorted(of)] for watch, of in hours.items()}
