"""Taking in what WebSub hubs sent, as if it had been polled: read, compared and told of in the same way.

A ping is a delta: nothing that it does not hold counts as gone, and an entry that a poll brings later is known.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa
import structlog

from tocsin.errors import LeaseLostError, QueueError
from tocsin.feeds.websub import after_ping
from tocsin.models.feeds import Feed, Fetched, ParsedFeed, Problem
from tocsin.models.ids import ArticleId, PingId
from tocsin.models.websub import Ping
from tocsin.queueing import CLASSIFY, Wakeups
from tocsin.store.database import Database, database_now
from tocsin.store.feeds import PollRecord, record_polls
from tocsin.store.hub_subscriptions import end_lease, get_subscription
from tocsin.store.pings import (
    any_ping,
    claim_pings,
    get_ping,
    lease_pinged_feed,
    release_ping,
    remove_ping,
)
from tocsin_scheduler.intake import Poll, take_in
from tocsin_scheduler.polls import LEASE_FOR, Parses
from tocsin_scheduler.recording import Clock

AT_ONCE: Final = 10
"""Pings a tick; each may be as large as a poll, and they are read one after the other."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Read:
    """A ping with what its body said."""

    id: PingId
    ping: Ping
    fetched: Fetched
    found: ParsedFeed | Problem


@dataclass(slots=True)
class Pings:
    """Takes in what the web process put down."""

    database: Database
    parser: Parses
    wakeups: Wakeups
    clock: Clock = database_now

    async def tick(self) -> list[ArticleId]:
        """Take in some of what waits, the oldest first, and give the articles that it brought."""
        brought: list[ArticleId] = []
        for ping_id in await asyncio.to_thread(self._claim):
            try:
                brought += await self._take(ping_id)
            except Exception as error:  # noqa: BLE001 -- any ping may bring what nobody foresaw, and others wait behind it
                _log.error("ping not taken in; it is tried again", reason=str(error), kind=type(error).__name__)
        return brought

    def _claim(self) -> list[PingId]:
        with self.database.read() as connection:
            if not any_ping(connection):
                return []
        with self.database.write() as connection:
            return claim_pings(connection, self.clock(connection), hold=LEASE_FOR, limit=AT_ONCE)

    async def _take(self, ping_id: PingId) -> Sequence[ArticleId]:
        ping = await asyncio.to_thread(self._load, ping_id)
        if ping is None:
            return ()
        fetched = Fetched(ping.subscription.topic, ping.body, ping.content_type, None, None, is_delta=True)
        found = await asyncio.to_thread(self.parser.parse, fetched.body, fetched.content_type, fetched.url)
        read = _Read(ping_id, ping, fetched, found)
        brought = await asyncio.to_thread(self._record, read)
        if brought:
            await asyncio.to_thread(self._wake, brought)
        return brought

    def _load(self, ping_id: PingId) -> Ping | None:
        with self.database.read() as connection:
            return get_ping(connection, ping_id)

    def _record(self, read: _Read) -> Sequence[ArticleId]:
        lease = secrets.token_hex(16)
        with self.database.write() as connection:
            now = self.clock(connection)
            feed = lease_pinged_feed(connection, read.ping, lease=lease, until=now + LEASE_FOR, now=now)
            if feed is None:
                release_ping(connection, read.id)  # a poll began meanwhile; the next tick finds it ended
                return ()
            if not remove_ping(connection, read.id):
                raise LeaseLostError(f"another scheduler took in what a hub sent for {feed.url}")
            after, brought = _settled(connection, Poll(feed, lease), read, now)
            record_polls(connection, [PollRecord(feed, after, lease)])
        return brought

    def _wake(self, brought: Sequence[ArticleId]) -> None:
        try:
            self.wakeups.send(CLASSIFY, brought)
        except QueueError as error:
            _log.warning(
                "not enqueued", articles=len(brought), reason=str(error), remedy="the sweeper sends them again"
            )


def _settled(connection: sa.Connection, poll: Poll, read: _Read, now: datetime) -> tuple[Feed, Sequence[ArticleId]]:
    """Store what a ping brought, and give the state of its feed after it with the articles to classify."""
    feed, found = poll.feed, read.found
    subscription = get_subscription(connection, read.ping.subscription.id)
    if not feed.active:
        return feed, ()
    if isinstance(found, Problem):
        # What cannot be read is lost, and so may be the next: better to poll, until the lease is renewed.
        problem = f"what the hub {subscription.hub} sent could not be read: {found.message}"
        end_lease(connection, subscription, problem, now)
        _log.warning("ping not read", feed=feed.url, kind=found.kind.value, problem=found.message)
        return feed, ()
    taken = take_in(connection, poll, read.fetched, found, now)
    _log.info("ping read", feed=feed.url, entries=len(found.entries), brought=len(taken.ids))
    return after_ping(feed, subscription, found, taken.new_dates, now), taken.ids
