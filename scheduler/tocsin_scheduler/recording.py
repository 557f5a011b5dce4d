"""Recording polls: all that ended since the last time in one transaction, each with its feed's state and articles.

Articles are stored by `tocsin_scheduler.intake`; the state of their feed is worked out by `tocsin.feeds.outcomes` and
written here, in the same transaction and under the poll's lease.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
import structlog

from tocsin.errors import LeaseLostError, QueueError, StoreError, TocsinError
from tocsin.feeds.next_check import check_after_hold
from tocsin.feeds.outcomes import News, after_answer, after_document, after_problem, host_wait
from tocsin.models.feeds import Feed, Fetched, NotModified, ParsedFeed, Problem
from tocsin.models.ids import ArticleId
from tocsin.queueing import CLASSIFY, Wakeups
from tocsin.store.database import Database, database_now, fault_of_data
from tocsin.store.feeds import PollRecord, hold_leases, record_polls
from tocsin.store.hosts import hold_host
from tocsin_scheduler.intake import Poll, take_in

Clock = Callable[[sa.Connection], datetime]

GATHER_SECONDS: Final = 0.05
"""How long a poll that ended waits for others, to be recorded with them: one transaction costs little more for many."""

MOST_AT_ONCE: Final = 100

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Finished:
    """A poll that ended: what the publisher answered, and what its body said, None where there was nothing to parse."""

    poll: Poll
    answer: Fetched | NotModified | Problem
    found: ParsedFeed | Problem | None = None

    @property
    def problem(self) -> Problem | None:
        """What went wrong, if anything did."""
        return next((one for one in (self.answer, self.found) if isinstance(one, Problem)), None)


@dataclass(slots=True)
class Recorder:
    """Records polls in groups, and wakes the classifiers for what they brought."""

    database: Database
    wakeups: Wakeups
    shortest: timedelta
    clock: Clock = database_now
    _waiting: list[tuple[Finished, asyncio.Future[list[ArticleId]]]] = field(default_factory=list)
    _writer: asyncio.Task[None] | None = None

    async def record(self, finished: Finished) -> list[ArticleId]:
        """Record a poll, with others that end at the same time, and give the articles that have to be classified.

        Raises:
            LeaseLostError: The poll took too long, and the feed is another's now; nothing was recorded.
            StoreError: The database failed; nothing was recorded.

        """
        recorded: asyncio.Future[list[ArticleId]] = asyncio.get_running_loop().create_future()
        self._waiting.append((finished, recorded))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_all())
        return await recorded

    async def _write_all(self) -> None:
        while self._waiting:
            if len(self._waiting) < MOST_AT_ONCE:
                await asyncio.sleep(GATHER_SECONDS)
            group, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
            outcomes = await self._written([finished for finished, _ in group])
            for (_, recorded), outcome in zip(group, outcomes, strict=True):
                if recorded.done():
                    continue  # given up meanwhile
                if isinstance(outcome, Exception):
                    recorded.set_exception(outcome)
                else:
                    recorded.set_result(outcome)

    async def _written(self, group: list[Finished]) -> list[list[ArticleId] | Exception]:
        try:
            return await asyncio.to_thread(self.write, group)
        except Exception as error:  # noqa: BLE001 -- whatever it is, those who wait must hear of it, or wait for ever
            return [error for _ in group]

    def write(self, group: Sequence[Finished]) -> list[list[ArticleId] | Exception]:
        """Record a group in one transaction and wake the classifiers; gives for each poll its articles, or why it was
        not recorded. Where one meets a fault of our own, each is recorded by itself.
        """
        try:
            outcomes = self._write_together(group)
        except TocsinError as error:
            fault = fault_of_data(error) if isinstance(error, StoreError) else None
            return self._write_one_by_one(group, fault) if fault else [error for _ in group]
        except Exception as error:  # noqa: BLE001 -- any feed may bring what nobody foresaw
            return self._write_one_by_one(group, error)
        self._wake([each for outcome in outcomes if isinstance(outcome, list) for each in outcome])
        return outcomes

    def _write_one_by_one(self, group: Sequence[Finished], fault: Exception) -> list[list[ArticleId] | Exception]:
        """Record a group of which one has a fault; the others have nothing to do with it."""
        if len(group) == 1:
            return [fault]
        return [outcome for one in group for outcome in self.write([one])]

    def _write_together(self, group: Sequence[Finished]) -> list[list[ArticleId] | Exception]:
        outcomes: list[list[ArticleId] | Exception] = []
        records: list[PollRecord] = []
        with self.database.write() as connection:
            now = self.clock(connection)
            ours = hold_leases(connection, {one.poll.feed.id: one.poll.lease for one in group})
            for one in group:
                if one.poll.feed.id in ours:
                    record, brought = self._settle(connection, one, now)
                    records.append(record)
                    outcomes.append(brought)
                else:
                    outcomes.append(_lease_lost(one.poll.feed))
            record_polls(connection, records)
            waits = [host_wait(one.poll.feed, one.answer) for one in group]
            for wait in filter(None, waits):
                hold_host(connection, wait.host, wait.until, wait.reason, check_after_hold)
                _log.info("host waits", host=wait.host, until=wait.until.isoformat(), reason=wait.reason)
        return outcomes

    def _settle(
        self, connection: sa.Connection, finished: Finished, now: datetime
    ) -> tuple[PollRecord, list[ArticleId]]:
        """Store what a poll brought, and give the state of its feed after it with the articles to classify."""
        poll, answer, found = finished.poll, finished.answer, finished.found
        feed = poll.feed
        if (problem := finished.problem) is not None:
            _log.warning("feed not read", feed=feed.url, kind=problem.kind.value, problem=problem.message)
            return PollRecord(feed, after_problem(feed, problem, now, self.shortest), poll.lease), []
        assert not isinstance(answer, Problem)  # noqa: S101 -- told above, for the type checker
        if not isinstance(found, ParsedFeed) or not isinstance(answer, Fetched):
            return PollRecord(feed, after_answer(feed, answer, now, self.shortest), poll.lease), []
        taken = take_in(connection, poll, answer, found, now)
        after = after_document(feed, answer, found, News(taken.new_dates, taken.note), now, self.shortest)
        _log.info("feed read", feed=feed.url, entries=len(found.entries), brought=len(taken.ids))
        return PollRecord(feed, after, poll.lease, found.title), list(taken.ids)

    def _wake(self, brought: Sequence[ArticleId]) -> None:
        try:
            self.wakeups.send(CLASSIFY, brought)
        except QueueError as error:
            _log.warning(
                "not enqueued", articles=len(brought), reason=str(error), remedy="the sweeper sends them again"
            )


def _lease_lost(feed: Feed) -> LeaseLostError:
    return LeaseLostError(f"the poll of {feed.url} took longer than its lease; the next one takes in the same")
