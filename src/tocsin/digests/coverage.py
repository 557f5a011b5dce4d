"""Which feeds a digest rests on, and which were not seen. Feeds die silently; a digest says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from pydantic import TypeAdapter

from tocsin.digests.view import Coverage, UnseenFeed
from tocsin.feeds.health import health_of
from tocsin.models.digests import Window
from tocsin.models.feeds import Feed
from tocsin.models.health import FeedHealth, HealthState
from tocsin.rendering.clean import one_line
from tocsin.rendering.feed_words import articles_a_day, feed_title
from tocsin.rendering.links import safe_link

NAMED = 5
PROBLEM_LIMIT = 160
TITLE_LIMIT = 60
# A feed that failed once, shortly before the digest, has most likely lost nothing: it is asked again soon.
GRACE = timedelta(hours=2)

_COVERAGES: TypeAdapter[Coverage] = TypeAdapter(Coverage)


def coverage(feeds: Sequence[Feed], window: Window, waiting: Mapping[str, datetime] | None = None) -> Coverage:
    """Say how many of the active feeds were read in the window, and name those whose news may be missing, the longest
    silence first.

    ``waiting`` are the hosts that want to be left alone, and until when. A feed that answers but fell silent counts as
    read, and is named all the same.
    """
    asked = [feed for feed in feeds if feed.active and feed.added_at < window.end_at]
    unread = {feed.id for feed in asked if not _read(feed, window)}
    unseen = sorted((feed for feed in asked if feed.id in unread or feed.silent_since is not None), key=_silence)
    return Coverage(
        checked=len(asked) - len(unread),
        total=len(asked),
        unseen=tuple(_unseen(feed, window, waiting or {}) for feed in unseen[:NAMED]),
        more_unseen=max(0, len(unseen) - NAMED),
    )


def coverage_json(found: Coverage) -> object:
    """Turn a coverage into what JSON can hold."""
    return _COVERAGES.dump_python(found, mode="json")


def coverage_from(json: object) -> Coverage:
    """Read a coverage back."""
    return _COVERAGES.validate_python(json)


def _read(feed: Feed, window: Window) -> bool:
    """Tell whether the feed was read in the window, and has not been failing for the last hours of it."""
    if feed.stopped_at is not None or feed.succeeded_at is None:
        return False
    if feed.succeeded_at >= window.end_at - GRACE:
        return True
    return not feed.failures and feed.succeeded_at >= min(window.start_at, window.end_at - 2 * (feed.interval or GRACE))


def _silence(feed: Feed) -> tuple[bool, float, str]:
    since = feed.silent_since or feed.succeeded_at
    return (since is not None, since.timestamp() if since else 0.0, feed.title)


def _unseen(feed: Feed, window: Window, waiting: Mapping[str, datetime]) -> UnseenFeed:
    health = health_of(feed, window.end_at, host_wait_until=waiting.get(feed.host))
    silent = health.state is HealthState.SILENT
    return UnseenFeed(
        title=feed_title(feed, TITLE_LIMIT),
        url=safe_link(feed.url),
        words=_words(feed, health),
        since_at=health.since if silent else feed.succeeded_at,
        problem=_usual(health) if silent else one_line(feed.problem or "", PROBLEM_LIMIT).rstrip(".;"),
    )


def _words(feed: Feed, health: FeedHealth) -> str:
    never = feed.succeeded_at is None
    match health.state:
        case HealthState.SILENT:
            return "answers, but has had nothing new since"
        case HealthState.STOPPED:
            return "was ended by its publisher" if never else "was ended by its publisher and last read"
        case HealthState.WAITING:
            return "was asked by its host to wait and has" + (" not been read yet" if never else " not been read since")
        case _ if feed.failures:
            return "has never answered" if never else "has not answered since"
        case _:
            return "has not been read yet" if never else "was last read"


def _usual(health: FeedHealth) -> str:
    return f"usually {articles_a_day(health.per_day)}" if health.per_day else ""
