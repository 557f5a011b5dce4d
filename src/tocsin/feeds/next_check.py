"""When a feed is asked again: pure decisions, no clock and no I/O.

A feed's own rhythm proposes, the publisher's wishes are a floor under it, and the operator's ``every`` takes the
rhythm's place. Waits spread by a hash instead of a random number, so that the same poll always gives the same answer.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from tocsin.feeds.rhythm import DAY, rate_now
from tocsin.models.feeds import Feed, Hints, Problem, ProblemKind
from tocsin.models.ids import FeedId

SHORTEST: Final = timedelta(minutes=10)
"""The shortest time between two polls of a feed, unless TOCSIN_POLL_MINUTES says another."""

LONGEST: Final = timedelta(hours=24)
"""The longest one, and the most that a publisher's wish for a slower pace is heeded."""

UNKNOWN: Final = timedelta(hours=1)
"""What a feed that never could be read is taken for."""

LONGEST_BACKOFF: Final = timedelta(days=30)
PATIENT_FAILURES: Final = 30
"""Failures in a row after which a feed is asked less than daily."""

_JITTER: Final = 0.1
_RESPREAD: Final = 0.25
_ONCE_A_DAY: Final = frozenset({ProblemKind.GONE, ProblemKind.NOT_A_FEED, ProblemKind.BLOCKED})
_WINDOW_SHARE: Final = 3
_MATCHES_FOR_DOUBLE: Final = 7
_SEARCHED: Final = 72
_HOUR: Final = timedelta(hours=1)


def interval_of(
    feed: Feed, now: datetime, *, shortest: timedelta = SHORTEST, fresh_for: timedelta | None = None
) -> timedelta:
    """Choose the time between two polls of a feed that was read well at ``now``, the publisher's floor included.

    ``feed`` is as the poll left it. ``fresh_for`` is how long the answer says that it stays fresh (max-age, Expires).
    """
    return max(_own_pace(feed, now, shortest, fresh_for), floor_of(feed.polling.hints, fresh_for))


def _own_pace(feed: Feed, now: datetime, shortest: timedelta, fresh_for: timedelta | None) -> timedelta:
    if feed.every is not None:
        return feed.every
    if feed.pushed_until is not None and feed.pushed_until > now:
        return max(LONGEST, shortest)
    pace = min(max(_rhythmic(feed, now), shortest), max(LONGEST, shortest))
    if _burdens(feed) and not floor_of(feed.polling.hints, fresh_for):
        return max(pace, _burdening_pace(feed))
    return pace


def _rhythmic(feed: Feed, now: datetime) -> timedelta:
    """Expect about one new entry a poll, at most two where entries of the feed match, and lose none."""
    rhythm = feed.polling.rhythm
    if rhythm is None:
        return UNKNOWN
    rate = rate_now(rhythm, now)
    pace = DAY / rate if rate > DAY / LONGEST else LONGEST
    if rhythm.window is not None:
        pace = min(pace, rhythm.window / _WINDOW_SHARE)
    return pace / (1 + min(feed.matches, _MATCHES_FOR_DOUBLE) / _MATCHES_FOR_DOUBLE)


def _burdens(feed: Feed) -> bool:
    """Tell whether each poll makes the server send the whole feed: it gives no validators, or lies about them."""
    return feed.polling.distrusts_304 or not (feed.etag or feed.last_modified)


def _burdening_pace(feed: Feed) -> timedelta:
    """Ask such a feed once a day, or as often as must be lest its entries be gone unseen."""
    rhythm = feed.polling.rhythm
    window = rhythm.window if rhythm else None
    return LONGEST if window is None else min(LONGEST, window / _WINDOW_SHARE)


def floor_of(hints: Hints, fresh_for: timedelta | None) -> timedelta:
    """Give how long the publisher wants to be left alone after a good answer; each wish counts up to 24 hours."""
    wishes = (fresh_for, hints.ttl, hints.update_every)
    return min(max((wish for wish in wishes if wish is not None), default=timedelta()), LONGEST)


def next_check_at(feed: Feed, now: datetime, interval: timedelta, *, shortest: timedelta, floor: timedelta) -> datetime:
    """Say when a feed that was read well at ``now`` is due again.

    The wait varies by a tenth either way, never below ``floor`` or ``shortest``, and never ends in hours or days that
    the publisher wants skipped.
    """
    least = max(floor, min(shortest, interval), LONGEST if interval == LONGEST and _burdens(feed) else timedelta())
    due = now + _jittered(feed.id, now, interval, least)
    return out_of_skipped(due, feed.polling.hints, interval * _RESPREAD * _phase(feed.id))


def check_after_problem(feed: Feed, problem: Problem, now: datetime, *, shortest: timedelta) -> datetime:
    """Say when a feed whose poll failed at ``now`` is due again; ``feed.failures`` counts this failure, too.

    Waits double with each failure in a row up to a day; after 30 of them they grow on to 30 days, and no feed is ever
    given up. The server's own wish is a floor, up to 24 hours.
    """
    # A newcomer's first failure is most often a slip that is mended at once; hours would hide its news for nothing.
    unknown = UNKNOWN if feed.succeeded_at else shortest
    interval = max(feed.every or feed.interval or unknown, min(shortest, LONGEST))
    wish = min(problem.retry_at - now, LONGEST) if problem.retry_at else timedelta()
    wait = _jittered(feed.id, now, _backoff(feed, problem, interval), max(wish, shortest), interval)
    if problem.kind is ProblemKind.RATE_LIMITED and problem.retry_at is None:
        # The server did not say how long: feeds that were refused together must not come back together.
        wait += _HOUR * fraction(f"again {feed.id} {now.timestamp()}")
    return out_of_skipped(now + wait, feed.polling.hints, interval * _RESPREAD * _phase(feed.id))


def _backoff(feed: Feed, problem: Problem, interval: timedelta) -> timedelta:
    if problem.kind in _ONCE_A_DAY:
        return max(LONGEST, interval)
    # 2**12 times ten minutes are 28 days: beyond that the cap holds anyway, and nothing overflows.
    usual: timedelta = interval * 2 ** min(max(feed.failures, 1), 12)
    if feed.failures <= PATIENT_FAILURES:
        return max(interval, min(usual, LONGEST))
    slower: timedelta = LONGEST * 2 ** min(feed.failures - PATIENT_FAILURES, 12)
    return max(interval, min(slower, LONGEST_BACKOFF))


def _jittered(
    feed_id: FeedId, now: datetime, wait: timedelta, floor: timedelta, spread: timedelta | None = None
) -> timedelta:
    part = fraction(f"{feed_id} {now.timestamp()}")
    varied = wait * (1 - _JITTER + 2 * _JITTER * part)
    if varied > floor:
        return max(varied, timedelta(seconds=1))
    # Feeds held back together must not come back together.
    return max(floor, timedelta(seconds=1)) + (spread or wait) * (_JITTER * part)


def out_of_skipped(due: datetime, hints: Hints, spread: timedelta) -> datetime:
    """Move a time out of the hours and days in which the publisher wants no polls, by ``spread`` into the next other
    hour.

    Lists that leave nothing free within three days are a mistake and not heeded.
    """
    if not _is_skipped(due, hints):
        return due
    hour = due.replace(minute=0, second=0, microsecond=0)
    for later in range(1, _SEARCHED + 1):
        start = hour + later * _HOUR
        if not _is_skipped(start, hints):
            return start + min(spread, _HOUR * 0.9)
    return due


def _is_skipped(at: datetime, hints: Hints) -> bool:
    return at.hour in hints.skip_hours or at.isoweekday() in hints.skip_days


def check_after_hold(feed_id: FeedId, until: datetime, interval: timedelta | None) -> datetime:
    """Say when a feed is due whose host wanted to be left alone until then: its feeds come back spread over a quarter
    of their intervals.
    """
    return until + (interval or UNKNOWN) * _RESPREAD * _phase(feed_id)


def first_check_at(url: str, added_at: datetime, spread: timedelta) -> datetime:
    """Say when a new feed is asked first: within ``spread`` after ``added_at``, by a phase of its own.

    A thousand feeds added at once are then spread over the interval, and stay spread.
    """
    return added_at + spread * fraction(url)


def _phase(feed_id: FeedId) -> float:
    return fraction(f"phase {feed_id}")


def fraction(text: str) -> float:
    """Spread texts evenly over [0, 1)."""
    return int.from_bytes(sha256(text.encode("utf-8", "replace")).digest()[:6]) / 2**48
