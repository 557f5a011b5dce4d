"""Publishers on loopback with a trait each, for `bench_manners`: every trait has an address of 127.0.0.0/8 of its own.

What they are asked is kept with the hour of the made-up time at which it was asked; `judgements` reads nothing else.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

PORT = 8911
_ENTRY = "<item><title>Bridge opened</title><guid>{guid}</guid><link>http://127.0.0.1/{guid}</link></item>"
BIG = 60_000_000


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: the hour after the first run, the path, the headers by lower-case name, and the bytes sent back."""

    hour: float
    path: str
    headers: Mapping[str, str]
    sent: int = 0


@dataclass(slots=True)
class Trait:
    """A publisher: ``answer`` makes the bytes to send, out of the request and the number of those before."""

    name: str
    answer: Callable[[Trait, Mapping[str, str], str], bytes]
    address: str = ""
    hour: float = 0.0
    now: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    asked: list[Asked] = field(default_factory=list)
    open: int = 0
    longest_open: float = 0.0

    @property
    def url(self) -> str:
        """The address of its feed."""
        return f"http://{self.address}:{PORT}/feed.xml"


def feed(count: int = 1, extra: str = "") -> bytes:
    """Write an RSS document of ``count`` entries; ``extra`` goes into the channel."""
    items = "".join(_ENTRY.format(guid=number) for number in range(count))
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>{extra}{items}</channel></rss>'.encode()


def reply(status: str, fields: Mapping[str, str] | None = None, body: bytes = b"", length: int | None = None) -> bytes:
    """Write an answer; ``length`` is what it says of its body, where that is not true."""
    said = {"Content-Type": "application/rss+xml", **(fields or {})}
    if not status.startswith("304"):
        said["Content-Length"] = str(len(body) if length is None else length)
    head = "".join(f"{name}: {value}\r\n" for name, value in said.items())
    return f"HTTP/1.1 {status}\r\n{head}Connection: close\r\n\r\n".encode("latin-1") + body


def conditional(
    fields: Mapping[str, str], on_304: Mapping[str, str] | None = None, body: bytes = b""
) -> Callable[[Trait, Mapping[str, str], str], bytes]:
    """Answer 304 to the validators in ``fields`` sent back byte for byte, 200 to all else."""

    def answer(trait: Trait, headers: Mapping[str, str], path: str) -> bytes:
        del trait, path
        etag, modified = fields.get("ETag"), fields.get("Last-Modified")
        same = headers.get("if-none-match") == etag if etag else headers.get("if-modified-since") == modified
        if same and (etag or modified):
            return reply("304 Not Modified", {**fields, **(on_304 or {})})
        return reply("200 OK", fields, body or feed())

    return answer


def always(
    status: str, fields: Mapping[str, str] | None = None, body: bytes | None = None
) -> Callable[[Trait, Mapping[str, str], str], bytes]:
    """Give the same answer whatever is asked."""
    return lambda _trait, _headers, _path: reply(status, fields, feed() if body is None else body)


def in_hours(trait: Trait, hours: float) -> str:
    """Give an HTTP date so many hours from the made-up now."""
    return format_datetime(trait.now + timedelta(hours=hours), usegmt=True)


class Publishers:
    """All traits, served from a thread of their own."""

    def __init__(self, traits: list[Trait]) -> None:
        self.traits = traits
        for number, trait in enumerate(traits):
            trait.address = f"127.9.{number // 200}.{number % 200 + 1}"

    @contextmanager
    def served(self) -> Iterator[Publishers]:
        """Serve until the end of the block."""
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever, daemon=True)
        thread.start()
        try:
            asyncio.run_coroutine_threadsafe(self._listen(), loop).result()
            yield self
        finally:
            loop.call_soon_threadsafe(loop.stop)
            thread.join()

    def at(self, hour: float, start: datetime) -> None:
        """Set the made-up time."""
        for trait in self.traits:
            trait.hour, trait.now = hour, start + timedelta(hours=hour)

    def forget(self) -> None:
        """Forget what was asked."""
        for trait in self.traits:
            trait.asked.clear()
            trait.longest_open = 0.0

    async def _listen(self) -> None:
        for trait in self.traits:
            if trait.name == "origin":
                # The same publisher under another name: another origin.
                await asyncio.start_server(lambda r, w, trait=trait: self._serve(trait, r, w), "127.0.0.1", PORT)  # type: ignore[misc]  # a default binds the loop's variable
            await asyncio.start_server(lambda r, w, trait=trait: self._serve(trait, r, w), trait.address, PORT)  # type: ignore[misc]  # a default binds the loop's variable

    async def _serve(self, trait: Trait, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError, TimeoutError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").strip().split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
            path = head[0].split(" ")[1]
            answer = trait.answer(trait, headers, path)
            began = asyncio.get_running_loop().time()
            drips = trait.name == "drip" and trait.hour == 0
            sent = await (_dripped(writer, answer) if drips else _sent(writer, answer))
            trait.longest_open = max(trait.longest_open, asyncio.get_running_loop().time() - began)
            trait.asked.append(Asked(trait.hour, path, headers, sent))
        writer.close()


async def _sent(writer: asyncio.StreamWriter, answer: bytes) -> int:
    sent = 0
    with suppress(ConnectionError):
        for start in range(0, len(answer), 65_536):
            writer.write(answer[start : start + 65_536])
            await writer.drain()
            sent = start + 65_536
    return min(sent, len(answer))


async def _dripped(writer: asyncio.StreamWriter, answer: bytes) -> int:
    """Send the head at once, and then a byte a second for 70 seconds, or until nobody listens any more."""
    end = answer.index(b"\r\n\r\n") + 4
    writer.write(answer[:end])
    sent = end
    with suppress(ConnectionError):
        for place in range(end, min(len(answer), end + 70)):
            writer.write(answer[place : place + 1])
            await writer.drain()
            if writer.is_closing():
                break
            sent += 1
            await asyncio.sleep(1)
    return sent
