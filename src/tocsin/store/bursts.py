"""How thick watches come: their new matches by the hour, those of the last hours one by one, and their bursts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from tocsin.models.ids import MatchId, StoryId, WatchId
from tocsin.store.columns import AnyRow, UtcDateTime
from tocsin.store.tables import articles, bursts, feeds, matches, watch_hours
from tocsin.store.upsert import insert


@dataclass(frozen=True, slots=True)
class HourOfWatch:
    """What a watch brought in the hour that begins at ``hour_at``: stories new to it, and new matches."""

    watch: WatchId
    hour_at: datetime
    stories: int
    articles: int


@dataclass(frozen=True, slots=True)
class RecentMatch:
    """A match of the last hours; ``is_new`` says that it was the first of its story for the watch."""

    watch: WatchId
    published_at: datetime
    story_id: StoryId
    outlet: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class StoredBurst:
    """A burst of a watch as stored; see `tocsin.alerts.Burst`. ``span`` is the window in which it was found."""

    watch: WatchId
    began_at: datetime
    called_at: datetime
    measure: str
    span: timedelta
    found: int
    usual: float
    outlets: int


def count_matches_by_hour(connection: sa.Connection, ids: Collection[MatchId], now: datetime) -> None:
    """Count new matches, entered in this transaction, into the hour of ``now``; what is backlog or quiet does not
    count.
    """
    query = (
        sa.select(matches.c.watch, sa.func.count().label("n"))
        .add_columns(sa.func.sum(sa.case((_is_first(), 1), else_=0)).label("first"))
        .join(articles, articles.c.id == matches.c.article_id)
        .where(matches.c.id.in_(ids), sa.not_(articles.c.backlog), sa.not_(articles.c.quiet))
        .group_by(matches.c.watch)
    )
    hour = now.replace(minute=0, second=0, microsecond=0)
    found = connection.execute(query).all() if ids else []
    rows = [{"watch": row.watch, "hour_at": hour, "stories": row.first, "articles": row.n} for row in found]
    if rows:
        added = insert(connection, watch_hours)
        sums = {name: watch_hours.c[name] + added.excluded[name] for name in ("stories", "articles")}
        connection.execute(added.on_conflict_do_update(index_elements=["watch", "hour_at"], set_=sums), rows)


def hours_of_watch(connection: sa.Connection, watch: WatchId, since: datetime) -> list[HourOfWatch]:
    """Give the hours of a watch that had any match, from that time on, the earliest first."""
    query = sa.select(watch_hours).where(watch_hours.c.watch == watch, watch_hours.c.hour_at >= since)
    rows = connection.execute(query.order_by(watch_hours.c.hour_at))
    return [HourOfWatch(row.watch, row.hour_at, row.stories, row.articles) for row in rows]


def first_hour(connection: sa.Connection, watch: WatchId) -> datetime | None:
    """Give the first hour in which a watch brought anything, as far back as is kept."""
    earliest = sa.func.min(watch_hours.c.hour_at, type_=UtcDateTime)
    found: datetime | None = connection.execute(sa.select(earliest).where(watch_hours.c.watch == watch)).scalar()
    return found


def recent_matches(connection: sa.Connection, watches: Collection[WatchId], since: datetime) -> list[RecentMatch]:
    """Give the standing matches of watches found since that time; those of backlog and quiet revisions are left out."""
    columns = (matches.c.watch, articles.c.published_at, articles.c.story_id, articles.c.outlet)
    query = (
        sa.select(*columns, _is_first().label("is_new"))
        .join(articles, articles.c.id == matches.c.article_id)
        .where(matches.c.watch.in_(watches), matches.c.matched_at >= since, matches.c.withdrawn_at.is_(None))
        .where(articles.c.story_id.is_not(None), sa.not_(articles.c.backlog), sa.not_(articles.c.quiet))
    )
    rows = connection.execute(query) if watches else ()
    return [RecentMatch(r.watch, r.published_at, r.story_id, r.outlet or "", bool(r.is_new)) for r in rows]


def _is_first() -> sa.ColumnElement[bool]:
    """Tell of a match joined with its article whether its watch had none of the story before."""
    earlier, its_article = matches.alias("earlier"), articles.alias("its_article")
    known = (
        sa.select(earlier.c.id)
        .join(its_article, its_article.c.id == earlier.c.article_id)
        .where(its_article.c.story_id == articles.c.story_id)
        .where(earlier.c.watch == matches.c.watch, earlier.c.id < matches.c.id)
        .correlate(articles, matches)
    )
    return sa.not_(known.exists())


def open_bursts(connection: sa.Connection, watches: Collection[WatchId] | None = None) -> list[StoredBurst]:
    """Give the bursts that last: all, or those of some watches."""
    query = sa.select(bursts).where(bursts.c.ended_at.is_(None)).order_by(bursts.c.id)
    if watches is not None:
        query = query.where(bursts.c.watch.in_(watches))
    return [_burst_of(row) for row in connection.execute(query)]


def burst_at(connection: sa.Connection, watch: WatchId, at: datetime) -> StoredBurst | None:
    """Give the burst of a watch that was under way at a time, as it stands now or stood when it ended."""
    lasted = sa.and_(bursts.c.began_at <= at, sa.or_(bursts.c.ended_at.is_(None), bursts.c.ended_at >= at))
    query = sa.select(bursts).where(bursts.c.watch == watch, lasted).order_by(bursts.c.id.desc())
    row = connection.execute(query.limit(1)).one_or_none()
    return None if row is None else _burst_of(row)


def save_burst(connection: sa.Connection, burst: StoredBurst) -> None:
    """Store a burst that began, or has grown."""
    values = {
        "called_at": burst.called_at,
        "measure": burst.measure,
        "span": burst.span,
        "found": burst.found,
        "usual": burst.usual,
        "outlets": burst.outlets,
    }
    ours = sa.and_(bursts.c.watch == burst.watch, bursts.c.ended_at.is_(None))
    if connection.execute(sa.update(bursts).where(ours).values(**values)).rowcount == 0:
        connection.execute(sa.insert(bursts).values(watch=burst.watch, began_at=burst.began_at, **values))


def end_burst(connection: sa.Connection, watch: WatchId, now: datetime) -> bool:
    """End the burst of a watch; False where there is none."""
    ours = sa.and_(bursts.c.watch == watch, bursts.c.ended_at.is_(None))
    return connection.execute(sa.update(bursts).where(ours).values(ended_at=now)).rowcount > 0


def told_by_outlets(
    connection: sa.Connection, watch: WatchId, since: datetime, until: datetime
) -> list[tuple[StoryId, str]]:
    """Give story and outlet of each standing match of a watch that was found in a stretch of time, in their order."""
    query = (
        sa.select(articles.c.story_id, sa.func.coalesce(articles.c.outlet, feeds.c.title).label("outlet"))
        .join(matches, matches.c.article_id == articles.c.id)
        .join(feeds, feeds.c.id == articles.c.feed_id)
        .where(matches.c.watch == watch, matches.c.matched_at >= since, matches.c.matched_at <= until)
        .where(matches.c.withdrawn_at.is_(None), articles.c.story_id.is_not(None))
        .where(sa.not_(articles.c.backlog), sa.not_(articles.c.quiet))
        .order_by(matches.c.id)
    )
    return [(StoryId(row.story_id), row.outlet) for row in connection.execute(query)]


def _burst_of(row: AnyRow) -> StoredBurst:
    return StoredBurst(
        watch=row.watch,
        began_at=row.began_at,
        called_at=row.called_at,
        measure=row.measure,
        span=row.span,
        found=row.found,
        usual=row.usual,
        outlets=row.outlets,
    )
