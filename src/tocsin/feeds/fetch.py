"""Fetch a feed over HTTP like a good guest: conditional, bounded in time and size, to public addresses only.

The one place that talks to publishers. It parses nothing but headers, keeps nothing between polls (the validators come
and go with the `Feed`), and answers with a `Problem` where a poll fails.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from types import TracebackType
from typing import Final, Self
from weakref import WeakValueDictionary

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from tocsin import __version__
from tocsin.feeds import caching, faults
from tocsin.feeds.addresses import CheckedResolver, Network, literal_address, may_be_reached
from tocsin.feeds.inflate import BadCodingError, TooBigError, decoder
from tocsin.models.feeds import Feed, Fetched, NotModified, Problem

_ACCEPT: Final = (
    "application/rss+xml, application/atom+xml, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, */*;q=0.1"
)
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_LATER: Final = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})


@dataclass(frozen=True, slots=True)
class Limits:
    """What one poll may cost.

    ``seconds`` for the whole of it, and before that ``seconds_in_line`` for a host that is busy with our other feeds;
    bytes on the ``wire`` and after inflating; redirect ``hops``; bytes of one header line and number of lines;
    connections to one host, and in all, at a time.
    """

    seconds: float = 30.0
    seconds_in_line: float = 60.0
    wire: int = 10_000_000
    inflated: int = 20_000_000
    hops: int = 5
    header: int = 16_384
    headers: int = 200
    per_host: int = 2
    connections: int = 100


@dataclass(frozen=True, slots=True)
class _Redirect:
    target: URL


class Fetcher:
    """Fetches feeds over one shared session; use it as an async context manager.

    ``contact`` is the address, usually of a web page, by which a publisher can complain; ``allowed`` are networks that
    may be reached although they are not public; ``clock`` gives the time that Retry-After is counted from.
    """

    def __init__(
        self,
        contact: str | None,
        *,
        allowed: Sequence[Network] = (),
        limits: Limits | None = None,
        resolver: AbstractResolver | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._user_agent = f"Tocsin/{__version__} (+{contact})" if contact else f"Tocsin/{__version__}"
        self._allowed = tuple(allowed)
        self._limits = limits or Limits()
        self._resolver = resolver
        self._clock = clock
        self._session: aiohttp.ClientSession | None = None
        # Semaphores live as long as somebody waits at them, so that hosts seen once leave nothing behind.
        self._gates: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    async def __aenter__(self) -> Self:
        limits = self._limits
        self._checked = CheckedResolver(self._allowed, self._resolver)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                resolver=self._checked, limit=limits.connections, limit_per_host=limits.per_host
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None),
            auto_decompress=False,
            trust_env=False,
            max_line_size=limits.header,
            max_field_size=limits.header,
            max_headers=limits.headers,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session:
            await self._session.close()
            await self._checked.close()
            self._session = None

    async def fetch(self, feed: Feed) -> Fetched | NotModified | Problem:
        """Ask for ``feed`` once, echoing its validators; never raises for what a server does."""
        try:
            start = URL(feed.url)
        except ValueError:
            return faults.bad_address(feed.url)
        if start.scheme not in {"http", "https"} or not start.raw_host:
            return faults.bad_address(feed.url)
        gate = self._gate(start.raw_host)
        try:
            # The wait for a busy host is not this answer's fault: the deadline counts from behind the gate.
            await asyncio.wait_for(gate.acquire(), self._limits.seconds_in_line)
        except TimeoutError:
            return faults.no_turn(start, self._limits.seconds_in_line)
        try:
            return await self._within_deadline(feed, start)
        finally:
            gate.release()

    def _gate(self, host: str) -> asyncio.Semaphore:
        gate = self._gates.get(host)
        if gate is None:
            gate = self._gates[host] = asyncio.Semaphore(self._limits.per_host)
        return gate

    async def _within_deadline(self, feed: Feed, start: URL) -> Fetched | NotModified | Problem:
        try:
            async with asyncio.timeout(self._limits.seconds):
                return await self._follow(feed, start)
        except TimeoutError:
            return faults.timeout(start, self._limits.seconds)

    async def _follow(self, feed: Feed, url: URL) -> Fetched | NotModified | Problem:
        """Go from hop to hop; each is checked like the first, and only the first origin gets the validators."""
        origin = url.origin()
        for _ in range(self._limits.hops + 1):
            checked = self._checked_url(url)
            if isinstance(checked, Problem):
                return checked
            outcome = await self._one_hop(checked, feed, is_home=checked.origin() == origin)
            if not isinstance(outcome, _Redirect):
                return outcome
            url = outcome.target
        return faults.too_many_redirects(feed.url, self._limits.hops)

    def _checked_url(self, url: URL) -> URL | Problem:
        """Check a host that is an address by itself, and write it the usual way; names are checked as they resolve."""
        address = literal_address(url.raw_host or "")
        if address is None:
            return url
        return url.with_host(str(address)) if may_be_reached(address, self._allowed) else faults.refused(url, address)

    async def _one_hop(self, url: URL, feed: Feed, *, is_home: bool) -> Fetched | NotModified | Problem | _Redirect:
        if self._session is None:
            raise RuntimeError("Fetcher is used outside of its 'async with' block")
        headers = self._headers(feed, is_home=is_home)
        try:
            async with self._session.get(url, headers=headers, allow_redirects=False) as response:
                return await self._outcome(url, response, is_home=is_home)
        except (aiohttp.ClientError, OSError) as error:
            if isinstance(error, TimeoutError) and not isinstance(error, aiohttp.ClientError):
                raise
            return faults.client_fault(url, error)

    def _headers(self, feed: Feed, *, is_home: bool) -> dict[str, str]:
        headers = {"User-Agent": self._user_agent, "Accept": _ACCEPT, "Accept-Encoding": "gzip, deflate"}
        if is_home and (etag := caching.validator(feed.etag)):
            headers["If-None-Match"] = etag
        if is_home and (modified := caching.validator(feed.last_modified)):
            headers["If-Modified-Since"] = modified
        return headers

    async def _outcome(
        self, url: URL, response: aiohttp.ClientResponse, *, is_home: bool
    ) -> Fetched | NotModified | Problem | _Redirect:
        code, reason = response.status, response.reason or ""
        if code == HTTPStatus.OK:
            return await self._fetched(url, response, is_home=is_home)
        if code == HTTPStatus.NOT_MODIFIED:
            return _not_modified(url, response)
        if code in _REDIRECTS:
            return _redirect(url, response.headers.get("Location", ""))
        if code in _LATER:
            wish = caching.retry_at(response.headers.get("Retry-After"), self._clock())
            if wish or code == HTTPStatus.TOO_MANY_REQUESTS:
                return faults.rate_limited(url, code, reason, wish)
        return faults.status(url, code, reason)

    async def _fetched(self, url: URL, response: aiohttp.ClientResponse, *, is_home: bool) -> Fetched | Problem:
        try:
            body = await self._body(response)
        except TooBigError as error:
            what = "over the wire" if error.cap == self._limits.wire else "after decompression"
            return faults.too_big(url, error.cap, what)
        except BadCodingError as error:
            return faults.bad_coding(url, str(error))
        # Validators of another origin would be sent to the feed's own one next time: not kept.
        return Fetched(
            url=str(url.with_user(None)),
            body=body,
            content_type=response.headers.get("Content-Type", "")[:200],
            etag=caching.validator(response.headers.get("ETag")) if is_home else None,
            last_modified=caching.validator(response.headers.get("Last-Modified")) if is_home else None,
            max_age=caching.max_age(response.headers),
        )

    async def _body(self, response: aiohttp.ClientResponse) -> bytes:
        """Read the body; raises `TooBigError` as soon as it, or what the server announces, is over a cap."""
        cap = self._limits.wire
        if (response.content_length or 0) > cap:
            raise TooBigError(cap)
        taken = 0
        content = decoder(response.headers.get("Content-Encoding", ""), self._limits.inflated)
        async for piece in response.content.iter_any():
            taken += len(piece)
            if taken > cap:
                raise TooBigError(cap)
            content.feed(piece)
        return content.finish()


def _not_modified(url: URL, response: aiohttp.ClientResponse) -> NotModified | Problem:
    asked = response.request_info.headers
    if "If-None-Match" not in asked and "If-Modified-Since" not in asked:
        return faults.unasked_304(url)
    return NotModified(
        etag=caching.validator(response.headers.get("ETag")),
        last_modified=caching.validator(response.headers.get("Last-Modified")),
        max_age=caching.max_age(response.headers),
    )


def _redirect(url: URL, location: str) -> _Redirect | Problem:
    try:
        target = url.join(URL(location)) if location else None
    except ValueError:
        target = None
    if target is None or target.scheme not in {"http", "https"} or not target.raw_host:
        return faults.bad_redirect(url, location)
    # What a redirect carries along as user and password is not ours to send.
    return _Redirect(target.with_user(None).with_fragment(None))
