"""What one poll costs the fetcher in CPU: 304 and 200, on an open connection and on a new one.

A server in a process of its own answers on loopback, so that its work is not counted. With `requests` installed, the
same polls are made by the usual loop over one session, for comparison.

    python benchmarks/bench_fetch.py [--polls 5000] [--at-once 50] [--profile]
"""

from __future__ import annotations

import argparse
import asyncio
import cProfile
import multiprocessing
import pstats
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from multiprocessing.connection import Connection
from typing import Any

from tocsin.feeds.fetch import Fetcher
from tocsin.feeds.limits import Limits
from tocsin.models.feeds import Feed, Fetched, NotModified
from tocsin.models.ids import FeedId

ETAG = '"5f2b-61c"'
BODY = (
    b"<rss version='2.0'><channel>"
    + b"<item><title>Seven words stand in this title</title></item>" * 700
    + b"</channel></rss>"
)
TARGETS = {"304 open": 0.12, "304 new": 0.25, "200 open": None, "200 new": None}
ROUNDS = 5


class Publisher(asyncio.Protocol):
    """Answers whatever it is asked: 304 where there are validators, closing the connection where the path says so."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin without anything read."""
        self.transport: Any = transport
        self.buffer = b""

    def data_received(self, data: bytes) -> None:
        """Answer the requests that are complete."""
        self.buffer += data
        while b"\r\n\r\n" in self.buffer:
            head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
            closes = head.startswith(b"GET /new/")
            self.transport.write(_answer(is_new=b"If-None-Match" not in head, closes=closes))
            if closes:
                self.transport.close()


def _answer(*, is_new: bool, closes: bool) -> bytes:
    head = (
        f"HTTP/1.1 {'200 OK' if is_new else '304 Not Modified'}\r\nServer: bench\r\nDate: {_DATE}\r\nETag: {ETAG}\r\n"
        "Last-Modified: Tue, 05 Sep 2017 12:00:00 GMT\r\nCache-Control: max-age=600\r\nVary: Accept-Encoding\r\n"
    )
    if is_new:
        head += f"Content-Type: application/rss+xml; charset=utf-8\r\nContent-Length: {len(BODY)}\r\n"
    if closes:
        head += "Connection: close\r\n"
    return f"{head}\r\n".encode() + (BODY if is_new else b"")


_DATE = "Tue, 10 Mar 2026 12:00:00 GMT"


def publish(pipe: Connection) -> None:
    """Serve until the process is ended, after the port was sent through ``pipe``."""

    async def main() -> None:
        server = await asyncio.get_running_loop().create_server(Publisher, "127.0.0.1", 0, backlog=1000)
        pipe.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(main())


def feed(number: int, base: str, path: str, *, is_known: bool) -> Feed:
    """Make a feed of the server, with the validators of an earlier poll if ``is_known``."""
    now = datetime(2026, 3, 10, tzinfo=UTC)
    return Feed(
        id=FeedId(number),
        url=f"{base}/{path}/{number}.xml",
        title="",
        language=None,
        home=None,
        tags=(),
        active=True,
        added_at=now,
        next_check_at=now + timedelta(hours=1),
        etag=ETAG if is_known else None,
        last_modified="Tue, 05 Sep 2017 12:00:00 GMT" if is_known else None,
    )


async def poll_all(fetcher: Fetcher, feeds: Sequence[Feed], at_once: int, expected: type[object]) -> float:
    """Poll the feeds and give the CPU time of one in milliseconds."""
    left = iter(feeds)

    async def poll() -> None:
        for each in left:
            answer = await fetcher.fetch(each)
            if not isinstance(answer, expected):
                raise SystemExit(f"{each.url} answered {answer}")

    begun = time.process_time()
    await asyncio.gather(*(poll() for _ in range(at_once)))
    return (time.process_time() - begun) / len(feeds) * 1000


async def measure_ours(base: str, polls: int, at_once: int) -> dict[str, list[float]]:
    """Measure each kind of poll in rounds; milliseconds by kind."""
    found: dict[str, list[float]] = {}
    limits = Limits(connections=at_once)
    async with Fetcher("https://tocsin.example", allowed=[ip_network("127.0.0.0/8")], limits=limits) as fetcher:
        await poll_all(fetcher, [feed(n, base, "open", is_known=True) for n in range(500)], at_once, NotModified)
        for _ in range(ROUNDS):
            for name in TARGETS:
                status, path = name.split()
                is_known = status == "304"
                feeds = [feed(number, base, path, is_known=is_known) for number in range(polls)]
                cost = await poll_all(fetcher, feeds, at_once, NotModified if is_known else Fetched)
                found.setdefault(name, []).append(cost)
    return found


def measure_requests(base: str, polls: int) -> dict[str, list[float]]:
    """Make the same polls by one session of `requests`, one after another; {} where it is not installed."""
    try:
        import requests
    except ImportError:
        return {}
    found: dict[str, list[float]] = {}
    with requests.Session() as session:
        for name in TARGETS:
            status, path = name.split()
            headers = {"If-None-Match": ETAG} if status == "304" else {}
            begun = time.process_time()
            for number in range(polls):
                answer = session.get(f"{base}/{path}/{number}.xml", headers=headers, timeout=30)
                if str(answer.status_code) != status:
                    raise SystemExit(f"{answer.url} answered {answer.status_code}")
            found[name] = [(time.process_time() - begun) / polls * 1000]
    return found


def report(ours: dict[str, list[float]], theirs: dict[str, list[float]]) -> None:
    """Print the medians beside the targets."""
    print(f"{'CPU ms a poll':14} {'ours':>7} {'target':>7} {'requests':>9}")
    for name, target in TARGETS.items():
        other = f"{theirs[name][0]:9.3f}" if name in theirs else f"{'-':>9}"
        print(f"{name:14} {statistics.median(ours[name]):7.3f} {target or '-':>7} {other}")


def main() -> None:
    """Start the server, measure, and end it."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--polls", type=int, default=5_000)
    options.add_argument("--at-once", type=int, default=50)
    options.add_argument("--profile", action="store_true")
    chosen = options.parse_args()
    ours_end, theirs_end = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=publish, args=(theirs_end,), daemon=True)
    server.start()
    base = f"http://127.0.0.1:{ours_end.recv()}"
    try:
        if chosen.profile:
            profiled(lambda: measure_ours(base, chosen.polls, chosen.at_once))
            return
        report(asyncio.run(measure_ours(base, chosen.polls, chosen.at_once)), measure_requests(base, 500))
    finally:
        server.terminate()


def profiled(measure: Callable[[], Awaitable[Any]]) -> None:
    """Print where the time goes."""

    async def once() -> None:
        await measure()

    profile = cProfile.Profile()
    profile.runcall(asyncio.run, once())
    pstats.Stats(profile).sort_stats("tottime").print_stats(30)


if __name__ == "__main__":
    main()
