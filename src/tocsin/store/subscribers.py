"""Subscribers as they are stored: finding them, and the end of their last closed window."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from tocsin.models.ids import SubscriberId
from tocsin.models.subscribers import StoredSubscriber, SubscriberState
from tocsin.store.subscriber_rows import key_of, stored_of
from tocsin.store.tables import subscribers


def active_subscribers(connection: sa.Connection) -> list[StoredSubscriber]:
    """Give all active subscribers by id."""
    query = sa.select(subscribers).where(_is_active()).order_by(subscribers.c.id)
    return [stored_of(row) for row in connection.execute(query)]


def list_subscribers(connection: sa.Connection) -> list[StoredSubscriber]:
    """Give all subscribers by address, in whatever state."""
    return [stored_of(row) for row in connection.execute(sa.select(subscribers).order_by(subscribers.c.email))]


def get_subscriber(connection: sa.Connection, subscriber_id: SubscriberId) -> StoredSubscriber | None:
    """Load one subscriber, active or not, or None."""
    row = connection.execute(sa.select(subscribers).where(subscribers.c.id == subscriber_id)).one_or_none()
    return None if row is None else stored_of(row)


def find_subscriber(connection: sa.Connection, email: str) -> StoredSubscriber | None:
    """Find a subscriber by address, in any case of letters and in whatever state, or None."""
    row = connection.execute(sa.select(subscribers).where(subscribers.c.email == key_of(email))).one_or_none()
    return None if row is None else stored_of(row)


def lock_active(connection: sa.Connection, ids: Sequence[SubscriberId]) -> list[StoredSubscriber]:
    """Load those of the subscribers that are active, by id, and let nobody else change them before the transaction
    ends; matches may still be entered for them.
    """
    ours = sa.select(subscribers).where(subscribers.c.id.in_(ids), _is_active()).order_by(subscribers.c.id)
    return [stored_of(row) for row in connection.execute(ours.with_for_update(key_share=True))]


def advance_window(
    connection: sa.Connection, subscriber_id: SubscriberId, start_at: datetime, end_at: datetime
) -> bool:
    """Move the end of the last closed window on, and with it what the digest says of an absence; False if another
    scheduler was faster, or the subscriber is not active any more.
    """
    ours = sa.and_(subscribers.c.id == subscriber_id, _is_active(), subscribers.c.closed_until == start_at)
    moved = {"closed_until": end_at, "away_state": None, "away_since": None}
    return connection.execute(sa.update(subscribers).where(ours).values(**moved)).rowcount == 1


def _is_active() -> sa.ColumnElement[bool]:
    return subscribers.c.state == SubscriberState.ACTIVE.value
