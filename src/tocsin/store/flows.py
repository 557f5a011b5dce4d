"""How fast matches come, from a feed or for a watch, against what each is used to: what the flood guard looks at."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from tocsin.models.ids import FeedId, WatchId
from tocsin.store.columns import UtcDateTime
from tocsin.store.tables import articles, feeds, matches, watch_hours

TEN_MINUTES, HOUR = timedelta(minutes=10), timedelta(hours=1)
USUAL_OF = timedelta(days=14)
"""What is usual is the mean of so long."""

_YOUNG = timedelta(days=1)
"""Articles first seen longer ago than this are edited ones: they do not count."""


@dataclass(frozen=True, slots=True)
class Pace:
    """New matches in the last 10 and 60 minutes."""

    ten_minutes: int
    hour: int


def paces_of_feeds(connection: sa.Connection, ids: Collection[FeedId], now: datetime) -> dict[FeedId, Pace]:
    """Give how fast matches come from feeds; those without any are not in it."""
    query = _paces(articles.c.feed_id, now).where(articles.c.feed_id.in_(ids), articles.c.first_seen_at > now - _YOUNG)
    rows = connection.execute(query) if ids else ()
    return {FeedId(row.of): Pace(row.ten_minutes, row.hour) for row in rows}


def paces_of_watches(connection: sa.Connection, ids: Collection[WatchId], now: datetime) -> dict[WatchId, Pace]:
    """Give how fast matches come for watches; those without any are not in it."""
    rows = connection.execute(_paces(matches.c.watch, now).where(matches.c.watch.in_(ids))) if ids else ()
    return {WatchId(row.of): Pace(row.ten_minutes, row.hour) for row in rows}


def _paces(column: sa.Column[int] | sa.Column[str], now: datetime) -> sa.Select[*tuple[Any, ...]]:
    just_now = sa.case((matches.c.matched_at > now - TEN_MINUTES, 1), else_=0)
    return (
        sa.select(column.label("of"), sa.func.sum(just_now).label("ten_minutes"), sa.func.count().label("hour"))
        .join(articles, articles.c.id == matches.c.article_id)
        .where(matches.c.matched_at > now - HOUR, sa.not_(articles.c.backlog), sa.not_(articles.c.quiet))
        .group_by(column)
    )


def usual_of_feed(connection: sa.Connection, feed_id: FeedId, now: datetime) -> float:
    """Give how many matches an hour a feed brings on the mean, the last hour left out."""
    added_at = connection.execute(sa.select(feeds.c.added_at).where(feeds.c.id == feed_id)).scalar_one()
    since = max(added_at, now - USUAL_OF)
    query = (
        sa.select(sa.func.count())
        .select_from(matches.join(articles, articles.c.id == matches.c.article_id))
        .where(articles.c.feed_id == feed_id, articles.c.first_seen_at >= since, matches.c.matched_at <= now - HOUR)
        .where(sa.not_(articles.c.backlog), sa.not_(articles.c.quiet))
    )
    return _an_hour(connection.execute(query).scalar_one(), since, now)


def usual_of_watch(connection: sa.Connection, watch: WatchId, now: datetime) -> float:
    """Give how many matches an hour a watch brings on the mean, the last hour left out."""
    earliest = sa.func.min(watch_hours.c.hour_at, type_=UtcDateTime)
    first = connection.execute(sa.select(earliest).where(watch_hours.c.watch == watch)).scalar()
    since = max(first or now, now - USUAL_OF)
    before = sa.and_(watch_hours.c.hour_at >= since, watch_hours.c.hour_at <= now - HOUR)
    query = sa.select(sa.func.coalesce(sa.func.sum(watch_hours.c.articles), 0))
    return _an_hour(connection.execute(query.where(watch_hours.c.watch == watch, before)).scalar_one(), since, now)


def _an_hour(number: int, since: datetime, now: datetime) -> float:
    return number / max(1.0, (now - HOUR - since) / HOUR)
