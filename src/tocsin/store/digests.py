"""Digests: closing a window, exactly once, and finding it again."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa

from tocsin.errors import LeaseLostError
from tocsin.models.digests import Digest, Window
from tocsin.models.ids import DigestId, SubscriberId
from tocsin.models.subscribers import StoredSubscriber, SubscriberState
from tocsin.store.columns import AnyRow
from tocsin.store.subscribers import advance_window
from tocsin.store.tables import digest_items, digests, matches, subscribers
from tocsin.store.upsert import insert


def close_window(
    connection: sa.Connection, stored: StoredSubscriber, window: Window, *, token: str, coverage: object, now: datetime
) -> DigestId | None:
    """Close a subscriber's window: the digest takes all that is owed and was matched before its end.

    None if this slot of this local date is spent already (another scheduler was faster, or zones moved): what is owed
    then waits for the next slot.

    Raises:
        LeaseLostError: Another scheduler closed the window by another slot; the transaction must be rolled back.

    """
    new = {
        "subscriber_id": stored.id,
        "local_date": window.local_date,
        "slot": window.slot,
        "timezone": stored.subscriber.timezone,
        "start_at": window.start_at,
        "end_at": window.end_at,
        "token": token,
        "coverage": coverage,
        "created_at": now,
    }
    added = insert(connection, digests).values(**new).on_conflict_do_nothing().returning(digests.c.id)
    digest_id = connection.execute(added).scalar_one_or_none()
    if digest_id is None:
        return None
    if not advance_window(connection, stored.id, window.start_at, window.end_at):
        raise LeaseLostError(f"another scheduler closed the window of {stored.subscriber.email} meanwhile")
    before_end = sa.select(matches.c.id).where(matches.c.matched_at < window.end_at, matches.c.withdrawn_at.is_(None))
    owed = sa.and_(digest_items.c.subscriber_id == stored.id, digest_items.c.digest_id.is_(None))
    taken = sa.update(digest_items).where(owed, digest_items.c.match_id.in_(before_end))
    connection.execute(taken.values(digest_id=digest_id))
    return DigestId(digest_id)


def get_digest(connection: sa.Connection, digest_id: DigestId) -> Digest | None:
    """Load one digest by id, or None."""
    return _one(connection, digests.c.id == digest_id)


def find_digest(connection: sa.Connection, token: str) -> Digest | None:
    """Load one digest by the token of its web address, or None."""
    return _one(connection, digests.c.token == token)


def latest_digests(connection: sa.Connection, *, limit: int) -> list[Digest]:
    """Give the latest digests, the newest first."""
    rows = connection.execute(_query().order_by(digests.c.end_at.desc(), digests.c.id.desc()).limit(limit))
    return [_digest_of(row) for row in rows]


def last_slots(connection: sa.Connection) -> dict[SubscriberId, tuple[date, str]]:
    """Give the local date and slot of every active subscriber's last digest; who had none yet is not in it."""
    last = sa.and_(digests.c.subscriber_id == subscribers.c.id, digests.c.end_at == subscribers.c.closed_until)
    query = sa.select(digests.c.subscriber_id, digests.c.local_date, digests.c.slot).join(subscribers, last)
    rows = connection.execute(query.where(subscribers.c.state == SubscriberState.ACTIVE.value))
    return {row.subscriber_id: (row.local_date, row.slot) for row in rows}


def _one(connection: sa.Connection, condition: sa.ColumnElement[bool]) -> Digest | None:
    row = connection.execute(_query().where(condition)).one_or_none()
    return None if row is None else _digest_of(row)


def _query() -> sa.Select[tuple[object, ...]]:
    return sa.select(digests, subscribers.c.email).join(subscribers, subscribers.c.id == digests.c.subscriber_id)


def _digest_of(row: AnyRow) -> Digest:
    return Digest(
        id=row.id,
        subscriber_id=row.subscriber_id,
        email=row.email,
        timezone=row.timezone,
        token=row.token,
        coverage=row.coverage,
        window=Window(row.start_at, row.end_at, row.local_date, row.slot),
        created_at=row.created_at,
    )
