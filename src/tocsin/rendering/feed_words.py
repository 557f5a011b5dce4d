"""What is said of a feed's health, in pages, mails and on the command line: words that one can act on."""

from __future__ import annotations

from urllib.parse import urlsplit

from tocsin.feeds.health import moved_to
from tocsin.models.feeds import Feed
from tocsin.models.health import FeedHealth, HealthState, Volume
from tocsin.rendering.clean import one_line
from tocsin.rendering.times import rough_length
from tocsin.rendering.words import count

PROBLEM_LIMIT = 400
_TITLE_LIMIT = 80

_NAMES = {
    HealthState.STOPPED: "Stopped",
    HealthState.BLOCKED: "Blocked",
    HealthState.NOT_A_FEED: "Not a feed",
    HealthState.FAILING: "Failing",
    HealthState.SILENT: "Silent",
    HealthState.WAITING: "Waiting",
    HealthState.MOVED: "Moved",
    HealthState.REMARK: "Read, with a remark",
    HealthState.NEW: "Not read yet",
    HealthState.WELL: "Well",
}


def state_name(state: HealthState) -> str:
    """Name a state, without its circumstances."""
    return _NAMES[state]


def state_words(feed: Feed, health: FeedHealth) -> str:
    """Say how a feed does, with how often it failed where it did."""
    name = _NAMES[health.state]
    if feed.failures and health.state is HealthState.FAILING:
        return "Failed once" if feed.failures == 1 else f"Failed {feed.failures:,} times in a row"
    if feed.failures > 1 and health.state in {HealthState.BLOCKED, HealthState.NOT_A_FEED}:
        return f"{name}, {feed.failures:,} times in a row"
    return name


def reason_words(feed: Feed, health: FeedHealth) -> str:
    """Say why a feed is in its state and what to do about it; "" where there is nothing to say."""
    problem = one_line(feed.problem or "", PROBLEM_LIMIT)
    match health.state:
        case HealthState.STOPPED:
            return (
                "The publisher ended this feed (HTTP 410, twice, a day apart), so it is no longer asked; take it off "
                "the watchlist, or look for its successor with `tocsin feeds discover` and the address of the site"
            )
        case HealthState.SILENT:
            return _silence(health)
        case HealthState.WAITING if not problem:
            return "Its host asked for a pause, which holds for all of its feeds; Tocsin asks again by itself"
        case HealthState.MOVED:
            return f"It moved for good to {moved_to(feed)}; put that address into the watchlist"
        case _:
            return problem or _fallen(health)


def _silence(health: FeedHealth) -> str:
    usual = f", though it usually brings {articles_a_day(health.per_day)}" if health.per_day else ""
    return (
        f"It answers, but has brought nothing new for longer than its own rhythm explains{usual}; see on the "
        "publisher's site whether the feed was given up or moved"
    )


def _fallen(health: FeedHealth) -> str:
    if not health.has_fallen or health.per_day is None:
        return ""
    usual = max(1, round(health.per_day * 7))
    return f"Far fewer articles in the last week than the usual {usual:,}; see whether the publisher split the feed"


def rhythm_words(health: FeedHealth) -> str:
    """Say how much a feed brings and how often it is asked: "about 12 articles a day, asked every 40 minutes".

    >>> from datetime import timedelta
    >>> rhythm_words(FeedHealth(HealthState.WELL, per_day=12.2, every=timedelta(minutes=40)))
    'about 12 articles a day, asked every 40 minutes'
    """
    usual = articles_a_day(health.per_day) if health.per_day is not None else ""
    every = interval_words(health)
    return ", ".join(words for words in (usual, f"asked {every}" if every else "") if words)


def interval_words(health: FeedHealth) -> str:
    """Say how often a feed is asked: "every 40 minutes"; "" where that is not known yet."""
    return f"every {rough_length(health.every).removeprefix('1 ')}" if health.every else ""


def articles_a_day(per_day: float) -> str:
    """Say a rate in the unit in which it is at least one.

    >>> articles_a_day(12.2), articles_a_day(0.3), articles_a_day(1 / 30), articles_a_day(0)
    ('about 12 articles a day', 'about 2 articles a week', 'about 1 article a month', 'hardly any articles')
    """
    for unit, days in (("day", 1), ("week", 7), ("month", 30)):
        if (number := round(per_day * days)) >= 1:
            return f"about {count('article', number)} a {unit}"
    return "hardly any articles"


def volume_words(volume: Volume, health: FeedHealth) -> str:
    """Set the last week against what is usual: "80 in 7 days, usually about 84"."""
    told = f"{volume.week:,} in 7 days"
    if health.per_day is None:
        return told
    return f"{told}, usually about {round(health.per_day * 7):,}"


def feed_title(feed: Feed, limit: int = _TITLE_LIMIT) -> str:
    """Give the title; a feed that was never read is known by its address alone, and goes by its host."""
    if feed.title and feed.title != feed.url:
        return one_line(feed.title, limit)
    return one_line(urlsplit(feed.url).hostname or feed.url, limit)
