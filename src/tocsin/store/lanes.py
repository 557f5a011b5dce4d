"""The lanes of the ledger: which message goes by which, and the rest of a lane whose other side fails.

A rest is in the rows: what waits in the lane becomes due when it is over, so that it holds for all mailers and through
restarts, and no attempt is counted for what was not tried.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from tocsin.models.alerts import Decision
from tocsin.models.deliveries import Delivery, DeliveryKind, DeliveryState, Lane
from tocsin.models.ids import DeliveryId
from tocsin.models.watchlist import Channel, ChannelKind
from tocsin.store.deliveries import lock_deliveries
from tocsin.store.tables import alerts, deliveries

_AT_ONCE = 5000
"""So many messages are changed by one statement: both databases bound its parameters."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a channel stands: messages that wait, alerts that wait to be bundled, when the last message was taken, and
    what the last one that was not says, with its time of entry.
    """

    waiting: int = 0
    to_bundle: int = 0
    sent_at: datetime | None = None
    problem: str | None = None
    problem_of: datetime | None = None


def standing_of(connection: sa.Connection, name: str) -> Standing:
    """Look up how the channel of that name stands."""
    named = deliveries.c.name == name
    pending = sa.func.count().filter(deliveries.c.state == DeliveryState.PENDING.value)
    counts = connection.execute(sa.select(pending, sa.func.max(deliveries.c.sent_at)).where(named)).one()
    held = sa.and_(alerts.c.channel == name, alerts.c.decision == Decision.BUNDLE.value, alerts.c.delivery_id.is_(None))
    told = sa.and_(named, deliveries.c.problem.is_not(None), deliveries.c.state != DeliveryState.DROPPED.value)
    query = sa.select(deliveries.c.problem, deliveries.c.created_at).where(told).order_by(deliveries.c.id.desc())
    last = connection.execute(query.limit(1)).one_or_none()
    return Standing(
        waiting=counts[0],
        to_bundle=connection.execute(sa.select(sa.func.count()).where(held)).scalar_one(),
        sent_at=counts[1],
        problem=last.problem if last else None,
        problem_of=last.created_at if last else None,
    )


def lanes_of(connection: sa.Connection, ids: Sequence[DeliveryId]) -> dict[Lane, list[DeliveryId]]:
    """Sort messages by their lanes, in their order; those that are settled, or not there, are left out."""
    columns = (deliveries.c.id, deliveries.c.channel, deliveries.c.name, deliveries.c.kind)
    query = sa.select(*columns).where(deliveries.c.id.in_(ids), deliveries.c.state == DeliveryState.PENDING.value)
    found = {
        row.id: Lane(ChannelKind(row.channel), row.name, row.kind == DeliveryKind.CONFIRMATION.value)
        for row in connection.execute(query)
    }
    lanes: dict[Lane, list[DeliveryId]] = {}
    for one in ids:
        if one in found:
            lanes.setdefault(found[one], []).append(one)
    return lanes


def rest_lane(connection: sa.Connection, lane: Lane, now: datetime, until: datetime) -> int:
    """Let what waits in a lane, and is in nobody's hands, wait until then at least; gives how many messages."""
    early = deliveries.c.next_attempt_at < until
    return _set_due(connection, sa.and_(_waiting(lane, now), early), until)


def wake_lane(connection: sa.Connection, lane: Lane, now: datetime, *, only_untried: bool = False) -> int:
    """Make everything due that waits in a lane, since its other side takes messages again, or (``only_untried``) what
    waits there without ever having been tried; gives how many.
    """
    late = sa.and_(_waiting(lane, now), deliveries.c.next_attempt_at > now)
    return _set_due(connection, sa.and_(late, deliveries.c.attempts == 0) if only_untried else late, now)


def follow_channels(connection: sa.Connection, channels: Sequence[Channel], now: datetime) -> int:
    """Let what waits for channels, and is in nobody's hands, go to where these are now, as if it were new: a channel
    that was mended in the watchlist gets what its old address refused; gives how many messages.
    """
    moved = 0
    for channel in channels:
        address = {"channel": channel.kind.value, "target": channel.target}
        elsewhere = sa.or_(*(deliveries.c[name] != value for name, value in address.items()))
        ids = lock_deliveries(connection, sa.and_(deliveries.c.name == channel.name, _in_no_hands(now), elsewhere))
        if ids:
            change = sa.update(deliveries).where(deliveries.c.id.in_(ids))
            connection.execute(change.values(**address, attempts=0, next_attempt_at=now, enqueued_at=None))
        moved += len(ids)
    return moved


def put_off_domain(connection: sa.Connection, delivery: Delivery, now: datetime, until: datetime) -> bool:
    """Let a digest wait that was claimed though its domain gets no more mail at the moment, as if it had not been
    claimed, and with it all that wait for the same domain; False if its lease was lost meanwhile.
    """
    ours = sa.and_(deliveries.c.id == delivery.id, deliveries.c.lease == delivery.lease)
    back = {"attempts": deliveries.c.attempts - 1, "lease": None, "lease_until": None}
    given_back = connection.execute(sa.update(deliveries).where(ours).values(**back)).rowcount == 1
    there = sa.func.lower(deliveries.c.target).endswith(f"@{domain_of(delivery.target)}", autoescape=True)
    digests = sa.and_(deliveries.c.kind == DeliveryKind.DIGEST.value, deliveries.c.next_attempt_at < until, there)
    _set_due(connection, sa.and_(_in_no_hands(now), digests), until)
    return given_back


def domain_of(address: str) -> str:
    """Give the domain of a mail address, as it is counted.

    >>> domain_of("Zoe@Mail.Example.org")
    'mail.example.org'
    """
    return address.rpartition("@")[2].lower()


def _waiting(lane: Lane, now: datetime) -> sa.ColumnElement[bool]:
    same = deliveries.c.name == lane.name
    if lane.name is None:
        confirms = deliveries.c.kind == DeliveryKind.CONFIRMATION.value
        same = sa.and_(deliveries.c.name.is_(None), confirms if lane.confirms else sa.not_(confirms))
    return sa.and_(deliveries.c.channel == lane.kind.value, same, _in_no_hands(now))


def _in_no_hands(now: datetime) -> sa.ColumnElement[bool]:
    free = sa.or_(deliveries.c.lease_until.is_(None), deliveries.c.lease_until <= now)
    return sa.and_(deliveries.c.state == DeliveryState.PENDING.value, free)


def _set_due(connection: sa.Connection, these: sa.ColumnElement[bool], at: datetime) -> int:
    ids = lock_deliveries(connection, these)
    change = sa.update(deliveries).values(next_attempt_at=at, enqueued_at=None)
    for start in range(0, len(ids), _AT_ONCE):
        connection.execute(change.where(deliveries.c.id.in_(ids[start : start + _AT_ONCE])))
    return len(ids)
