"""Feeds: which there are, and how the last poll of each ended. Who polls them, and when, is in `claims`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

import sqlalchemy as sa
from pydantic import TypeAdapter

from tocsin.models.feeds import Feed, Polling, ProblemKind
from tocsin.models.ids import FeedId
from tocsin.models.watchlist import FeedSource
from tocsin.store.columns import AnyRow
from tocsin.store.tables import articles, feeds, matches
from tocsin.store.upsert import insert

FirstCheck = Callable[[str], datetime]
HostOf = Callable[[str], str]

_LEARNT = (
    "host",
    "etag",
    "last_modified",
    "body_hash",
    "checked_at",
    "succeeded_at",
    "changed_at",
    "failures",
    "problem",
    "problem_kind",
    "interval",
    "stopped_at",
    "pushed_until",
)
_POLLINGS: TypeAdapter[Polling] = TypeAdapter(Polling)

_FIELDS = [field.name for field in fields(Feed)]
_TAGS, _KIND, _POLLING = map(_FIELDS.index, ("tags", "problem_kind", "polling"))
FEED_COLUMNS = [
    # As text: pydantic reads JSON faster than what it was made into.
    sa.type_coerce(feeds.c.polling, sa.Text).label("polling") if name == "polling" else feeds.c[name]
    for name in _FIELDS
]
"""The columns that `feed_of` makes a feed of, in the order of its fields."""


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
    wanted = {source.url for source in sources}
    listed = connection.execute(sa.select(feeds.c.id, feeds.c.url).where(feeds.c.active))
    gone = [{"feed": row.id} for row in listed if row.url not in wanted]
    if gone:
        connection.execute(sa.update(feeds).where(feeds.c.id == sa.bindparam("feed")).values(active=False), gone)
    rows = [_row(source, now, first_check_at(source.url), host_of(source.url)) for source in sources]
    if rows:
        connection.execute(_upsert(connection), rows)


def _row(source: FeedSource, now: datetime, first_check_at: datetime, host: str) -> dict[str, object]:
    return {
        "url": source.url,
        "title": source.title or source.url,
        "title_given": source.title is not None,
        "language": source.language,
        "home": source.home,
        "tags": list(source.tags),
        "active": True,
        "added_at": now,
        "next_check_at": first_check_at,
        "host": host,
        "every": source.every,
        "full_text": source.full_text,
        "backlog": source.backlog,
        "retention": source.retention,
        "polling": polling_json(Polling()),
    }


def _upsert(connection: sa.Connection) -> sa.Executable:
    """Add feeds, or change what the watchlist says of those that are there; not what polls have taught us."""
    added = insert(connection, feeds)
    said = added.excluded
    told = ("language", "home", "tags", "every", "full_text", "backlog", "retention", "title_given", "active")
    # Beside these the columns are as they were: without a given title the feed's own shows again at once, and one that
    # comes back starts anew, yet never sooner than it was due.
    stays = sa.or_(feeds.c.active, feeds.c.next_check_at > said.next_check_at)
    changed = {name: said[name] for name in told} | {
        "title": sa.case((said.title_given, said.title), else_=sa.func.coalesce(feeds.c.own_title, feeds.c.url)),
        "added_at": sa.case((feeds.c.active, feeds.c.added_at), else_=said.added_at),
        "next_check_at": sa.case((stays, feeds.c.next_check_at), else_=said.next_check_at),
        "stopped_at": sa.case((feeds.c.active, feeds.c.stopped_at), else_=None),
    }
    return added.on_conflict_do_update(index_elements=[feeds.c.url], set_=changed)


@dataclass(frozen=True, slots=True)
class PollRecord:
    """A feed before and after a poll under a lease. ``title`` is what its document calls itself, None if unknown."""

    before: Feed
    after: Feed
    lease: str
    title: str | None = None


_LEASES = (
    sa.select(feeds.c.id, feeds.c.lease)
    .where(feeds.c.id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(feeds.c.id)
    .with_for_update(of=feeds)
)


def hold_leases(connection: sa.Connection, leases: Mapping[FeedId, str]) -> set[FeedId]:
    """Lock the rows of feeds and give those that are still under these leases."""
    rows = connection.execute(_LEASES, {"ids": list(leases)})
    return {FeedId(row.id) for row in rows if row.lease == leases[FeedId(row.id)]}


def record_polls(connection: sa.Connection, records: Iterable[PollRecord]) -> None:
    """End polls whose leases are held: write what changed of their feeds, and give the leases back."""
    statements: dict[tuple[str, ...], list[dict[str, object]]] = {}
    for record in records:
        values = _changes(record)
        row = {f"new_{name}": value for name, value in values.items()}
        statements.setdefault(tuple(sorted(values)), []).append(row | {"feed": record.after.id})
    for names, rows in sorted(statements.items()):
        change = sa.update(feeds).where(feeds.c.id == sa.bindparam("feed"))
        written: dict[str, object] = {name: sa.bindparam(f"new_{name}", type_=feeds.c[name].type) for name in names}
        if "title" in names:
            written["title"] = sa.case((feeds.c.title_given, feeds.c.title), else_=written["title"])
        connection.execute(change.values(lease=None, lease_until=None, **written), rows)


def _changes(record: PollRecord) -> dict[str, object]:
    """Give the columns that a poll changed; what the watchlist says of the feed is not a poll's to write."""
    before, after = record.before, record.after
    values: dict[str, object] = {
        name: getattr(after, name) for name in _LEARNT if getattr(after, name) != getattr(before, name)
    }
    values["next_check_at"] = after.next_check_at
    if "problem_kind" in values:
        values["problem_kind"] = after.problem_kind and after.problem_kind.value
    if after.polling != before.polling:
        values["polling"] = polling_json(after.polling)
    if record.title and record.title != before.title:
        values |= {"own_title": record.title, "title": record.title}
    return values


def count_matches(connection: sa.Connection, since: datetime) -> None:
    """Write with each feed how many matches its articles have had since then; withdrawn ones do not count."""
    lately = (
        sa.select(articles.c.feed_id, sa.func.count().label("number"))
        .join(matches, matches.c.article_id == articles.c.id)
        .where(matches.c.matched_at >= since, matches.c.withdrawn_at.is_(None))
        .group_by(articles.c.feed_id)
        .cte("lately")
    )
    number = sa.select(lately.c.number).where(lately.c.feed_id == feeds.c.id).scalar_subquery()
    counted = sa.func.coalesce(number, 0)
    connection.execute(sa.update(feeds).where(feeds.c.matches != counted).values(matches=counted))


def list_feeds(connection: sa.Connection, *, active_only: bool = True) -> list[Feed]:
    """All feeds by title."""
    query = sa.select(*FEED_COLUMNS).order_by(sa.func.lower(feeds.c.title), feeds.c.id)
    if active_only:
        query = query.where(feeds.c.active)
    return [feed_of(row) for row in connection.execute(query)]


def tags_of(connection: sa.Connection, ids: Collection[FeedId]) -> dict[FeedId, tuple[str, ...]]:
    """Give the tags of feeds, active or not, by id."""
    query = sa.select(feeds.c.id, feeds.c.tags).where(feeds.c.id.in_(ids))
    return {FeedId(row.id): tuple(row.tags) for row in connection.execute(query)} if ids else {}


def urls_of(connection: sa.Connection, ids: Collection[FeedId]) -> dict[FeedId, str]:
    """Give the addresses of feeds, active or not, by id."""
    query = sa.select(feeds.c.id, feeds.c.url).where(feeds.c.id.in_(ids))
    return {FeedId(row.id): row.url for row in connection.execute(query)} if ids else {}


def feed_of(row: AnyRow) -> Feed:
    """Make the record of a row that begins with FEED_COLUMNS."""
    values = list(row[: len(FEED_COLUMNS)])
    values[_TAGS] = tuple(values[_TAGS])
    values[_KIND] = values[_KIND] and ProblemKind(values[_KIND])
    values[_POLLING] = _POLLINGS.validate_json(values[_POLLING])
    return Feed(*values)


def polling_json(polling: Polling) -> object:
    """Turn what polls have taught us into what JSON can hold."""
    return _POLLINGS.dump_python(polling, mode="json", exclude_defaults=True)
