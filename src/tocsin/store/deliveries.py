"""The ledger of deliveries: a row is entered with what it tells of, leased, sent, and settled, one by one.

The promise: at least once, with the same Message-ID in every attempt; a second copy only when a mailer dies between
the server's 250 and our commit.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from tocsin.models.deliveries import Delivery, DeliveryKind, DeliveryState
from tocsin.models.ids import DeliveryId, DigestId, NoticeId, SignupId, WatchId
from tocsin.models.watchlist import ChannelKind
from tocsin.store.alerts import can_be_told
from tocsin.store.columns import AnyRow
from tocsin.store.owed import give_back, give_back_withdrawn
from tocsin.store.placements import lock_stories
from tocsin.store.tables import alerts, deliveries, matches
from tocsin.store.upsert import insert


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """A message to be entered; ``key`` says what it is for, and is entered once however often it is asked for."""

    key: str
    kind: DeliveryKind
    channel: ChannelKind
    target: str
    message_id: str
    name: str | None = None
    digest_id: DigestId | None = None
    notice_id: NoticeId | None = None
    signup_id: SignupId | None = None


def enter_deliveries(connection: sa.Connection, new: Sequence[NewDelivery], now: datetime) -> list[DeliveryId]:
    """Enter messages that are due at once; gives the ids of those that were not there before.

    One that was dropped, since nothing was left to tell, is taken up again: there is.
    """
    rows = [
        {
            "key": delivery.key,
            "kind": delivery.kind.value,
            "channel": delivery.channel.value,
            "target": delivery.target,
            "message_id": delivery.message_id,
            "state": DeliveryState.PENDING.value,
            "created_at": now,
            "next_attempt_at": now,
            "enqueued_at": now,
            "name": delivery.name,
            "digest_id": delivery.digest_id,
            "notice_id": delivery.notice_id,
            "signup_id": delivery.signup_id,
        }
        for delivery in new
    ]
    if not rows:
        return []
    added = insert(connection, deliveries).on_conflict_do_nothing(index_elements=[deliveries.c.key])
    entered = [DeliveryId(row.id) for row in connection.execute(added.returning(deliveries.c.id), rows)]
    return entered + _taken_up(connection, new, now)


def _taken_up(connection: sa.Connection, new: Sequence[NewDelivery], now: datetime) -> list[DeliveryId]:
    dropped = sa.and_(deliveries.c.key.in_([one.key for one in new]), deliveries.c.state == DeliveryState.DROPPED.value)
    values = {"state": DeliveryState.PENDING.value, "attempts": 0, "created_at": now, "next_attempt_at": now}
    change = sa.update(deliveries).where(dropped).values(**values, enqueued_at=now, problem=None)
    taken = connection.execute(change.returning(deliveries.c.id, deliveries.c.key)).all()
    by_key = {one.key: one for one in new}
    for row in taken:
        # The channel may have moved since.
        to = {"channel": by_key[row.key].channel.value, "target": by_key[row.key].target}
        connection.execute(sa.update(deliveries).where(deliveries.c.id == row.id).values(**to))
    return [DeliveryId(row.id) for row in taken]


def ids_by_key(connection: sa.Connection, keys: Collection[str]) -> dict[str, DeliveryId]:
    """Give the messages that were entered under keys; a key without one is not in it."""
    query = sa.select(deliveries.c.key, deliveries.c.id).where(deliveries.c.key.in_(keys))
    return {row.key: DeliveryId(row.id) for row in connection.execute(query)} if keys else {}


@dataclass(frozen=True, slots=True)
class EnteredMessage:
    """A message to a channel: when it was entered, and the watches whose alerts it tells; none for a notice."""

    channel: str
    entered_at: datetime
    watches: frozenset[WatchId]


def messages_since(connection: sa.Connection, channels: Collection[str], since: datetime) -> list[EnteredMessage]:
    """Give the messages that were entered for channels, by name, after a time; dropped ones told nothing."""
    query = (
        sa.select(deliveries.c.id, deliveries.c.name, deliveries.c.created_at, alerts.c.watch)
        .outerjoin(alerts, alerts.c.delivery_id == deliveries.c.id)
        .where(deliveries.c.name.in_(channels), deliveries.c.created_at > since)
        .where(deliveries.c.state != DeliveryState.DROPPED.value)
        .distinct()
    )
    found: dict[DeliveryId, EnteredMessage] = {}
    for row in connection.execute(query) if channels else ():
        before = found.get(row.id)
        watches = frozenset([row.watch] if row.watch else []) | (before.watches if before else frozenset())
        found[row.id] = EnteredMessage(row.name, row.created_at, watches)
    return list(found.values())


def claim_delivery(
    connection: sa.Connection, delivery_id: DeliveryId, now: datetime, *, lease: str, lease_for: timedelta
) -> Delivery | None:
    """Lease a pending message that is due and that nobody holds, and count the attempt; None if there is nothing to
    do.
    """
    free = sa.or_(deliveries.c.lease_until.is_(None), deliveries.c.lease_until <= now)
    due = sa.and_(deliveries.c.state == DeliveryState.PENDING.value, deliveries.c.next_attempt_at <= now, free)
    change = sa.update(deliveries).where(deliveries.c.id == delivery_id, due)
    values = {"lease": lease, "lease_until": now + lease_for, "attempts": deliveries.c.attempts + 1}
    row = connection.execute(change.values(**values).returning(*deliveries.c)).one_or_none()
    if row is not None and row.digest_id is not None:
        give_back_withdrawn(connection, row.digest_id)
    return None if row is None else _delivery_of(row)


def settle_sent(connection: sa.Connection, delivery: Delivery, now: datetime) -> bool:
    """Record that the other side took the message; False if the lease was lost meanwhile."""
    return _settle(connection, delivery, state=DeliveryState.SENT.value, sent_at=now, problem=None)


def settle_deferred(connection: sa.Connection, delivery: Delivery, problem: str, next_attempt_at: datetime) -> bool:
    """Record a passing failure and when to try again; False if the lease was lost meanwhile."""
    return _settle(connection, delivery, problem=problem, next_attempt_at=next_attempt_at, enqueued_at=None)


def settle_failed(connection: sa.Connection, delivery: Delivery, problem: str) -> bool:
    """Record a final failure for the operator to see; False if the lease was lost meanwhile.

    What a digest would have told goes back to what its subscriber is owed. To be called before any row is locked.
    """
    if delivery.digest_id is None:
        return _settle(connection, delivery, state=DeliveryState.FAILED.value, problem=problem)
    lock_stories(connection)
    settled = _settle(connection, delivery, state=DeliveryState.FAILED.value, problem=problem)
    if settled:
        give_back(connection, delivery.digest_id)
    return settled


def settle_bounced(connection: sa.Connection, delivery_id: DeliveryId, problem: str) -> bool:
    """Record that a message, which was taken, came back: it failed after all; False if that is known, or it is gone.

    What a digest told nobody goes back to what its subscriber is owed. To be called before any row is locked.
    """
    lock_stories(connection)
    may_bounce = deliveries.c.state.in_([DeliveryState.SENT.value, DeliveryState.PENDING.value])
    change = sa.update(deliveries).where(deliveries.c.id == delivery_id, may_bounce)
    failed = {"state": DeliveryState.FAILED.value, "problem": problem, "lease": None, "lease_until": None}
    row = connection.execute(change.values(**failed).returning(deliveries.c.digest_id)).one_or_none()
    if row is not None and row.digest_id is not None:
        give_back(connection, DigestId(row.digest_id))
    return row is not None


def settle_dropped(connection: sa.Connection, delivery: Delivery, reason: str) -> bool:
    """Record that there was nothing left to send, and why; False if the lease was lost meanwhile.

    A message that has something to tell again waits on instead: a match came back while it was looked at, or another
    one that can stand in for it was found. What a digest would have told goes back to what its subscriber is owed,
    unless they left. To be called before any row is locked.
    """
    lock_stories(connection)  # whoever decides at this moment counts on this message, or sees that it is dropped
    if _can_be_told(connection, delivery.id):
        return _settle(connection, delivery, enqueued_at=None)
    settled = _settle(connection, delivery, state=DeliveryState.DROPPED.value, problem=reason)
    if settled and delivery.digest_id is not None:
        give_back(connection, delivery.digest_id)
    return settled


def _can_be_told(connection: sa.Connection, delivery_id: DeliveryId) -> bool:
    query = (
        sa.select(alerts.c.id)
        .join(matches, matches.c.id == alerts.c.match_id)
        .where(alerts.c.delivery_id == delivery_id, can_be_told())
    )
    return connection.execute(query.limit(1)).first() is not None


def _settle(connection: sa.Connection, delivery: Delivery, **values: object) -> bool:
    ours = sa.and_(deliveries.c.id == delivery.id, deliveries.c.lease == delivery.lease)
    change = sa.update(deliveries).where(ours).values(lease=None, lease_until=None, **values)
    return connection.execute(change).rowcount == 1


def undelivered(
    connection: sa.Connection, now: datetime, *, digests: bool, enqueued_before: datetime, limit: int
) -> list[DeliveryId]:
    """Find ``digests``, or else the other messages, that are due, that nobody holds, and that were not enqueued since
    that time.
    """
    is_digest = deliveries.c.kind == DeliveryKind.DIGEST.value
    query = (
        sa.select(deliveries.c.id)
        .where(deliveries.c.state == DeliveryState.PENDING.value, deliveries.c.next_attempt_at <= now)
        .where(sa.or_(deliveries.c.lease_until.is_(None), deliveries.c.lease_until <= now))
        .where(sa.or_(deliveries.c.enqueued_at.is_(None), deliveries.c.enqueued_at < enqueued_before))
        .where(is_digest if digests else sa.not_(is_digest))
        .order_by(deliveries.c.next_attempt_at, deliveries.c.id)
        .limit(limit)
    )
    return [DeliveryId(row.id) for row in connection.execute(query)]


def lock_deliveries(connection: sa.Connection, which: sa.ColumnElement[bool]) -> list[DeliveryId]:
    """Lock messages in the order of their ids, and give these: whoever changes several at once does so first, since
    two who lock the same in different orders wait for each other for ever.
    """
    query = sa.select(deliveries.c.id).where(which).order_by(deliveries.c.id).with_for_update()
    return [DeliveryId(found) for found in connection.execute(query).scalars()]


def mark_deliveries_enqueued(connection: sa.Connection, ids: Sequence[DeliveryId], now: datetime) -> None:
    """Remember that these were handed to the queue just now."""
    lock_deliveries(connection, deliveries.c.id.in_(ids))
    connection.execute(sa.update(deliveries).where(deliveries.c.id.in_(ids)).values(enqueued_at=now))


def count_deliveries(connection: sa.Connection) -> dict[DeliveryState, int]:
    """Count the rows of the ledger by state; every state is in it."""
    query = sa.select(deliveries.c.state, sa.func.count().label("n")).group_by(deliveries.c.state)
    counts = {DeliveryState(row.state): row.n for row in connection.execute(query)}
    return {state: counts.get(state, 0) for state in DeliveryState}


def list_deliveries(connection: sa.Connection, state: DeliveryState | None = None, *, limit: int) -> list[Delivery]:
    """Give the latest rows of the ledger, the newest first; all states, or one."""
    query = sa.select(deliveries).order_by(deliveries.c.id.desc()).limit(limit)
    if state is not None:
        query = query.where(deliveries.c.state == state.value)
    return [_delivery_of(row) for row in connection.execute(query)]


def _delivery_of(row: AnyRow) -> Delivery:
    return Delivery(
        id=row.id,
        key=row.key,
        kind=DeliveryKind(row.kind),
        channel=ChannelKind(row.channel),
        target=row.target,
        message_id=row.message_id,
        state=DeliveryState(row.state),
        attempts=row.attempts,
        created_at=row.created_at,
        next_attempt_at=row.next_attempt_at,
        name=row.name,
        digest_id=row.digest_id,
        notice_id=row.notice_id,
        signup_id=row.signup_id,
        lease=row.lease,
        sent_at=row.sent_at,
        problem=row.problem,
    )
