"""Whether a server's "not modified" can be believed. Pure, with ``now`` as a parameter.

Some servers and caches answer 304 for ever, whatever the feed does; who believes them never hears of it again. So a
feed that is quieter than it uses to be is asked for its whole document once in a while, and a server that is found out
is asked without validators from then on.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from tocsin.models.feeds import Feed, Fetched, ParsedFeed

SHORTEST_DOUBT: Final = timedelta(hours=24)
LONGEST_DOUBT: Final = timedelta(days=7)
"""A publisher may be asked for a whole document once a day; no feed goes unchecked for longer than a week."""

_GAPS: Final = 4
_EMBARGO: Final = timedelta(hours=6)


def asks_fully(feed: Feed, now: datetime) -> bool:
    """Say whether to ask for the whole document although there are validators.

    That is when the last whole body is older than four of the feed's usual gaps between news, but at least a day and
    at most a week; with every answer in between a "not modified". Of a feed that has shown no gaps yet, neither by its
    news nor by its dates, nothing is usual: a week.
    """
    read_at = feed.polling.read_at
    if read_at is None or feed.succeeded_at is None or feed.succeeded_at <= read_at:
        # No "not modified" came since: a feed that is polled once a day has given no cause for doubt yet.
        return False
    return _has_validators(feed) and now - read_at >= _patience(feed)


def _patience(feed: Feed) -> timedelta:
    rhythm = feed.polling.rhythm
    if rhythm is None:
        return LONGEST_DOUBT
    if rhythm.gaps:
        usual = sorted(rhythm.gaps)[len(rhythm.gaps) // 2]
    elif rhythm.window is not None and rhythm.per_day > 0:
        usual = timedelta(days=min(1 / rhythm.per_day, LONGEST_DOUBT.days))
    else:
        return LONGEST_DOUBT
    return min(max(_GAPS * usual, SHORTEST_DOUBT), LONGEST_DOUBT)


def distrusts(feed: Feed, answer: Fetched, parsed: ParsedFeed, now: datetime) -> bool:
    """Say whether the feed is to be asked without validators from now on, since a "not modified" was false.

    ``feed`` is as it was before the poll that was begun at ``now`` and brought a new document; that proves something
    only if no validators were sent, so that all answers since the last document were "not modified". Either the server
    still names the old ones for a document that is new, or an entry bears a date well before the last "not modified"
    and after the last whole document. Six hours are allowed for entries that are dated before they are published.
    """
    if feed.polling.distrusts_304:
        return True
    # Of polls since the last document the successful ones brought "not modified"; a failed one tells nothing.
    read_at, last_304 = feed.polling.read_at, feed.succeeded_at
    if not asks_fully(feed, now) or read_at is None or last_304 is None:
        return False
    if (answer.etag, answer.last_modified) == (feed.etag, feed.last_modified):
        return True
    dates = (entry.published_at for entry in parsed.entries)
    return any(date is not None and read_at < date < last_304 - _EMBARGO for date in dates)


def _has_validators(feed: Feed) -> bool:
    return bool(feed.etag or feed.last_modified)
