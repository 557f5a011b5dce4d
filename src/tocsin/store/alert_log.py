"""Decisions on alerts as they are read: by their id, their articles, their story, with what became of the message."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tocsin.models.alerts import Alert, Decision, Rule
from tocsin.models.deliveries import DeliveryState
from tocsin.models.ids import AlertId, ArticleId, DeliveryId, StoryId, WatchId
from tocsin.store.columns import AnyRow
from tocsin.store.tables import alerts, articles, deliveries, matches


@dataclass(frozen=True, slots=True)
class LoggedAlert:
    """A decision with the article that it is about, and how its message stands; None where there is no message.

    ``sent_at`` is when the other side took the message.
    """

    alert: Alert
    article_id: ArticleId
    state: DeliveryState | None
    sent_at: datetime | None


def get_alert(connection: sa.Connection, alert_id: AlertId) -> Alert | None:
    """Load one decision, or None."""
    row = connection.execute(sa.select(alerts).where(alerts.c.id == alert_id)).one_or_none()
    return None if row is None else Alert(**_values_of(row))


def alerts_of_articles(connection: sa.Connection, ids: Collection[ArticleId]) -> list[LoggedAlert]:
    """Give what was decided of the matches of these articles, in the order of the decisions."""
    return _load(connection, matches.c.article_id.in_(set(ids))) if ids else []


def alerts_of_story(connection: sa.Connection, story_id: StoryId, *, told: bool, limit: int) -> list[LoggedAlert]:
    """Give the last decisions on a story's alerts, in their order: those to tell, at once or later, or the others."""
    is_told = alerts.c.decision != Decision.SUPPRESS.value
    ours = sa.and_(alerts.c.story_id == story_id, is_told if told else sa.not_(is_told))
    newest = sa.select(alerts.c.id).where(ours).order_by(alerts.c.id.desc()).limit(limit)
    return _load(connection, alerts.c.id.in_(newest))


@dataclass(frozen=True, slots=True)
class ToldHeadline:
    """What a message tells first: the watch, the headline, and the story's number; ``alerts`` counts all it tells."""

    watch: WatchId
    title: str
    story_id: StoryId
    alerts: int


def headlines_of_deliveries(connection: sa.Connection, ids: Collection[DeliveryId]) -> dict[DeliveryId, ToldHeadline]:
    """Give what messages tell, by message; digests, notices and what was dropped have none."""
    if not ids:
        return {}
    ours = alerts.c.delivery_id.in_(set(ids))
    first = sa.select(sa.func.min(alerts.c.id).label("id"), sa.func.count().label("n")).where(ours)
    firsts = first.group_by(alerts.c.delivery_id).subquery()
    query = (
        sa.select(alerts.c.delivery_id, alerts.c.watch, alerts.c.story_id, articles.c.title, firsts.c.n)
        .join(firsts, firsts.c.id == alerts.c.id)
        .join(matches, matches.c.id == alerts.c.match_id)
        .join(articles, articles.c.id == matches.c.article_id)
    )
    return {
        row.delivery_id: ToldHeadline(row.watch, row.title, row.story_id, row.n) for row in connection.execute(query)
    }


def _load(connection: sa.Connection, condition: sa.ColumnElement[bool]) -> list[LoggedAlert]:
    query = (
        sa.select(*alerts.c, matches.c.article_id, deliveries.c.state, deliveries.c.sent_at)
        .join(matches, matches.c.id == alerts.c.match_id)
        .outerjoin(deliveries, deliveries.c.id == alerts.c.delivery_id)
        .where(condition)
        .order_by(alerts.c.id)
    )
    return [_logged(row) for row in connection.execute(query)]


def _logged(row: AnyRow) -> LoggedAlert:
    state = DeliveryState(row.state) if row.state else None
    return LoggedAlert(Alert(**_values_of(row)), row.article_id, state, row.sent_at)


def _values_of(row: AnyRow) -> dict[str, Any]:
    columns = row._mapping  # noqa: SLF001 -- SQLAlchemy's public name for a row's columns
    values = {column.name: columns[column.name] for column in alerts.c}
    return values | {"decision": Decision(row.decision), "rule": Rule(row.rule)}
