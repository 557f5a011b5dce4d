"""Pruning: what is older than it is to be kept goes, in small batches; what is still owed to somebody stays.

What is left of an article is its entry in `pruned_entries`, so that it does not come back as new. Rows go in the order
that the foreign keys ask for: deliveries, digest items, matches, articles, stories; digests when nothing is in them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from tocsin.models.identity import short_content_hash, short_hash
from tocsin.models.ids import ArticleId, DigestId
from tocsin.models.subscribers import SubscriberState
from tocsin.store.columns import AnyRow
from tocsin.store.placements import lock_stories
from tocsin.store.subscriber_rows import OWED
from tocsin.store.tables import (
    alerts,
    articles,
    deliveries,
    developments,
    digest_items,
    digests,
    dismissals,
    feeds,
    matches,
    mutes,
    placements,
    pruned_entries,
    stories,
    subscribers,
    watchlists,
)
from tocsin.store.upsert import insert

WATCHLISTS_KEPT = 20
"""So many watchlists that were in force are kept, the latest ones."""


@dataclass(frozen=True, slots=True)
class Place:
    """How far the articles were looked through: up to this one, in the order of first sight."""

    first_seen_at: datetime
    article_id: ArticleId


@dataclass(frozen=True, slots=True)
class Found:
    """Articles whose time is over, and where to look on from; ``place`` is None when all were looked through."""

    overdue: tuple[ArticleId, ...]
    place: Place | None


def shortest_retention(connection: sa.Connection) -> timedelta | None:
    """Give the shortest time for which any feed keeps its articles; None without feeds."""
    shortest: timedelta | None = connection.execute(sa.select(sa.func.min(feeds.c.retention))).scalar_one()
    return shortest


def find_overdue(
    connection: sa.Connection, now: datetime, *, seen_before: datetime, after: Place | None, look_at: int
) -> Found:
    """Look at so many articles first seen before a time, the oldest first, and find those that are kept no longer.

    An article is kept for its feed's retention after it last changed. Some of those found may be owed still.
    """
    columns = (articles.c.id, articles.c.first_seen_at, articles.c.updated_at, feeds.c.retention)
    query = (
        sa.select(*columns)
        .join(feeds, feeds.c.id == articles.c.feed_id)
        .where(articles.c.first_seen_at < seen_before)
        .order_by(articles.c.first_seen_at, articles.c.id)
        .limit(look_at)
    )
    rows = connection.execute(query if after is None else query.where(_is_behind(after))).all()
    overdue = tuple(ArticleId(row.id) for row in rows if row.updated_at < now - row.retention)
    return Found(overdue, Place(rows[-1].first_seen_at, rows[-1].id) if len(rows) == look_at else None)


def _is_behind(place: Place) -> sa.ColumnElement[bool]:
    # Twice the same, since SQLite finds its place in the index by the first one only.
    same_moment = sa.and_(articles.c.first_seen_at == place.first_seen_at, articles.c.id > place.article_id)
    later = sa.or_(articles.c.first_seen_at > place.first_seen_at, same_moment)
    return sa.and_(articles.c.first_seen_at >= place.first_seen_at, later)


def prune_articles(connection: sa.Connection, overdue: Sequence[ArticleId]) -> int:
    """Delete those of the articles that nobody waits for, with all that hangs on them, and give their number."""
    if not overdue:
        return 0
    lock_stories(connection)  # before any row is, as the classifiers do
    columns = (articles.c.id, articles.c.feed_id, articles.c.entry_key, articles.c.url_hash, articles.c.content_hash)
    free = (
        sa.select(*columns, articles.c.story_id, articles.c.development_id)
        .where(articles.c.id.in_(overdue), sa.not_(_is_owed()))
        .with_for_update(skip_locked=True)
    )
    rows = connection.execute(free).all()
    if rows:
        _remember(connection, rows)
        told = _delete(connection, [row.id for row in rows])
        left = [*rows, *told]
        close_developments(connection, {row.development_id for row in left} - {None})
        _close_stories(connection, {row.story_id for row in left} - {None})
    return len(rows)


def _is_owed() -> sa.ColumnElement[bool]:
    """Tell whether an article waits for its verdict, or a match of it waits to be told."""
    unread = sa.and_(articles.c.classified_at.is_(None), articles.c.quarantined_at.is_(None))
    owed = sa.select(matches.c.id).where(
        matches.c.article_id == articles.c.id, sa.or_(_waits_for_digest(), _waits_in_digest(), _waits_as_alert())
    )
    return sa.or_(unread, owed.exists())


def _waits_for_digest() -> sa.ColumnElement[bool]:
    open_item = (
        sa.select(digest_items.c.match_id)
        .join(subscribers, subscribers.c.id == digest_items.c.subscriber_id)
        .where(digest_items.c.match_id == matches.c.id, digest_items.c.digest_id.is_(None))
        .where(subscribers.c.state == SubscriberState.ACTIVE.value)
    )
    return sa.and_(matches.c.withdrawn_at.is_(None), open_item.exists())


def _waits_in_digest() -> sa.ColumnElement[bool]:
    pending = (
        sa.select(digest_items.c.match_id)
        .join(deliveries, deliveries.c.digest_id == digest_items.c.digest_id)
        .where(digest_items.c.match_id == matches.c.id, deliveries.c.state == "pending")
    )
    return pending.exists()


def _waits_as_alert() -> sa.ColumnElement[bool]:
    """Tell whether an alert is still to be sent, or is the proof that a story, which goes on, was told."""
    other = articles.alias("other")
    is_newer = sa.or_(
        other.c.first_seen_at > articles.c.first_seen_at,
        sa.and_(other.c.first_seen_at == articles.c.first_seen_at, other.c.id > articles.c.id),
    )
    # SQLAlchemy would look for the articles outside no further than in the query around this one.
    goes_on = sa.select(other.c.id).where(other.c.story_id == alerts.c.story_id, is_newer)
    goes_on = goes_on.correlate(articles, alerts)
    waits = sa.and_(alerts.c.decision == "bundle", alerts.c.delivery_id.is_(None))
    alert = (
        sa.select(alerts.c.id)
        .outerjoin(deliveries, deliveries.c.id == alerts.c.delivery_id)
        .where(alerts.c.match_id == matches.c.id)
        .where(sa.or_(waits, deliveries.c.state == "pending", sa.and_(deliveries.c.id.is_not(None), goes_on.exists())))
    )
    return alert.exists()


def _remember(connection: sa.Connection, rows: Sequence[AnyRow]) -> None:
    left = [
        {
            "feed_id": row.feed_id,
            "key_hash": short_hash(row.entry_key),
            "url_hash": row.url_hash,
            "content_hash": short_content_hash(row.content_hash),
        }
        for row in rows
    ]
    added = insert(connection, pruned_entries)
    # An entry that came back with a new text, and was pruned again.
    latest = {"url_hash": added.excluded.url_hash, "content_hash": added.excluded.content_hash}
    key = [pruned_entries.c.feed_id, pruned_entries.c.key_hash]
    connection.execute(added.on_conflict_do_update(index_elements=key, set_=latest), left)


def _delete(connection: sa.Connection, ids: Sequence[ArticleId]) -> Sequence[AnyRow]:
    """Delete articles with what hangs on them, and give the stories and developments that alerts told with them."""
    gone = list(connection.execute(sa.select(matches.c.id).where(matches.c.article_id.in_(ids))).scalars())
    told: Sequence[AnyRow] = ()
    if gone:
        columns = (alerts.c.delivery_id, alerts.c.story_id, alerts.c.development_id)
        told = connection.execute(sa.delete(alerts).where(alerts.c.match_id.in_(gone)).returning(*columns)).all()
        left = sa.select(alerts.c.id).where(alerts.c.delivery_id == deliveries.c.id)
        messages = {row.delivery_id for row in told} - {None}
        connection.execute(sa.delete(deliveries).where(deliveries.c.id.in_(messages), sa.not_(left.exists())))
        connection.execute(sa.delete(dismissals).where(dismissals.c.match_id.in_(gone)))
        connection.execute(sa.delete(digest_items).where(digest_items.c.match_id.in_(gone)))
        connection.execute(sa.delete(matches).where(matches.c.id.in_(gone)))
    connection.execute(sa.delete(placements).where(placements.c.article_id.in_(ids)))
    connection.execute(sa.delete(articles).where(articles.c.id.in_(ids)))
    return told


def close_developments(connection: sa.Connection, ids: Collection[int]) -> None:
    """Delete developments of which neither an article nor an alert is left, and the rows that led there."""
    gone = _without_rest(connection, developments, articles.c.development_id, alerts.c.development_id, ids)
    if gone:
        connection.execute(sa.delete(developments).where(developments.c.merged_into.in_(gone)))
        connection.execute(sa.delete(developments).where(developments.c.id.in_(gone)))


def _close_stories(connection: sa.Connection, ids: set[int]) -> None:
    gone = _without_rest(connection, stories, articles.c.story_id, alerts.c.story_id, ids)
    if gone:
        connection.execute(sa.delete(mutes).where(mutes.c.story_id.in_(gone)))
        merged = sa.and_(developments.c.story_id.in_(gone), developments.c.merged_into.is_not(None))
        connection.execute(sa.delete(developments).where(merged))
        connection.execute(sa.delete(developments).where(developments.c.story_id.in_(gone)))
        connection.execute(sa.delete(stories).where(stories.c.merged_into.in_(gone)))
        connection.execute(sa.delete(stories).where(stories.c.id.in_(gone)))


def _without_rest(
    connection: sa.Connection, table: sa.Table, article: sa.Column[Any], alert: sa.Column[Any], ids: Collection[int]
) -> list[int]:
    """Give those of the rows to which neither an article nor an alert leads, by these columns."""
    led_to = [sa.select(column).where(column == table.c.id).exists() for column in (article, alert)]
    query = sa.select(table.c.id).where(table.c.id.in_(ids), sa.not_(sa.or_(*led_to)))
    return list(connection.execute(query).scalars()) if ids else []


def prune_digests(connection: sa.Connection, now: datetime, *, retention: timedelta, limit: int) -> int:
    """Delete up to so many digests that are over, with their deliveries, the oldest first; gives their number.

    A digest stays while one of the articles that it told is kept, since it is the proof that they were told; while it
    is still to be mailed; and if it is the last one of a subscriber who is still there, from which the next window is
    reckoned.
    """
    item = sa.select(digest_items.c.match_id).where(digest_items.c.digest_id == digests.c.id)
    later = digests.alias("later")
    has_later = sa.select(later.c.id).where(
        later.c.subscriber_id == digests.c.subscriber_id, later.c.end_at > digests.c.end_at
    )
    is_there = sa.select(subscribers.c.id).where(
        subscribers.c.id == digests.c.subscriber_id, subscribers.c.state.in_(OWED)
    )
    is_last = sa.and_(is_there.exists(), sa.not_(has_later.exists()))
    pending = sa.select(deliveries.c.id).where(deliveries.c.digest_id == digests.c.id, deliveries.c.state == "pending")
    over = (
        sa.select(digests.c.id)
        .where(digests.c.created_at < now - retention)
        .where(sa.not_(is_last), sa.not_(item.exists()), sa.not_(pending.exists()))
        .order_by(digests.c.created_at)
        .limit(limit)
    )
    ids = [DigestId(row.id) for row in connection.execute(over)]
    if ids:
        connection.execute(sa.delete(deliveries).where(deliveries.c.digest_id.in_(ids)))
        connection.execute(sa.delete(digests).where(digests.c.id.in_(ids)))
    return len(ids)


def prune_watchlists(connection: sa.Connection) -> int:
    """Delete all watchlists but the latest ones, and give the number of those deleted."""
    latest = sa.select(watchlists.c.version).order_by(watchlists.c.accepted_at.desc()).limit(WATCHLISTS_KEPT)
    # The sub-query in a sub-query is for PostgreSQL's planner, which otherwise may evaluate it once a row.
    kept = sa.select(latest.subquery().c.version)
    return connection.execute(sa.delete(watchlists).where(watchlists.c.version.not_in(kept))).rowcount
