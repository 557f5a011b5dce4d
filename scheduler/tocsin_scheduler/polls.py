"""Polling the feeds that are due: claim, fetch, parse, and hand over to be recorded."""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Final, Protocol

import structlog

from tocsin.errors import TocsinError
from tocsin.feeds.faults import own_fault
from tocsin.feeds.next_check import check_after_hold
from tocsin.feeds.outcomes import body_hash
from tocsin.models.feeds import Feed, Fetched, NotModified, ParsedFeed, Problem
from tocsin.models.ids import ArticleId
from tocsin.queueing import Wakeups
from tocsin.store.claims import Claimant, any_due, claim_due_feeds, give_back
from tocsin.store.database import Database, database_now
from tocsin.store.hosts import give_hosts_back
from tocsin_scheduler.intake import Poll
from tocsin_scheduler.recording import Clock, Finished, Recorder

LEASE_FOR: Final = timedelta(minutes=2)
"""Longer than any poll takes; a scheduler that dies in mid-poll keeps its feeds and hosts no longer than this."""

PER_HOST: Final = 2
"""Polls of one host that may run at a time; one that is slow should not hold up its other feeds altogether."""

_READERS: Final = 4

_log = structlog.get_logger(__name__)


class Fetches(Protocol):
    """What asks publishers: `tocsin.feeds.fetch.Fetcher`."""

    async def fetch(self, feed: Feed) -> Fetched | NotModified | Problem:
        """Ask for a feed once; what goes wrong is a value."""
        ...


class Parses(Protocol):
    """What reads documents: `tocsin.feeds.parser.Parser`."""

    def parse_at_once(self, body: bytes, content_type: str, url: str) -> ParsedFeed | Problem | None:
        """Read a document within some milliseconds, or not at all: None."""
        ...

    def parse(self, body: bytes, content_type: str, url: str) -> ParsedFeed | Problem:
        """Read a document, in any thread; what cannot be read is a value."""
        ...


@dataclass(slots=True)
class Poller:
    """Polls due feeds, so many at a time; ``shortest`` is the shortest time between two polls of a feed."""

    database: Database
    fetcher: Fetches
    parser: Parses
    wakeups: Wakeups
    shortest: timedelta
    at_once: int = 100
    clock: Clock = database_now
    owner: str = field(default_factory=lambda: secrets.token_hex(16))
    _recorder: Recorder = field(init=False)
    _readers: ThreadPoolExecutor = field(init=False)
    _running: dict[asyncio.Task[None], Poll] = field(default_factory=dict)
    _ends: bool = False

    def __post_init__(self) -> None:
        self._recorder = Recorder(self.database, self.wakeups, self.shortest, self.clock)
        # Threads of their own: documents that wait for the judge must not keep claims and records waiting.
        self._readers = ThreadPoolExecutor(_READERS, "reader")

    async def tick(self) -> int:
        """Start polling as many due feeds as there is room for, and give their number."""
        room = self.at_once - len(self._running)
        if room <= 0 or self._ends:
            return 0
        lease = secrets.token_hex(16)
        due = await asyncio.to_thread(self._claim, lease, room, self._busy())
        return await self._begin([Poll(feed, lease) for feed in due])

    async def _begin(self, polls: list[Poll]) -> int:
        if self._ends:  # since it was asked for what is due
            await asyncio.to_thread(self._give_back, polls, asked=False)
            return 0
        for poll in polls:
            self._start(poll)
        return len(polls)

    def _start(self, poll: Poll) -> None:
        task = asyncio.create_task(self._poll_and_log(poll))
        self._running[task] = poll
        task.add_done_callback(self._running.pop)

    def _busy(self) -> set[str]:
        running = Counter(poll.feed.host for poll in self._running.values())
        return {host for host, polls in running.items() if polls >= PER_HOST}

    async def settle(self, seconds: float) -> None:
        """Let the running polls end, and give up those that take longer; their feeds wait for their next turn."""
        if not self._running:
            return
        _, late = await asyncio.wait(self._running, timeout=seconds)
        given_up = [self._running[task] for task in late]
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        if given_up:
            await asyncio.to_thread(self._give_back, given_up, asked=True)

    async def finish(self, seconds: float) -> None:
        """Begin no more polls, settle those that run, and let other schedulers have the hosts."""
        self._ends = True
        try:
            await self.settle(seconds)
            await asyncio.to_thread(self._give_hosts_back)
        except TocsinError as error:
            _log.warning("feeds and hosts not given back; others have them when the leases run out", reason=str(error))
        self._readers.shutdown(wait=False, cancel_futures=True)

    def _claim(self, lease: str, room: int, busy: set[str]) -> list[Feed]:
        with self.database.read() as connection:
            if not any_due(connection, self.clock(connection)):
                return []
        claimant = Claimant(self.owner, LEASE_FOR, self.shortest, check_after_hold)
        with self.database.write() as connection:
            now = self.clock(connection)
            return claim_due_feeds(connection, now, claimant, lease=lease, limit=room, busy=busy)

    def _give_back(self, polls: list[Poll], *, asked: bool) -> None:
        with self.database.write() as connection:
            for poll in polls:
                give_back(connection, [poll.feed], poll.lease, asked=asked)

    def _give_hosts_back(self) -> None:
        with self.database.write() as connection:
            give_hosts_back(connection, self.owner)

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
            # the feed looks well, is never read, and is asked again and again.
            _log.exception("poll failed through a fault of Tocsin's own", feed=poll.feed.url)
            await self._recorder.record(Finished(poll, own_fault(poll.feed.url, error)))

    async def poll(self, poll: Poll) -> list[ArticleId]:
        """Poll one feed under lease and give the articles that it brought.

        Raises:
            StoreError: The database failed; nothing of this poll was recorded.

        """
        answer = await self.fetcher.fetch(poll.feed)
        found: ParsedFeed | Problem | None = None
        if isinstance(answer, Fetched) and body_hash(answer) != poll.feed.body_hash:
            found = await self._read(answer)
        return await self._recorder.record(Finished(poll, answer, found))

    async def _read(self, answer: Fetched) -> ParsedFeed | Problem:
        found = self.parser.parse_at_once(answer.body, answer.content_type, answer.url)
        if found is not None:
            return found
        reading = partial(self.parser.parse, answer.body, answer.content_type, answer.url)
        return await asyncio.get_running_loop().run_in_executor(self._readers, reading)
