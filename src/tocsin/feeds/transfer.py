"""The loop that drives many HTTP requests by libcurl: bytes in, bytes out, no meaning.

libcurl looks names up, races IPv6 and IPv4 (RFC 8305), keeps connections open and speaks HTTP/2. Meant for one event
loop; https://curl.se/libcurl/c/curl_multi_socket_action.html tells how the parts speak to each other.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any, Final, Self

import pycurl

from tocsin.feeds.addresses import Network
from tocsin.feeds.certificates import trusted_certificates
from tocsin.feeds.curl_handle import Handle, Request, Transfer, new_handle

Lookup = Callable[[str], Sequence[str]]
"""Gives the addresses of a name, in place of the system's name service; none for a name that does not exist."""

_SOON: Final = 0.001


class Transfers:
    """Makes requests, many at a time; use it as an async context manager."""

    def __init__(self, allowed: Sequence[Network], connections: int, lookup: Lookup | None = None) -> None:
        self._allowed = tuple(allowed)
        self._connections = connections
        self._lookup = lookup
        self._idle: list[Handle] = []
        self._busy: dict[Any, asyncio.Future[tuple[int, str]]] = {}
        self._watched: set[int] = set()
        self._due = 0.0
        self._timer: asyncio.Handle | None = None
        self._timer_at = 0.0

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        # libcurl changes what it waits for with every request: one selector inside the loop's own takes these changes
        # at a fraction of the cost of the loop's readers and writers.
        self._selector = selectors.DefaultSelector()
        self._loop.add_reader(self._selector, self._on_ready)
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_SOCKETFUNCTION, self._on_socket)
        self._multi.setopt(pycurl.M_TIMERFUNCTION, self._on_timer)
        self._multi.setopt(pycurl.M_MAXCONNECTS, self._connections)
        self._certificates = trusted_certificates()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for curl in list(self._busy):
            self._give_up(curl)
        if self._timer:
            self._timer.cancel()
        self._loop.remove_reader(self._selector)
        self._multi.close()
        for handle in self._idle:
            handle.curl.close()
        self._selector.close()

    async def perform(self, request: Request) -> Transfer:
        """Make one request; whatever happens to it is in the `Transfer`."""
        resolve = self._resolved(request)
        if resolve == ():
            return Transfer(pycurl.E_COULDNT_RESOLVE_HOST)
        handle = self._idle.pop() if self._idle else new_handle(self._allowed, self._certificates)
        handle.prepare(request)
        if resolve:
            handle.curl.setopt(pycurl.RESOLVE, resolve)
        ended = self._busy[handle.curl] = self._loop.create_future()
        begun_at = self._loop.time()
        self._multi.add_handle(handle.curl)
        try:
            code, words = await ended
        except asyncio.CancelledError:
            self._give_up(handle.curl)
            handle.clear()
            raise
        outcome = handle.outcome(code, words, self._loop.time() - begun_at)
        self._idle.append(handle)
        return outcome

    def _resolved(self, request: Request) -> Sequence[str] | None:
        """Ask the `Lookup`, if there is one; () means that there is no such name."""
        if self._lookup is None:
            return None
        addresses = ",".join(f"[{each}]" if ":" in each else each for each in self._lookup(request.host))
        return (f"+{request.host}:{request.port}:{addresses}",) if addresses else ()

    def _give_up(self, curl: Any) -> None:
        ended = self._busy.pop(curl, None)
        if ended is not None:
            self._multi.remove_handle(curl)
            curl.close()
            ended.cancel()

    def _on_socket(self, what: int, fd: int, _multi: object, _data: object) -> None:
        """Watch a socket as libcurl says; its bits for reading and writing are the selector's."""
        if not what & (selectors.EVENT_READ | selectors.EVENT_WRITE):
            if fd in self._watched:  # no longer wanted, for now (POLL_NONE) or ever (POLL_REMOVE)
                self._watched.discard(fd)
                self._selector.unregister(fd)
        elif fd in self._watched:
            self._selector.modify(fd, what)
        else:
            self._watched.add(fd)
            self._selector.register(fd, what)

    def _on_ready(self) -> None:
        for key, events in self._selector.select(0):
            self._act(key.fd, events)

    def _on_timer(self, milliseconds: int) -> None:
        """Note when libcurl wants to be called; a timer that rings too early costs less than one set anew."""
        if milliseconds < 0:
            self._due = 0.0
            return
        self._due = self._loop.time() + milliseconds / 1000
        if self._timer and self._timer_at <= self._due:
            return
        self._set_timer()

    def _set_timer(self) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer_at = self._due
        if self._due - self._loop.time() < _SOON:
            self._timer = self._loop.call_soon(self._on_time)
        else:
            self._timer = self._loop.call_at(self._due, self._on_time)

    def _on_time(self) -> None:
        self._timer = None
        if not self._due:
            return
        if self._due - self._loop.time() >= _SOON:
            self._set_timer()
            return
        self._due = 0.0
        self._act(pycurl.SOCKET_TIMEOUT, 0)

    def _act(self, fd: int, events: int) -> None:
        _, running = self._multi.socket_action(fd, events)
        if running >= len(self._busy):
            return
        _, ended, failed = self._multi.info_read()
        for curl in ended:
            self._end(curl, 0, "")
        for curl, code, words in failed:
            self._end(curl, code, words)

    def _end(self, curl: Any, code: int, words: str) -> None:
        self._multi.remove_handle(curl)
        ended = self._busy.pop(curl)
        if not ended.done():
            ended.set_result((code, words))
