"""Taking in what a poll brought: new and changed articles and the feed's state, in one transaction."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from tocsin.errors import LeaseLostError
from tocsin.feeds.dates import clamp_published
from tocsin.feeds.dedupe import changes
from tocsin.feeds.next_check import next_check_at
from tocsin.models.feeds import Entry, Feed, Fetched, NotModified, ParsedFeed, Problem
from tocsin.models.ids import ArticleId
from tocsin.store import articles, feeds

FIRST_CONTACT = timedelta(hours=24)
"""What is older than this when a feed is first read, or without a date, is backlog: nobody wants to be alerted of last
month's news.
"""


@dataclass(frozen=True, slots=True)
class Poll:
    """A feed under lease, and how often feeds are polled."""

    feed: Feed
    lease: str
    interval: timedelta


def body_hash(fetched: Fetched) -> str:
    """Give the SHA-256 of a body, hex."""
    return hashlib.sha256(fetched.body).hexdigest()


def record_failure(connection: sa.Connection, poll: Poll, problem: Problem, now: datetime) -> None:
    """Record a failed poll.

    Raises:
        LeaseLostError: Another scheduler may hold the feed now.

    """
    failures = poll.feed.failures + 1
    due = next_check_at(
        poll.feed.id, problem.kind, failures=failures, now=now, interval=poll.interval, retry_at=problem.retry_at
    )
    recorded = feeds.record_problem(
        connection, poll.feed.id, problem.message, lease=poll.lease, now=now, next_check_at=due
    )
    _still_ours(recorded, poll)


def record_unchanged(connection: sa.Connection, poll: Poll, answer: Fetched | NotModified, now: datetime) -> None:
    """Record a poll that brought nothing new.

    Raises:
        LeaseLostError: Another scheduler may hold the feed now.

    """
    recorded = feeds.record_answer(
        connection,
        poll.feed,
        answer,
        lease=poll.lease,
        now=now,
        next_check_at=_due(poll, answer, now),
        title=None,
        body_hash=None,
        note=poll.feed.problem if poll.feed.failures == 0 else None,
    )
    _still_ours(recorded, poll)


def take_in(
    connection: sa.Connection, poll: Poll, fetched: Fetched, parsed: ParsedFeed, now: datetime
) -> list[ArticleId]:
    """Store new and changed articles and the feed's state, and give the articles that have to be classified.

    Raises:
        LeaseLostError: Another scheduler may hold the feed now; the transaction must be rolled back.

    """
    if not parsed.is_complete:
        # With these the server would answer "not modified", and the part that was cut off would never come.
        fetched = replace(fetched, etag=None, last_modified=None)
    recorded = feeds.record_answer(
        connection,
        poll.feed,
        fetched,
        lease=poll.lease,
        now=now,
        next_check_at=_due(poll, fetched, now),
        title=parsed.title,
        body_hash=body_hash(fetched) if parsed.is_complete else None,
        note=parsed.note,
    )
    _still_ours(recorded, poll)
    known = articles.known_hashes(connection, poll.feed.id, [entry.key for entry in parsed.entries])
    found = changes(parsed.entries, known)
    new = [_new_article(poll.feed, parsed, entry, now) for entry in found.new]
    added = articles.insert_articles(connection, poll.feed.id, new, now)
    changed = [replace(entry, language=_language(poll.feed, parsed, entry)) for entry in found.changed]
    return added + [articles.update_article(connection, poll.feed.id, entry, now) for entry in changed]


def _still_ours(recorded: bool, poll: Poll) -> None:
    if not recorded:
        raise LeaseLostError(f"the poll of {poll.feed.url} took longer than its lease; the next one takes in the same")


def _new_article(feed: Feed, parsed: ParsedFeed, entry: Entry, now: datetime) -> articles.NewArticle:
    return articles.NewArticle(
        entry,
        language=_language(feed, parsed, entry),
        published_at=clamp_published(entry.published_at, now),
        backlog=_is_first_contact(feed) and _is_old(entry, feed.added_at),
    )


def _is_first_contact(feed: Feed) -> bool:
    """Tell whether nothing of the feed was read since it came, or came back, to the watchlist."""
    return feed.succeeded_at is None or feed.succeeded_at < feed.added_at


def _is_old(entry: Entry, added_at: datetime) -> bool:
    # Without dates there is no telling the news from the history: better silent once than ringing for years of it.
    return entry.published_at is None or entry.published_at < added_at - FIRST_CONTACT


def _language(feed: Feed, parsed: ParsedFeed, entry: Entry) -> str | None:
    """Choose the language to go by: the watchlist's word first, since it is there to correct the feed's."""
    return feed.language or entry.language or parsed.language


def _due(poll: Poll, answer: Fetched | NotModified, now: datetime) -> datetime:
    return next_check_at(poll.feed.id, None, failures=0, now=now, interval=poll.interval, max_age=answer.max_age)
