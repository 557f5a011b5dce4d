"""A mail server in a process of its own that takes everything, keeps nothing but a line a message, and costs little.

Its log has a line an event, tab-separated: seconds of the machine's clock, number of the connection, what, and more::

    1770000000.123456  1  accepted  <1@tocsin.example>  48211  zoe@example.org
    1770000000.222222  1  quit

``accepted`` is written before the reply 250 goes out, so that nothing the client believes is missing.
"""

from __future__ import annotations

import itertools
import os
import socket
import socketserver
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from pathlib import Path
from types import TracebackType
from typing import IO, Self

REPLIES = {b"EHLO": b"250-sink\r\n250-8BITMIME\r\n250 SMTPUTF8", b"DATA": b"354 go on", b"QUIT": b"221 bye"}


@dataclass(frozen=True, slots=True)
class Event:
    """A line of the log; ``words`` are what follows."""

    at: float
    connection: int
    what: str
    words: tuple[str, ...]


class MailSink:
    """Runs the server; ``port`` is where it listens."""

    def __init__(self, folder: Path) -> None:
        self._log = folder / "sink.log"
        self._log.touch()

    def __enter__(self) -> Self:
        command = [sys.executable, __file__, str(self._log)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.wait(10)
        assert self._process.stdout is not None
        self._process.stdout.close()

    def events(self) -> list[Event]:
        """Read what happened until now, in its order."""
        lines = (line.split("\t") for line in self._log.read_text().splitlines())
        return [Event(float(at), int(connection), what, tuple(words)) for at, connection, what, *words in lines]

    def accepted(self) -> list[Event]:
        """Give the messages that were taken; the first word of each is its Message-ID, the third its recipient."""
        return [event for event in self.events() if event.what == "accepted"]


class _Log:
    def __init__(self, path: str) -> None:
        self._file: IO[str] = Path(path).open("a", buffering=1)  # noqa: SIM115 -- open as long as the process
        self._lock = threading.Lock()

    def write(self, connection: int, *words: object) -> None:
        with self._lock:
            self._file.write("\t".join(map(str, (f"{time.time():.6f}", connection, *words))) + "\n")


class _Session(socketserver.StreamRequestHandler):
    """One connection (RFC 5321), as far as a well-behaved client needs it."""

    disable_nagle_algorithm = True
    log: _Log
    numbers = itertools.count(1)

    def handle(self) -> None:
        number, to = next(self.numbers), ""
        self.log.write(number, "opened")
        self._say(b"220 sink")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"RCPT":
                to = line.decode().partition("<")[2].partition(">")[0]
            self._say(REPLIES.get(verb, b"250 OK"))
            if verb == b"DATA":
                self._take(number, to)
            if verb == b"QUIT":
                self.log.write(number, "quit")
                return
        self.log.write(number, "lost")

    def _take(self, number: int, to: str) -> None:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return
            lines.append(line)
        headers = BytesHeaderParser().parsebytes(b"".join(lines[: lines.index(b"\r\n") + 1]))
        self.log.write(number, "accepted", headers["Message-ID"], sum(map(len, lines)), to)
        self._say(b"250 OK")

    def _say(self, reply: bytes) -> None:
        try:
            self.wfile.write(reply + b"\r\n")
        except ConnectionError:  # killed before it could hear
            return


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that are killed are what this server is for."""


def main() -> None:
    """Listen on a free port of loopback, and print it."""
    _Session.log = _Log(sys.argv[1])
    with _Server(("127.0.0.1", 0), _Session) as server:
        assert server.address_family == socket.AF_INET
        os.write(1, f"{server.server_address[1]}\n".encode())
        server.serve_forever()


if __name__ == "__main__":
    main()
