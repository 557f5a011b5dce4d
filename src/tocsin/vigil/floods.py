"""Floods: a feed or a watch gone mad. One that lasts is an open notice to the operator."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from tocsin.alerts import Flood, Flow, Source, judge
from tocsin.models.alerts import Notice, NoticeKind
from tocsin.models.ids import FeedId, WatchId
from tocsin.store.flows import Pace, paces_of_feeds, paces_of_watches, usual_of_feed, usual_of_watch
from tocsin.store.notices import close_notice, open_notice, open_notices

_WORTH_A_LOOK = 30
"""Matches an hour: below it nothing floods, so that what is usual need not be known."""

_NO_PACE = Pace(0, 0)

_KINDS = {Source.FEED: NoticeKind.FLOODING_FEED, Source.WATCH: NoticeKind.FLOODING_WATCH}
_SOURCES = {kind: source for source, kind in _KINDS.items()}

Floods = dict[tuple[Source, FeedId | WatchId], Flood]


def look_for_floods(
    connection: sa.Connection, feeds: Mapping[FeedId, str], watches: Mapping[WatchId, str], now: datetime
) -> Floods:
    """Judge feeds and watches, each with the name that it is told by; gives the floods that last.

    The operator is told of those that begin.
    """
    lasting = {notice.key: notice for notice in open_notices(connection)}
    found: Floods = {}
    for feed_id, feed_pace in paces_of_feeds(connection, feeds, now).items():
        source = Source.FEED, feed_id, feeds[feed_id]
        found |= _judged(connection, source, feed_pace, lasting.get(_key(Source.FEED, feed_id)), now)
    for watch, watch_pace in paces_of_watches(connection, watches, now).items():
        whose = Source.WATCH, watch, watches[watch]
        found |= _judged(connection, whose, watch_pace, lasting.get(_key(Source.WATCH, watch)), now)
    return found


def end_floods(connection: sa.Connection, now: datetime) -> list[Notice]:
    """Close the notices of floods that are over, and give them."""
    over = []
    for notice in open_notices(connection):
        source = _SOURCES.get(notice.kind)
        if source is None:
            continue
        what = _what(source, notice.key)
        if not _judged(connection, (source, what, ""), _pace(connection, source, what, now), notice, now):
            over.append(notice)
    return over


def _judged(
    connection: sa.Connection,
    whose: tuple[Source, FeedId | WatchId, str],
    pace: Pace,
    lasting: Notice | None,
    now: datetime,
) -> Floods:
    """Judge one feed or watch, and open or close its notice."""
    source, what, name = whose
    if lasting is None and pace.hour < _WORTH_A_LOOK:
        return {}
    flow = Flow(source, name, pace.ten_minutes, pace.hour, _usual(connection, source, what, now))
    before = Flood(source, name, lasting.opened_at, 0, 0.0, lasting.text) if lasting else None
    flood = judge(flow, before, now)
    if flood is None and lasting is not None:
        close_notice(connection, lasting.key, now)
    elif flood is not None and lasting is None:
        open_notice(connection, _key(source, what), _KINDS[source], flood.text, now)
    return {} if flood is None else {(source, what): flood}


def _key(source: Source, what: FeedId | WatchId) -> str:
    return f"flood:{source}:{what}"


def _what(source: Source, key: str) -> FeedId | WatchId:
    what = key.split(":", 2)[2]
    return FeedId(int(what)) if source is Source.FEED else WatchId(what)


def _pace(connection: sa.Connection, source: Source, what: FeedId | WatchId, now: datetime) -> Pace:
    if source is Source.FEED:
        return paces_of_feeds(connection, [FeedId(int(what))], now).get(FeedId(int(what)), _NO_PACE)
    return paces_of_watches(connection, [WatchId(str(what))], now).get(WatchId(str(what)), _NO_PACE)


def _usual(connection: sa.Connection, source: Source, what: FeedId | WatchId, now: datetime) -> float:
    if source is Source.FEED:
        return usual_of_feed(connection, FeedId(int(what)), now)
    return usual_of_watch(connection, WatchId(str(what)), now)
