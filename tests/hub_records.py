"""Feeds that name a hub, and their subscriptions, for tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from records import NOW, add_feed, claimed, poll_ended
from tocsin.feeds.websub import next_request_at
from tocsin.models.feeds import Feed, Hub, Polling
from tocsin.models.websub import HubSubscription
from tocsin.store import hub_subscriptions as hubs
from tocsin.store import tables
from tocsin.store.feed_hubs import follow_hubs
from tocsin.store.feeds import list_feeds

ROOT = "https://news.example.org/websub/"
HUB = Hub("https://hub.example/", "https://wire.example/rss")


def add_hub_feed(connection: sa.Connection, hub: Hub | None = HUB, url: str = "https://wire.example/rss") -> Feed:
    """Store a feed that was polled at NOW, is due an hour later, and names a hub."""
    feed = add_feed(connection, url)
    [polled] = [one for one in claimed(connection) if one.id == feed.id]
    changes: dict[str, Any] = {"checked_at": NOW, "succeeded_at": NOW, "etag": '"v1"'}
    return poll_ended(connection, polled, polling=Polling(hub=hub), **changes)


def feed_now(connection: sa.Connection, feed: Feed) -> Feed:
    return next(one for one in list_feeds(connection, active_only=False) if one.id == feed.id)


def subscribed(connection: sa.Connection, feed: Feed, root: str = ROOT, at: datetime = NOW) -> HubSubscription:
    """Want the subscription of a feed, and give it."""
    follow_hubs(connection, root, at)
    return hubs.wanted_subscriptions(connection)[feed.id]


def asked(connection: sa.Connection, at: datetime = NOW, limit: int = 10) -> list[HubSubscription]:
    """Claim the subscriptions that are due, as a scheduler does before it asks."""
    return hubs.claim_due_subscriptions(connection, at, next_request_at, limit=limit)


def leased(connection: sa.Connection, feed: Feed, until: datetime, at: datetime = NOW) -> HubSubscription:
    """Give a feed's subscription after its hub confirmed it and is relied on."""
    subscription = subscribed(connection, feed, at=at)
    asked(connection, at)
    connection.execute(sa.update(tables.feeds).where(tables.feeds.c.id == feed.id).values(pushed_until=until))
    hubs.confirm_subscription(connection, subscription, leased_until=until, renew_at=until)
    return replace(subscription, leased_until=until)
