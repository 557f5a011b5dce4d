"""The figures by which a running house is watched: one reading of the database, cheap with 100,000 feeds.

All feeds are read once; of articles, matches and messages only what an index counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from tocsin.models.deliveries import DeliveryState
from tocsin.models.health import HealthState
from tocsin.store.columns import UtcDateTime
from tocsin.store.deliveries import count_deliveries
from tocsin.store.feed_health import judged_feeds
from tocsin.store.processes import heartbeats
from tocsin.store.tables import articles, deliveries, feeds, hosts, matches

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class FeedFigures:
    """Active feeds by state; how many were asked and read in the last hour; how many are due, and by how much the
    latest of them is late.
    """

    states: Mapping[HealthState, int]
    asked: int
    read: int
    due: int
    latest: timedelta


@dataclass(frozen=True, slots=True)
class Backlog:
    """How much of a kind of work is undone, and how long its oldest piece has been waiting."""

    number: int
    age: timedelta


@dataclass(frozen=True, slots=True)
class Figures:
    """What stands in the database at one moment.

    ``articles`` and ``matches`` count all that were ever stored, by their highest number, pruned ones too. ``alive``
    tells how long ago each process was last seen.
    """

    feeds: FeedFigures
    hosts_waiting: int
    articles: int
    matches: int
    unclassified: Backlog
    quarantined: int
    pages: Backlog
    deliveries: Mapping[DeliveryState, int]
    undelivered: Backlog
    alive: Mapping[str, timedelta]


def read_figures(connection: sa.Connection, now: datetime) -> Figures:
    """Read all figures as they stand at ``now``."""
    unclassified = articles.c.classified_at.is_(None) & articles.c.quarantined_at.is_(None)
    wanted = (articles.c.page_state == "wanted") & (articles.c.page_due_at <= now)
    pending = (deliveries.c.state == DeliveryState.PENDING.value) & (deliveries.c.next_attempt_at <= now)
    return Figures(
        feeds=_feed_figures(connection, now),
        hosts_waiting=_count(connection, hosts, hosts.c.wait_until > now),
        articles=_highest(connection, articles),
        matches=_highest(connection, matches),
        unclassified=_backlog(connection, articles.c.updated_at, unclassified, now),
        quarantined=_count(connection, articles, articles.c.quarantined_at.is_not(None)),
        pages=_backlog(connection, articles.c.page_due_at, wanted, now),
        deliveries=count_deliveries(connection),
        undelivered=_backlog(connection, deliveries.c.next_attempt_at, pending, now),
        alive={beat.name: now - beat.seen_at for beat in heartbeats(connection)},
    )


def _feed_figures(connection: sa.Connection, now: datetime) -> FeedFigures:
    is_free = feeds.c.lease_until.is_(None) | (feeds.c.lease_until <= now)
    may_be_asked = feeds.c.stopped_at.is_(None) & (hosts.c.wait_until.is_(None) | (hosts.c.wait_until <= now))
    is_due = is_free & may_be_asked & (feeds.c.next_check_at <= now)
    judged = judged_feeds(
        now,
        sa.case((feeds.c.asked_at > now - HOUR, 1), else_=0).label("asked"),
        sa.case((feeds.c.succeeded_at > now - HOUR, 1), else_=0).label("read"),
        sa.case((is_due, feeds.c.next_check_at)).label("due_at"),
    )
    query = sa.select(
        judged.c.state,
        sa.func.count().label("number"),
        sa.func.sum(judged.c.asked).label("asked"),
        sa.func.sum(judged.c.read).label("read"),
        sa.func.count(judged.c.due_at).label("due"),
        sa.func.min(judged.c.due_at, type_=UtcDateTime).label("earliest"),
    ).group_by(judged.c.state)
    rows = connection.execute(query).all()
    counts = {row.state: row.number for row in rows}
    earliest = min((row.earliest for row in rows if row.earliest is not None), default=now)
    return FeedFigures(
        states={each: counts.get(each.value, 0) for each in HealthState},
        asked=sum(row.asked for row in rows),
        read=sum(row.read for row in rows),
        due=sum(row.due for row in rows),
        latest=now - earliest,
    )


def _count(connection: sa.Connection, table: sa.Table, condition: sa.ColumnElement[bool]) -> int:
    return connection.execute(sa.select(sa.func.count()).select_from(table).where(condition)).scalar_one()


def _highest(connection: sa.Connection, table: sa.Table) -> int:
    return connection.execute(sa.select(sa.func.max(table.c.id))).scalar_one() or 0


def _backlog(
    connection: sa.Connection, since: sa.Column[datetime], condition: sa.ColumnElement[bool], now: datetime
) -> Backlog:
    query = sa.select(sa.func.count().label("n"), sa.func.min(since, type_=UtcDateTime).label("oldest"))
    row = connection.execute(query.where(condition)).one()
    return Backlog(row.n, max(now - row.oldest, timedelta()) if row.oldest else timedelta())
