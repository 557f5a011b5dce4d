"""Fetch a feed over HTTP like a good guest: conditional, bounded in time and size, to public addresses only.

The one place that talks to publishers: it goes from hop to hop, each in its turn at its host. It parses no bodies,
keeps nothing between polls (the validators come and go with the `Feed`), and answers with a `Problem` where one fails.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http import HTTPStatus
from types import TracebackType
from typing import Final, Self
from urllib.parse import urlencode

import pycurl
from yarl import URL

from tocsin import __version__
from tocsin.feeds import answers, caching, faults
from tocsin.feeds.addresses import Network
from tocsin.feeds.answers import Answer
from tocsin.feeds.curl_handle import Request, Transfer
from tocsin.feeds.doubts import asks_fully
from tocsin.feeds.heads import read_head
from tocsin.feeds.hops import first_address, next_address
from tocsin.feeds.hosts import key_of
from tocsin.feeds.inflate import ACCEPTED
from tocsin.feeds.limits import Limits
from tocsin.feeds.transfer import Lookup, Transfers
from tocsin.feeds.turns import NoTurnError, Turns
from tocsin.models.feeds import Feed, Fetched, NotModified, Problem

__all__ = ["Fetcher", "Limits", "Page"]

_ACCEPT: Final = (
    b"Accept: application/rss+xml, application/atom+xml, application/feed+json;q=0.9, application/rdf+xml;q=0.9, "
    b"application/xml;q=0.8, text/xml;q=0.8, */*;q=0.1"
)
_ACCEPT_ENCODING: Final = f"Accept-Encoding: {ACCEPTED}".encode()
_PERMANENT: Final = frozenset({301, 308})
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_WITH_BODY: Final = frozenset({200, 226})
_KEEPS_METHOD: Final = frozenset({307, 308})
_LONGEST_REPLY: Final = 65_536


@dataclass(frozen=True, slots=True)
class Page:
    """What is at an address, after redirects. ``status`` is any; ``body`` is empty unless it is 200."""

    url: str
    status: int
    body: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class _Errand:
    """What is wanted at the end of a chain of redirects; header lines as they are sent."""

    start: URL
    accept: bytes
    limits: Limits
    validators: tuple[bytes, ...] = ()
    form: bytes | None = None

    def redirects(self, status: int) -> bool:
        """Tell whether an answer leads on; a form is sent again only where that is meant (RFC 9110 15.4.8, 15.4.9)."""
        return status in (_REDIRECTS if self.form is None else _KEEPS_METHOD)

    def validators_at(self, url: URL) -> tuple[bytes, ...]:
        """Give the validators for the origin that they came from; no other is told of them."""
        is_home = url is self.start or url.origin() == self.start.origin()
        return self.validators if is_home else ()


class Fetcher:
    """Fetches feeds, and pages beside them, over shared connections; use it as an async context manager.

    ``contact`` is the address, usually of a web page, by which a publisher can complain; ``allowed`` are networks that
    may be reached although they are not public; ``lookup`` takes the place of the system's name service; ``clock``
    gives the time that Retry-After is counted from. ``subscribers``, of which publishers keep statistics, may be set at
    any time; 0 is not told.
    """

    def __init__(
        self,
        contact: str | None,
        *,
        allowed: Sequence[Network] = (),
        limits: Limits | None = None,
        lookup: Lookup | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.subscribers = 0
        self._identity, self._identity_of = b"", -1
        self._contact = contact
        self._allowed = tuple(allowed)
        self._limits = limits or Limits()
        self._lookup = lookup
        self._clock = clock
        self._open = AsyncExitStack()
        self._transfers: Transfers | None = None

    async def __aenter__(self) -> Self:
        self._turns = Turns(self._limits)
        transfers = Transfers(self._allowed, self._limits.connections, self._lookup)
        self._transfers = await self._open.enter_async_context(transfers)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._transfers = None
        await self._open.aclose()

    async def fetch(self, feed: Feed) -> Fetched | NotModified | Problem:
        """Ask for ``feed`` once, echoing its validators; never raises for what a server does.

        The address asked is that of a proven redirect, if there is one. Without validators where the server's "not
        modified" is not to be believed, or has to be checked.
        """
        start = first_address(feed.polling.fetch_url or feed.url)
        if isinstance(start, Problem):
            return start
        is_whole = feed.polling.distrusts_304 or asks_fully(feed, self._clock())
        errand = _Errand(start, _ACCEPT, self._limits, () if is_whole else _validators(feed))
        answer = await self._follow(errand)
        return answer if isinstance(answer, Problem) else answers.poll_outcome(answer, self._limits, self._clock())

    async def get(self, url: str, *, accept: str, limits: Limits | None = None) -> Page | Problem:
        """Get a page, a robots.txt or the like, by the same rules; never raises for what a server does.

        A status such as 404 is a `Page` too; a `Problem` is what brings no answer, or asks to wait or for a person.
        ``limits`` hold for this one, but for what concerns the host.
        """
        start = first_address(url)
        if isinstance(start, Problem):
            return start
        limits = limits or self._limits
        answer = await self._follow(_Errand(start, f"Accept: {accept}".encode(), limits))
        if isinstance(answer, Problem):
            return answer
        if problem := answers.withheld(answer, self._clock()):
            return problem
        body = answers.content(answer, limits) if answer.head.status == HTTPStatus.OK else b""
        if isinstance(body, Problem):
            return body
        return Page(answer.shown_url, answer.head.status, body, answers.content_type(answer))

    async def post_form(self, url: str, fields: Mapping[str, str]) -> Page | Problem:
        """Send a form, as WebSub hubs take it, by the same rules; the body of the `Page` is there whatever its status,
        since it says what was wrong.
        """
        start = first_address(url)
        if isinstance(start, Problem):
            return start
        limits = replace(self._limits, wire=_LONGEST_REPLY, inflated=_LONGEST_REPLY)
        answer = await self._follow(_Errand(start, b"Accept: */*", limits, form=urlencode(fields).encode()))
        if isinstance(answer, Problem):
            return answer
        if problem := answers.withheld(answer, self._clock()):
            return problem
        body = answers.content(answer, limits)
        said = b"" if isinstance(body, Problem) else body
        return Page(answer.shown_url, answer.head.status, said, answers.content_type(answer))

    async def _follow(self, errand: _Errand) -> Answer | Problem:
        """Go from hop to hop; each is checked like the first, and takes its turn at its host."""
        if self._transfers is None:
            raise RuntimeError("Fetcher is used outside of its 'async with' block")
        # What moved is stored without user and password, which could then not be sent: such feeds stay where they are.
        url, seconds, is_permanent = errand.start, errand.limits.seconds, errand.start.user is None
        first_key = key = _key(url)
        for hop in range(errand.limits.hops + 1):
            try:
                async with self._turns.at(key):
                    transfer = await self._one_hop(self._transfers, errand, url, seconds)
            except NoTurnError:
                return faults.no_turn(url, self._limits.seconds_in_line)
            answer = _answer(errand, url, transfer)
            if isinstance(answer, Problem):
                return answer
            if not errand.redirects(answer.head.status):
                if not hop:
                    return answer
                moved_to = answer.shown_url if is_permanent else None
                return replace(answer, is_same_host=key == first_key, moved_to=moved_to)
            is_permanent = is_permanent and answer.head.status in _PERMANENT
            target = next_address(errand.start, url, answer.head.fields.get("location", ""))
            if isinstance(target, Problem):
                return target
            url, key, seconds = target, _key(target), seconds - transfer.seconds
        return faults.too_many_redirects(str(errand.start), errand.limits.hops)

    async def _one_hop(self, transfers: Transfers, errand: _Errand, url: URL, seconds: float) -> Transfer:
        headers = (self._user_agent(), errand.accept, _ACCEPT_ENCODING, *errand.validators_at(url))
        request = Request(
            str(url), url.raw_host or "", url.port or 0, headers, seconds, errand.limits.wire, errand.form
        )
        return await transfers.perform(request)

    def _user_agent(self) -> bytes:
        """Tell who asks, how to complain, and for how many people, as hosts of feeds count them."""
        if self._identity_of != self.subscribers:
            self._identity_of = self.subscribers
            people = f"{self.subscribers} subscriber{'s' if self.subscribers > 1 else ''}" if self.subscribers else ""
            about = "; ".join(part for part in (self._contact and f"+{self._contact}", people) if part)
            self._identity = f"User-Agent: Tocsin/{__version__}{about and f' ({about})'}".encode()
        return self._identity


def _key(url: URL) -> str:
    return key_of((url.raw_host or "").lower(), str(url))


def _validators(feed: Feed) -> tuple[bytes, ...]:
    """Write the fields of a conditional request: what the server sent, byte for byte (RFC 9110 13.1).

    With a tag to compare, a server may send what is new alone (RFC 3229).
    """
    lines: list[bytes] = []
    if etag := caching.validator(feed.etag):
        lines += [f"If-None-Match: {etag}".encode("latin-1"), b"A-IM: feed"]
    if modified := caching.validator(feed.last_modified):
        lines.append(f"If-Modified-Since: {modified}".encode("latin-1"))
    return tuple(lines)


def _answer(errand: _Errand, url: URL, transfer: Transfer) -> Answer | Problem:
    """Take an answer as whole as it is needed: of a redirect or a refusal the head will do."""
    if transfer.code == pycurl.E_OPERATION_TIMEDOUT:
        return faults.timeout(errand.start, errand.limits.seconds)
    if transfer.code and (not transfer.status or transfer.status in _WITH_BODY):
        if transfer.code == pycurl.E_FILESIZE_EXCEEDED:
            return faults.too_big(url, errand.limits.wire, "over the wire")
        return faults.broken(url, transfer)
    head = read_head(transfer.status, transfer.lines, errand.limits)
    if head is None:
        return faults.bad_head(
            url, f"over {errand.limits.headers} header fields, or one over {errand.limits.header} bytes"
        )
    is_home = url is errand.start or url.origin() == errand.start.origin()
    return Answer(url, head, transfer.body, is_conditional=is_home and bool(errand.validators), is_home=is_home)
