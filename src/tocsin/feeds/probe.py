"""Looking at one feed as a scheduler would, once: what it is, how it behaves, and when it would be asked again.

A thin runner over the fetcher, and the pure remarks on what it saw. Nothing is stored.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from tocsin.feeds.discover import Parse
from tocsin.feeds.hosts import host_key
from tocsin.feeds.outcomes import News, after_document
from tocsin.feeds.parse import parse_feed
from tocsin.models.feeds import Feed, Fetched, NotModified, ParsedFeed, Problem, ProblemKind
from tocsin.models.ids import FeedId

PAUSE: Final = 1.0
"""Seconds between the two requests."""

_HEAVY: Final = 2_000_000


class Fetches(Protocol):
    """What asks publishers: `tocsin.feeds.fetch.Fetcher`."""

    async def fetch(self, feed: Feed) -> Fetched | NotModified | Problem:
        """Ask for a feed once; what goes wrong is a value."""
        ...


@dataclass(frozen=True, slots=True)
class Probe:
    """What two requests for a feed showed.

    ``feed`` is its state after the first; ``again`` is the answer to the second, which echoed the validators of the
    first, None where there were none to echo.
    """

    feed: Feed
    fetched: Fetched
    parsed: ParsedFeed
    again: Fetched | NotModified | Problem | None

    @property
    def dates(self) -> tuple[datetime, datetime] | None:
        """The times of the oldest and the newest entry, None where no entry has one."""
        dated = [entry.published_at for entry in self.parsed.entries if entry.published_at]
        return (min(dated), max(dated)) if dated else None


async def probe(
    fetcher: Fetches,
    url: str,
    now: datetime,
    *,
    shortest: timedelta,
    pause: float = PAUSE,
    parse: Parse = parse_feed,
) -> Probe | Problem:
    """Ask for the feed at ``url``, and once more after ``pause`` seconds where it gave validators.

    ``parse`` reads documents; ``shortest`` is the least time between two polls that the settings allow.
    """
    stranger = Feed(FeedId(0), url, url, None, None, (), True, now, now, host=host_key(url))
    answer = await fetcher.fetch(stranger)
    if isinstance(answer, Problem):
        return answer
    if isinstance(answer, NotModified):  # a server that answers so to a request without validators is at fault
        return Problem(ProblemKind.HTTP, f"{url} answers 'not modified' to a first request; tell the publisher")
    parsed = parse(answer.body, answer.content_type, answer.url)
    if isinstance(parsed, Problem):
        return parsed
    feed = after_document(stranger, answer, parsed, News(), now, shortest)
    again = None
    if feed.etag or feed.last_modified:
        await asyncio.sleep(pause)
        again = await fetcher.fetch(feed)
    return Probe(feed, answer, parsed, again)


def remarks(probe: Probe, now: datetime) -> tuple[str, ...]:
    """Say in words what is odd about a feed, with what a publisher or the watchlist could do about it."""
    return (*_on_address(probe), *_on_caching(probe), *_on_contents(probe, now))


def _on_address(probe: Probe) -> Iterator[str]:
    moved = probe.fetched.moved_to
    if moved:
        yield f"it says that it has moved for good; if that is so, write {moved} into the watchlist"
    elif probe.fetched.url.partition(":")[0] == "https" and probe.feed.url.lower().startswith("http:"):
        yield f"it is served over https; write {probe.fetched.url} into the watchlist"


def _on_caching(probe: Probe) -> Iterator[str]:
    match probe.again:
        case None:
            yield "it sends neither ETag nor Last-Modified: every poll costs the whole feed, so it is asked less often"
        case Fetched(body=body) if body == probe.fetched.body:
            yield "it sends validators but not 304 for an unchanged feed; tell the publisher"
        case Problem(message=message):
            yield f"it answered once and then failed: {message}"
    if len(probe.fetched.body) > _HEAVY:
        yield f"it is heavy: {len(probe.fetched.body) / 1e6:.1f} MB; ask the publisher for a shorter one"


def _on_contents(probe: Probe, now: datetime) -> Iterator[str]:
    if probe.parsed.note:
        yield probe.parsed.note
    entries = probe.parsed.entries
    if not entries:
        yield "it has no entries"
        return
    undated = sum(entry.published_at is None for entry in entries)
    if undated:
        yield f"{undated} of {len(entries)} entries have no usable date: the time they are first seen takes its place"
    if not any(entry.text for entry in entries):
        yield "its entries are titles only; full_text: true reads their pages"
    if probe.dates and now - probe.dates[1] > timedelta(days=30):
        yield f"its newest entry is of {probe.dates[1]:%Y-%m-%d}: it may have been given up"
