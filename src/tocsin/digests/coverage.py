"""Which feeds a digest rests on, and which were not seen. Feeds die silently; a digest says so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from pydantic import TypeAdapter

from tocsin.digests.view import Coverage, UnseenFeed
from tocsin.models.digests import Window
from tocsin.models.feeds import Feed
from tocsin.rendering.clean import one_line
from tocsin.rendering.links import safe_link

NAMED = 5
PROBLEM_LIMIT = 160
TITLE_LIMIT = 60
# A feed that failed once, shortly before the digest, has most likely lost nothing: it is asked again soon.
GRACE = timedelta(hours=2)

_COVERAGES: TypeAdapter[Coverage] = TypeAdapter(Coverage)


def coverage(feeds: Sequence[Feed], window: Window) -> Coverage:
    """Say how many of the active feeds were read in the window, and which were not, longest silence first."""
    asked = [feed for feed in feeds if feed.active and feed.added_at < window.end_at]
    unseen = sorted((feed for feed in asked if not _seen(feed, window)), key=_silence)
    return Coverage(
        checked=len(asked) - len(unseen),
        total=len(asked),
        unseen=tuple(_unseen(feed) for feed in unseen[:NAMED]),
        more_unseen=max(0, len(unseen) - NAMED),
    )


def coverage_json(found: Coverage) -> object:
    """Turn a coverage into what JSON can hold."""
    return _COVERAGES.dump_python(found, mode="json")


def coverage_from(json: object) -> Coverage:
    """Read a coverage back."""
    return _COVERAGES.validate_python(json)


def _seen(feed: Feed, window: Window) -> bool:
    """Tell whether the feed was read in the window, and has not been failing for the last hours of it."""
    if feed.succeeded_at is None or feed.succeeded_at < window.start_at:
        return False
    return feed.problem is None or feed.succeeded_at >= window.end_at - GRACE


def _silence(feed: Feed) -> tuple[bool, float, str]:
    since = feed.succeeded_at
    return (since is not None, since.timestamp() if since else 0.0, feed.title)


def _unseen(feed: Feed) -> UnseenFeed:
    failing = feed.problem is not None
    if feed.succeeded_at is None:
        words = "has never answered" if failing else "has not been read yet"
    else:
        words = "has not answered since" if failing else "was last read"
    return UnseenFeed(
        title=one_line(feed.title, TITLE_LIMIT) or one_line(feed.url, TITLE_LIMIT),
        url=safe_link(feed.url),
        words=words,
        since_at=feed.succeeded_at,
        problem=one_line(feed.problem or "", PROBLEM_LIMIT).rstrip(".;"),
    )
