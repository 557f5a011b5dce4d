"""A program that takes webhooks, on loopback: it answers as it is told, properly or not, and remembers what came."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tocsin.delivery.signature import PREFIX

SECRET = f"{PREFIX}MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
"""24 bytes, as Standard Webhooks write a key."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A request that came: its path, its header fields with names in lower case, and its body."""

    path: str
    fields: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """Read the body."""
        return json.loads(self.body)


Answer = Callable[["Handler"], None]
"""Answers one request, in a thread of its own."""


@dataclass(slots=True)
class Receiver:
    """The program; ``answer`` may be exchanged at any time, and ``released`` lets go of what hangs."""

    port: int
    answer: Answer
    taken: list[Taken] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """Its address, with a key in it."""
        return f"http://127.0.0.1:{self.port}/hook/s3cr3t-t0ken"


class Handler(BaseHTTPRequestHandler):
    """One request; HTTP/1.1, so that connections are kept."""

    protocol_version = "HTTP/1.1"
    server: Server

    def do_POST(self) -> None:
        receiver = self.server.receiver
        body = self.rfile.read(int(self.headers["Content-Length"]))
        receiver.taken.append(Taken(self.path, {name.lower(): value for name, value in self.headers.items()}, body))
        receiver.answer(self)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


class Server(ThreadingHTTPServer):
    """Answers each request in a thread of its own."""

    daemon_threads = True
    receiver: Receiver

    def handle_error(self, *_: object) -> None:
        """Keep quiet: whoever has had enough of an answer hangs up."""


def says(status: int, body: bytes = b"", **fields: str) -> Answer:
    """Answer with a status, a body and header fields, ``Retry_After="7"``."""

    def answer(request: Handler) -> None:
        request.send_response(status)
        for name, value in ({"Content_Length": str(len(body))} | fields).items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        request.wfile.write(body)

    return answer


def writes(data: bytes) -> Answer:
    """Answer with these bytes, HTTP or not, and close the connection."""

    def answer(request: Handler) -> None:
        request.wfile.write(data)
        request.close_connection = True

    return answer


def hangs(request: Handler) -> None:
    """Never answer, until it is let go."""
    request.server.receiver.released.wait(60)
    request.close_connection = True


def drips(request: Handler) -> None:
    """Answer with a drop now and then, without end, until it is let go or the other side has had enough."""
    try:
        request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
        while not request.server.receiver.released.wait(0.05):
            request.wfile.write(b".")
    except OSError:
        pass
    request.close_connection = True


@contextmanager
def receiving(answer: Answer) -> Iterator[Receiver]:
    """Run a receiver."""
    with Server(("127.0.0.1", 0), Handler) as server:
        receiver = server.receiver = Receiver(server.server_address[1], answer)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield receiver
        finally:
            receiver.released.set()
            server.shutdown()
            thread.join()
