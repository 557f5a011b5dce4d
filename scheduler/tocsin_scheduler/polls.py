"""Polling the feeds that are due: lease, fetch, parse, take in, and wake the classifiers."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

import structlog

from tocsin.errors import QueueError, TocsinError
from tocsin.feeds.faults import own_fault
from tocsin.feeds.parse import parse_feed
from tocsin.models.feeds import Feed, Fetched, NotModified, ParsedFeed, Problem
from tocsin.models.ids import ArticleId
from tocsin.queueing import CLASSIFY, Wakeups
from tocsin.store.database import Database, database_now
from tocsin.store.feeds import claim_due_feeds
from tocsin_scheduler.intake import Poll, body_hash, record_failure, record_unchanged, take_in

LEASE_FOR = timedelta(minutes=2)
"""Longer than any poll takes; a scheduler that dies in mid-poll keeps its feeds no longer than this."""

_log = structlog.get_logger(__name__)


class Fetches(Protocol):
    """What asks publishers: `tocsin.feeds.fetch.Fetcher`."""

    async def fetch(self, feed: Feed) -> Fetched | NotModified | Problem:
        """Ask for a feed once; what goes wrong is a value."""
        ...


@dataclass(slots=True)
class Poller:
    """Polls due feeds, so many at a time."""

    database: Database
    fetcher: Fetches
    wakeups: Wakeups
    interval: timedelta
    at_once: int = 50
    _running: set[asyncio.Task[None]] = field(default_factory=set)

    async def tick(self) -> int:
        """Start polling as many due feeds as there is room for, and give their number."""
        room = self.at_once - len(self._running)
        lease = secrets.token_hex(16)
        due = await asyncio.to_thread(self._claim, lease, room) if room > 0 else []
        for feed in due:
            task = asyncio.create_task(self._poll_and_log(Poll(feed, lease, self.interval)))
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        return len(due)

    async def finish(self, seconds: float) -> None:
        """Let the running polls end; those that take longer are given up, and their feeds come free with their
        leases.
        """
        if not self._running:
            return
        _, late = await asyncio.wait(self._running, timeout=seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    def _claim(self, lease: str, room: int) -> list[Feed]:
        with self.database.write() as connection:
            now = database_now(connection)
            return claim_due_feeds(connection, now, lease=lease, lease_for=LEASE_FOR, limit=room)

    async def _poll_and_log(self, poll: Poll) -> None:
        try:
            await self._poll_whatever_comes(poll)
        except TocsinError as error:
            # The lease runs out and the feed is polled again; nothing was recorded of this poll.
            _log.error("poll not recorded", feed=poll.feed.url, reason=str(error))

    async def _poll_whatever_comes(self, poll: Poll) -> None:
        try:
            await self.poll(poll)
        except TocsinError:
            raise
        except Exception as error:  # noqa: BLE001 -- any feed may bring what nobody foresaw; unless that is recorded,
            # the feed looks well, is never read, and is asked again with every lease that runs out.
            _log.exception("poll failed through a fault of Tocsin's own", feed=poll.feed.url)
            await asyncio.to_thread(self._record, poll, own_fault(poll.feed.url, error), None)

    async def poll(self, poll: Poll) -> list[ArticleId]:
        """Poll one feed under lease and give the articles that it brought.

        Raises:
            StoreError: The database failed; nothing of this poll was recorded.

        """
        answer = await self.fetcher.fetch(poll.feed)
        found: ParsedFeed | Problem | None = None
        if isinstance(answer, Fetched) and body_hash(answer) != poll.feed.body_hash:
            found = await asyncio.to_thread(parse_feed, answer.body, answer.content_type, answer.url)
        brought = await asyncio.to_thread(self._record, poll, answer, found)
        if brought:
            await asyncio.to_thread(self._wake, brought)
        return brought

    def _record(
        self, poll: Poll, answer: Fetched | NotModified | Problem, found: ParsedFeed | Problem | None
    ) -> list[ArticleId]:
        problem = next((one for one in (answer, found) if isinstance(one, Problem)), None)
        with self.database.write() as connection:
            now = database_now(connection)
            if problem is not None:
                record_failure(connection, poll, problem, now)
                _log.warning("feed not read", feed=poll.feed.url, kind=problem.kind.value, problem=problem.message)
                return []
            assert not isinstance(answer, Problem)  # noqa: S101 -- told above, for the type checker
            if isinstance(found, ParsedFeed) and isinstance(answer, Fetched):
                brought = take_in(connection, poll, answer, found, now)
                _log.info("feed read", feed=poll.feed.url, entries=len(found.entries), brought=len(brought))
                return brought
            record_unchanged(connection, poll, answer, now)
            return []

    def _wake(self, brought: list[ArticleId]) -> None:
        try:
            self.wakeups.send(CLASSIFY, brought)
        except QueueError as error:
            _log.warning(
                "not enqueued", articles=len(brought), reason=str(error), remedy="the sweeper sends them again"
            )
