"""Claim: a refresh of a thousand feeds costs Tocsin a fraction of what it costs others.

The same farm of feeds on loopback (1,000 feeds of 30 entries) is refreshed by each reader as a whole process: the first
time, again until the reader is settled (some ask unconditionally twice), and with nothing new. CPU time of all its
processes, start included. Ours polls with the scheduler's own parts: claims by lease, fetch, parse, articles and feed
state in SQLite; then the classifier's own job matches all articles against 50 watches, which no other does, so it is
told apart. Start-up is told apart too: a service pays it once::

    python benchmarks/bench_refresh.py --feeds 1000

newsboat, rss2email (a fifth of the feeds) and sfeed are measured where they are installed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from feed_farm import RunningFarm, running_farm  # noqa: E402 -- a neighbour, found by the path above

WATCHES = 50


def main() -> None:
    """Refresh with every reader, and print CPU seconds and ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=1000)
    parser.add_argument("--entries", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=3, help="refreshes with nothing new; the median counts")
    parser.add_argument("--environment", type=Path, default=Path("var/benchmark-readers"), help="of other readers")
    parser.add_argument("--poll", metavar="HOME", help=argparse.SUPPRESS)
    parser.add_argument("--classify", metavar="HOME", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.poll:
        print(json.dumps(asyncio.run(_poll(Path(options.poll)))))
    elif options.classify:
        print(json.dumps(_classify(Path(options.classify))))
    else:
        _compare(options)


def _compare(options: argparse.Namespace) -> None:
    from other_readers import others

    with tempfile.TemporaryDirectory() as folder, running_farm(options.feeds, options.entries) as farm:
        first, nothing_new = _measure_ours(Path(folder), farm, options.rounds)
        print(f"{'':24}{'first':>9}{'x ours':>8}{'nothing new':>13}{'x ours':>8}   CPU seconds for 1,000 feeds")
        _print("tocsin", (first, nothing_new), (first, nothing_new))
        for other in others(Path(folder), farm.urls, options.environment, slow_ones=max(1, options.feeds // 5)):
            scale = 1000 / other.feeds
            times = [other.cpu_seconds() * scale for _ in range(2)]
            settled = [other.cpu_seconds() * scale for _ in range(options.rounds)]
            _print(other.name, (times[0], statistics.median(settled)), (first, nothing_new))


def _print(name: str, figures: tuple[float, float], ours: tuple[float, float]) -> None:
    (first, nothing_new), (our_first, our_nothing) = figures, ours
    ratios = first / our_first, nothing_new / our_nothing
    print(f"{name:24}{first:>9.2f}{ratios[0]:>8.1f}{nothing_new:>13.3f}{ratios[1]:>8.1f}", flush=True)


def _measure_ours(folder: Path, farm: RunningFarm, rounds: int) -> tuple[float, float]:
    """Give the CPU seconds of a first refresh and of one with nothing new, start included, for 1,000 feeds."""
    home = folder / "tocsin"
    home.mkdir()
    _set_up(home, farm.urls)
    scale = 1000 / farm.feeds
    farm.reset()
    first = _child("--poll", home)
    asked = farm.stats()
    classified = _child("--classify", home)
    settled = []
    for _ in range(rounds):
        _make_due(home)
        farm.reset()
        settled.append(_child("--poll", home))
    again = farm.stats()
    print(f"first: {asked}\nnothing new: {again}")
    for name, one in (("first", first), ("nothing new", _median(settled))):
        print(
            f"tocsin, {name}: {one['cpu'] * scale:.2f} CPU s, of it start-up {one['start']:.2f}, "
            f"polling {one['polling'] * scale:.3f}; {one['polled']} polls, {one['rss']:.0f} MB, "
            f"wall {one['wall']:.1f} s"
        )
    print(
        f"tocsin, matching {classified['articles']} articles with {WATCHES} watches: "
        f"{classified['cpu'] * scale:.1f} CPU s, {classified['articles'] / classified['cpu']:.0f} a second and core"
    )
    return first["cpu"] * scale, _median(settled)["cpu"] * scale


def _median(runs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return sorted(runs, key=lambda run: float(run["cpu"]))[len(runs) // 2]


def _child(step: str, home: Path) -> dict[str, Any]:
    """Run one of our steps as a process of its own; CPU time is that of the process and its children, all of it."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, str(Path(__file__).resolve()), step, str(home)]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"cpu": cpu, **json.loads(told.splitlines()[-1])}


def _set_up(home: Path, urls: Sequence[str]) -> None:
    from tocsin.feeds.hosts import host_key
    from tocsin.models.watchlist import FeedSource
    from tocsin.store.database import database_now, open_database
    from tocsin.store.feeds import sync_feeds
    from tocsin.store.migrate import upgrade

    database = open_database(_address(home))
    upgrade(database)
    with database.write() as connection:
        now = database_now(connection)
        sync_feeds(connection, [FeedSource(url) for url in urls], now, lambda _: now, host_key)
    database.close()


def _make_due(home: Path) -> None:
    import sqlalchemy as sa

    from tocsin.store.database import database_now, open_database
    from tocsin.store.tables import feeds

    database = open_database(_address(home))
    with database.write() as connection:
        connection.execute(sa.update(feeds).values(next_check_at=database_now(connection)))
    database.close()


def _address(home: Path) -> str:
    return f"sqlite:///{home / 'tocsin.sqlite3'}"


async def _poll(home: Path) -> dict[str, Any]:
    """Poll all that is due, as the scheduler does, and tell what it cost."""
    import structlog

    from tocsin.feeds.fetch import Fetcher
    from tocsin.feeds.parser import Parser
    from tocsin.store.database import open_database
    from tocsin_scheduler.polls import Poller

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    database = open_database(_address(home))
    start, began = time.process_time(), time.monotonic()
    polled = 0
    async with Fetcher("https://tocsin.example", allowed=(ip_network("127.0.0.0/8"),)) as fetcher:
        with Parser() as parser:
            poller = Poller(database, fetcher, parser, _NoWakeups(), timedelta(minutes=10))  # type: ignore[arg-type]  # nobody is woken
            while True:
                started = await poller.tick()
                polled += started
                if not started and not poller._running:  # noqa: SLF001 -- the scheduler itself never waits for the end
                    break
                await asyncio.sleep(0.02)
            await poller.finish(5)
    wall, polling = time.monotonic() - began, time.process_time() - start
    rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"start": start, "polling": polling, "wall": wall, "polled": polled, "rss": rss}


class _NoWakeups:
    """The classifiers are not woken: their work is measured by itself."""

    def send(self, function: str, ids: Sequence[int]) -> None:
        """Do nothing."""


def _classify(home: Path) -> dict[str, Any]:
    """Classify all articles by the worker's own job, and tell what it cost, without the start."""
    import structlog
    from bench_matching import watchlist

    from tocsin.bootstrap import Desk
    from tocsin.matching import compile_watchlist
    from tocsin.models.ids import ArticleId
    from tocsin.queueing import BATCHES, CLASSIFY
    from tocsin.regions import load_gazetteer
    from tocsin.store import articles
    from tocsin.store.database import database_now, open_database
    from tocsin_worker.bells import Bells
    from tocsin_worker.classify import Classifier

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    database = open_database(_address(home))
    watches = watchlist(random.Random(3), WATCHES)
    desk = Desk(watches, compile_watchlist(watches, load_gazetteer()))
    classifier = Classifier(database, _NoWakeups(), lambda: desk, Bells("tocsin.example"))  # type: ignore[arg-type]  # nobody is woken
    with database.read() as connection:
        later = database_now(connection) + timedelta(days=1)
        waiting = [one for one, _ in articles.unclassified(connection, enqueued_before=later, limit=1_000_000)]
    start = time.process_time()
    for place in range(0, len(waiting), BATCHES[CLASSIFY]):
        classifier.run([int(ArticleId(one)) for one in waiting[place : place + BATCHES[CLASSIFY]]])
    return {"cpu": time.process_time() - start, "articles": len(waiting)}


if __name__ == "__main__":
    main()
