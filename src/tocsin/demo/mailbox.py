"""A mail server on loopback that accepts everything and keeps it: the demo's other end of SMTP (RFC 5321).

It relays nothing, and offers neither TLS nor a login; it listens on 127.0.0.1 only.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP
from pathlib import Path
from types import TracebackType
from typing import Self

from tocsin.errors import PortTakenError

_FIXED_REPLIES = {
    b"HELO": "250 tocsin-demo",
    b"RSET": "250 OK",
    b"NOOP": "250 OK",
    b"VRFY": "252 send it and see",
    b"QUIT": "221 bye",
}
_UNKNOWN = "500 unknown command; known are EHLO, HELO, MAIL, RCPT, DATA, RSET, NOOP, VRFY and QUIT"
_PATH = re.compile(rb"(?:FROM|TO):\s*<([^<>\s]*)>(?:\s+(.*))?", re.IGNORECASE)


_Keep = Callable[[str, tuple[str, ...], bytes], Awaitable[None]]
"""Takes sender, recipients and content over; raises OSError when it cannot."""


@dataclass(frozen=True, slots=True)
class ReceivedMail:
    """One accepted message: its envelope, its content, and the file that holds exactly the bytes that came."""

    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage
    path: Path


@dataclass(slots=True)
class _Envelope:
    """The mail transaction under way (RFC 5321 3.3); ``sender`` is None until MAIL, "" for the null reverse-path."""

    sender: str | None = None
    recipients: list[str] = field(default_factory=list)


class DemoMailbox:
    """The server, up between ``async with DemoMailbox(folder) as box`` and the end of the block.

    Messages are written to ``folder`` (made when missing) as ``0001.eml`` and on, and kept in ``mails`` in the order
    of their arrival; one of more than ``max_bytes`` is refused. ``url``, in the form that
    SMTP_URL takes, is known once it is up. A port in use raises `PortTakenError`; 0 takes a free one.
    """

    def __init__(self, folder: Path, *, port: int = 0, max_bytes: int = 10_000_000) -> None:
        self._folder = folder
        self._port = port
        self._max_bytes = max_bytes
        self._server: asyncio.Server | None = None
        self._sessions: set[asyncio.Task[None]] = set()
        self._arrived = asyncio.Condition()
        self.mails: list[ReceivedMail] = []
        self.url = ""

    async def __aenter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        try:
            self._server = await asyncio.start_server(self._serve, "127.0.0.1", self._port)
        except OSError as error:
            message = f"the demo's mailbox cannot listen on 127.0.0.1:{self._port}; choose another port, or 0"
            raise PortTakenError(message) from error
        self.url = f"smtp+plain://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.close()
        for session in self._sessions:
            session.cancel()
        await asyncio.gather(*self._sessions, return_exceptions=True)

    async def received(self, count: int) -> tuple[ReceivedMail, ...]:
        """Return all mails as soon as there are at least ``count``; wrap it in `asyncio.timeout` to wait no longer."""
        async with self._arrived:
            await self._arrived.wait_for(lambda: len(self.mails) >= count)
            return tuple(self.mails)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        session = asyncio.current_task()
        if session is not None:
            self._sessions.add(session)
            session.add_done_callback(self._sessions.discard)
        try:
            # A client that goes away in the middle, or sends a line beyond the reader's limit, loses only itself.
            with contextlib.suppress(asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
                await _Session(self._keep, self._max_bytes, reader, writer).run()
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def _keep(self, sender: str, recipients: tuple[str, ...], content: bytes) -> None:
        """Store one message; only after this may the client be told that it was taken over (RFC 5321 6.1)."""
        path = self._folder / f"{len(self.mails) + 1:04}.eml"
        path.write_bytes(content)
        message = BytesParser(_class=EmailMessage, policy=SMTP).parsebytes(content)
        async with self._arrived:
            self.mails.append(ReceivedMail(sender, recipients, message, path))
            self._arrived.notify_all()


class _Session:
    """One client's dialogue."""

    def __init__(self, keep: _Keep, max_bytes: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._keep = keep
        self._max_bytes = max_bytes
        self._reader = reader
        self._writer = writer
        self._envelope = _Envelope()

    async def run(self) -> None:
        await self._reply("220 tocsin-demo ESMTP")
        verb = b""
        while verb != b"QUIT":
            line = await self._reader.readuntil(b"\r\n")
            verb, _, argument = line.strip().partition(b" ")
            verb = verb.upper()
            await self._reply(await self._execute(verb, argument.strip()))

    async def _execute(self, verb: bytes, argument: bytes) -> str:
        """Carry out one command and return the reply."""
        reply = _FIXED_REPLIES.get(verb, _UNKNOWN)
        match verb:
            case b"EHLO":
                self._envelope = _Envelope()
                reply = f"250-tocsin-demo\r\n250-SIZE {self._max_bytes}\r\n250-8BITMIME\r\n250 SMTPUTF8"
            case b"HELO" | b"RSET":
                self._envelope = _Envelope()
            case b"MAIL":
                reply = self._mail(argument)
            case b"RCPT":
                reply = self._rcpt(argument)
            case b"DATA":
                reply = await self._data()
        return reply

    def _mail(self, argument: bytes) -> str:
        path = _PATH.fullmatch(argument)
        if self._envelope.sender is not None:
            return "503 a transaction is under way; RSET ends it"
        if path is None or not argument.upper().startswith(b"FROM:"):
            return "501 say MAIL FROM:<address>"
        if _declared_size(path[2] or b"") > self._max_bytes:
            return f"552 more than {self._max_bytes} bytes"
        self._envelope.sender = path[1].decode("utf-8", "replace")
        return "250 OK"

    def _rcpt(self, argument: bytes) -> str:
        path = _PATH.fullmatch(argument)
        if self._envelope.sender is None:
            return "503 MAIL first"
        if path is None or not path[1] or not argument.upper().startswith(b"TO:"):
            return "501 say RCPT TO:<address>"
        self._envelope.recipients.append(path[1].decode("utf-8", "replace"))
        return "250 OK"

    async def _data(self) -> str:
        envelope = self._envelope
        if envelope.sender is None or not envelope.recipients:
            return "503 MAIL and RCPT first"
        await self._reply("354 end with a line that holds a dot only")
        content = await self._content()
        self._envelope = _Envelope()
        if content is None:
            return f"552 more than {self._max_bytes} bytes"
        try:
            await self._keep(envelope.sender, tuple(envelope.recipients), content)
        except OSError as error:
            return f"451 cannot write the message: {error.strerror}"
        return "250 OK"

    async def _content(self) -> bytes | None:
        """Read a message up to the lone dot and take the stuffed dots out (RFC 5321 4.5.2); None when it is too big.

        Only CR LF ends a line: a bare LF before a dot must not end the message, or a second one could be smuggled in.
        """
        lines: list[bytes] = []
        size = 0
        while (line := await self._reader.readuntil(b"\r\n")) != b".\r\n":
            size += len(line)
            if size <= self._max_bytes:
                lines.append(line.removeprefix(b"."))
        return b"".join(lines) if size <= self._max_bytes else None

    async def _reply(self, text: str) -> None:
        self._writer.write(text.encode() + b"\r\n")
        await self._writer.drain()


def _declared_size(parameters: bytes) -> int:
    """Return the size that MAIL declares (RFC 1870), 0 where it declares none."""
    declared = re.search(rb"(?:^|\s)SIZE=(\d{1,20})(?:\s|$)", parameters, re.IGNORECASE)
    return int(declared[1]) if declared else 0
