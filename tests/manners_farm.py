"""Publishers for the tests of manners that one answer a connection cannot show: open connections, TLS and HTTP/2."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import ip_network

import h2.config
import h2.connection
import h2.events
import trustme

from feed_publisher import FEED, LOOPBACK, NOW
from tocsin.feeds.fetch import Fetcher
from tocsin.feeds.limits import Limits

LOOPBACKS = (LOOPBACK, ip_network("::1/128"))
KEEP_ALIVE = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(FEED) + FEED


@dataclass(slots=True)
class Listener:
    """A server that counts its connections and keeps them open; ``heads`` are the requests as they came."""

    answer: bytes = KEEP_ALIVE
    connections: int = 0
    heads: list[bytes] = field(default_factory=list)
    writers: list[asyncio.StreamWriter] = field(default_factory=list)
    port: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._begin(writer)
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                self.heads.append(await reader.readuntil(b"\r\n\r\n"))
                writer.write(self.answer)
                await writer.drain()

    async def serve_http2(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer each stream of one HTTP/2 connection with the feed."""
        self._begin(writer)
        state = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        state.initiate_connection()
        writer.write(state.data_to_send())
        while data := await reader.read(65_536):
            for event in state.receive_data(data):
                if isinstance(event, h2.events.RequestReceived) and event.stream_id and event.headers:
                    self.heads.append(b"\n".join(name + b": " + value for name, value in event.headers))
                    state.send_headers(event.stream_id, [(":status", "200"), ("etag", '"h2"')])
                    state.send_data(event.stream_id, FEED, end_stream=True)
            writer.write(state.data_to_send())

    def _begin(self, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.writers.append(writer)

    async def end(self) -> None:
        """Close what is still open, so that the loop leaves nothing behind."""
        for writer in self.writers:
            writer.close()
        await asyncio.gather(*(writer.wait_closed() for writer in self.writers), return_exceptions=True)


@asynccontextmanager
async def listening(
    listener: Listener,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    tls: ssl.SSLContext | None = None,
    http2: bool = False,
) -> AsyncIterator[Listener]:
    """Run a listener; its answers come over TLS where there is a context for it."""
    handler = listener.serve_http2 if http2 else listener.serve
    server = await asyncio.start_server(handler, host, port, ssl=tls)
    listener.port = server.sockets[0].getsockname()[1]
    try:
        yield listener
    finally:
        server.close()
        await listener.end()


def tls_for(authority: trustme.CA, name: str, *protocols: str) -> ssl.SSLContext:
    """Make a server's context with a certificate for ``name``."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    if protocols:
        context.set_alpn_protocols(list(protocols))
    return context


def guest(*addresses: str, limits: Limits | None = None) -> Fetcher:
    """Make a fetcher that may reach this machine, and to which every name has these addresses."""
    lookup = (lambda _: list(addresses)) if addresses else None
    return Fetcher("https://tocsin.example", allowed=LOOPBACKS, limits=limits, lookup=lookup, clock=lambda: NOW)


@contextmanager
def silent_port(host: str) -> Iterator[int]:
    """Give a port that takes no connection and refuses none: its queue is full."""
    with socket.create_server((host, 0), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=0) as door:
        place = door.getsockname()[:2]
        crowd = [socket.socket(door.family) for _ in range(4)]
        for each in crowd:
            each.setblocking(False)
            each.connect_ex(place)
        yield place[1]
        for each in crowd:
            each.close()
