"""The scheduler process: a handful of ticks, each of which asks the database what is due."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from tocsin.bootstrap import Heart, WatchlistDesk, domain_of_mail, new_fetcher, open_store, open_wakeups
from tocsin.config import Settings
from tocsin.errors import TocsinError
from tocsin.feeds.hosts import host_key
from tocsin.feeds.next_check import first_check_at
from tocsin.queueing import DELIVER, Wakeups
from tocsin.store.database import Database, database_now
from tocsin.store.feeds import sync_feeds
from tocsin.store.subscribers import sync_subscribers
from tocsin_scheduler.polls import Poller
from tocsin_scheduler.sweeps import sweep_articles, sweep_deliveries
from tocsin_scheduler.windows import close_due_windows

STOP_SECONDS = 4.0
"""Polls that run get this long to end when the process is told to stop."""

FIRST_POLLS = timedelta(seconds=60)
"""New feeds are first polled within this time, spread evenly, or within the polling interval if that is shorter."""

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Ticks:
    """What the scheduler does again and again; each tick is short, and may be called by a test."""

    database: Database
    wakeups: Wakeups
    desk: WatchlistDesk
    interval: timedelta
    mail_domain: str
    _synced: str | None = None

    def follow_watchlist(self) -> None:
        """Take a changed watchlist over into the database; what failed to be taken over is tried again by each tick."""
        self.desk.poll()
        if self.desk.watchlist.version != self._synced:
            self.sync()

    def sync(self) -> None:
        """Make the feeds and subscribers of the watchlist the active ones."""
        watchlist = self.desk.watchlist
        spread = min(FIRST_POLLS, self.interval)
        with self.database.write() as connection:
            now = database_now(connection)
            sync_feeds(connection, watchlist.feeds, now, lambda url: first_check_at(url, now, spread), host_key)
            sync_subscribers(connection, watchlist.subscribers, now)
        self.desk.accept()
        self._synced = watchlist.version

    def close_windows(self) -> None:
        """Close the digest windows that are due and have their digests delivered."""
        closed = close_due_windows(self.database, self.mail_domain)
        self.wakeups.send(DELIVER, closed)

    def sweep(self) -> None:
        """Enqueue what the database says is undone and nobody seems to work on."""
        articles = sweep_articles(self.database, self.wakeups)
        messages = sweep_deliveries(self.database, self.wakeups)
        if articles or messages:
            _log.info("swept", articles=articles, deliveries=messages)


def run_scheduler(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT.

    Raises:
        TocsinError: Something that the process cannot do without is missing when it starts.

    """
    asyncio.run(_run(settings))


async def _run(settings: Settings) -> None:
    database = open_store(settings)
    wakeups = open_wakeups(settings, patiently=True)
    desk = WatchlistDesk(settings, database)
    interval = timedelta(minutes=settings.poll_minutes)
    ticks = Ticks(database, wakeups, desk, interval, domain_of_mail(settings))
    ticks.sync()
    stopped = _on_signals()
    async with new_fetcher(settings) as fetcher:
        poller = Poller(database, fetcher, wakeups, interval)
        scheduler = _scheduler(ticks, poller, Heart("scheduler", database, desk))
        scheduler.start()
        _log.info("scheduler runs", feeds=len(desk.watchlist.feeds), every_minutes=settings.poll_minutes)
        await stopped.wait()
        scheduler.shutdown(wait=False)
        await poller.finish(STOP_SECONDS)
    database.close()


def _on_signals() -> asyncio.Event:
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    return stopped


def _scheduler(ticks: Ticks, poller: Poller, heart: Heart) -> AsyncIOScheduler:
    scheduler = AsyncIOScheduler(
        timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    for seconds, tick in (
        (1, _guarded("polls", poller.tick)),
        (2, _guarded("watchlist", _threaded(partial(_follow_watchlist, ticks, heart)))),
        (5, _guarded("windows", _threaded(ticks.close_windows))),
        (5, _guarded("sweep", _threaded(ticks.sweep))),
        (Heart.EVERY.total_seconds(), _guarded("heartbeat", _threaded(heart.beat))),
    ):
        # APScheduler's first run of an interval is one interval away; a process that restarts often would never tick.
        scheduler.add_job(tick, "interval", seconds=seconds, next_run_time=datetime.now(UTC))
    return scheduler


def _follow_watchlist(ticks: Ticks, heart: Heart) -> None:
    ticks.follow_watchlist()
    if heart.has_news:
        heart.beat()


def _threaded(tick: Callable[[], object]) -> Callable[[], Awaitable[object]]:
    async def run() -> object:
        return await asyncio.to_thread(tick)

    return run


def _guarded(name: str, tick: Callable[[], Awaitable[object]]) -> Callable[[], Awaitable[None]]:
    """Tell of a tick that fails in an expected way; the next one tries again, and nothing else stops."""

    async def run() -> None:
        try:
            await tick()
        except TocsinError as error:
            _log.error("tick failed; the next one tries again", tick=name, reason=str(error))

    return run
