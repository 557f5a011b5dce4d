"""Claim: 100,000 feeds an hour cost a scheduler at most 15 % of a core and 200 MB, and no feed is asked late or early.

A simulated hour: every feed is due once an hour, one in ten has an entry that is new, the others answer 304. Time is
compressed (twelve times by default): intervals are 300 s instead of an hour, ticks come twelve times as often, and what
is measured in seconds is multiplied; a poll's CPU is what it is. The scheduler's parts run in a process of their own
(claim, fetch, parse, take in, record, wake-ups), with SQLite and the embedded Valkey; the feeds come from another one
on loopback, over connections that are kept: TLS, about 0.8 ms a poll for feeds that all have hosts of their own, is not
in it. Feeds are stored beforehand as if they had been read an hour ago::

    python benchmarks/bench_fleet.py [--feeds 100000] [--compression 12]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from ipaddress import ip_network
from pathlib import Path

import sqlalchemy as sa
import structlog

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "tests")]

from fleet_farm import document, etag_of, has_news  # noqa: E402 -- neighbours, found by the paths above

from tocsin.embedded_redis import socket_of  # noqa: E402
from tocsin.feeds.fetch import Fetcher, Limits  # noqa: E402
from tocsin.feeds.hosts import host_key  # noqa: E402
from tocsin.feeds.next_check import first_check_at  # noqa: E402
from tocsin.feeds.outcomes import News, after_document  # noqa: E402
from tocsin.feeds.parse import parse_feed  # noqa: E402
from tocsin.feeds.parser import Parser  # noqa: E402
from tocsin.models.feeds import Feed, Fetched, NotModified, ParsedFeed, Problem  # noqa: E402
from tocsin.models.watchlist import FeedSource  # noqa: E402
from tocsin.queueing import Wakeups, connect_patiently  # noqa: E402
from tocsin.store.database import database_now, open_database  # noqa: E402
from tocsin.store.feeds import PollRecord, list_feeds, record_polls, sync_feeds  # noqa: E402
from tocsin.store.hosts import put_off  # noqa: E402
from tocsin.store.migrate import upgrade  # noqa: E402
from tocsin.store.tables import feeds as table  # noqa: E402
from tocsin_scheduler.intake import Poll, take_in  # noqa: E402
from tocsin_scheduler.polls import Poller  # noqa: E402
from valkey_server import Valkey  # noqa: E402

CONTENT_TYPE = "application/rss+xml; charset=utf-8"
STARTS_IN = timedelta(seconds=8)
"""So long after they were stored the first feeds are due: the scheduler has to be there by then."""

AT_ONCE = 400
"""Polls at a time: what is enough for 28 a second is not for a multiple of that."""

MOST_CORE, MOST_MEMORY, MOST_LATE = 15, 200, 60


@dataclass(slots=True)
class Watch:
    """A fetcher that notes how long after its time each feed is asked."""

    fetcher: Fetcher
    late: list[float] = field(default_factory=list)

    async def fetch(self, feed: Feed) -> Fetched | NotModified | Problem:
        """Ask, and note."""
        self.late.append(time.time() - feed.next_check_at.timestamp())
        return await self.fetcher.fetch(feed)


def main() -> None:
    """Set up, let an hour pass, and tell."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--feeds", type=int, default=20_000)
    parser.add_argument("--compression", type=int, help="12 by default, up to 30 for fewer than 100,000 feeds")
    parser.add_argument("--poll", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    compression = options.compression or max(12, min(30, 1_200_000 // options.feeds))
    hour = timedelta(hours=1) / compression
    if options.poll:
        print(json.dumps(asyncio.run(poll(options.poll, hour, compression))))
        return
    with tempfile.TemporaryDirectory(prefix="tocsin-") as folder, farm(hour) as port:
        started = time.monotonic()
        set_up(Path(folder), port, options.feeds, hour)
        print(f"{options.feeds:,} feeds stored in {time.monotonic() - started:.0f} s", flush=True)
        with Valkey(Path(folder)):
            command = [sys.executable, __file__, "--poll", folder, "--compression", str(compression)]
            found = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/stats", timeout=9) as answer:
            found |= json.load(answer)
    tell(found, options.feeds, compression)


@contextmanager
def farm(hour: timedelta) -> Iterator[int]:
    """Run the publisher; answers stay fresh for nine tenths of the interval."""
    command = [sys.executable, str(HERE / "fleet_farm.py"), "--fresh", str(int(hour.total_seconds() * 0.9))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None  # noqa: S101 -- for the type checker
        yield int(process.stdout.readline())
        process.terminate()


def set_up(home: Path, port: int, number: int, every: timedelta) -> None:
    """Store feeds as if all had been read an interval ago; those that will have news, with the articles they showed."""
    database = open_database(f"sqlite:///{home / 'fleet.sqlite3'}")
    upgrade(database)
    sources = [FeedSource(f"http://127.0.0.1:{port}/feed/{one}", every=every) for one in range(number)]
    with database.write() as connection:
        now = database_now(connection)
        sync_feeds(connection, sources, now, lambda _: now, host_key)
        feeds = list_feeds(connection)
    for start in range(0, number, 1000):
        with database.write() as connection:
            records = [as_read(connection, feed, every, now) for feed in feeds[start : start + 1000]]
            record_polls(connection, records)
    with database.write() as connection:
        start_at = database_now(connection) + STARTS_IN
        put_off(connection, {feed.id: first_check_at(feed.url, start_at, every) for feed in feeds})
    database.close()


def as_read(connection: sa.Connection, feed: Feed, every: timedelta, now: datetime) -> PollRecord:
    """Take in the first version of a feed; of those that never change, one stands for all."""
    number = int(feed.url.rpartition("/")[2])
    shown = number if has_news(number) else 1
    parsed = first_version(shown)
    answer = Fetched(feed.url, document(shown, 1), CONTENT_TYPE, etag_of(number, 1), None)
    if has_news(number):
        take_in(connection, Poll(feed, ""), answer, parsed, now)
    return PollRecord(feed, after_document(feed, answer, parsed, News(), now, every), "")


@lru_cache(maxsize=2)
def first_version(number: int) -> ParsedFeed:
    """Read the first version of a feed."""
    found = parse_feed(document(number, 1), CONTENT_TYPE, f"https://{number}.example/")
    assert isinstance(found, ParsedFeed)  # noqa: S101 -- our own document
    return found


async def poll(home: Path, hour: timedelta, compression: int) -> dict[str, float]:
    """Poll for an hour of simulated time, and give what it cost."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    database = open_database(f"sqlite:///{home / 'fleet.sqlite3'}")
    wakeups = Wakeups(connect_patiently(None, socket_of(home)), b"a secret of thirty-two characters")
    limits = Limits(connections=AT_ONCE)
    async with Fetcher(None, allowed=[ip_network("127.0.0.0/8")], limits=limits) as fetcher:
        watch = Watch(fetcher)
        with Parser() as parser:
            poller = Poller(database, watch, parser, wakeups, hour, at_once=AT_ONCE)
            cpu, started = time.process_time(), time.monotonic()
            ticks = round((STARTS_IN + hour).total_seconds() * compression)
            for tick in range(ticks):
                await asyncio.sleep(max(0.0, started + tick / compression - time.monotonic()))
                await poller.tick()
            await poller.finish(30)
            spent = time.process_time() - cpu
    with database.read() as connection:
        failed = connection.execute(sa.select(sa.func.count()).where(table.c.failures > 0)).scalar_one()
    late = sorted(watch.late)
    return {
        "polls": len(late),
        "failed": failed,
        "cpu": spent,
        "late_p50": late[len(late) // 2],
        "late_p99": late[int(len(late) * 0.99)],
        "late_most": late[-1],
        "memory": memory_of_this_process(),
    }


def memory_of_this_process() -> float:
    """Give the most memory that this process had, in MB (VmHWM; what getrusage tells includes the parent's)."""
    [line] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) / 1024


def tell(found: dict[str, float], feeds: int, compression: int) -> None:
    """Print the figures beside their targets, for the number of feeds and for 100,000."""
    core = 100 * found["cpu"] / 3600
    per_100k = core * 100_000 / found["polls"]
    late, most = found["late_p99"] * compression, found["late_most"] * compression
    print(f"{feeds:,} feeds, a simulated hour in {3600 / compression:.0f} s: {found['polls']:,.0f} polls,")
    print(f"{found['requests']:,.0f} requests, {found['unchanged']:,.0f} of them 304; {found['failed']:.0f} feeds fail")
    print(f"CPU a poll: {1000 * found['cpu'] / found['polls']:.2f} ms, ticks and all else included")
    print(f"{core:.1f} % of a core; {per_100k:.1f} % for 100,000 polls an hour (target <= 15)")
    print(f"memory: {found['memory']:.0f} MB (target <= 200)")
    print(f"asked late by, in simulated seconds: 99 % <= {late:.0f} (target <= 60), at most {most:.0f}")
    print(f"asked before the publisher allowed: {found['too_early']:.0f} (target 0)")
    if per_100k > MOST_CORE or found["memory"] > MOST_MEMORY or late > MOST_LATE or found["too_early"]:
        raise SystemExit("the claim does not hold")


if __name__ == "__main__":
    main()
