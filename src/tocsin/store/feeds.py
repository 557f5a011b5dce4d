"""Feeds: which there are, which are due, who polls them now, and how the last poll ended."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from pydantic import TypeAdapter

from tocsin.models.feeds import Feed, Fetched, NotModified, Polling, ProblemKind
from tocsin.models.ids import FeedId
from tocsin.models.watchlist import FeedSource
from tocsin.store.columns import AnyRow, UtcDateTime
from tocsin.store.tables import feeds
from tocsin.store.upsert import insert

FirstCheck = Callable[[str], datetime]
HostOf = Callable[[str], str]

_POLLINGS: TypeAdapter[Polling] = TypeAdapter(Polling)


def sync_feeds(
    connection: sa.Connection,
    sources: Sequence[FeedSource],
    now: datetime,
    first_check_at: FirstCheck,
    host_of: HostOf,
) -> None:
    """Make the feeds of the watchlist the active ones.

    A new feed is first checked at ``first_check_at(url)``. One that left the watchlist keeps its articles and is no
    longer polled; when it comes back, it counts as added at ``now``.
    """
    urls = [source.url for source in sources]
    connection.execute(sa.update(feeds).where(feeds.c.active, feeds.c.url.not_in(urls)).values(active=False))
    for source in sources:
        _sync_feed(connection, source, now, first_check_at(source.url), host_of(source.url))


def _sync_feed(
    connection: sa.Connection, source: FeedSource, now: datetime, first_check_at: datetime, host: str
) -> None:
    told = {
        "language": source.language,
        "home": source.home,
        "tags": list(source.tags),
        "every": source.every,
        "full_text": source.full_text,
        "backlog": source.backlog,
        "retention": source.retention,
        "title_given": source.title is not None,
        "active": True,
    }
    new = told | {
        "url": source.url,
        "title": source.title or source.url,
        "added_at": now,
        "next_check_at": first_check_at,
        "host": host,
        "polling": polling_json(Polling()),
    }
    # On the right the columns are as they were: without a given title the feed's own shows again at once.
    changed = told | {
        "title": source.title or sa.func.coalesce(feeds.c.own_title, feeds.c.url),
        "added_at": sa.case((feeds.c.active, feeds.c.added_at), else_=sa.literal(now, UtcDateTime)),
    }
    connection.execute(
        insert(connection, feeds).values(**new).on_conflict_do_update(index_elements=[feeds.c.url], set_=changed)
    )


def claim_due_feeds(
    connection: sa.Connection, now: datetime, *, lease: str, lease_for: timedelta, limit: int
) -> list[Feed]:
    """Lease up to ``limit`` feeds that are due at ``now``, the longest overdue first; no other scheduler gets them
    meanwhile.
    """
    due = (
        sa.select(feeds)
        .where(feeds.c.active, feeds.c.next_check_at <= now)
        .where(sa.or_(feeds.c.lease_until.is_(None), feeds.c.lease_until <= now))
        .order_by(feeds.c.next_check_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = connection.execute(due).all()
    if rows:
        ids = [row.id for row in rows]
        leased = sa.update(feeds).where(feeds.c.id.in_(ids)).values(lease=lease, lease_until=now + lease_for)
        connection.execute(leased)
    return [feed_of(row) for row in rows]


def record_answer(
    connection: sa.Connection,
    feed: Feed,
    answer: Fetched | NotModified,
    *,
    lease: str,
    now: datetime,
    next_check_at: datetime,
    title: str | None,
    body_hash: str | None,
    note: str | None,
) -> bool:
    """End a poll that succeeded and give the lease back; False if the lease was lost meanwhile, and then the caller
    must roll back.

    A 304 keeps the stored validators it does not replace (RFC 9111 3.2); a 200 replaces both, even by nothing.
    """
    keeps = isinstance(answer, NotModified)
    values: dict[str, object] = {
        "etag": answer.etag or (feed.etag if keeps else None),
        "last_modified": answer.last_modified or (feed.last_modified if keeps else None),
        "body_hash": body_hash or feed.body_hash,
        "checked_at": now,
        "succeeded_at": now,
        "next_check_at": next_check_at,
        "failures": 0,
        "problem": note,
        "lease": None,
        "lease_until": None,
    }
    if body_hash is not None and body_hash != feed.body_hash:
        values["changed_at"] = now
    if title:
        values["own_title"] = title
        values["title"] = sa.case((feeds.c.title_given, feeds.c.title), else_=title)
    ours = sa.update(feeds).where(feeds.c.id == feed.id, feeds.c.lease == lease)
    return connection.execute(ours.values(**values)).rowcount == 1


def record_problem(
    connection: sa.Connection, feed_id: FeedId, message: str, *, lease: str, now: datetime, next_check_at: datetime
) -> bool:
    """End a poll that failed and give the lease back; False if the lease was lost meanwhile."""
    ours = sa.update(feeds).where(feeds.c.id == feed_id, feeds.c.lease == lease)
    values = {"checked_at": now, "next_check_at": next_check_at, "problem": message, "lease": None, "lease_until": None}
    return connection.execute(ours.values(failures=feeds.c.failures + 1, **values)).rowcount == 1


def list_feeds(connection: sa.Connection, *, active_only: bool = True) -> list[Feed]:
    """All feeds by title."""
    query = sa.select(feeds).order_by(sa.func.lower(feeds.c.title), feeds.c.id)
    if active_only:
        query = query.where(feeds.c.active)
    return [feed_of(row) for row in connection.execute(query)]


def tags_of(connection: sa.Connection, ids: Collection[FeedId]) -> dict[FeedId, tuple[str, ...]]:
    """Give the tags of feeds, active or not, by id."""
    query = sa.select(feeds.c.id, feeds.c.tags).where(feeds.c.id.in_(ids))
    return {FeedId(row.id): tuple(row.tags) for row in connection.execute(query)} if ids else {}


def feed_of(row: AnyRow) -> Feed:
    """Make the record of a row of the table ``feeds``."""
    columns = dict(row._mapping)  # noqa: SLF001 -- SQLAlchemy's public name for a row's columns
    for name in ("title_given", "own_title", "lease", "lease_until"):
        del columns[name]
    columns["tags"] = tuple(columns["tags"])
    columns["problem_kind"] = columns["problem_kind"] and ProblemKind(columns["problem_kind"])
    columns["polling"] = _POLLINGS.validate_python(columns["polling"])
    return Feed(**columns)


def polling_json(polling: Polling) -> object:
    """Turn what polls have taught us into what JSON can hold."""
    return _POLLINGS.dump_python(polling, mode="json", exclude_defaults=True)
