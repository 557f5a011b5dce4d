"""What digests set their figures against: how much each watch brought before, when it last brought anything, how much
came in at all, and whether an earlier digest failed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache
from statistics import median

import sqlalchemy as sa

from tocsin.models.deliveries import DeliveryState
from tocsin.models.digests import Digest, Window
from tocsin.models.ids import WatchId
from tocsin.models.volumes import CHART_DAYS, WatchVolume
from tocsin.store.columns import AnyRow, UtcDateTime
from tocsin.store.tables import articles, deliveries, digests, matches, watch_hours

WEEKS_COMPARED = 8
WEEKS_NEEDED = 3
"""Of the weeks before; in fewer a watch has no rhythm yet."""

_DAY = timedelta(days=1)
_WEEK = timedelta(weeks=1)

_Span = tuple[datetime, datetime]


def watch_volumes(connection: sa.Connection, watches: Sequence[WatchId], window: Window) -> dict[WatchId, WatchVolume]:
    """Give the volumes of watches, as they stood when a window was closed; one that never brought anything is not in
    it.

    Spans begin and end on the hour, as matches are counted, so that they stay the same whenever they are asked for.
    """
    spans = [*_days(window), *_same_windows(window)]
    values: dict[str, object] = {"watches": watches, "end": _hour(window.end_at)}
    for number, (start, end) in enumerate(spans):
        values |= {f"start{number}": start, f"end{number}": end}
    rows = connection.execute(_brought_in(len(spans)), values) if watches else ()
    return {row.watch: _volume(row, spans) for row in rows}


def last_matches(connection: sa.Connection, watches: Sequence[WatchId], before: datetime) -> dict[WatchId, datetime]:
    """Give the time of the latest standing match of each watch before that time; one without any is not in it."""
    found: dict[WatchId, datetime] = {}
    for watch in watches:
        standing = sa.and_(matches.c.watch == watch, matches.c.matched_at < before, matches.c.withdrawn_at.is_(None))
        query = sa.select(matches.c.matched_at).where(standing).order_by(matches.c.matched_at.desc()).limit(1)
        if at := connection.execute(query).scalar_one_or_none():
            found[watch] = at
    return found


def articles_between(connection: sa.Connection, start_at: datetime, end_at: datetime) -> int:
    """Count the articles that came in, whatever they met."""
    query = sa.select(sa.func.count()).select_from(articles)
    came = query.where(articles.c.first_seen_at >= start_at, articles.c.first_seen_at < end_at)
    return connection.execute(came).scalar_one()


def has_undelivered(connection: sa.Connection, digest: Digest, since: datetime) -> bool:
    """Tell whether an earlier digest of the same subscriber, closed after ``since``, could not be delivered."""
    earlier = sa.and_(digests.c.end_at > since, digests.c.end_at <= digest.window.start_at)
    theirs = sa.and_(digests.c.subscriber_id == digest.subscriber_id, earlier)
    failed = sa.and_(deliveries.c.digest_id == digests.c.id, deliveries.c.state == DeliveryState.FAILED.value)
    query = sa.select(digests.c.id).where(theirs, sa.select(deliveries.c.id).where(failed).exists()).limit(1)
    return connection.execute(query).first() is not None


def _volume(row: AnyRow, spans: Sequence[_Span]) -> WatchVolume:
    found = [row._mapping[f"n{number}"] for number in range(len(spans))]  # noqa: SLF001 -- SQLAlchemy's public name for a row's columns
    days, before = found[:CHART_DAYS], found[CHART_DAYS:]
    known = [n for n, (start, _) in zip(before, spans[CHART_DAYS:], strict=True) if start >= row.first_at]
    return WatchVolume(
        days=tuple(days) if spans[0][0] >= row.first_at else (),
        usual=round(median(known)) if len(known) >= WEEKS_NEEDED else None,
    )


def _days(window: Window) -> Iterator[_Span]:
    """Give the last days until the window's end, the earliest first."""
    end = _hour(window.end_at)
    return ((end - number * _DAY, end - (number - 1) * _DAY) for number in range(CHART_DAYS, 0, -1))


def _same_windows(window: Window) -> Iterator[_Span]:
    """Give the window as it lay in each of the weeks before; none where it is longer than a week."""
    start, end = _hour(window.start_at), _hour(window.end_at)
    weeks = range(1, WEEKS_COMPARED + 1) if start < end <= start + _WEEK else range(0)
    return ((start - number * _WEEK, end - number * _WEEK) for number in weeks)


@cache
def _brought_in(spans: int) -> sa.Select[tuple[object, ...]]:
    """Build the query, once: that takes longer than the database needs for the answer."""
    first = sa.func.min(watch_hours.c.hour_at, type_=UtcDateTime).label("first_at")
    totals = []
    for number in range(spans):
        start, end = _time(f"start{number}"), _time(f"end{number}")
        inside = sa.and_(watch_hours.c.hour_at >= start, watch_hours.c.hour_at < end)
        totals.append(sa.func.sum(sa.case((inside, watch_hours.c.articles), else_=0)).label(f"n{number}"))
    ours = sa.and_(
        watch_hours.c.watch.in_(sa.bindparam("watches", expanding=True)), watch_hours.c.hour_at < _time("end")
    )
    return sa.select(watch_hours.c.watch, first, *totals).where(ours).group_by(watch_hours.c.watch)


def _time(name: str) -> sa.BindParameter[datetime]:
    return sa.bindparam(name, type_=UtcDateTime)


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)
