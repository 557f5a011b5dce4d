"""A connection to a mail server: opened with TLS and login, and cut off when the time for what it does is up.

smtplib bounds each wait on the network, of which a message needs a dozen, and bounds no reply that comes in drops.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tocsin.delivery.smtp_address import SmtpAddress, TlsMode

SMTP_FAULTS = (smtplib.SMTPException, OSError, UnicodeError)
"""What smtplib raises when something is wrong with the server, the network, or what it is told to say."""


class TimeLimit:
    """Cuts off the connections that were opened under it, whatever they do, when a piece of work takes too long.

    What has happened is known by ``expired``; smtplib tells of a connection that was lost. For one piece of work at a
    time.
    """

    def __init__(self) -> None:
        self.expired = False
        self._ends_at = time.monotonic()
        self._spare: socket.socket | None = None

    @contextmanager
    def of(self, seconds: float) -> Iterator[None]:
        """Give what is done in the block so many seconds."""
        self.expired = False
        self._ends_at = time.monotonic() + seconds
        timer = threading.Timer(seconds, self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def dial(self, host: str, port: int, step_seconds: float) -> socket.socket:
        """Connect to the first of the host's addresses that answers; raises OSError where none does in time."""
        failure: OSError = TimeoutError("timed out")
        for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            seconds = min(step_seconds, self._ends_at - time.monotonic())
            if seconds <= 0:
                raise TimeoutError("timed out")
            line = socket.socket(family, kind, protocol)
            try:
                line.settimeout(seconds)
                line.connect(address)
            except OSError as error:
                line.close()
                failure = error
                continue
            self.let_go()
            # One line, two handles: TLS takes the first one over, the other one stays ours.
            self._spare = line.dup()
            line.settimeout(step_seconds)
            return line
        raise failure

    def let_go(self) -> None:
        """Close our handle of the connection, without which the server would not see its end."""
        spare, self._spare = self._spare, None
        if spare is not None:
            spare.close()

    def _cut(self) -> None:
        self.expired = True
        spare = self._spare
        if spare is not None:
            try:
                spare.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # it has ended by itself


class SmtpClient(smtplib.SMTP):
    """smtplib's client for an address, opened under a time limit; ``step_seconds`` bound each wait on the network."""

    def __init__(self, address: SmtpAddress, *, context: ssl.SSLContext, limit: TimeLimit, step_seconds: float) -> None:
        self._limit = limit
        self._tls = context if address.tls is TlsMode.IMPLICIT else None
        super().__init__(address.host, address.port, timeout=step_seconds)

    def close(self) -> None:
        """Close the connection, both handles of it."""
        super().close()
        self._limit.let_go()

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        """Give smtplib its connection; the place that its own client with TLS uses too."""
        line = self._limit.dial(host, port, timeout)
        return line if self._tls is None else self._tls.wrap_socket(line, server_hostname=host)


def open_smtp(address: SmtpAddress, *, context: ssl.SSLContext, limit: TimeLimit, step_seconds: float) -> smtplib.SMTP:
    """Connect, begin TLS and log in, as the address says; certificates are verified as ``context`` does.

    Raises one of SMTP_FAULTS, after which nothing stays open.
    """
    try:
        client = SmtpClient(address, context=context, limit=limit, step_seconds=step_seconds)
    except SMTP_FAULTS:
        limit.let_go()
        raise
    try:
        if address.tls is TlsMode.STARTTLS:
            client.starttls(context=context)
        if address.user is not None and address.password is not None:
            client.login(address.user, address.password)
        if limit.expired:
            raise TimeoutError("timed out")
    except SMTP_FAULTS:
        client.close()
        raise
    return client
