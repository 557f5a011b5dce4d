"""Subscribers, what they are owed, and digests under way, for tests of what becomes of them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import sqlalchemy as sa

from records import LEASE, MINUTE, NOW, SIEGE, add_article, receipt, subscriber
from tocsin.models.deliveries import Delivery, DeliveryKind, DeliveryState
from tocsin.models.digests import Window
from tocsin.models.ids import DeliveryId, DigestId, MatchId, SubscriberId
from tocsin.models.subscribers import StoredSubscriber
from tocsin.models.watchlist import ChannelKind, Subscriber
from tocsin.store import deliveries, digests, matches, owed, subscribers, tables
from tocsin.store.deliveries import NewDelivery
from tocsin.store.subscriber_changes import add_subscriber, sync_subscribers

SECRET = b"s" * 32
DAY = timedelta(days=1)


def named(connection: sa.Connection, *entries: Subscriber, at: datetime = NOW) -> StoredSubscriber:
    """Let the watchlist name these, by default Zoe, and give the first."""
    sync_subscribers(connection, entries or [subscriber()], at, secret=SECRET)
    return stored(connection, (entries or [subscriber()])[0].email)


def reader(
    connection: sa.Connection, wanted: Subscriber | None = None, *, all_watches: bool = False
) -> StoredSubscriber:
    """Add a reader, by default Zoe."""
    wanted = wanted or subscriber()
    added = add_subscriber(connection, wanted, NOW, secret=SECRET, all_watches=all_watches)
    assert added is not None
    return stored(connection, wanted.email)


def stored(connection: sa.Connection, email: str = "zoe@example.org") -> StoredSubscriber:
    found = subscribers.find_subscriber(connection, email)
    assert found is not None
    return found


def match(connection: sa.Connection, key: str = "one", at: datetime = NOW + MINUTE) -> MatchId:
    """Find a match of the siege, and enter it into what is owed."""
    article = add_article(connection, key)
    [new] = matches.save_matches(connection, [(article.id, receipt(SIEGE))], at)
    owed.owe(connection, [new.id])
    return new.id


def owed_to(connection: sa.Connection, email: str = "zoe@example.org") -> list[MatchId]:
    """Give what waits for somebody's next digest, the newest first."""
    return [one.id for one in matches.matches_owed(connection, stored(connection, email).id)]


def told_by(connection: sa.Connection, digest_id: DigestId) -> list[MatchId]:
    return [one.id for one in matches.matches_of_digest(connection, digest_id)]


def close(connection: sa.Connection, day: int = 0, email: str = "zoe@example.org") -> DigestId:
    """Close somebody's window of that day, two hours after noon."""
    subscription = stored(connection, email)
    window = Window(subscription.closed_until, NOW + 2 * 60 * MINUTE + day * DAY, date(2026, 3, 10 + day), "15:00")
    token = f"{subscription.id} on day {day}"
    digest_id = digests.close_window(connection, subscription, window, token=token, coverage=None, now=window.end_at)
    assert digest_id is not None
    return digest_id


def mail(connection: sa.Connection, digest_id: DigestId, email: str = "zoe@example.org") -> DeliveryId:
    """Enter the mail of a digest, due now."""
    key = f"digest:{digest_id}"
    new = NewDelivery(key, DeliveryKind.DIGEST, ChannelKind.MAIL, email, f"<{key}@x>", digest_id=digest_id)
    [entered] = deliveries.enter_deliveries(connection, [new], NOW)
    return entered


def claimed(connection: sa.Connection, delivery_id: DeliveryId, at: datetime = NOW) -> Delivery:
    """Take a message into a mailer's hands."""
    found = deliveries.claim_delivery(connection, delivery_id, at, lease=LEASE, lease_for=2 * MINUTE)
    assert found is not None
    return found


def state_of(connection: sa.Connection, delivery_id: DeliveryId) -> tuple[DeliveryState, str | None]:
    row = connection.execute(sa.select(tables.deliveries).where(tables.deliveries.c.id == delivery_id)).one()
    return DeliveryState(row.state), row.problem


def watches_by_watch(connection: sa.Connection) -> set[tuple[SubscriberId, str]]:
    """Give the table that classifiers read."""
    rows = connection.execute(sa.select(tables.subscriber_watches))
    return {(SubscriberId(row.subscriber_id), row.watch) for row in rows}
