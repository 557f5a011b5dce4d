"""What hubs sent, from the web process, which only listens, to the scheduler, which takes it in."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from tocsin.models.feeds import Feed
from tocsin.models.ids import PingId
from tocsin.models.websub import Ping
from tocsin.store.feeds import FEED_COLUMNS, feed_of
from tocsin.store.hub_subscriptions import get_subscription
from tocsin.store.tables import feeds, hub_subscriptions, pings

A_FEED = 20
IN_ALL = 200_000_000
"""So many pings of a feed, and so many bytes of all, wait at most; a hub whose ping finds no room tries again later."""


KEPT = timedelta(days=1)


def keep_ping(connection: sa.Connection, ping: Ping) -> bool:
    """Keep a ping until it is taken in; False where too many wait already."""
    same = sa.func.count(sa.case((pings.c.subscription_id == ping.subscription.id, 1)))
    of_feed, in_all = connection.execute(sa.select(same, sa.func.coalesce(sa.func.sum(pings.c.size), 0))).one()
    if of_feed >= A_FEED or in_all + len(ping.body) > IN_ALL:
        return False
    values = {
        "subscription_id": ping.subscription.id,
        "received_at": ping.received_at,
        "content_type": ping.content_type,
        "body": ping.body,
        "size": len(ping.body),
    }
    connection.execute(sa.insert(pings).values(**values))
    return True


def any_ping(connection: sa.Connection) -> bool:
    """Tell whether a ping waits, without locking anything."""
    return connection.execute(sa.select(pings.c.id).limit(1)).first() is not None


def claim_pings(connection: sa.Connection, now: datetime, *, hold: timedelta, limit: int) -> list[PingId]:
    """Take up to ``limit`` pings, the oldest first, whose feeds nobody polls at the moment; no other scheduler
    gets them for the time ``hold``. What could not be taken in for a day is dropped: polls bring it, too.
    """
    connection.execute(sa.delete(pings).where(pings.c.received_at <= now - KEPT))
    waiting = (
        sa.select(pings.c.id)
        .join(hub_subscriptions, hub_subscriptions.c.id == pings.c.subscription_id)
        .join(feeds, feeds.c.id == hub_subscriptions.c.feed_id)
        .where(sa.or_(pings.c.taken_until.is_(None), pings.c.taken_until <= now))
        .where(sa.or_(feeds.c.lease_until.is_(None), feeds.c.lease_until <= now))
        .order_by(pings.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=pings)
    )
    found = [PingId(row.id) for row in connection.execute(waiting)]
    if found:
        connection.execute(sa.update(pings).where(pings.c.id.in_(found)).values(taken_until=now + hold))
    return found


def get_ping(connection: sa.Connection, ping_id: PingId) -> Ping | None:
    """Give a ping, None where it was taken in meanwhile."""
    row = connection.execute(sa.select(pings).where(pings.c.id == ping_id)).one_or_none()
    if row is None:
        return None
    return Ping(get_subscription(connection, row.subscription_id), row.received_at, row.content_type, row.body)


def remove_ping(connection: sa.Connection, ping_id: PingId) -> bool:
    """Remove a ping that was taken in; False where another scheduler did it first, and then the caller must roll
    back.
    """
    return connection.execute(sa.delete(pings).where(pings.c.id == ping_id)).rowcount == 1


def release_ping(connection: sa.Connection, ping_id: PingId) -> None:
    """Give a ping back that could not be taken in now."""
    connection.execute(sa.update(pings).where(pings.c.id == ping_id).values(taken_until=None))


def lease_pinged_feed(
    connection: sa.Connection, ping: Ping, *, lease: str, until: datetime, now: datetime
) -> Feed | None:
    """Lease the feed of a ping as for a poll, which is not put off by it; None while another one holds it."""
    free = sa.or_(feeds.c.lease_until.is_(None), feeds.c.lease_until <= now)
    at = feeds.c.id == ping.subscription.feed_id
    leased = connection.execute(sa.update(feeds).where(at, free).values(lease=lease, lease_until=until))
    if leased.rowcount != 1:
        return None
    return feed_of(connection.execute(sa.select(*FEED_COLUMNS).where(at)).one())
