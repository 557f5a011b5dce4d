"""Which feeds a digest rests on, and which were not seen. Feeds die silently; a digest says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import TypeAdapter

from tocsin.feeds.health import health_of
from tocsin.models.digests import Window
from tocsin.models.feeds import Feed, ProblemKind
from tocsin.models.health import HealthState
from tocsin.rendering.feed_words import feed_title
from tocsin.rendering.links import safe_link

NAMED = 5
TITLE_LIMIT = 60
# A feed that failed once, shortly before the digest, has most likely lost nothing: it is asked again soon.
GRACE = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class UnseenFeed:
    """A feed whose news may be missing.

    ``since_at`` is its last success, that of a silent one its last new article; None for never. ``failing`` tells that
    the last poll failed, by ``problem``. ``per_day`` is how many articles a silent one usually brings a day.
    """

    title: str
    url: str
    state: HealthState
    since_at: datetime | None
    failing: bool = False
    problem: ProblemKind | None = None
    per_day: float | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the feeds a digest rests on. ``unseen`` names some, ``more_unseen`` counts the others."""

    checked: int
    total: int
    unseen: tuple[UnseenFeed, ...] = ()
    more_unseen: int = 0


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
        state=health.state,
        since_at=health.since if silent else feed.succeeded_at,
        failing=bool(feed.failures),
        problem=feed.problem_kind if feed.failures else None,
        per_day=health.per_day if silent else None,
    )
