"""What messages told before: when a story was told, and by which message first."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from tocsin.models.deliveries import Delivery, DeliveryState
from tocsin.models.ids import StoryId, WatchId
from tocsin.store.tables import alerts, deliveries, stories


def told_before(connection: sa.Connection, delivery: Delivery, story_id: StoryId, watch: WatchId) -> datetime | None:
    """Tell when the channel of a message was told of a story for a watch by the last message before it; None if it was
    not.
    """
    latest = sa.select(deliveries.c.created_at).where(_told(delivery, story_id), alerts.c.watch == watch)
    found: datetime | None = connection.execute(
        latest.select_from(_joined()).order_by(deliveries.c.created_at.desc()).limit(1)
    ).scalar()
    return found


def first_message_id(connection: sa.Connection, delivery: Delivery, story_id: StoryId) -> str | None:
    """Give the Message-ID of the first message that told a story to the channel of a message, for whatever watch; None
    where that is the message itself.
    """
    first = sa.select(deliveries.c.message_id).where(_told(delivery, story_id), deliveries.c.target == delivery.target)
    found: str | None = connection.execute(
        first.select_from(_joined()).order_by(deliveries.c.created_at, deliveries.c.id).limit(1)
    ).scalar()
    return found


def _joined() -> sa.Join:
    of_story = stories.join(alerts, alerts.c.story_id == stories.c.id)
    return of_story.join(deliveries, deliveries.c.id == alerts.c.delivery_id)


def _told(delivery: Delivery, story_id: StoryId) -> sa.ColumnElement[bool]:
    """Tell of a message whether it told the story to the same channel before."""
    return sa.and_(
        sa.or_(stories.c.id == story_id, stories.c.merged_into == story_id),
        deliveries.c.name == delivery.name,
        deliveries.c.state == DeliveryState.SENT.value,
        deliveries.c.id != delivery.id,
        deliveries.c.created_at <= delivery.created_at,
    )
