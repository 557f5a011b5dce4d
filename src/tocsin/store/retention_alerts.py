"""Pruning of what alerts leave behind: the rhythms of watches, their bursts, and notices; and what must stay."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

import sqlalchemy as sa

from tocsin.models.deliveries import DeliveryState
from tocsin.models.ids import ArticleId
from tocsin.store.tables import alerts, articles, bursts, deliveries, feeds, matches, notices, watch_hours

RHYTHM_KEPT = timedelta(weeks=9)
"""How long hours of watches are kept: those of eight weeks, and the one that is under way, tell what is usual."""


def proofs_still_needed(connection: sa.Connection, overdue: Collection[ArticleId], now: datetime) -> set[ArticleId]:
    """Give those of the articles by which a story was told that holds an article whose own time is not over: without
    the proof, the next one that joins it would be told as a new story.
    """
    proofs = (
        sa.select(matches.c.article_id, alerts.c.story_id)
        .join(alerts, alerts.c.match_id == matches.c.id)
        .where(matches.c.article_id.in_(overdue), alerts.c.delivery_id.is_not(None))
    )
    told = {(ArticleId(row.article_id), row.story_id) for row in connection.execute(proofs)} if overdue else set()
    latest = sa.func.max(articles.c.updated_at, type_=articles.c.updated_at.type).label("at")
    of_stories = (
        sa.select(articles.c.story_id, feeds.c.retention, latest)
        .join(feeds, feeds.c.id == articles.c.feed_id)
        .where(articles.c.story_id.in_({story for _, story in told}))
        .group_by(articles.c.story_id, feeds.c.retention)
    )
    rows = connection.execute(of_stories) if told else ()
    run_on = {row.story_id for row in rows if row.at >= now - row.retention}
    return {article for article, story in told if story in run_on}


def prune_rhythms(connection: sa.Connection, now: datetime, *, retention: timedelta) -> int:
    """Delete the hours and bursts of watches that are over, and give their number."""
    hours = sa.delete(watch_hours).where(watch_hours.c.hour_at < now - RHYTHM_KEPT)
    over = sa.delete(bursts).where(bursts.c.ended_at < now - retention)
    return connection.execute(hours).rowcount + connection.execute(over).rowcount


def prune_notices(connection: sa.Connection, now: datetime, *, retention: timedelta, limit: int) -> int:
    """Delete up to so many notices that were closed that long ago, with their deliveries, and give their number; not
    while one is still to be sent.
    """
    pending = sa.select(deliveries.c.id).where(
        deliveries.c.notice_id == notices.c.id, deliveries.c.state == DeliveryState.PENDING.value
    )
    over = sa.select(notices.c.id).where(notices.c.closed_at < now - retention, sa.not_(pending.exists()))
    ids = list(connection.execute(over.order_by(notices.c.id).limit(limit)).scalars())
    if ids:
        connection.execute(sa.delete(deliveries).where(deliveries.c.notice_id.in_(ids)))
        connection.execute(sa.delete(notices).where(notices.c.id.in_(ids)))
    return len(ids)
