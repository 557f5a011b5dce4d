"""Health over all feeds: states in SQL for lists and sums, arrivals of articles, and who is silent.

Sums and pages must be cheap with a hundred thousand feeds, so a row's state is decided by the database; for a single
feed `tocsin.feeds.health.health_of` says the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter

from tocsin.models.articles import Article
from tocsin.models.feeds import Feed, ProblemKind, Rhythm
from tocsin.models.health import VOLUME_DAYS, HealthState, Volume
from tocsin.models.ids import FeedId
from tocsin.store.articles import ARTICLE_COLUMNS, article_of
from tocsin.store.columns import AnyRow, UtcDateTime
from tocsin.store.feeds import FEED_COLUMNS, feed_of
from tocsin.store.tables import articles, feeds, hosts

DAY = timedelta(days=1)

_RHYTHMS: TypeAdapter[Rhythm] = TypeAdapter(Rhythm)


@dataclass(frozen=True, slots=True)
class QuietFeed:
    """What tells whether a feed may be silent: when it was read last, and what it brought when, as far as is known.

    ``gaps`` are the times between polls that brought something new, ``newest_at`` is the last of those polls.
    """

    id: FeedId
    url: str
    added_at: datetime
    succeeded_at: datetime
    silent_since: datetime | None
    newest_at: datetime
    gaps: tuple[timedelta, ...]


def state_of_row(now: datetime) -> sa.Case[str]:
    """Give the expression for the state of a row of `feeds` as `feeds_with_hosts` joins it."""
    failed = feeds.c.failures > 0
    waits = sa.or_(failed, hosts.c.wait_until > sa.literal(now, UtcDateTime))
    # The first field of the record, left out while it is None: a look at the beginning of a long text is enough.
    moved = sa.type_coerce(feeds.c.polling, sa.Text).like('{"fetch_url":"%')
    return sa.case(
        (feeds.c.stopped_at.is_not(None), HealthState.STOPPED.value),
        (failed & (feeds.c.problem_kind == ProblemKind.BLOCKED.value), HealthState.BLOCKED.value),
        (failed & (feeds.c.problem_kind == ProblemKind.NOT_A_FEED.value), HealthState.NOT_A_FEED.value),
        (failed & feeds.c.problem_kind.is_distinct_from(ProblemKind.RATE_LIMITED.value), HealthState.FAILING.value),
        (feeds.c.silent_since.is_not(None), HealthState.SILENT.value),
        (waits, HealthState.WAITING.value),
        (feeds.c.checked_at.is_(None), HealthState.NEW.value),
        (moved, HealthState.MOVED.value),
        (feeds.c.problem.is_not(None), HealthState.REMARK.value),
        else_=HealthState.WELL.value,
    )


def feeds_with_hosts() -> sa.Join:
    """Give the feeds with the rows of their hosts, where there are any."""
    return feeds.join(hosts, hosts.c.key == feeds.c.host, isouter=True)


def judged_feeds(now: datetime, *columns: sa.ColumnElement[Any]) -> sa.CTE:
    """Give the active feeds with their ``state`` and further columns, to be grouped by it.

    Materialised, since SQLite would otherwise sort the feeds with all that their states are judged by.
    """
    query = sa.select(state_of_row(now).label("state"), *columns).select_from(feeds_with_hosts())
    return query.where(feeds.c.active).cte("judged").prefix_with("MATERIALIZED")


def count_states(connection: sa.Connection, now: datetime) -> dict[HealthState, int]:
    """Count the active feeds by state; every state is in it."""
    judged = judged_feeds(now)
    query = sa.select(judged.c.state, sa.func.count().label("n")).group_by(judged.c.state)
    counts = {HealthState(row.state): row.n for row in connection.execute(query)}
    return {state: counts.get(state, 0) for state in HealthState}


def feeds_by_state(
    connection: sa.Connection, now: datetime, states: Sequence[HealthState] = (), *, limit: int, offset: int = 0
) -> list[Feed]:
    """Give active feeds in the given states, or in any: the worst first, and then by title."""
    state = state_of_row(now)
    worst_first = sa.case({each.value: rank for rank, each in enumerate(HealthState)}, value=state)
    query = (
        sa.select(*FEED_COLUMNS)
        .select_from(feeds_with_hosts())
        .where(feeds.c.active)
        .order_by(worst_first, sa.func.lower(feeds.c.title), feeds.c.id)
        .limit(limit)
        .offset(offset)
    )
    if states:
        query = query.where(state.in_([each.value for each in states]))
    return [feed_of(row) for row in connection.execute(query)]


def get_feed(connection: sa.Connection, feed_id: FeedId) -> Feed | None:
    """Give a feed, active or not."""
    row = connection.execute(sa.select(*FEED_COLUMNS).where(feeds.c.id == feed_id)).one_or_none()
    return feed_of(row) if row else None


def held_hosts(connection: sa.Connection, now: datetime) -> dict[str, datetime]:
    """Give the keys of the hosts that want to be left alone, and until when."""
    query = sa.select(hosts.c.key, hosts.c.wait_until).where(hosts.c.wait_until > now)
    return {row.key: row.wait_until for row in connection.execute(query)}


def arrivals(connection: sa.Connection, ids: Sequence[FeedId], since: datetime) -> dict[FeedId, dict[datetime, int]]:
    """Tell when the feeds brought something new, and how many articles each time, the latest last.

    Backlog does not count: it says when a feed was added, not when it published.
    """
    query = (
        sa.select(articles.c.feed_id, articles.c.first_seen_at, sa.func.count().label("n"))
        .where(articles.c.feed_id.in_(ids), articles.c.first_seen_at >= since, articles.c.backlog.is_(False))
        .group_by(articles.c.feed_id, articles.c.first_seen_at)
        .order_by(articles.c.feed_id, articles.c.first_seen_at)
    )
    found: dict[FeedId, dict[datetime, int]] = {feed_id: {} for feed_id in ids}
    for row in connection.execute(query):
        found[row.feed_id][row.first_seen_at] = row.n
    return found


def volumes_of(connection: sa.Connection, among: Sequence[Feed], now: datetime) -> dict[FeedId, Volume]:
    """Count what each of the feeds brought, day by day."""
    found = arrivals(connection, [feed.id for feed in among], now - VOLUME_DAYS * DAY)
    return {feed.id: _by_day(found[feed.id], feed.added_at, now) for feed in among}


def _by_day(brought: Mapping[datetime, int], added_at: datetime, now: datetime) -> Volume:
    watched = max(1, min(VOLUME_DAYS, -((added_at - now) // DAY)))
    days = [0] * watched
    for at, number in brought.items():
        age = max(0, (now - at) // DAY)
        if age < watched:
            days[watched - 1 - age] += number
    return Volume(tuple(days))


def quiet_feeds(
    connection: sa.Connection, after: FeedId, *, least: timedelta, limit: int
) -> tuple[list[QuietFeed], FeedId | None]:
    """Give, of the next ``limit`` feeds by number, those that are silent or bring nothing new since ``least`` or longer
    although they answer; and the last number, None where there are no more.

    Only what is needed is read: a hundred thousand feeds are walked through every few minutes.
    """
    columns = (feeds.c.id, feeds.c.url, feeds.c.added_at, feeds.c.succeeded_at, feeds.c.silent_since, feeds.c.polling)
    # Whether a feed is polled at all is asked here: asked in SQL, its index would win, and each batch sort all feeds.
    query = sa.select(*columns, feeds.c.active, feeds.c.failures).where(feeds.c.id > after)
    rows = connection.execute(query.order_by(feeds.c.id).limit(limit)).all()
    answering = (row for row in rows if row.active and not row.failures and row.succeeded_at)
    found = [quiet for row in answering if (quiet := _quiet_feed(row, least)) is not None]
    return found, FeedId(rows[-1].id) if len(rows) == limit else None


def _quiet_feed(row: AnyRow, least: timedelta) -> QuietFeed | None:
    told = row.polling.get("rhythm") or {}
    newest_at = told.get("newest_at")
    if newest_at is None:
        return None
    if row.silent_since is None and row.succeeded_at - datetime.fromisoformat(newest_at) < least:
        return None  # most feeds end here; their gaps need not be read
    rhythm = _RHYTHMS.validate_python(told)
    return QuietFeed(
        id=row.id,
        url=row.url,
        added_at=row.added_at,
        succeeded_at=row.succeeded_at,
        silent_since=row.silent_since,
        newest_at=rhythm.newest_at or row.succeeded_at,
        gaps=rhythm.gaps,
    )


def set_silent(connection: sa.Connection, since: Mapping[FeedId, datetime | None]) -> None:
    """Note of each feed since when it is silent, or, by None, that it is not."""
    change = sa.update(feeds).where(feeds.c.id == sa.bindparam("feed")).values(silent_since=sa.bindparam("since"))
    if since:
        connection.execute(change, [{"feed": feed_id, "since": at} for feed_id, at in since.items()])


def latest_of_feed(connection: sa.Connection, feed_id: FeedId, *, limit: int) -> list[Article]:
    """Give the articles of a feed that were stored last, the newest first."""
    newest = (
        sa.select(articles.c.id)
        .where(articles.c.feed_id == feed_id)
        .order_by(articles.c.first_seen_at.desc(), articles.c.published_at.desc(), articles.c.id.desc())
        .limit(limit)
    )
    query = sa.select(*ARTICLE_COLUMNS).join(feeds, feeds.c.id == articles.c.feed_id).where(articles.c.id.in_(newest))
    found = [article_of(row) for row in connection.execute(query)]
    return sorted(found, key=lambda article: (article.published_at, article.id), reverse=True)
