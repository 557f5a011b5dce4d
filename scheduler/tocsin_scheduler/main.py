"""The scheduler process: a handful of ticks, each of which asks the database what is due."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from tocsin.bootstrap import (
    Heart,
    WatchlistDesk,
    bounce_box_of,
    domain_of_mail,
    hub_callbacks,
    new_fetcher,
    open_store,
    open_wakeups,
    verp_of,
)
from tocsin.config import Settings, secret_of
from tocsin.errors import TocsinError
from tocsin.feeds.fetch import Fetcher
from tocsin.feeds.hosts import host_key
from tocsin.feeds.next_check import first_check_at
from tocsin.feeds.parser import Parser
from tocsin.queueing import DELIVER, Wakeups
from tocsin.store.database import Database, database_now
from tocsin.store.feeds import sync_feeds
from tocsin.store.lanes import follow_channels
from tocsin_scheduler.bundles import send_due_bundles
from tocsin_scheduler.housekeeping import HOUSEKEEPING_EVERY, keep_house
from tocsin_scheduler.hubs import EVERY as HUBS_EVERY
from tocsin_scheduler.hubs import FOLLOW_EVERY, Hubs
from tocsin_scheduler.mailbox import EVERY as MAILBOX_EVERY
from tocsin_scheduler.mailbox import Mailbox
from tocsin_scheduler.notices import CALM_EVERY, Calm, send_notices
from tocsin_scheduler.pings import Pings
from tocsin_scheduler.polls import Poller
from tocsin_scheduler.pruning import PRUNE_EVERY, Pruner
from tocsin_scheduler.silence import EVERY as SILENCE_EVERY
from tocsin_scheduler.silence import SilenceWatch
from tocsin_scheduler.subscriptions import SUBSCRIPTIONS_EVERY, follow_subscribers, keep_subscriptions
from tocsin_scheduler.sweeps import sweep_articles, sweep_deliveries, sweep_pages
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
    secret: bytes = field(repr=False)
    _synced: str | None = None

    def follow_watchlist(self) -> None:
        """Take a changed watchlist over into the database; what failed to be taken over is tried again by each tick."""
        self.desk.poll()
        if self.desk.watchlist.version != self._synced:
            self.sync()

    def sync(self) -> None:
        """Make the feeds, subscribers and channels of the watchlist the active ones."""
        watchlist = self.desk.watchlist
        spread = min(FIRST_POLLS, self.interval)
        with self.database.write() as connection:
            now = database_now(connection)
            follow_subscribers(connection, watchlist, now, secret=self.secret)
            sync_feeds(connection, watchlist.feeds, now, lambda url: first_check_at(url, now, spread), host_key)
            follow_channels(connection, watchlist.channels, now)
        self.desk.accept()
        self._synced = watchlist.version

    def close_windows(self) -> None:
        """Close the digest windows that are due and have their digests delivered."""
        closed = close_due_windows(self.database, self.mail_domain)
        self.wakeups.send(DELIVER, closed)

    def send_bundles(self) -> None:
        """Have the alerts that waited, and may leave now, delivered; and what the operator is to be told."""
        watchlist = self.desk.watchlist
        bundles = send_due_bundles(self.database, watchlist, self.mail_domain)
        notices = send_notices(self.database, watchlist, self.mail_domain)
        self.wakeups.send(DELIVER, bundles + notices, first=True)

    def keep_subscriptions(self) -> None:
        """End pauses, and delete old sign-ups."""
        keep_subscriptions(self.database)

    def sweep(self) -> None:
        """Enqueue what the database says is undone and nobody seems to work on."""
        articles = sweep_articles(self.database, self.wakeups)
        messages = sweep_deliveries(self.database, self.wakeups)
        if articles or messages:
            _log.info("swept", articles=articles, deliveries=messages)

    def hand_out_pages(self) -> None:
        """Have the articles' pages read that are due, one a host."""
        sweep_pages(self.database, self.wakeups)


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
    ticks = Ticks(database, wakeups, desk, interval, domain_of_mail(settings), secret_of(settings))
    ticks.sync()
    async with new_fetcher(settings) as fetcher:
        with Parser() as parser:
            poller = Poller(database, fetcher, parser, wakeups, interval)
            pushes = Pushes(
                Hubs(database, fetcher, hub_callbacks(settings), interval), Pings(database, parser, wakeups)
            )
            heart, mailbox = Heart("scheduler", database, desk), _mailbox(settings, database)
            await _run_until_stopped(ticks, poller, pushes, heart, fetcher, mailbox=mailbox)
    database.close()


@dataclass(frozen=True, slots=True)
class Pushes:
    """Both ways between WebSub hubs and the scheduler: what it asks of them, and what they send."""

    hubs: Hubs
    pings: Pings


async def _run_until_stopped(
    ticks: Ticks, poller: Poller, pushes: Pushes, heart: Heart, fetcher: Fetcher, *, mailbox: Mailbox | None
) -> None:
    stopped = _on_signals()
    scheduler = _scheduler(ticks, poller, pushes, heart, fetcher)
    if mailbox is not None:
        scheduler.add_job(
            _guarded("mailbox", mailbox.tick),
            "interval",
            seconds=MAILBOX_EVERY.total_seconds(),
            next_run_time=datetime.now(UTC),
        )
    scheduler.start()
    _log.info("scheduler runs", feeds=len(ticks.desk.watchlist.feeds), polls_at_most_every=str(ticks.interval))
    await stopped.wait()
    scheduler.shutdown(wait=False)
    await poller.finish(STOP_SECONDS)


def _on_signals() -> asyncio.Event:
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    return stopped


def _scheduler(ticks: Ticks, poller: Poller, pushes: Pushes, heart: Heart, fetcher: Fetcher) -> AsyncIOScheduler:
    scheduler = AsyncIOScheduler(
        timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    for seconds, tick in (
        (1, _guarded("polls", poller.tick)),
        (1, _guarded("pings", pushes.pings.tick)),
        (HUBS_EVERY.total_seconds(), _guarded("hubs", pushes.hubs.tick)),
        (FOLLOW_EVERY.total_seconds(), _guarded("hubs of feeds", _threaded(pushes.hubs.follow))),
        (2, _guarded("watchlist", _threaded(partial(_follow_watchlist, ticks, heart, fetcher)))),
        (5, _guarded("windows", _threaded(ticks.close_windows))),
        (5, _guarded("bundles", _threaded(ticks.send_bundles))),
        (5, _guarded("sweep", _threaded(ticks.sweep))),
        (5, _guarded("pages", _threaded(ticks.hand_out_pages))),
        (Heart.EVERY.total_seconds(), _guarded("heartbeat", _threaded(heart.beat))),
        (HOUSEKEEPING_EVERY.total_seconds(), _guarded("housekeeping", _threaded(partial(keep_house, ticks.database)))),
        (CALM_EVERY.total_seconds(), _guarded("calm", _threaded(Calm(ticks.database).tick))),
        (SUBSCRIPTIONS_EVERY.total_seconds(), _guarded("subscriptions", _threaded(ticks.keep_subscriptions))),
        (PRUNE_EVERY.total_seconds(), _guarded("pruning", _threaded(_pruner(ticks).tick))),
        (SILENCE_EVERY.total_seconds(), _guarded("silence", _threaded(SilenceWatch(ticks.database).tick))),
    ):
        # APScheduler's first run of an interval is one interval away; a process that restarts often would never tick.
        scheduler.add_job(tick, "interval", seconds=seconds, next_run_time=datetime.now(UTC))
    return scheduler


def _mailbox(settings: Settings, database: Database) -> Mailbox | None:
    """Give what reads the mailbox of bounces, where there is one."""
    open_box, verp = bounce_box_of(settings), verp_of(settings)
    return Mailbox(database, verp, open_box) if open_box and verp else None


def _pruner(ticks: Ticks) -> Pruner:
    return Pruner(ticks.database, lambda: ticks.desk.watchlist.retention)


def _follow_watchlist(ticks: Ticks, heart: Heart, fetcher: Fetcher) -> None:
    ticks.follow_watchlist()
    fetcher.subscribers = len(ticks.desk.watchlist.subscribers)
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
        except asyncio.CancelledError:
            # The process ends, and the scheduler has given up its ticks; it would tell of each as of an error.
            _log.info("tick given up", tick=name)

    return run
