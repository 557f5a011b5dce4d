"""Which windows are open, asked so that ten thousand subscribers cost a tick no more than their few schedules do."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from tocsin.models.ids import DigestId, SubscriberId
from tocsin.models.subscribers import SubscriberState
from tocsin.models.watchlist import DigestSchedule, QuietPolicy
from tocsin.store.tables import deliveries, digest_items, digests, subscribers

_IS_ACTIVE = subscribers.c.state == SubscriberState.ACTIVE.value
# From when on a slot closes a subscriber's window.
_SINCE = sa.case(
    (subscribers.c.closed_until > subscribers.c.slots_from, subscribers.c.closed_until), else_=subscribers.c.slots_from
)


@dataclass(frozen=True, slots=True)
class OpenWindows:
    """The open windows of all active subscribers with one schedule in one zone; no slot up to ``since`` closes any."""

    schedule: DigestSchedule
    timezone: str
    since: datetime
    number: int


def open_windows(connection: sa.Connection) -> list[OpenWindows]:
    """Give the open windows of the active subscribers, by schedule and zone."""
    same = (
        subscribers.c.days,
        subscribers.c.at,
        subscribers.c.cron,
        subscribers.c.quiet,
        subscribers.c.timezone,
    )
    since = sa.func.min(_SINCE, type_=subscribers.c.closed_until.type).label("since")
    query = sa.select(*same, since, sa.func.count().label("number")).where(_IS_ACTIVE).group_by(*same)
    return [
        OpenWindows(
            DigestSchedule(tuple(row.days), tuple(row.at), QuietPolicy(row.quiet), row.cron),
            row.timezone,
            row.since,
            row.number,
        )
        for row in connection.execute(query)
    ]


def behind(connection: sa.Connection, windows: OpenWindows, slot_at: datetime) -> list[SubscriberId]:
    """Give the subscribers of these windows whose window is closed by a slot at that time, by id."""
    schedule = windows.schedule
    theirs = (
        _IS_ACTIVE,
        subscribers.c.timezone == windows.timezone,
        subscribers.c.days == list(schedule.days),
        subscribers.c.at == list(schedule.at),
        subscribers.c.cron == schedule.cron,
        subscribers.c.quiet == schedule.quiet.value,
    )
    query = sa.select(subscribers.c.id).where(*theirs, slot_at > _SINCE).order_by(subscribers.c.id)
    return [SubscriberId(found) for found in connection.execute(query).scalars()]


def last_slots(connection: sa.Connection, ids: Collection[SubscriberId]) -> dict[SubscriberId, tuple[date, str]]:
    """Give the local date and slot of these subscribers' last digests; who had none yet is not in it."""
    last = sa.and_(digests.c.subscriber_id == subscribers.c.id, digests.c.end_at == subscribers.c.closed_until)
    query = sa.select(digests.c.subscriber_id, digests.c.local_date, digests.c.slot).join(subscribers, last)
    rows = connection.execute(query.where(subscribers.c.id.in_(ids)))
    return {row.subscriber_id: (row.local_date, row.slot) for row in rows}


def last_mailed(connection: sa.Connection, ids: Collection[SubscriberId], now: datetime) -> dict[SubscriberId, date]:
    """Give the local date of the last digest that went, or is about to go, to these subscribers; those that failed,
    were dropped, or had nothing to tell and were not mailed do not count. Who had none is not in it.
    """
    went = sa.and_(deliveries.c.digest_id == digests.c.id, deliveries.c.state.in_(("pending", "sent")))
    query = (
        sa.select(digests.c.subscriber_id, sa.func.max(digests.c.local_date).label("day"))
        .join(deliveries, went)
        # A clock that was ahead for a while may have left some in what is the future again.
        .where(digests.c.subscriber_id.in_(ids), digests.c.end_at <= now)
        .group_by(digests.c.subscriber_id)
    )
    return {row.subscriber_id: row.day for row in connection.execute(query)} if ids else {}


def numbers_told(connection: sa.Connection, ids: Collection[DigestId]) -> dict[DigestId, int]:
    """Count the matches that digests were closed with; one with none is not in it."""
    query = sa.select(digest_items.c.digest_id, sa.func.count().label("number")).group_by(digest_items.c.digest_id)
    rows = connection.execute(query.where(digest_items.c.digest_id.in_(ids)))
    return {DigestId(row.digest_id): row.number for row in rows}
