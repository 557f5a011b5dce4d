"""Two schedulers share the feeds of one database, and one of them is killed in mid-poll."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from typing import ClassVar

import pytest
import sqlalchemy as sa

from eventually import eventually
from tocsin.models.watchlist import FeedSource
from tocsin.store.claims import SPACING
from tocsin.store.database import Database, database_now, open_database
from tocsin.store.feeds import sync_feeds
from tocsin.store.migrate import upgrade
from tocsin.store.tables import articles, feeds, hosts
from valkey_server import Valkey

INTERVAL = 3.0
"""Seconds; what the shortest time between two polls is set to."""

SLACK = 1.0
"""How much later than it was claimed a feed may be asked, on a machine that has other things to do."""

SHARED = ("a.example", "b.example")
OWN, OF_EACH_HOST = 12, 2


@dataclass(slots=True)
class Farm:
    """Feeds that publish an entry every second, and what was asked of them when."""

    asked: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    shown: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    port: int = 0

    @property
    def paths(self) -> list[str]:
        own = [f"/own/{number}" for number in range(OWN)]
        return own + [f"/{host}/{number}" for host in SHARED for number in range(OF_EACH_HOST)]

    def document(self, path: str, now: datetime) -> bytes:
        """Give the last minute's entries."""
        dates = [now.replace(microsecond=0) - timedelta(seconds=back) for back in range(60)]
        self.shown[path] |= {str(int(at.timestamp())) for at in dates}
        items = "".join(
            f"<item><guid>{int(at.timestamp())}</guid><title>News of {at:%H:%M:%S}</title>"
            f"<pubDate>{format_datetime(at)}</pubDate></item>"
            for at in dates
        )
        return f"<rss version='2.0'><channel><title>{path}</title>{items}</channel></rss>".encode()


class Handler(BaseHTTPRequestHandler):
    """Answers after a while, so that there is always a poll to be killed in the middle of."""

    farm: ClassVar[Farm]

    def do_GET(self) -> None:
        self.farm.asked[self.path].append(time.monotonic())
        time.sleep(0.3)
        body = self.farm.document(self.path, datetime.now(UTC))
        self.send_response(200)
        for name, value in (
            ("Content-Type", "application/rss+xml; charset=utf-8"),
            ("Content-Length", str(len(body))),
            ("ETag", f'"{time.time()}"'),
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def handle(self) -> None:
        with suppress(ConnectionError):  # whoever asked was killed
            super().handle()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- http.server's name
        """Say nothing."""


@contextmanager
def farming() -> Iterator[Farm]:
    farm = Farm()
    handler = type("Handler", (Handler,), {"farm": farm})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        farm.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield farm
        server.shutdown()
        thread.join()


def set_up(home: Path, farm: Farm) -> Database:
    """Store the feeds, some of them on hosts that they share, which loopback itself does not have."""
    addresses = {f"http://127.0.0.1:{farm.port}{path}": path for path in farm.paths}
    lines = [
        "version: 1",
        "feeds:",
        *(f"  - {address}" for address in addresses),
        "watches: {siege: {keywords: [siege]}}",
    ]
    (home / "watchlist.yaml").write_text("\n".join(lines))
    database = open_database(f"sqlite:///{home / 'tocsin.sqlite3'}")
    upgrade(database)

    def host_of(address: str) -> str:
        first = addresses[address].split("/")[1]
        return first if first in SHARED else address

    with database.write() as connection:
        now = database_now(connection)
        sync_feeds(connection, [FeedSource(address) for address in addresses], now, lambda _: now, host_of)
    return database


def start(home: Path, name: str) -> subprocess.Popen[bytes]:
    foreign = {
        key: value for key, value in os.environ.items() if not key.startswith(("TOCSIN_", "DATABASE_URL", "REDIS"))
    }
    environment = foreign | {
        "TOCSIN_HOME": str(home),
        "TOCSIN_WATCHLIST": str(home / "watchlist.yaml"),
        "TOCSIN_POLL_MINUTES": str(INTERVAL / 60),
        "TOCSIN_ALLOW_NETWORKS": "127.0.0.0/8",
        "TOCSIN_LOG_FORMAT": "json",
    }
    with (home / name).open("wb") as log:
        return subprocess.Popen([sys.executable, "-m", "tocsin", "scheduler"], env=environment, stdout=log, stderr=log)


def let_leases_run_out(database: Database) -> None:
    """Make the leases old at once, instead of waiting for two minutes."""
    with database.write() as connection:
        past = database_now(connection) - timedelta(seconds=1)
        connection.execute(sa.update(feeds).where(feeds.c.lease_until.is_not(None)).values(lease_until=past))
        connection.execute(sa.update(hosts).values(owned_until=past))


@pytest.mark.timeout(120)
def test_of_two_schedulers_one_is_killed_in_mid_poll_and_nothing_is_lost_or_asked_too_often(tmp_path: Path) -> None:
    with farming() as farm, Valkey(tmp_path):
        database = set_up(tmp_path, farm)
        running = {name: start(tmp_path, name) for name in ("first", "second")}
        try:
            eventually(lambda: all("scheduler runs" in (tmp_path / name).read_text() for name in running), seconds=60)
            eventually(lambda: all(farm.asked[path] for path in farm.paths), seconds=60)
            eventually(lambda: leased(database) > 3, seconds=60, every=0.01)
            # One that always comes a moment later may find nothing left: the busier one is in the middle of something.
            victim, survivor = sorted(running, key=lambda name: -(tmp_path / name).read_text().count("feed read"))
            running[victim].kill()
            running[victim].wait()
            killed_at = time.monotonic()
            let_leases_run_out(database)
            eventually(lambda: all(after(farm, path, killed_at) > 1 for path in farm.paths), seconds=60)
        finally:
            for process in running.values():
                process.terminate()
            codes = {name: process.wait(20) for name, process in running.items()}
        assert codes[survivor] == 0, (tmp_path / survivor).read_text()[-2000:]
        assert leased(database) == 0
        lost = {path: missing for path in farm.paths if (missing := not_stored(database, farm, path))}
        database.close()
    assert lost == {}
    too_soon = {path: gap for path in farm.paths if (gap := least_gap(farm.asked[path])) < INTERVAL - SLACK}
    assert too_soon == {}
    for host in SHARED:
        turns = sorted(at for path in farm.paths if path.startswith(f"/{host}/") for at in farm.asked[path])
        assert least_gap(turns) >= SPACING.total_seconds() - SLACK


def leased(database: Database) -> int:
    """Count the feeds that are being polled by somebody, or were when that ended."""
    with database.read() as connection:
        found: int = connection.execute(sa.select(sa.func.count(feeds.c.lease))).scalar_one()
    return found


def after(farm: Farm, path: str, moment: float) -> int:
    return sum(at > moment for at in farm.asked[path])


def least_gap(times: list[float]) -> float:
    return min(later - sooner for sooner, later in pairwise(times))


def not_stored(database: Database, farm: Farm, path: str) -> set[str]:
    """Give what a feed has shown and the database does not know, apart from its last seconds."""
    with database.read() as connection:
        url = f"http://127.0.0.1:{farm.port}{path}"
        query = sa.select(articles.c.entry_key).join(feeds, feeds.c.id == articles.c.feed_id).where(feeds.c.url == url)
        stored = set(connection.execute(query).scalars())
    latest = max(map(int, stored))
    return {key for key in farm.shown[path] - stored if int(key) <= latest}
