"""Which feeds name a WebSub hub, and which subscriptions are wanted therefore."""

from __future__ import annotations

import secrets
from datetime import datetime

import sqlalchemy as sa

from tocsin.models.ids import FeedId
from tocsin.models.websub import HubMode
from tocsin.store.columns import AnyRow
from tocsin.store.tables import feeds, hub_subscriptions
from tocsin.store.upsert import insert

AT_ONCE = 500
"""New subscriptions a turn: a first start on a large watchlist holds the database no longer than that takes."""


def any_to_follow(connection: sa.Connection, root: str | None, now: datetime) -> bool:
    """Tell whether `follow_hubs` would change anything, without locking anything."""
    queries = [_others(connection, root, now)] + ([_missing(connection)] if root is not None else [])
    return any(connection.execute(query.limit(1)).first() for query in queries)


def follow_hubs(connection: sa.Connection, root: str | None, now: datetime) -> list[FeedId]:
    """Want a subscription for every active feed that names a hub, and no other; give the feeds that lost one.

    ``root`` is what callbacks begin with now, None for no subscriptions at all.
    """
    ended = _end_others(connection, root, now)
    if root is not None:
        _begin_missing(connection, root, now)
    return ended


def _end_others(connection: sa.Connection, root: str | None, now: datetime) -> list[FeedId]:
    rows = connection.execute(_others(connection, root, now)).all()
    if rows:
        ending = {"mode": HubMode.UNSUBSCRIBE, "awaiting": False, "due_at": now, "failures": 0, "problem": None}
        these = hub_subscriptions.c.id.in_([row.id for row in rows])
        connection.execute(sa.update(hub_subscriptions).where(these).values(**ending))
    return [FeedId(row.feed_id) for row in rows]


def _others(connection: sa.Connection, root: str | None, now: datetime) -> sa.Select[tuple[int, int]]:
    """Select the subscriptions that are wanted and no longer should be."""
    ours = hub_subscriptions.c
    stale = sa.or_(
        ~feeds.c.active,
        feeds.c.stopped_at.is_not(None),
        _named(connection, "hub").is_distinct_from(ours.hub),
        _named(connection, "topic").is_distinct_from(ours.topic),
        ours.root.is_distinct_from(root),
    )
    joined = hub_subscriptions.join(feeds, feeds.c.id == ours.feed_id)
    found = sa.select(ours.id, ours.feed_id).select_from(joined)
    return found.where(ours.mode == HubMode.SUBSCRIBE, stale, unleased(now)).limit(AT_ONCE)


def _named(connection: sa.Connection, name: str) -> sa.ColumnElement[str]:
    """Give what a feed says of its hub, from its polling state (see `tocsin.models.feeds.Polling`)."""
    # SQLite's JSON is text as it is, and a CAST would make a number of it; PostgreSQL has a type of its own.
    is_sqlite = connection.dialect.name == "sqlite"
    polling = sa.type_coerce(feeds.c.polling, sa.JSON) if is_sqlite else sa.cast(feeds.c.polling, sa.JSON)
    named: sa.ColumnElement[str] = polling[("hub", name)].as_string()
    return named


def unleased(now: datetime) -> sa.ColumnElement[bool]:
    """Leave a feed that is being polled to the next time: its poll goes by what it was when it began."""
    return sa.or_(feeds.c.lease_until.is_(None), feeds.c.lease_until <= now)


def _begin_missing(connection: sa.Connection, root: str, now: datetime) -> None:
    rows = connection.execute(_missing(connection)).all()
    if rows:
        # Another scheduler may have found the same: the first one's subscription stays.
        new = [_new(row, root, now) for row in rows]
        connection.execute(insert(connection, hub_subscriptions).on_conflict_do_nothing(), new)


def _missing(connection: sa.Connection) -> sa.Select[tuple[int, str, str]]:
    """Select the feeds that name a hub at which no subscription is wanted."""
    wanted = sa.and_(hub_subscriptions.c.feed_id == feeds.c.id, hub_subscriptions.c.mode == HubMode.SUBSCRIBE)
    hub, topic = _named(connection, "hub"), _named(connection, "topic")
    return (
        sa.select(feeds.c.id, hub.label("hub"), topic.label("topic"))
        .select_from(feeds.outerjoin(hub_subscriptions, wanted))
        .where(feeds.c.active, feeds.c.stopped_at.is_(None), names_a_hub())
        .where(hub_subscriptions.c.id.is_(None))
        .limit(AT_ONCE)
    )


def _new(row: AnyRow, root: str, now: datetime) -> dict[str, object]:
    return {
        "feed_id": row.id,
        "hub": row.hub,
        "topic": row.topic,
        "root": root,
        "token": secrets.token_urlsafe(32),
        "secret": secrets.token_urlsafe(32),
        "mode": HubMode.SUBSCRIBE,
        "awaiting": False,
        "due_at": now,
    }


def count_hub_feeds(connection: sa.Connection, now: datetime) -> tuple[int, int]:
    """Count the active feeds that name a hub, and those of them that hubs deliver at ``now``."""
    delivered = sa.func.count(sa.case((feeds.c.pushed_until > now, 1)))
    query = sa.select(sa.func.count(), delivered).where(feeds.c.active, names_a_hub())
    named, pushed = connection.execute(query).one()
    return named, pushed


def names_a_hub() -> sa.ColumnElement[bool]:
    """Tell of a feed's row, without reading its JSON, whether there is a hub in it."""
    return sa.type_coerce(feeds.c.polling, sa.Text).like('%"hub":{%')
