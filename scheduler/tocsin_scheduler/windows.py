"""Closing digest windows: each subscriber's, when its slot has come, and the delivery of the digest in the same
transaction.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from datetime import date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
import structlog

from tocsin.delivery import new_message_id
from tocsin.digests import coverage, coverage_json, due_window
from tocsin.errors import LeaseLostError
from tocsin.models.deliveries import DeliveryKind
from tocsin.models.digests import Window
from tocsin.models.ids import DeliveryId, DigestId
from tocsin.models.subscribers import StoredSubscriber
from tocsin.models.watchlist import ChannelKind, QuietPolicy
from tocsin.store.database import Database, database_now
from tocsin.store.deliveries import NewDelivery, enter_deliveries
from tocsin.store.digests import close_window, last_slots
from tocsin.store.feed_health import held_hosts
from tocsin.store.feeds import list_feeds
from tocsin.store.matches import matches_of_digest
from tocsin.store.subscribers import active_subscribers

_log = structlog.get_logger(__name__)


def close_due_windows(database: Database, mail_domain: str) -> list[DeliveryId]:
    """Close every window whose end has come and enter its digest; gives the deliveries to be enqueued.

    Raises:
        StoreError: The database failed; windows not closed yet stay open and are closed by the next tick.

    """
    with database.read() as connection:
        now = database_now(connection)
        waiting = active_subscribers(connection)
        last = last_slots(connection)
    due = [(stored, _due(stored, last.get(stored.id), now)) for stored in waiting]
    entered: list[DeliveryId] = []
    for stored, window in due:
        if window is not None:
            # A window that another scheduler closes at this moment is not ours; the others are.
            with suppress(LeaseLostError):
                entered += _close(database, stored, window, now=now, mail_domain=mail_domain)
    return entered


def close_window_now(database: Database, stored: StoredSubscriber, mail_domain: str) -> list[DeliveryId]:
    """Close a subscriber's open window now, whatever their schedule, and enter the digest, a quiet one too.

    Gives the delivery to be enqueued; none when a window of theirs was closed within the same minute.

    Raises:
        LeaseLostError: A scheduler closed the window at the same moment.
        StoreError: The database failed.

    """
    zone = ZoneInfo(stored.subscriber.timezone)
    with database.write() as connection:
        now = database_now(connection)
        local = now.astimezone(zone)
        window = Window(stored.closed_until, now, local.date(), f"{local:%H:%M}")
        digest_id = _close_row(connection, stored, window, now)
        if digest_id is None:
            return []
        return _enter(connection, stored, digest_id, now=now, mail_domain=mail_domain)


def _due(stored: StoredSubscriber, last: tuple[date, str] | None, now: datetime) -> Window | None:
    subscriber = stored.subscriber
    return due_window(subscriber.digest, subscriber.timezone, stored.closed_until, now, last_slot=last)


def _close(
    database: Database, stored: StoredSubscriber, window: Window, *, now: datetime, mail_domain: str
) -> list[DeliveryId]:
    subscriber = stored.subscriber
    with database.write() as connection:
        digest_id = _close_row(connection, stored, window, now)
        if digest_id is None:
            return []
        owed = len(matches_of_digest(connection, digest_id))
        _log.info("window closed", subscriber=subscriber.email, slot=window.slot, matches=owed)
        if owed == 0 and subscriber.digest.quiet is QuietPolicy.SKIP:
            return []
        return _enter(connection, stored, digest_id, now=now, mail_domain=mail_domain)


def _close_row(connection: sa.Connection, stored: StoredSubscriber, window: Window, now: datetime) -> DigestId | None:
    token = secrets.token_urlsafe(32)
    seen = coverage(list_feeds(connection), window, held_hosts(connection, now))
    return close_window(connection, stored, window, token=token, coverage=coverage_json(seen), now=now)


def _enter(
    connection: sa.Connection, stored: StoredSubscriber, digest_id: DigestId, *, now: datetime, mail_domain: str
) -> list[DeliveryId]:
    digest = NewDelivery(
        key=f"digest:{digest_id}",
        kind=DeliveryKind.DIGEST,
        channel=ChannelKind.MAIL,
        target=stored.subscriber.email,
        message_id=new_message_id(mail_domain),
        digest_id=digest_id,
    )
    return enter_deliveries(connection, [digest], now)
