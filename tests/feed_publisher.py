"""A publisher on loopback that answers byte by byte as a test says, and remembers what it was asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_network

from tocsin.feeds.fetch import Fetcher, Limits
from tocsin.models.feeds import Feed, Fetched, NotModified, Problem
from tocsin.models.ids import FeedId

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
LOOPBACK = ip_network("127.0.0.0/8")
FEED = b"<rss version='2.0'><channel><title>t</title></channel></rss>"

Outcome = Fetched | NotModified | Problem
Writing = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Request:
    """One request: its path, and its headers as they came, names in lower case."""

    path: str
    headers: dict[str, str]


@dataclass(slots=True)
class Publisher:
    """Answers by path; a path that is not known gets ``default``."""

    default: bytes | Writing
    answers: dict[str, bytes | Writing] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/feed"

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._answer(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client left, as it may
        finally:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
        path = first.split(" ")[1]
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        self.requests.append(Request(path, headers))
        answer = self.answers.get(path, self.default)
        if isinstance(answer, bytes):
            writer.write(answer)
            await writer.drain()
        else:
            await answer(reader, writer)


def answer(body: bytes = FEED, *headers: str, status: str = "200 OK", length: int | None = None) -> bytes:
    """Write an HTTP answer; ``length`` is what Content-Length claims."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", "Connection: close"]
    return "\r\n".join([*lines, *headers, "", ""]).encode("latin-1") + body


@asynccontextmanager
async def publishing(default: bytes | Writing, **answers: bytes | Writing) -> AsyncIterator[Publisher]:
    """Run a publisher; ``answers`` are by path without its slash."""
    publisher = Publisher(default, {f"/{path}": each for path, each in answers.items()})
    server = await asyncio.start_server(publisher.handle, "127.0.0.1", 0)
    publisher.port = server.sockets[0].getsockname()[1]
    async with server:
        yield publisher


def feed(url: str, *, etag: str | None = None, last_modified: str | None = None) -> Feed:
    return Feed(
        id=FeedId(1),
        url=url,
        title="",
        language=None,
        home=None,
        tags=(),
        active=True,
        added_at=NOW,
        next_check_at=NOW,
        etag=etag,
        last_modified=last_modified,
    )


def fetcher(limits: Limits | None = None) -> Fetcher:
    return Fetcher("https://tocsin.example", allowed=[LOOPBACK], limits=limits, clock=lambda: NOW)


async def fetch(
    publisher: Publisher, limits: Limits | None = None, etag: str | None = None, last_modified: str | None = None
) -> Outcome:
    async with fetcher(limits) as fetching:
        return await fetching.fetch(feed(publisher.url, etag=etag, last_modified=last_modified))


def fetched(default: bytes | Writing, limits: Limits | None = None, **answers: bytes | Writing) -> Outcome:
    """Poll a publisher once, from the start to the end of both."""

    async def poll() -> Outcome:
        async with publishing(default, **answers) as publisher:
            return await fetch(publisher, limits)

    return asyncio.run(poll())


def problem(outcome: Outcome) -> Problem:
    assert isinstance(outcome, Problem)
    return outcome


class Names:
    """Answers for a name, one for each time it is asked for; none left means that there is no such name."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)

    def __call__(self, _host: str) -> list[str]:
        return [self.answers.pop(0)] if self.answers else []


async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Send a byte again and again until the client leaves."""
    gone = asyncio.ensure_future(reader.read())
    while not gone.done():
        writer.write(b"x")
        await writer.drain()
        await asyncio.wait({gone}, timeout=0.01)


async def slow_body(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Begin an answer whose body never ends."""
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    await drip(reader, writer)


async def slow_header(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Begin an answer whose headers never end."""
    writer.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    await drip(reader, writer)


async def hang(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    """Say nothing at all."""
    await reader.read()
