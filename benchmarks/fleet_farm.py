"""A very cheap publisher of very many feeds on loopback, in a process of its own: it is not what is measured.

Each answer is one write: 304 to whoever knows the feed's present version, else its document, both fresh for a while.
It counts requests, 304s, and requests that came before their feed's last answer had gone stale.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import time
from dataclasses import asdict, dataclass, field
from functools import lru_cache

CHANGED = 10
"""One feed in so many has something new in its second version."""

ENTRIES = 30
_WORDS = "the siege of the old harbour goes on while lorries with flour wait at the northern crossing for a permit "
_PARAGRAPH = _WORDS * 8
_REQUEST = re.compile(rb"GET /(\w+)(?:/(\d+))? HTTP/1\.1\r\n")
_ETAG = re.compile(rb"[Ii]f-[Nn]one-[Mm]atch: ([^\r]+)\r\n")


@dataclass(slots=True)
class Counts:
    """What the farm was asked for."""

    requests: int = 0
    unchanged: int = 0
    too_early: int = 0
    last: dict[int, float] = field(default_factory=dict)


def has_news(number: int) -> bool:
    """Tell whether a feed publishes an entry between its first and its second version."""
    return number % CHANGED == 0


def etag_of(number: int, version: int) -> str:
    """Give a feed's validator."""
    return f'"{number}-{version if has_news(number) else 1}"'


@lru_cache(maxsize=256)
def document(number: int, version: int) -> bytes:
    """Write a feed: hourly entries, the latest in its present version."""
    newest = 1_767_225_600 // 3600 + (version if has_news(number) else 1)
    items = "".join(_item(number, hour) for hour in range(newest, newest - ENTRIES, -1))
    head = f"<title>Feed {number}</title><link>https://{number}.example/</link><description>Made up</description>"
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{head}{items}</channel></rss>'.encode()


def _item(number: int, hour: int) -> str:
    date = time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime(hour * 3600))
    return (
        f"<item><guid>tag:{number}.example,{hour}</guid><title>Flour waits at crossing {hour}</title>"
        f"<link>https://{number}.example/{hour}</link><pubDate>{date}</pubDate>"
        f"<description>In hour {hour} {_PARAGRAPH}</description></item>"
    )


class Visit(asyncio.Protocol):
    """One connection."""

    def __init__(self, counts: Counts, fresh: float) -> None:
        self._counts = counts
        self._fresh = fresh
        self._waiting = b""
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        assert isinstance(transport, asyncio.WriteTransport)  # noqa: S101 -- what a server gives
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer each request as soon as it is there."""
        self._waiting += data
        while b"\r\n\r\n" in self._waiting:
            request, _, self._waiting = self._waiting.partition(b"\r\n\r\n")
            if self._transport is not None:
                self._transport.write(self._answer(request + b"\r\n"))

    def _answer(self, request: bytes) -> bytes:
        asked = _REQUEST.match(request)
        if asked is None or asked[2] is None:
            told = json.dumps(asdict(self._counts) | {"last": len(self._counts.last)}).encode()
            return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(told), told)
        number, version = int(asked[2]), 2
        self._count(number)
        etag = etag_of(number, version).encode()
        fresh = b"Cache-Control: max-age=%d\r\nETag: %b\r\n" % (self._fresh, etag)
        known = _ETAG.search(request)
        if known and known[1] == etag:
            self._counts.unchanged += 1
            return b"HTTP/1.1 304 Not Modified\r\n%b\r\n" % fresh
        body = document(number, version)
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml; charset=utf-8\r\nContent-Length: %d\r\n" % len(
            body
        )
        return head + fresh + b"\r\n" + body

    def _count(self, number: int) -> None:
        now, counts = time.monotonic(), self._counts
        counts.requests += 1
        if now - counts.last.get(number, -1e9) < self._fresh:
            counts.too_early += 1
        counts.last[number] = now


async def serve(fresh: float) -> None:
    """Serve until killed; the port is written to standard output."""
    counts = Counts()
    server = await asyncio.get_running_loop().create_server(lambda: Visit(counts, fresh), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--fresh", type=float, default=240.0, help="seconds that an answer stays fresh")
    asyncio.run(serve(parser.parse_args().fresh))
