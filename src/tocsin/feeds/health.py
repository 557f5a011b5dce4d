"""How a feed does, judged from its row: pure decisions. In words they are put by `tocsin.rendering.feed_words`.

`tocsin.store.feed_health.state_of_row` says the same in SQL, for lists and sums over many feeds; a contract test holds
that both agree.
"""

from __future__ import annotations

from datetime import datetime

from tocsin.feeds.volume import has_fallen, usual_per_day
from tocsin.models.feeds import Feed, ProblemKind
from tocsin.models.health import FeedHealth, HealthState, Volume

_STATE_OF_PROBLEM = {
    ProblemKind.BLOCKED: HealthState.BLOCKED,
    ProblemKind.NOT_A_FEED: HealthState.NOT_A_FEED,
    ProblemKind.RATE_LIMITED: HealthState.WAITING,
}


def health_of(
    feed: Feed, now: datetime, volume: Volume | None = None, host_wait_until: datetime | None = None
) -> FeedHealth:
    """Judge a feed at ``now``; ``host_wait_until`` is until when its host wants to be left alone, if it said so."""
    state = _state(feed, now, host_wait_until)
    return FeedHealth(
        state=state,
        since=_since(feed, state),
        until=_until(feed, now, host_wait_until) if state is HealthState.WAITING else None,
        per_day=_usual(feed, volume),
        has_fallen=volume is not None and has_fallen(volume),
        every=feed.every or feed.interval,
    )


def _state(feed: Feed, now: datetime, host_wait_until: datetime | None) -> HealthState:
    if feed.stopped_at is not None:
        return HealthState.STOPPED
    if feed.failures and feed.problem_kind is not ProblemKind.RATE_LIMITED:
        return _STATE_OF_PROBLEM.get(feed.problem_kind or ProblemKind.HTTP, HealthState.FAILING)
    if feed.silent_since is not None:
        return HealthState.SILENT
    if feed.failures or (host_wait_until is not None and host_wait_until > now):
        return HealthState.WAITING
    return _state_of_answer(feed)


def _state_of_answer(feed: Feed) -> HealthState:
    if feed.checked_at is None:
        return HealthState.NEW
    if moved_to(feed) is not None:
        return HealthState.MOVED
    return HealthState.REMARK if feed.problem else HealthState.WELL


def _since(feed: Feed, state: HealthState) -> datetime | None:
    if state is HealthState.STOPPED:
        return feed.stopped_at
    if state is HealthState.SILENT:
        return feed.silent_since
    return feed.succeeded_at if feed.failures else None


def _until(feed: Feed, now: datetime, host_wait_until: datetime | None) -> datetime:
    return max(feed.next_check_at, host_wait_until or now)


def _usual(feed: Feed, volume: Volume | None) -> float | None:
    """Give how much the feed brings a day; weeks in which it failed or was silent do not say that it is nothing."""
    counted = usual_per_day(volume) if volume else None
    is_missing = feed.failures or feed.silent_since
    return _rate_of_rhythm(feed) if counted is None or (is_missing and not counted) else counted


def _rate_of_rhythm(feed: Feed) -> float | None:
    rhythm = feed.polling.rhythm
    # Until a poll has brought something new, the rate is guessed from the dates of one document.
    return rhythm.per_day if rhythm and rhythm.gaps else None


def moved_to(feed: Feed) -> str | None:
    """Give the address to which the feed was proven to have moved for good, None while it is asked at its own."""
    return feed.polling.fetch_url
