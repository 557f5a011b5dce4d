"""Bundles: the alerts that wait for a channel, until one message tells them or they are given up."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from tocsin.models.alerts import Decision, Rule
from tocsin.models.deliveries import DeliveryState
from tocsin.models.ids import AlertId, DeliveryId, DevelopmentId, MatchId, StoryId, WatchId
from tocsin.store.alerts import can_be_told, has_stand_in, waits, with_story
from tocsin.store.tables import alerts, deliveries, developments, matches


@dataclass(frozen=True, slots=True)
class WaitingAlert:
    """An alert that waits in a bundle, with when its development was opened; story and development as they are now."""

    id: AlertId
    watch: WatchId
    channel: str
    story_id: StoryId
    development_id: DevelopmentId
    opened_at: datetime
    due_at: datetime


def due_alerts(
    connection: sa.Connection,
    now: datetime,
    channels: Collection[str] | None = None,
    undecided: Collection[MatchId] = (),
) -> list[WaitingAlert]:
    """Give the alerts that wait in bundles, may leave by ``now`` and can be told, the earliest first: all, or those for
    channels by name; without those of matches that are ``undecided`` again.

    One whose match was withdrawn waits on unseen, and is told when the match is back.
    """
    story, development, joined = with_story()
    query = (
        sa.select(alerts.c.id, alerts.c.watch, alerts.c.channel, story, development, developments.c.opened_at)
        .add_columns(alerts.c.due_at)
        .select_from(joined.join(matches, matches.c.id == alerts.c.match_id))
        .where(waits(), alerts.c.due_at <= now, can_be_told(), alerts.c.match_id.not_in(undecided))
    )
    rows = connection.execute(query if channels is None else query.where(alerts.c.channel.in_(channels)))
    found = [WaitingAlert(r.id, r.watch, r.channel, r.story, r.development, r.opened_at, r.due_at) for r in rows]
    # Sorted here: asked for their order, SQLite walks through all alerts by id.
    return sorted(found, key=lambda alert: alert.id)


@dataclass(frozen=True, slots=True)
class WaitingBundle:
    """What waits for a channel: how many alerts, and when the first of them may leave."""

    channel: str
    alerts: int
    due_at: datetime


def waiting_bundles(connection: sa.Connection) -> list[WaitingBundle]:
    """Count the alerts that wait, by channel."""
    earliest = sa.func.min(alerts.c.due_at, type_=alerts.c.due_at.type).label("due_at")
    query = (
        sa.select(alerts.c.channel, sa.func.count().label("n"), earliest)
        .join(matches, matches.c.id == alerts.c.match_id)
        .where(waits(), can_be_told())
        .group_by(alerts.c.channel)
        .order_by(alerts.c.channel)
    )
    return [WaitingBundle(row.channel, row.n, row.due_at) for row in connection.execute(query)]


def tell(connection: sa.Connection, ids: Collection[AlertId], delivery_id: DeliveryId) -> None:
    """Give alerts that waited to the message that tells them."""
    ours = sa.and_(alerts.c.id.in_(ids), waits())
    connection.execute(sa.update(alerts).where(ours).values(delivery_id=delivery_id))


def take_out_withdrawn(connection: sa.Connection, now: datetime) -> None:
    """Let the alerts of withdrawn matches wait on where a bundle that has not left was to tell them: they are told when
    the match is back. A bundle that would be empty goes.
    """
    # Not those under lease: their message may be on its way. One whose lease is over belongs to a mailer that died.
    is_free = sa.or_(deliveries.c.lease_until.is_(None), deliveries.c.lease_until <= now)
    free = sa.and_(deliveries.c.state == DeliveryState.PENDING.value, is_free)
    query = (
        sa.select(alerts.c.id, alerts.c.delivery_id)
        .join(deliveries, deliveries.c.id == alerts.c.delivery_id)
        .join(matches, matches.c.id == alerts.c.match_id)
        .where(free, alerts.c.decision == Decision.BUNDLE.value)
        .where(matches.c.withdrawn_at.is_not(None), sa.not_(has_stand_in()))
        .order_by(deliveries.c.id)
        .with_for_update(of=deliveries)  # or a mailer could take and send it before this transaction ends
    )
    taken = connection.execute(query).all()
    if taken:
        ids, bundles = {row.id for row in taken}, {row.delivery_id for row in taken}
        connection.execute(sa.update(alerts).where(alerts.c.id.in_(ids)).values(delivery_id=None))
        left = sa.select(alerts.c.id).where(alerts.c.delivery_id == deliveries.c.id)
        connection.execute(sa.delete(deliveries).where(deliveries.c.id.in_(bundles), sa.not_(left.exists())))


def give_up(connection: sa.Connection, ids: Collection[AlertId], reason: str, rule: Rule = Rule.REMOVED) -> None:
    """Give up alerts that waited, with the reason in words; ``rule`` is the one by which they are not told."""
    values = {"decision": Decision.SUPPRESS.value, "rule": rule.value, "reason": reason, "due_at": None}
    connection.execute(sa.update(alerts).where(alerts.c.id.in_(ids), waits()).values(**values))
