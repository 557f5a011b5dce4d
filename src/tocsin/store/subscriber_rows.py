"""Rows of subscribers: what the columns say as records, and records as columns. What follows from a change is decided
in `tocsin.store.subscriber_states` and `tocsin.store.subscriber_changes`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import TypeVar

import sqlalchemy as sa

from tocsin.models.ids import SubscriberId, WatchId
from tocsin.models.subscribers import Owner, StoredSubscriber, SubscriberState
from tocsin.models.watchlist import DigestSchedule, QuietPolicy, Subscriber
from tocsin.store.columns import AnyRow
from tocsin.store.placements import lock_stories
from tocsin.store.tables import subscriber_watches, subscribers

AT_ONCE = 500

T = TypeVar("T")

OWED = tuple(state.value for state in SubscriberState if state.is_owed)


def lock_subscribers(connection: sa.Connection) -> None:
    """Let nobody else change subscribers, or what they are owed, until this transaction has ended; to be called before
    any row is locked.

    It is the lock of those who classify and prune: whom a match is owed must not change while it is entered. Windows
    are closed without it, under a lock of their subscriber's row.
    """
    lock_stories(connection)


def lock_rows(connection: sa.Connection, which: sa.ColumnElement[bool]) -> list[SubscriberId]:
    """Lock subscribers in the order of their ids, as `tocsin.store.subscribers.lock_active` does, and give these; what
    they are owed may still be entered.
    """
    query = sa.select(subscribers.c.id).where(which).order_by(subscribers.c.id).with_for_update(key_share=True)
    return [SubscriberId(found) for found in connection.execute(query).scalars()]


def in_batches(rows: Iterable[T]) -> Iterator[list[T]]:
    """Give so many rows at once as a statement can name: both databases bound its parameters."""
    every = iter(rows)
    while some := list(islice(every, AT_ONCE)):
        yield some


def key_of(email: str) -> str:
    """Give an address as subscribers are found by it: two that differ in the case of letters are one."""
    return email.lower()


def settings_of(subscriber: Subscriber) -> dict[str, object]:
    """Give what a subscriber asked for as columns."""
    return {
        "email": key_of(subscriber.email),
        "language": subscriber.language,
        "timezone": subscriber.timezone,
        "watches": list(subscriber.watches),
        "days": list(subscriber.digest.days),
        "at": list(subscriber.digest.at),
        "cron": subscriber.digest.cron,
        "quiet": subscriber.digest.quiet.value,
    }


def changed_settings(row: AnyRow, wanted: Mapping[str, object], now: datetime) -> dict[str, object]:
    """Give those of the columns that say something new; a new schedule or zone counts slots from now on."""
    known = row._mapping  # noqa: SLF001 -- SQLAlchemy's public name for a row's columns
    changed = {name: value for name, value in wanted.items() if known[name] != value}
    moves = changed.keys() & {"timezone", "days", "at", "cron"}
    return changed | ({"slots_from": now} if moves else {})


def started(now: datetime) -> dict[str, object]:
    """Give the columns of one who is active from now on, and owed what matches from now on."""
    return returned(now) | {"closed_until": now, "away_state": None, "away_since": None}


def returned(now: datetime) -> dict[str, object]:
    """Give the columns of one who is active again, and is owed what came meanwhile."""
    since = {"state_since": now, "slots_from": now, "paused_until": None}
    return since | {"state": SubscriberState.ACTIVE.value, "because": ""}


def change_row(connection: sa.Connection, subscriber_id: int, values: Mapping[str, object]) -> None:
    """Write columns of one subscriber, and their watches by watch, if these are among them."""
    if values:
        connection.execute(sa.update(subscribers).where(subscribers.c.id == subscriber_id).values(**values))
        index_watches(connection, [subscriber_id] if "watches" in values else [])


def insert_rows(connection: sa.Connection, rows: Sequence[Mapping[str, object]]) -> list[SubscriberId]:
    """Insert subscribers of whom no row is there, and give their ids."""
    ids: list[SubscriberId] = []
    for some in in_batches(rows):
        # Not by RETURNING: SQLAlchemy would insert into SQLite one by one.
        connection.execute(sa.insert(subscribers), some)
        theirs = subscribers.c.email.in_([row["email"] for row in some])
        ids += connection.execute(sa.select(subscribers.c.id).where(theirs)).scalars()
    index_watches(connection, ids)
    return ids


def index_watches(connection: sa.Connection, ids: Iterable[int]) -> None:
    """Write the watches of these subscribers by watch, as their rows have them now."""
    for some in in_batches(ids):
        connection.execute(sa.delete(subscriber_watches).where(subscriber_watches.c.subscriber_id.in_(some)))
        query = sa.select(subscribers.c.id, subscribers.c.watches).where(subscribers.c.id.in_(some))
        rows = [
            {"subscriber_id": row.id, "watch": watch}
            for row in connection.execute(query)
            for watch in dict.fromkeys(row.watches)
        ]
        if rows:
            connection.execute(sa.insert(subscriber_watches), rows)


def subscriber_of(row: AnyRow) -> Subscriber:
    """Make the record of what was asked for, from a row of subscribers or sign-ups."""
    schedule = DigestSchedule(days=tuple(row.days), at=tuple(row.at), quiet=QuietPolicy(row.quiet), cron=row.cron)
    watches = tuple(WatchId(watch) for watch in row.watches)
    return Subscriber(row.email, row.timezone, watches, schedule, row.language)


def stored_of(row: AnyRow) -> StoredSubscriber:
    """Make the record of a whole row."""
    return StoredSubscriber(
        id=SubscriberId(row.id),
        subscriber=subscriber_of(row),
        joined_at=row.joined_at,
        closed_until=row.closed_until,
        slots_from=row.slots_from,
        state_since=row.state_since,
        owner=Owner(row.owner),
        state=SubscriberState(row.state),
        because=row.because,
        paused_until=row.paused_until,
        all_watches=row.all_watches,
        link_epoch=row.link_epoch,
        away_state=None if row.away_state is None else SubscriberState(row.away_state),
        away_since=row.away_since,
    )
