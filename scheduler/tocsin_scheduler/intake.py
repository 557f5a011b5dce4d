"""Taking in what a poll brought: new and changed articles, in the transaction that records the poll."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from tocsin.feeds.backlog import Backlog, backlog_of, last_read_at
from tocsin.feeds.dates import clamp_published
from tocsin.feeds.dedupe import Findings, Update, compare, pruned_entry, unknown_of, without_copies
from tocsin.feeds.kinship import Past
from tocsin.feeds.pages.politeness import page_host
from tocsin.models.feeds import Entry, Feed, Fetched, ParsedFeed
from tocsin.models.ids import ArticleId
from tocsin.store.articles import NewArticle, insert_articles, update_article
from tocsin.store.identity import (
    akin_articles,
    akin_pruned,
    articles_by_key,
    displace_articles,
    known_hashes,
    rename_articles,
    rename_pruned,
)


@dataclass(frozen=True, slots=True)
class Poll:
    """A feed as it was when it was claimed, and the lease it is under."""

    feed: Feed
    lease: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What a document brought: the articles that have to be classified, the times of those new entries that are news,
    and in words what happened to many entries at once.
    """

    ids: tuple[ArticleId, ...] = ()
    new_dates: tuple[datetime, ...] = ()
    note: str | None = None


def take_in(connection: sa.Connection, poll: Poll, fetched: Fetched, parsed: ParsedFeed, now: datetime) -> Taken:
    """Store the new and changed articles of a document, and nothing of its feed's state."""
    feed = poll.feed
    found, shown = _compared(connection, feed, fetched, parsed, now)
    backlog = backlog_of(feed, found.new, shown, now, is_delta=fetched.is_delta)
    new = _new_articles(feed, parsed, found.new, backlog, now)
    displace_articles(connection, [article.id for article in found.displaced])
    added = insert_articles(connection, feed.id, new, now)
    revised = _store_updates(connection, feed, parsed, found.updates, now)
    rename_pruned(connection, feed.id, [(left, pruned_entry(entry)) for left, entry in found.over])
    return Taken(
        ids=(*added, *revised),
        new_dates=tuple(article.published_at for article in new if not article.backlog),
        note="; ".join(note for note in (found.note, backlog.note) if note) or None,
    )


def _compared(
    connection: sa.Connection, feed: Feed, fetched: Fetched, parsed: ParsedFeed, now: datetime
) -> tuple[Findings, int]:
    """Compare a document with what the store knows of the feed; gives also how many entries it shows."""
    if feed.succeeded_at is None:
        # Nothing of a feed that was never read can be known.
        entries = without_copies(parsed.entries, {})
        return Findings(new=entries), len(entries)
    hashes = known_hashes(connection, feed.id, [entry.key for entry in parsed.entries])
    entries = without_copies(parsed.entries, hashes)
    changed = [entry.key for entry in entries if hashes.get(entry.key, entry.content_hash) != entry.content_hash]
    known = articles_by_key(connection, feed.id, changed)
    past = Past(hashes, oldest=now - feed.retention, read_at=last_read_at(feed), changed=known)
    if unknown := unknown_of(entries, past):
        akin, pruned = akin_articles(connection, feed.id, unknown), akin_pruned(connection, feed.id, unknown)
        past = replace(past, akin=akin, pruned=pruned)
    return compare(entries, past, is_delta=fetched.is_delta), len(entries)


def _new_articles(
    feed: Feed, parsed: ParsedFeed, new: Sequence[Entry], backlog: Backlog, now: datetime
) -> list[NewArticle]:
    return [
        NewArticle(
            entry,
            language=_language(feed, parsed, entry),
            published_at=clamp_published(entry.published_at, now),
            backlog=is_backlog,
            # What is old is not worth a request to its publisher.
            page_host=(page_host(entry.url) or None) if feed.full_text and not is_backlog else None,
        )
        for entry, is_backlog in zip(new, backlog.flags, strict=True)
    ]


def _store_updates(
    connection: sa.Connection, feed: Feed, parsed: ParsedFeed, updates: Sequence[Update], now: datetime
) -> list[ArticleId]:
    moved = [update for update in updates if update.article.key != update.entry.key]
    rename_articles(connection, [(update.article.id, update.entry) for update in moved])
    revised = [
        (replace(update.entry, language=_language(feed, parsed, update.entry)), update.is_quiet)
        for update in updates
        if update.is_revised
    ]
    return [update_article(connection, feed.id, entry, now, is_quiet=is_quiet) for entry, is_quiet in revised]


def _language(feed: Feed, parsed: ParsedFeed, entry: Entry) -> str | None:
    """Choose the language to go by: the watchlist's word first, since it is there to correct the feed's."""
    return feed.language or entry.language or parsed.language
