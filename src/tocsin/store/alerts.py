"""Alerts: what was decided of each match and channel, and which message told it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from tocsin.models.alerts import Alert, Decision, Rule
from tocsin.models.ids import DeliveryId, DevelopmentId, MatchId, StoryId, WatchId
from tocsin.store.columns import AnyRow
from tocsin.store.tables import alerts
from tocsin.store.upsert import insert


@dataclass(frozen=True, slots=True)
class NewAlert:
    """A decision to be entered: one a match and channel."""

    match_id: MatchId
    watch: WatchId
    channel: str
    story_id: StoryId
    development_id: DevelopmentId
    decision: Decision
    rule: Rule
    reason: str
    due_at: datetime | None = None
    delivery_id: DeliveryId | None = None


def enter_alerts(connection: sa.Connection, new: Sequence[NewAlert], now: datetime) -> None:
    """Enter decisions; one that is there already stays as it is."""
    rows = [
        {
            "match_id": one.match_id,
            "watch": one.watch,
            "channel": one.channel,
            "story_id": one.story_id,
            "development_id": one.development_id,
            "decision": one.decision.value,
            "rule": one.rule.value,
            "reason": one.reason,
            "decided_at": now,
            "due_at": one.due_at,
            "delivery_id": one.delivery_id,
        }
        for one in new
    ]
    if rows:
        connection.execute(insert(connection, alerts).on_conflict_do_nothing(), rows)


def alerts_of_delivery(connection: sa.Connection, delivery_id: DeliveryId) -> list[Alert]:
    """Give the alerts that a message tells, the earliest first."""
    query = sa.select(alerts).where(alerts.c.delivery_id == delivery_id).order_by(alerts.c.id)
    return [_alert_of(row) for row in connection.execute(query)]


def _alert_of(row: AnyRow) -> Alert:
    values = dict(row._mapping)  # noqa: SLF001 -- SQLAlchemy's public name for a row's columns
    return Alert(**values | {"decision": Decision(row.decision), "rule": Rule(row.rule)})
