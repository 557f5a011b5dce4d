"""The ledger of deliveries: a row is entered with what it tells of, leased, sent, and settled, one by one.

The promise: at least once, with the same Message-ID in every attempt; a second copy only when a mailer dies between
the server's 250 and our commit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from tocsin.models.deliveries import Delivery, DeliveryKind, DeliveryState
from tocsin.models.ids import DeliveryId, DigestId, MatchId, NoticeId
from tocsin.models.watchlist import ChannelKind
from tocsin.store.columns import AnyRow
from tocsin.store.tables import alerts, deliveries
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


def enter_deliveries(connection: sa.Connection, new: Sequence[NewDelivery], now: datetime) -> list[DeliveryId]:
    """Enter messages that are due at once; gives the ids of those that were not there before.

    One that was dropped unsent, since its match was withdrawn, is taken up again: the match stands once more.
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
        }
        for delivery in new
    ]
    if not rows:
        return []
    added = insert(connection, deliveries).on_conflict_do_nothing(index_elements=[deliveries.c.key])
    entered = [DeliveryId(row.id) for row in connection.execute(added.returning(deliveries.c.id), rows)]
    return entered + _taken_up(connection, deliveries.c.key.in_([delivery.key for delivery in new]), now)


def take_up_alerts(connection: sa.Connection, matches: Sequence[MatchId], now: datetime) -> list[DeliveryId]:
    """Take up again the alerts of matches that were dropped unsent, since these were withdrawn and stand once more;
    none is entered that was not there before.
    """
    if not matches:
        return []
    told = sa.select(alerts.c.delivery_id).where(alerts.c.match_id.in_(matches), alerts.c.delivery_id.is_not(None))
    return _taken_up(connection, deliveries.c.id.in_(told), now)


def _taken_up(connection: sa.Connection, these: sa.ColumnElement[bool], now: datetime) -> list[DeliveryId]:
    dropped = sa.and_(these, deliveries.c.state == DeliveryState.DROPPED.value)
    values = {"state": DeliveryState.PENDING.value, "attempts": 0, "next_attempt_at": now, "enqueued_at": now}
    change = sa.update(deliveries).where(dropped).values(**values, problem=None).returning(deliveries.c.id)
    return [DeliveryId(row.id) for row in connection.execute(change)]


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
    return None if row is None else _delivery_of(row)


def settle_sent(connection: sa.Connection, delivery: Delivery, now: datetime) -> bool:
    """Record that the other side took the message; False if the lease was lost meanwhile."""
    return _settle(connection, delivery, state=DeliveryState.SENT.value, sent_at=now, problem=None)


def settle_deferred(connection: sa.Connection, delivery: Delivery, problem: str, next_attempt_at: datetime) -> bool:
    """Record a passing failure and when to try again; False if the lease was lost meanwhile."""
    return _settle(connection, delivery, problem=problem, next_attempt_at=next_attempt_at, enqueued_at=None)


def settle_failed(connection: sa.Connection, delivery: Delivery, problem: str) -> bool:
    """Record a final failure for the operator to see; False if the lease was lost meanwhile."""
    return _settle(connection, delivery, state=DeliveryState.FAILED.value, problem=problem)


def settle_dropped(connection: sa.Connection, delivery: Delivery, reason: str) -> bool:
    """Record that there was nothing left to send, and why; False if the lease was lost meanwhile."""
    return _settle(connection, delivery, state=DeliveryState.DROPPED.value, problem=reason)


def _settle(connection: sa.Connection, delivery: Delivery, **values: object) -> bool:
    ours = sa.and_(deliveries.c.id == delivery.id, deliveries.c.lease == delivery.lease)
    change = sa.update(deliveries).where(ours).values(lease=None, lease_until=None, **values)
    return connection.execute(change).rowcount == 1


def undelivered(connection: sa.Connection, now: datetime, *, enqueued_before: datetime, limit: int) -> list[DeliveryId]:
    """Find messages that are due, that nobody holds, and that were not enqueued since that time."""
    query = (
        sa.select(deliveries.c.id)
        .where(deliveries.c.state == DeliveryState.PENDING.value, deliveries.c.next_attempt_at <= now)
        .where(sa.or_(deliveries.c.lease_until.is_(None), deliveries.c.lease_until <= now))
        .where(sa.or_(deliveries.c.enqueued_at.is_(None), deliveries.c.enqueued_at < enqueued_before))
        .order_by(deliveries.c.next_attempt_at, deliveries.c.id)
        .limit(limit)
    )
    return [DeliveryId(row.id) for row in connection.execute(query)]


def mark_deliveries_enqueued(connection: sa.Connection, ids: Sequence[DeliveryId], now: datetime) -> None:
    """Remember that these were handed to the queue just now."""
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
        lease=row.lease,
        sent_at=row.sent_at,
        problem=row.problem,
    )
