"""From the address of a page to the feeds of its publisher: asks the page, then each address that may be a feed.

A thin runner over the fetcher, one request after the other; what may be a feed is decided in `page_feeds`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from typing import Final, Protocol, TypeAlias

from tocsin.feeds.fetch import Page
from tocsin.feeds.page_feeds import (
    MOST_CANDIDATES,
    Candidate,
    Origin,
    candidates_of,
    is_of_comments,
    news_sitemaps,
    robots_address,
    usual_addresses,
)
from tocsin.feeds.parse import parse_feed
from tocsin.models.feeds import ParsedFeed, Problem, ProblemKind

ACCEPT_PAGE: Final = "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.5"
ACCEPT_FEED: Final = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.8, */*;q=0.1"
)


Parse: TypeAlias = Callable[[bytes, str, str], ParsedFeed | Problem]
"""`tocsin.feeds.parse.parse_feed`, or `Parser.parse`, which no document can harm."""


class Gets(Protocol):
    """What asks for pages: `tocsin.feeds.fetch.Fetcher`."""

    async def get(self, url: str, *, accept: str) -> Page | Problem:
        """Ask for a page once; what goes wrong is a value."""
        ...


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """A feed that was read: ``url`` is the address to poll, ``newest_at`` None where no entry has a date.

    ``same_as`` are other addresses that give the same entries; ``of_comments`` marks one that holds readers' comments.
    """

    url: str
    title: str
    format: str
    language: str | None
    entries: int
    newest_at: datetime | None
    origin: Origin
    of_comments: bool = False
    same_as: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Discovery:
    """What was found for ``url``: feeds, the surest first, and the addresses that are none, with the reason."""

    url: str
    feeds: tuple[FoundFeed, ...]
    rejected: tuple[tuple[str, str], ...] = ()


async def discover(fetcher: Gets, url: str, parse: Parse = parse_feed) -> Discovery | Problem:
    """Find the feeds of a page; a feed's own address is found as itself.

    A page that names none is tried at the usual addresses, and its host's news sitemaps are looked up. A `Problem` says
    why the page could not be read. ``parse`` reads documents.
    """
    page = await fetcher.get(url, accept=ACCEPT_PAGE)
    if isinstance(page, Problem):
        return page
    if page.status != HTTPStatus.OK:
        return Problem(ProblemKind.HTTP, f"{url} answers HTTP {page.status}; check the address in a browser")
    itself = parse(page.body, page.content_type, page.url)
    if isinstance(itself, ParsedFeed):
        return Discovery(url, (_found(Candidate(_settled(url, page.url), "", Origin.ITSELF), itself),))
    named = candidates_of(page.body, page.url)
    discovery = await _verified(fetcher, parse, url, named)
    if itself.kind is not ProblemKind.NOT_A_FEED:  # a feed, but a broken one
        discovery = replace(discovery, rejected=((url, itself.message), *discovery.rejected))
    if any(not feed.of_comments for feed in discovery.feeds):
        return discovery
    guessed = await _verified(fetcher, parse, url, await _guesses(fetcher, page.url), found=discovery.feeds)
    return replace(guessed, rejected=discovery.rejected)


async def _guesses(fetcher: Gets, url: str) -> tuple[Candidate, ...]:
    robots = await fetcher.get(robots_address(url), accept="text/plain, */*;q=0.1")
    sitemaps: tuple[Candidate, ...] = ()
    if not isinstance(robots, Problem) and robots.status == HTTPStatus.OK:
        sitemaps = news_sitemaps(robots.body, robots.url)
    return (*usual_addresses(url), *sitemaps)[:MOST_CANDIDATES]


async def _verified(
    fetcher: Gets, parse: Parse, url: str, candidates: Sequence[Candidate], found: Sequence[FoundFeed] = ()
) -> Discovery:
    """Ask each candidate and keep those that are feeds, one of those that give the same entries."""
    feeds: dict[object, FoundFeed] = {feed.url: feed for feed in found}
    rejected: list[tuple[str, str]] = []
    for candidate in candidates:
        read = await _read(fetcher, parse, candidate.url)
        if isinstance(read, Problem):
            rejected.append((candidate.url, read.message))
            continue
        served, feed = read
        key = _essence(feed) or served
        first = feeds.get(key)
        feeds[key] = _found(replace(candidate, url=served), feed) if first is None else _joined(first, served)
    return Discovery(url, tuple(feeds.values()), tuple(rejected))


async def _read(fetcher: Gets, parse: Parse, url: str) -> tuple[str, ParsedFeed] | Problem:
    """Read the feed at ``url``, and give it with the address to poll."""
    page = await fetcher.get(url, accept=ACCEPT_FEED)
    if isinstance(page, Problem):
        return page
    if page.status != HTTPStatus.OK:
        return Problem(ProblemKind.HTTP, f"{url} answers HTTP {page.status}")
    found = parse(page.body, page.content_type, page.url)
    return found if isinstance(found, Problem) else (_settled(url, page.url), found)


def _settled(asked: str, served: str) -> str:
    """Give the address to poll: over https where a plain one leads there. Other redirects may be for the moment.

    >>> _settled("http://a.example/rss", "https://a.example/rss"), _settled("http://a.example/", "https://b.example/")
    ('https://a.example/rss', 'http://a.example/')
    """
    return served if served.partition(":")[2] == asked.partition(":")[2] else asked


def _essence(feed: ParsedFeed) -> frozenset[str]:
    """Give what feeds in several formats have in common: where their entries lead."""
    return frozenset(entry.url for entry in feed.entries if entry.url)


def _joined(first: FoundFeed, url: str) -> FoundFeed:
    if url == first.url or url in first.same_as:
        return first
    return replace(first, same_as=(*first.same_as, url))


def _found(candidate: Candidate, feed: ParsedFeed) -> FoundFeed:
    return FoundFeed(
        url=candidate.url,
        title=feed.title or candidate.title,
        format=feed.format,
        language=feed.language,
        entries=len(feed.entries),
        newest_at=max((entry.published_at for entry in feed.entries if entry.published_at), default=None),
        origin=candidate.origin,
        of_comments=is_of_comments(candidate.url),
    )
