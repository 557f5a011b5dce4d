"""A farm of feeds on loopback for benchmarks: a publisher with thousands of feeds, in a process of its own.

Everything is made from a seed, so two farms of the same options serve the same bytes. Seven in ten feeds are RSS, a
quarter Atom, the rest RSS 1.0; two in five carry whole articles, the rest teasers. ``/tick`` lets a share of the feeds
publish one more entry; ``/stats`` tells what was asked since the last ``/reset``::

    python benchmarks/feed_farm.py --feeds 1000 --entries 30 --port 8900
"""

from __future__ import annotations

# ruff: noqa: PLR2004 - the shares of a made-up world
import argparse
import asyncio
import gzip
import hashlib
import json
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import formatdate
from functools import cache
from html import escape
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from made_up import MadeUp  # noqa: E402 -- a neighbour, found by the path above

START = 1_767_225_600
"""2026-01-01 00:00 UTC: when the first entries were published, in seconds."""

_TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml", "rdf": "application/rdf+xml"}


@dataclass(frozen=True, slots=True)
class Resource:
    """A feed as it is served: the body, also compressed, and its validators."""

    body: bytes
    zipped: bytes
    etag: str
    modified: str
    content_type: str


@dataclass(slots=True)
class Stats:
    """What was asked: counts, and the number of the connections."""

    requests: int = 0
    conditional: int = 0
    not_modified: int = 0
    zipped: int = 0
    bytes: int = 0
    connections: int = 0
    feeds: set[int] = field(default_factory=set)

    def told(self) -> dict[str, int]:
        """Give them as JSON can hold them."""
        return {
            "requests": self.requests,
            "conditional": self.conditional,
            "not_modified": self.not_modified,
            "zipped": self.zipped,
            "bytes": self.bytes,
            "connections": self.connections,
            "feeds": len(self.feeds),
        }


class Farm:
    """The feeds; ``tick`` counts how often they were told to publish."""

    def __init__(self, feeds: int, entries: int, base_url: str, share: float) -> None:
        self.feeds = feeds
        self.base_url = base_url
        self._entries = entries
        self._share = share
        self._published = [entries] * feeds
        self._resources: dict[int, Resource] = {}

    def tick(self) -> int:
        """Let a share of the feeds publish one more entry each; gives their number."""
        rng = random.Random(sum(self._published))
        chosen = rng.sample(range(self.feeds), round(self.feeds * self._share))
        for feed in chosen:
            self._published[feed] += 1
            self._resources.pop(feed, None)
        return len(chosen)

    def resource(self, feed: int) -> Resource:
        """Give a feed as it is now."""
        found = self._resources.get(feed)
        if found is None:
            found = self._resources[feed] = self._made(feed)
        return found

    def _made(self, feed: int) -> Resource:
        newest = self._published[feed]
        kind = random.Random(f"kind {feed}").choices(("rss", "atom", "rdf"), (70, 26, 4))[0]
        entries = [self._entry(feed, number) for number in range(newest - 1, newest - 1 - self._entries, -1)]
        body = _WRITERS[kind](self.base_url, feed, entries).encode()
        etag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
        modified = formatdate(START + newest * 3600, usegmt=True)
        return Resource(body, gzip.compress(body, 5, mtime=0), etag, modified, _TYPES[kind])

    def _entry(self, feed: int, number: int) -> dict[str, Any]:
        rng = random.Random(f"entry {feed} {number}")
        whole = random.Random(f"whole {feed}").random() < 0.4
        words = max(12, int(rng.gauss(220, 70))) if whole else max(10, int(rng.gauss(45, 15)))
        sentences = rng.choices(_sentences(), k=2 + words // 12)
        return {
            "id": f"tag:farm.example,2026:{feed}/{number}",
            "link": f"{self.base_url}/a/{feed}/{number}.html",
            "title": sentences[0][:-1],
            "text": " ".join(" ".join(sentences[1:]).split()[:words]),
            "at": START + number * 3600,
            "whole": whole,
        }


@cache
def _sentences() -> list[str]:
    world = MadeUp(seed=11)
    texts = " ".join(world.article().text.replace("\n", " ") for _ in range(150))
    return [f"{sentence.strip()}." for sentence in texts.split(".") if len(sentence) > 30]


def _rss(base: str, feed: int, entries: list[dict[str, Any]]) -> str:
    items = "".join(map(_rss_item, entries))
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        f'xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Gazette {feed}</title><link>{base}/</link>'
        f'<atom:link rel="self" href="{base}/f/{feed}.xml"/><description>Made up</description><language>en</language>'
        f"<ttl>60</ttl>{items}</channel></rss>"
    )


def _rss_item(entry: dict[str, Any]) -> str:
    paragraph = f"<p>{escape(entry['text'])}</p>"
    texts = (
        f"<description>{escape(entry['text'][:200])}</description><content:encoded><![CDATA[{paragraph}]]>"
        "</content:encoded>"
        if entry["whole"]
        else f"<description>{escape(paragraph)}</description>"
    )
    return (
        f"<item><title>{escape(entry['title'])}</title><link>{entry['link']}</link>"
        f'<guid isPermaLink="false">{entry["id"]}</guid><pubDate>{formatdate(entry["at"], usegmt=True)}</pubDate>'
        f"<dc:creator>Reporter</dc:creator>{texts}</item>"
    )


def _atom(base: str, feed: int, entries: list[dict[str, Any]]) -> str:
    items = "".join(map(_atom_entry, entries))
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">'
        f"<title>Gazette {feed}</title><id>tag:farm.example,2026:{feed}</id>"
        f'<link rel="self" href="{base}/f/{feed}.xml"/><link href="{base}/"/>'
        f"<updated>{_stamp(entries[0]['at'])}</updated>{items}</feed>"
    )


def _atom_entry(entry: dict[str, Any]) -> str:
    name = "content" if entry["whole"] else "summary"
    return (
        f'<entry><title>{escape(entry["title"])}</title><id>{entry["id"]}</id><link href="{entry["link"]}"/>'
        f"<published>{_stamp(entry['at'])}</published><updated>{_stamp(entry['at'])}</updated>"
        f'<author><name>Reporter</name></author><{name} type="html">'
        f"{escape('<p>' + escape(entry['text']) + '</p>')}</{name}></entry>"
    )


def _rdf(base: str, feed: int, entries: list[dict[str, Any]]) -> str:
    items = "".join(
        f'<item rdf:about="{entry["id"]}"><title>{escape(entry["title"])}</title><link>{entry["link"]}</link>'
        f"<description>{escape('<p>' + escape(entry['text']) + '</p>')}</description>"
        f"<dc:date>{_stamp(entry['at'])}</dc:date><dc:creator>Reporter</dc:creator></item>"
        for entry in entries
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<channel rdf:about="{base}/f/{feed}.xml"><title>Gazette {feed}</title><link>{base}/</link>'
        f"<description>Made up</description></channel>{items}</rdf:RDF>"
    )


def _stamp(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"


_WRITERS = {"rss": _rss, "atom": _atom, "rdf": _rdf}


class _Connection(asyncio.Protocol):
    """One connection: HTTP/1.1 with keep-alive, GET and POST without a body."""

    def __init__(self, farm: Farm, stats: Stats) -> None:
        self._farm = farm
        self._stats = stats
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._stats.connections += 1

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (end := self._received.find(b"\r\n\r\n")) >= 0:
            head, self._received = self._received[:end].decode("latin-1"), self._received[end + 4 :]
            self._answer(head)

    def _answer(self, head: str) -> None:
        first, *lines = head.split("\r\n")
        path = first.split(" ")[1]
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        keeps = first.endswith("1.1") and headers.get("connection", "").lower() != "close"
        if path.startswith("/f/"):
            self._feed(int(path[3:-4]), headers, keeps=keeps)
        else:
            self._order(path, keeps=keeps)

    def _order(self, path: str, *, keeps: bool) -> None:
        if path == "/reset":
            self._stats.__init__()  # type: ignore[misc]  # the same object goes on to be counted in
        told: object = self._farm.tick() if path == "/tick" else self._stats.told()
        self._send("200 OK", "Content-Type: application/json\r\n", json.dumps(told).encode(), keeps=keeps)

    def _feed(self, feed: int, headers: dict[str, str], *, keeps: bool) -> None:
        stats, resource = self._stats, self._farm.resource(feed)
        stats.requests += 1
        stats.feeds.add(feed)
        etag, since = headers.get("if-none-match"), headers.get("if-modified-since")
        stats.conditional += etag is not None or since is not None
        fields = f"ETag: {resource.etag}\r\nLast-Modified: {resource.modified}\r\n"
        if etag == resource.etag or (etag is None and since == resource.modified):
            stats.not_modified += 1
            self._send("304 Not Modified", fields, None, keeps=keeps)
            return
        body = resource.body
        if "gzip" in headers.get("accept-encoding", ""):
            stats.zipped += 1
            body = resource.zipped
            fields += "Content-Encoding: gzip\r\nVary: Accept-Encoding\r\n"
        stats.bytes += len(body)
        self._send("200 OK", f"{fields}Content-Type: {resource.content_type}\r\n", body, keeps=keeps)

    def _send(self, status: str, fields: str, body: bytes | None, *, keeps: bool) -> None:
        length = "" if body is None else f"Content-Length: {len(body)}\r\n"
        ending = "" if keeps else "Connection: close\r\n"
        head = f"HTTP/1.1 {status}\r\nDate: {formatdate(usegmt=True)}\r\n{fields}{length}{ending}\r\n"
        self._transport.write(head.encode() + (body or b""))  # type: ignore[attr-defined]
        if not keeps:
            self._transport.close()


@dataclass(frozen=True, slots=True)
class RunningFarm:
    """A farm in a process of its own."""

    base_url: str
    feeds: int

    @property
    def urls(self) -> list[str]:
        """The addresses of its feeds."""
        return [f"{self.base_url}/f/{feed}.xml" for feed in range(self.feeds)]

    def tick(self) -> int:
        """Let a share of the feeds publish one more entry each; gives their number."""
        return int(self._asked("tick"))

    def reset(self) -> None:
        """Count anew."""
        self._asked("reset")

    def stats(self) -> dict[str, int]:
        """Tell what was asked since the last reset."""
        return dict(self._asked("stats"))

    def _asked(self, what: str) -> Any:
        connection = HTTPConnection(self.base_url.removeprefix("http://"), timeout=60)
        connection.request("GET", f"/{what}")
        answer = json.load(connection.getresponse())
        connection.close()
        return answer


@contextmanager
def running_farm(feeds: int, entries: int, *, share: float = 0.1) -> Iterator[RunningFarm]:
    """Start a farm on a free port and stop it at the end; ``share`` of its feeds publish at each tick."""
    options = ["--feeds", str(feeds), "--entries", str(entries), "--share", str(share), "--port", "0"]
    process = subprocess.Popen([sys.executable, __file__, *options], stdout=subprocess.PIPE, text=True)
    try:
        port = int(process.stdout.readline() if process.stdout else 0)
        yield RunningFarm(f"http://127.0.0.1:{port}", feeds)
    finally:
        process.terminate()
        process.wait()


async def _serve(options: argparse.Namespace) -> None:
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    farm, stats = Farm(options.feeds, options.entries, "", options.share), Stats()
    server = await loop.create_server(lambda: _Connection(farm, stats), "127.0.0.1", options.port, backlog=4096)
    port = server.sockets[0].getsockname()[1]
    farm.base_url = f"http://127.0.0.1:{port}"
    for feed in range(options.feeds):
        farm.resource(feed)
    print(port, flush=True)
    await stopped.wait()


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=1000)
    parser.add_argument("--entries", type=int, default=30)
    parser.add_argument("--share", type=float, default=0.1, help="share of the feeds that publish at a tick")
    parser.add_argument("--port", type=int, default=8900, help="0 for a free one; the port is printed")
    asyncio.run(_serve(parser.parse_args()))


if __name__ == "__main__":
    main()
