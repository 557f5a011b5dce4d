"""A handle of libcurl, used for one request after another: what is asked, what came, and to which address.

Each address is checked at the moment of the connection, after the name was looked up, so that neither a name that
changes its address (DNS rebinding) nor any spelling of one leads to a host that may not be reached. Redirects, cookies,
proxies and passwords in files are off.
"""

from __future__ import annotations

import socket
from collections.abc import Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any, Final

import pycurl

from tocsin.feeds.addresses import Address, Network, may_be_reached

_HTTP_ONLY: Final = pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS


@dataclass(frozen=True, slots=True)
class Request:
    """A GET of ``url``, or a POST of a ``form`` to it.

    Host and port are told apart for a `Lookup`; limits are in seconds and bytes.
    """

    url: str
    host: str
    port: int
    headers: Sequence[bytes]
    seconds: float
    wire: int
    form: bytes | None = None


@dataclass(frozen=True, slots=True)
class Transfer:
    """What came of a request. ``code`` is libcurl's (0: all is well), ``words`` are what it says of it.

    ``status`` is 0, and the ``lines`` of the head are few, where the answer never came. ``refused`` is the address that
    may not be reached, if there was no other; ``error_number`` the system's, where a connection could not be made;
    ``seconds`` is what it all took.
    """

    code: int
    words: str = ""
    status: int = 0
    lines: Sequence[bytes] = ()
    body: bytes = b""
    refused: Address | None = None
    error_number: int = 0
    seconds: float = 0.0


@dataclass(slots=True)
class Handle:
    """A handle of libcurl, with what the present request has brought; made once and set up with `new_handle`."""

    curl: Any
    allowed: Sequence[Network]
    lines: list[bytes] = field(default_factory=list)
    pieces: list[bytes] = field(default_factory=list)
    refused: Address | None = None
    opened: list[socket.socket] = field(default_factory=list)
    seconds: float = 0.0
    wire: int = 0
    posts: bool = False

    def open_socket(self, _purpose: int, peer: Any) -> socket.socket | int:
        """Open the socket for a connection to ``peer``, which libcurl has looked up, unless it may not be reached."""
        address = ip_address(peer.addr[0].partition("%")[0])
        if not may_be_reached(address, self.allowed):
            self.refused = self.refused or address
            bad: int = pycurl.SOCKET_BAD
            return bad
        opened = socket.socket(peer.family, peer.socktype, peer.protocol)
        # pycurl gives libcurl a duplicate: this one has to live until it has, and to be closed by us.
        self.opened.append(opened)
        return opened

    def prepare(self, request: Request) -> None:
        """Set what differs from request to request."""
        self.refused = None
        self.curl.setopt(pycurl.URL, request.url.encode())
        self.curl.setopt(pycurl.HTTPHEADER, request.headers)
        if self.seconds != request.seconds:
            self.seconds = request.seconds
            self.curl.setopt(pycurl.TIMEOUT_MS, max(1, round(request.seconds * 1000)))
        if self.wire != request.wire:
            self.wire = request.wire
            self.curl.setopt(pycurl.MAXFILESIZE_LARGE, request.wire)
        if request.form is not None:
            self.curl.setopt(pycurl.COPYPOSTFIELDS, request.form)
        elif self.posts:
            self.curl.setopt(pycurl.HTTPGET, 1)
        self.posts = request.form is not None

    def outcome(self, code: int, words: str, seconds: float) -> Transfer:
        """Take away what the request has brought."""
        transfer = Transfer(
            code,
            words,
            self.curl.getinfo(pycurl.RESPONSE_CODE),
            tuple(self.lines),
            b"".join(self.pieces),
            None if self.opened else self.refused,
            self.curl.getinfo(pycurl.OS_ERRNO) if code else 0,
            seconds,
        )
        self.clear()
        return transfer

    def clear(self) -> None:
        """Make room for the next request."""
        self.lines.clear()
        self.pieces.clear()
        while self.opened:
            self.opened.pop().close()


def new_handle(allowed: Sequence[Network], certificates: Sequence[tuple[int, str | None]]) -> Handle:
    """Make a handle that reaches public addresses and the ``allowed`` ones, and trusts these ``certificates``."""
    handle = Handle(pycurl.Curl(), allowed)
    for option, value in (
        (pycurl.NOSIGNAL, 1),
        (pycurl.PROTOCOLS, _HTTP_ONLY),
        (pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_2TLS),
        (pycurl.PROXY, ""),
        (pycurl.HTTP_CONTENT_DECODING, 0),
        (pycurl.OPENSOCKETFUNCTION, handle.open_socket),
        (pycurl.HEADERFUNCTION, handle.lines.append),
        (pycurl.WRITEFUNCTION, handle.pieces.append),
        *certificates,
    ):
        handle.curl.setopt(option, value)
    return handle
