"""The demo: the whole service, real parts and all, on sample feeds and a mailbox of its own, all on this machine."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from tocsin.bootstrap import domain_of_mail, open_store, open_wakeups
from tocsin.config import Settings, load_settings
from tocsin.demo.mailbox import DemoMailbox
from tocsin.demo.server import DemoFeeds
from tocsin.demo.watchlist import demo_watchlist
from tocsin.errors import PortTakenError, SettingsError, TocsinError
from tocsin.models.deliveries import DeliveryState
from tocsin.models.ids import DeliveryId
from tocsin.models.subscribers import StoredSubscriber
from tocsin.queueing import DELIVER
from tocsin.service import commands, prepare
from tocsin.store.database import Database
from tocsin.store.deliveries import count_deliveries
from tocsin.store.processes import heartbeats
from tocsin.store.progress import Progress, progress
from tocsin.store.subscribers import active_subscribers, advance_window
from tocsin.supervision import Supervisor
from tocsin_scheduler.windows import close_window_now

PATIENCE_SECONDS = 90.0
POLL_MINUTES = "0.05"
WINDOW = timedelta(hours=23, minutes=30)
DIGEST_IN = timedelta(minutes=15)
"""Digests would be due so soon; no slot of theirs lies in a window of that length, so none counts as missed."""

USUAL_PORT = 8080
FREE_PORTS_TRIED = 3
_MARKER = ".tocsin-demo"

_Found = TypeVar("_Found")


class DemoError(TocsinError):
    """The demo did not come to its end."""


@dataclass(frozen=True, slots=True)
class Demo:
    """A demo that runs: where its parts are."""

    home: Path
    settings: Settings
    database: Database
    mailbox: DemoMailbox
    supervisor: Supervisor
    feeds: int


@asynccontextmanager
async def running_demo(home: Path, ports: Iterable[int | str] | None = None) -> AsyncIterator[Demo]:
    """Start the sample feeds, the mailbox and all processes of Tocsin; stop them at the end.

    The pages are at the first of the ``ports`` that nobody else takes; by default the user's, or, without one, any.

    Raises:
        SettingsError: The folder or the user's port cannot be used.
        PortTakenError: Other programs use the ports.
        TocsinError: Something else cannot be started, with the remedy.

    """
    for port in _ports() if ports is None else ports:
        async with _started(home, str(port)) as demo:
            if await _pages_are_ours(demo):
                yield demo
                return
    raise PortTakenError(f"port {port} is used by another program; set TOCSIN_WEB_PORT to a free one")


@asynccontextmanager
async def _started(home: Path, port: str) -> AsyncIterator[Demo]:
    _clear(home)
    now = datetime.now(UTC)
    async with DemoFeeds(now) as site, DemoMailbox(home / "mail") as mailbox:
        (home / "watchlist.yaml").write_text(demo_watchlist(site.base_url, digest_at=now + DIGEST_IN), encoding="utf-8")
        environment = _environment(home, mailbox.url, port)
        settings = load_settings(environment)
        await asyncio.to_thread(prepare, settings)
        database = open_store(settings)
        with (home / "tocsin.log").open("wb") as log:
            supervisor = Supervisor(commands(settings), environment=environment, output=log)
            supervisor.start()
            try:
                yield Demo(home, settings, database, mailbox, supervisor, len(site.feed_urls))
            finally:
                await asyncio.to_thread(supervisor.stop)
                database.close()


async def _pages_are_ours(demo: Demo) -> bool:
    """Wait until our own web process has the port; False if another program took it since it was found free.

    Whoever answers at the port could be another Tocsin. But a web process gives its first sign of life after it has
    taken its port, and one in this database is ours.
    """

    def step() -> bool | None:
        if demo.supervisor.exit_code("web") == PortTakenError.exit_code:
            return False
        with demo.database.read() as connection:
            return True if any(beat.name == "web" for beat in heartbeats(connection)) else None

    return await _until(demo, step, "the pages to be served")


async def read_feeds(demo: Demo, show: Callable[[Progress], None]) -> Progress:
    """Wait until every feed was asked, every article classified and every alert sent; ``show`` is told of the way.

    Raises:
        DemoError: It took too long, or a process cannot run.

    """

    def step() -> Progress | None:
        with demo.database.read() as connection:
            now = progress(connection)
        show(now)
        done = now.feeds_asked == demo.feeds and now.classified == now.articles > 0 and now.pending == 0
        return now if done else None

    return await _until(demo, step, "the articles to be classified")


async def send_digests(demo: Demo) -> None:
    """Close every subscriber's window now, instead of at their hour, and wait for the mails.

    Raises:
        DemoError: They did not arrive in time.

    """
    entered = await asyncio.to_thread(_close_windows, demo)
    expected = len(demo.mailbox.mails) + len(entered)

    def step() -> bool | None:
        with demo.database.read() as connection:
            pending = count_deliveries(connection)[DeliveryState.PENDING]
        return True if pending == 0 and len(demo.mailbox.mails) >= expected else None

    await _until(demo, step, "the digests to arrive")


def _close_windows(demo: Demo) -> list[DeliveryId]:
    domain = domain_of_mail(demo.settings)
    with demo.database.write() as connection:
        for stored in active_subscribers(connection):
            # As if they had joined yesterday: a window of seconds is not what a digest looks like.
            advance_window(connection, stored.id, stored.closed_until, stored.closed_until - WINDOW)
        subscribers: list[StoredSubscriber] = active_subscribers(connection)
    entered = [one for stored in subscribers for one in close_window_now(demo.database, stored, domain)]
    open_wakeups(demo.settings).send(DELIVER, entered)
    return entered


async def _until(demo: Demo, step: Callable[[], _Found | None], what: str) -> _Found:
    ends_at = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < ends_at:
        found = await asyncio.to_thread(step)
        if found is not None:
            return found
        if await asyncio.to_thread(demo.supervisor.tend) is not None:
            raise DemoError(f"a process of the demo cannot run; see {demo.home / 'tocsin.log'}")
        await asyncio.sleep(0.1)
    raise DemoError(f"waited {PATIENCE_SECONDS:.0f} s for {what}; see {demo.home / 'tocsin.log'}")


def _environment(home: Path, smtp_url: str, port: str) -> dict[str, str]:
    """Give the processes' environment: nothing of the user's own settings reaches the demo, but the web port."""
    foreign = ("TOCSIN_", "DATABASE_URL", "REDIS_URL", "SMTP_URL")
    ours = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    return ours | {
        "TOCSIN_HOME": str(home),
        "TOCSIN_WATCHLIST": str(home / "watchlist.yaml"),
        "TOCSIN_MAIL_FROM": "Tocsin <tocsin@demo.example>",
        "TOCSIN_CONTACT": "desk@example.org",
        "TOCSIN_POLL_MINUTES": POLL_MINUTES,
        "TOCSIN_ALLOW_NETWORKS": "127.0.0.0/8",
        "TOCSIN_WEB_PORT": port,
        "TOCSIN_LOG_FORMAT": "json",
        "SMTP_URL": smtp_url,
    }


def _ports() -> Iterator[str | int]:
    """Give the port that the user asks for, and no other; else the usual one or, when it is taken, free ones."""
    if wanted := os.environ.get("TOCSIN_WEB_PORT", "").strip():
        yield wanted
        return
    for port in (USUAL_PORT, *[0] * FREE_PORTS_TRIED):
        if (found := _bound(port)) is not None:
            yield found


def _bound(port: int) -> int | None:
    """Give a port that can be listened at, any for 0, or None."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return None
        found: int = probe.getsockname()[1]
        return found


def _clear(home: Path) -> None:
    """Make an empty folder; one that exists is emptied only if an earlier demo made it."""
    try:
        if home.exists() and any(home.iterdir()):
            if not (home / _MARKER).exists():
                raise SettingsError(f"{home} holds things that no demo made; name another folder with --home")
            shutil.rmtree(home)
        home.mkdir(parents=True, exist_ok=True)
        (home / _MARKER).touch()
    except OSError as error:
        raise SettingsError(f"cannot use {home} ({error.strerror}); name another folder with --home") from error
