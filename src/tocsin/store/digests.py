"""Digests: closing a window, exactly once, and finding it again."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from tocsin.errors import LeaseLostError
from tocsin.models.digests import Absence, Digest, Window
from tocsin.models.ids import DigestId, SubscriberId
from tocsin.models.subscribers import StoredSubscriber, SubscriberState
from tocsin.models.zones import zone_of
from tocsin.store import clocks
from tocsin.store.columns import AnyRow
from tocsin.store.subscribers import advance_window
from tocsin.store.tables import digest_items, digests, matches, subscribers
from tocsin.store.upsert import insert


def close_window(
    connection: sa.Connection, stored: StoredSubscriber, window: Window, *, token: str, coverage: object, now: datetime
) -> DigestId | None:
    """Close a subscriber's window: the digest takes all that is owed and was matched before its end; what was matched
    in a future that only a clock that was ahead has seen does not wait for it.

    None if this slot of this local date is spent already (another scheduler was faster, or zones moved): what is owed
    then waits for the next slot.

    Raises:
        LeaseLostError: Another scheduler closed the window by another slot, or the subscriber is not active any more;
            the transaction must be rolled back.

    """
    new = {
        "subscriber_id": stored.id,
        "local_date": window.local_date,
        "slot": window.slot,
        "timezone": zone_of(stored.subscriber.timezone).key,
        "start_at": window.start_at,
        "end_at": window.end_at,
        "token": token,
        "coverage": coverage,
        "created_at": now,
        "away_state": stored.away_state and stored.away_state.value,
        "away_from": stored.away_since,
        "away_until": stored.away_since and stored.state_since,
    }
    added = insert(connection, digests).values(**new).on_conflict_do_nothing().returning(digests.c.id)
    digest_id = connection.execute(added).scalar_one_or_none()
    if digest_id is None:
        return None
    if not advance_window(connection, stored.id, window.start_at, window.end_at):
        raise LeaseLostError(f"the window of {stored.subscriber.email} was closed meanwhile, or they left")
    owed = sa.and_(digest_items.c.subscriber_id == stored.id, digest_items.c.digest_id.is_(None))
    # By item, since SQLite would read all matches first for a list of those that may be taken.
    may_be_told = sa.select(matches.c.id).where(
        matches.c.id == digest_items.c.match_id, matches.c.withdrawn_at.is_(None)
    )
    is_before_end = sa.or_(matches.c.matched_at < window.end_at, matches.c.matched_at > now + clocks.TOLERANCE)
    taken = sa.update(digest_items).where(owed, may_be_told.where(is_before_end).exists())
    number = connection.execute(taken.values(digest_id=digest_id)).rowcount
    if number:
        connection.execute(sa.update(digests).where(digests.c.id == digest_id).values(closed_with=number))
    return DigestId(digest_id)


def get_digest(connection: sa.Connection, digest_id: DigestId) -> Digest | None:
    """Load one digest by id, or None."""
    return _one(connection, digests.c.id == digest_id)


def find_digest(connection: sa.Connection, token: str) -> Digest | None:
    """Load one digest by the token of its web address, or None."""
    return _one(connection, digests.c.token == token)


def latest_digests(connection: sa.Connection, *, limit: int, subscriber_id: SubscriberId | None = None) -> list[Digest]:
    """Give the latest digests, the newest first; those of one subscriber where one is named."""
    query = _query().order_by(digests.c.end_at.desc(), digests.c.id.desc()).limit(limit)
    rows = connection.execute(query if subscriber_id is None else query.where(digests.c.subscriber_id == subscriber_id))
    return [_digest_of(row) for row in rows]


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
        closed_with=row.closed_with,
        given_back=row.given_back,
        absence=row.away_state and Absence(SubscriberState(row.away_state), row.away_from, row.away_until),
    )
