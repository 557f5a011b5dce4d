"""Records for tests, complete and dull; what a test is about it names itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from tocsin.feeds.next_check import check_after_hold
from tocsin.models.articles import Article
from tocsin.models.feeds import Entry, Feed, ProblemKind
from tocsin.models.ids import ArticleId, FeedId, WatchId
from tocsin.models.receipts import Clause, Receipt, Span, TermHit, TextField
from tocsin.models.watchlist import DigestSchedule, FeedSource, QuietPolicy, Subscriber, Watch, Watchlist
from tocsin.store import articles, claims, feeds
from tocsin.store.articles import NewArticle
from tocsin.store.claims import Claimant

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SIEGE = WatchId("siege")
LEASE = "a lease"


def entry(key: str = "one", title: str = "The siege is broken", text: str = "Troops broke the siege.") -> Entry:
    return Entry(
        key=key,
        url=f"https://wire.example/{key}",
        title=title,
        text=text,
        author=None,
        language="en",
        published_at=NOW,
        published_raw="now",
        content_hash=sha256(f"{title}\0{text}".encode()).hexdigest(),
    )


def receipt(watch: WatchId = SIEGE, text: str = "siege") -> Receipt:
    hit = TermHit(Clause.KEYWORDS, "siege", Span(TextField.TITLE, 4, 9, text))
    return Receipt(watch=watch, watch_version="0123456789ab", matched=True, reason="siege in the title", hits=(hit,))


def subscriber(email: str = "zoe@example.org", watches: tuple[WatchId, ...] = (SIEGE,)) -> Subscriber:
    schedule = DigestSchedule(days=(1, 2, 3, 4, 5, 6, 7), at=("07:30",), quiet=QuietPolicy.SHORT)
    return Subscriber(email=email, timezone="Europe/Berlin", watches=watches, digest=schedule)


def watchlist(
    *,
    watches: tuple[Watch, ...] = (Watch(id=SIEGE, title="Siege", keywords=("siege",)),),
    subscribers: tuple[Subscriber, ...] = (),
) -> Watchlist:
    return Watchlist(
        path=Path("watchlist.yaml"),
        source="version: 1\n",
        version="0123456789ab",
        languages=(),
        feeds=(),
        watches=watches,
        channels=(),
        subscribers=subscribers,
    )


def add_feed(connection: sa.Connection, url: str = "https://wire.example/rss") -> Feed:
    """Store a feed that is due now, beside those that are there."""
    known = [FeedSource(url=feed.url) for feed in feeds.list_feeds(connection)]
    feeds.sync_feeds(connection, [*known, FeedSource(url=url)], NOW, lambda _: NOW, str)
    return next(feed for feed in feeds.list_feeds(connection) if feed.url == url)


CLAIMANT = Claimant("a scheduler", 2 * MINUTE, 10 * MINUTE, check_after_hold)


def claimed(connection: sa.Connection, *, at: datetime = NOW, lease: str = LEASE, limit: int = 10) -> list[Feed]:
    """Claim the feeds that are due, as a scheduler does."""
    return claims.claim_due_feeds(connection, at, CLAIMANT, lease=lease, limit=limit)


def poll_ended(
    connection: sa.Connection, feed: Feed, *, lease: str = LEASE, title: str | None = None, **changes: Any
) -> Feed:
    """Record a poll of a claimed feed that changed this much of it."""
    after = replace(feed, **changes)
    feeds.record_polls(connection, [feeds.PollRecord(feed, after, lease, title)])
    return after


def poll_failed(connection: sa.Connection, feed: Feed, words: str, *, at: datetime = NOW, **changes: Any) -> Feed:
    """Record a poll of a claimed feed that failed."""
    failed: dict[str, Any] = {
        "checked_at": at,
        "failures": feed.failures + 1,
        "problem": words,
        "problem_kind": ProblemKind.HTTP,
    }
    return poll_ended(connection, feed, **failed | changes)


def add_articles(connection: sa.Connection, feed_id: FeedId, *entries: Entry, backlog: bool = False) -> list[ArticleId]:
    new = [NewArticle(one, language=one.language, published_at=NOW, backlog=backlog) for one in entries]
    return articles.insert_articles(connection, feed_id, new, NOW)


def add_article(connection: sa.Connection, key: str = "one") -> Article:
    """Store an article, with its feed, and begin to classify it."""
    ids = add_articles(connection, add_feed(connection).id, entry(key))
    return articles.begin_classifying(connection, ids)[0]
