"""Closing digest windows: each subscriber's, when its slot has come, and the delivery of the digest in the same
transaction.

What is asked at each tick is asked of schedules, which are few, not of subscribers, who may be many. Those whose slot
has come are closed a batch a transaction, so that nobody else who writes waits for long.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

import sqlalchemy as sa
import structlog

from tocsin.delivery import new_message_id
from tocsin.digests import coverage, coverage_json, due_window, latest_slot
from tocsin.digests.quiet_days import wants_quiet
from tocsin.models.deliveries import DeliveryKind
from tocsin.models.digests import Window
from tocsin.models.feeds import Feed
from tocsin.models.ids import DeliveryId, DigestId, SubscriberId
from tocsin.models.subscribers import StoredSubscriber
from tocsin.models.watchlist import ChannelKind, QuietPolicy
from tocsin.models.zones import zone_of
from tocsin.store.clocks import pull_back, was_ahead
from tocsin.store.database import Database, database_now
from tocsin.store.deliveries import NewDelivery, enter_deliveries
from tocsin.store.digests import close_window
from tocsin.store.feed_health import held_hosts
from tocsin.store.feeds import list_feeds
from tocsin.store.open_windows import (
    OpenWindows,
    behind,
    last_mailed,
    last_slots,
    numbers_told,
    open_windows,
)
from tocsin.store.subscribers import lock_active
from tocsin_scheduler.zones import tell_of_lost_zones

AT_ONCE: Final = 50
"""So many windows are closed in one transaction."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Lookout:
    """What is known of all feeds at one moment, read once for all windows that are closed then."""

    feeds: Sequence[Feed]
    waiting: Mapping[str, datetime]
    _seen: dict[tuple[datetime, datetime], object] = field(default_factory=dict)

    @classmethod
    def at(cls, connection: sa.Connection, now: datetime) -> Lookout:
        """Read the feeds."""
        return cls(list_feeds(connection), held_hosts(connection, now))

    def coverage_of(self, window: Window) -> object:
        """Say which feeds a window rests on, as JSON; most windows that are closed at once are the same span."""
        span = (window.start_at, window.end_at)
        if span not in self._seen:
            self._seen[span] = coverage_json(coverage(self.feeds, window, self.waiting))
        return self._seen[span]


@dataclass(frozen=True, slots=True)
class _Closed:
    stored: StoredSubscriber
    window: Window
    digest_id: DigestId


def close_due_windows(database: Database, mail_domain: str) -> list[DeliveryId]:
    """Close every window whose end has come and enter its digest; gives the deliveries to be enqueued.

    Raises:
        StoreError: The database failed; windows not closed yet stay open and are closed by the next tick.

    """
    with database.read() as connection:
        now = database_now(connection)
        ahead = was_ahead(connection, now)
        found = open_windows(connection)
        due = _due_ids(connection, found, now)
        lookout = Lookout.at(connection, now) if due else Lookout((), {})
    if ahead:
        _pull_back(database)
    tell_of_lost_zones(database, found)
    entered: list[DeliveryId] = []
    for start in range(0, len(due), AT_ONCE):
        entered += _close_batch(database, due[start : start + AT_ONCE], lookout, mail_domain)
    return entered


def close_window_now(database: Database, stored: StoredSubscriber, mail_domain: str) -> list[DeliveryId]:
    """Close a subscriber's open window now, whatever their schedule, and enter the digest, a quiet one too.

    Gives the delivery to be enqueued; none when a window of theirs was closed within the same minute, or they are not
    active (any more).

    Raises:
        StoreError: The database failed.

    """
    with database.write() as connection:
        ours = lock_active(connection, [stored.id])
        now = database_now(connection)
        lookout = Lookout.at(connection, now)
        closed = [_close(connection, one, _until(one, now), lookout, now) for one in ours if one.closed_until < now]
        return _enter(connection, [one for one in closed if one is not None], mail_domain, now)


def _until(stored: StoredSubscriber, now: datetime) -> Window:
    local = now.astimezone(zone_of(stored.subscriber.timezone))
    return Window(stored.closed_until, now, local.date(), f"{local:%H:%M}")


def _due_ids(connection: sa.Connection, found: Sequence[OpenWindows], now: datetime) -> list[SubscriberId]:
    due: list[SubscriberId] = []
    for windows in found:
        slot = latest_slot(windows.schedule, windows.timezone, now)
        if slot is not None and slot.at > windows.since:
            due += behind(connection, windows, slot.at)
    return due


def _pull_back(database: Database) -> None:
    with database.write() as connection:
        number = pull_back(connection, database_now(connection))
    _log.error(
        "the clock was ahead and was set back; what waited for that future is due now",
        windows=number,
        remedy="check that the database's machine keeps its time by NTP",
    )


def _close_batch(
    database: Database, ids: Sequence[SubscriberId], lookout: Lookout, mail_domain: str
) -> list[DeliveryId]:
    """Close the windows of these subscribers that are due still, now that nobody else may change them."""
    with database.write() as connection:
        ours = lock_active(connection, ids)
        now = database_now(connection)
        last = last_slots(connection, ids)
        weekly = [one.id for one in ours if one.subscriber.digest.quiet is QuietPolicy.WEEKLY]
        mailed = last_mailed(connection, weekly, now)
        windows = [(stored, _due(stored, last.get(stored.id), now)) for stored in ours]
        tried = [_close(connection, stored, window, lookout, now) for stored, window in windows if window is not None]
        closed = [one for one in tried if one is not None]
        told = numbers_told(connection, [one.digest_id for one in closed])
        wanted = [one for one in closed if one.digest_id in told or _is_wanted_quiet(one, mailed)]
        entered = _enter(connection, wanted, mail_domain, now)
    for one in closed:
        matches = told.get(one.digest_id, 0)
        _log.info("window closed", subscriber=one.stored.subscriber.email, slot=one.window.slot, matches=matches)
    return entered


def _is_wanted_quiet(one: _Closed, mailed: Mapping[SubscriberId, date]) -> bool:
    return wants_quiet(one.stored, one.window.local_date, mailed.get(one.stored.id))


def _due(stored: StoredSubscriber, last: tuple[date, str] | None, now: datetime) -> Window | None:
    subscriber = stored.subscriber
    return due_window(
        subscriber.digest,
        subscriber.timezone,
        stored.closed_until,
        now,
        slots_from=stored.slots_from,
        last_slot=last,
    )


def _close(
    connection: sa.Connection, stored: StoredSubscriber, window: Window, lookout: Lookout, now: datetime
) -> _Closed | None:
    """Close one window; None where its slot is spent, and what is owed waits for the next."""
    token = secrets.token_urlsafe(32)
    seen = lookout.coverage_of(window)
    digest_id = close_window(connection, stored, window, token=token, coverage=seen, now=now)
    return None if digest_id is None else _Closed(stored, window, digest_id)


def _enter(connection: sa.Connection, closed: Sequence[_Closed], mail_domain: str, now: datetime) -> list[DeliveryId]:
    new = [
        NewDelivery(
            key=f"digest:{one.digest_id}",
            kind=DeliveryKind.DIGEST,
            channel=ChannelKind.MAIL,
            target=one.stored.subscriber.email,
            message_id=new_message_id(mail_domain),
            digest_id=one.digest_id,
        )
        for one in closed
    ]
    return enter_deliveries(connection, new, now)
