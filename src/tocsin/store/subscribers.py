"""Subscribers as the watchlist names them, with the end of their last closed window."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from tocsin.models.ids import SubscriberId, WatchId
from tocsin.models.subscribers import Owner, StoredSubscriber, SubscriberState
from tocsin.models.watchlist import DigestSchedule, QuietPolicy, Subscriber
from tocsin.store.columns import AnyRow
from tocsin.store.tables import deliveries, digest_items, digests, subscribers
from tocsin.store.upsert import insert


def sync_subscribers(connection: sa.Connection, wanted: Sequence[Subscriber], now: datetime) -> None:
    """Make the subscribers of the watchlist the active ones; a new or returning one is owed what matches from ``now``
    on.
    """
    known = {row.email: row for row in connection.execute(sa.select(subscribers))}
    emails = {_key(subscriber) for subscriber in wanted}
    gone = [email for email, row in known.items() if row.state == SubscriberState.ACTIVE.value and email not in emails]
    _part(connection, [known[email].id for email in gone], now)
    for subscriber in wanted:
        row = known.get(_key(subscriber))
        if row is None:
            fixed = {"owner": Owner.WATCHLIST.value, "joined_at": now}
            new = _columns(subscriber) | fixed | _activated(now)
            # Two schedulers may meet a new subscriber at once.
            connection.execute(insert(connection, subscribers).values(**new).on_conflict_do_nothing())
            continue
        values = _columns(subscriber) | ({} if row.state == SubscriberState.ACTIVE.value else _activated(now))
        connection.execute(sa.update(subscribers).where(subscribers.c.id == row.id).values(**values))


def _part(connection: sa.Connection, ids: Sequence[int], now: datetime) -> None:
    """Let subscribers go: nothing more is mailed to them, and what they were owed is not kept for their return."""
    if not ids:
        return
    removed = {"state": SubscriberState.REMOVED.value, "state_since": now}
    connection.execute(sa.update(subscribers).where(subscribers.c.id.in_(ids)).values(**removed))
    owed = sa.and_(digest_items.c.subscriber_id.in_(ids), digest_items.c.digest_id.is_(None))
    connection.execute(sa.delete(digest_items).where(owed))
    theirs = sa.select(digests.c.id).where(digests.c.subscriber_id.in_(ids))
    waiting = sa.and_(deliveries.c.state == "pending", deliveries.c.digest_id.in_(theirs))
    dropped = {"state": "dropped", "problem": "the subscriber was removed from the watchlist"}
    connection.execute(sa.update(deliveries).where(waiting).values(**dropped))


def active_subscribers(connection: sa.Connection) -> list[StoredSubscriber]:
    """Give all active subscribers by id."""
    query = sa.select(subscribers).where(_is_active()).order_by(subscribers.c.id)
    return [_stored(row) for row in connection.execute(query)]


def get_subscriber(connection: sa.Connection, subscriber_id: SubscriberId) -> StoredSubscriber | None:
    """Load one subscriber, active or not, or None."""
    row = connection.execute(sa.select(subscribers).where(subscribers.c.id == subscriber_id)).one_or_none()
    return None if row is None else _stored(row)


def find_subscriber(connection: sa.Connection, email: str) -> StoredSubscriber | None:
    """Find an active subscriber by address, in any case of letters."""
    wanted = sa.and_(subscribers.c.email == email.lower(), _is_active())
    row = connection.execute(sa.select(subscribers).where(wanted)).one_or_none()
    return None if row is None else _stored(row)


def advance_window(
    connection: sa.Connection, subscriber_id: SubscriberId, start_at: datetime, end_at: datetime
) -> bool:
    """Move the end of the last closed window on; False if another scheduler was faster."""
    ours = sa.and_(subscribers.c.id == subscriber_id, subscribers.c.closed_until == start_at)
    return connection.execute(sa.update(subscribers).where(ours).values(closed_until=end_at)).rowcount == 1


def _is_active() -> sa.ColumnElement[bool]:
    return subscribers.c.state == SubscriberState.ACTIVE.value


def _activated(now: datetime) -> dict[str, object]:
    return {"state": SubscriberState.ACTIVE.value, "state_since": now, "because": "", "closed_until": now}


def _key(subscriber: Subscriber) -> str:
    return subscriber.email.lower()


def _columns(subscriber: Subscriber) -> dict[str, object]:
    return {
        "email": _key(subscriber),
        "language": subscriber.language,
        "timezone": subscriber.timezone,
        "watches": list(subscriber.watches),
        "days": list(subscriber.digest.days),
        "at": list(subscriber.digest.at),
        "cron": subscriber.digest.cron,
        "quiet": subscriber.digest.quiet.value,
    }


def _stored(row: AnyRow) -> StoredSubscriber:
    schedule = DigestSchedule(days=tuple(row.days), at=tuple(row.at), quiet=QuietPolicy(row.quiet), cron=row.cron)
    watches = tuple(WatchId(watch) for watch in row.watches)
    subscriber = Subscriber(row.email, row.timezone, watches, schedule, row.language)
    return StoredSubscriber(
        id=SubscriberId(row.id),
        subscriber=subscriber,
        joined_at=row.joined_at,
        closed_until=row.closed_until,
        state_since=row.state_since,
        owner=Owner(row.owner),
        state=SubscriberState(row.state),
        because=row.because,
        paused_until=row.paused_until,
        all_watches=row.all_watches,
        link_epoch=row.link_epoch,
    )
