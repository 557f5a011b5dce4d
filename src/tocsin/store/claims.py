"""Claiming the feeds that are due: whose turn it is, at what pace a host is asked, and giving back what was not asked.

Several schedulers claim from one database. A feed is under a lease while it is polled, and a host that several feeds
share belongs to one scheduler at a time. A claim moves the feed's next check an interval ahead at once, so that a
scheduler which dies in mid-poll has not asked twice within it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa

from tocsin.models.feeds import Feed
from tocsin.models.ids import FeedId
from tocsin.store.columns import AnyRow, UtcDateTime
from tocsin.store.feeds import FEED_COLUMNS, feed_of
from tocsin.store.hosts import Spread, own_hosts, put_off
from tocsin.store.tables import feeds, hosts

SPACING = timedelta(seconds=2)
"""The least time between two polls of a host that several feeds share."""

MATCH_BONUS = timedelta(minutes=5)
"""When more feeds are due than there is room for, one whose articles match counts as longer overdue by this."""

_SPARE = 50
"""How many more due feeds are looked at than there is room for: feeds of busy hosts, and those whose articles match."""


def _due() -> sa.Select[tuple[object, ...]]:
    now, owner = sa.bindparam("now", type_=UtcDateTime), sa.bindparam("owner", type_=sa.Text)
    free = sa.or_(hosts.c.owner.is_(None), hosts.c.owner == owner, hosts.c.owned_until <= now)
    columns = (
        feeds.c.id,
        feeds.c.host,
        feeds.c.next_check_at,
        feeds.c.matches,
        feeds.c.interval,
        (feeds.c.host == feeds.c.url).label("own_host"),
        hosts.c.wait_until,
        hosts.c.free_at,
    )
    return (
        sa.select(*columns)
        .select_from(feeds.outerjoin(hosts, hosts.c.key == feeds.c.host))
        .where(feeds.c.active, feeds.c.next_check_at <= now, feeds.c.stopped_at.is_(None))
        .where(sa.or_(feeds.c.lease_until.is_(None), feeds.c.lease_until <= now))
        .where(free)
        .order_by(feeds.c.next_check_at)
        .limit(sa.bindparam("most", type_=sa.Integer))
        .with_for_update(of=feeds, skip_locked=True)
    )


# Built once: putting a statement together costs more than running it.
_DUE = _due()
_BY_ID = sa.select(*FEED_COLUMNS).where(feeds.c.id.in_(sa.bindparam("ids", expanding=True)))
_LEASED = (
    sa.update(feeds)
    .where(feeds.c.id == sa.bindparam("feed"))
    .values(
        lease=sa.bindparam("new_lease", type_=sa.Text),
        lease_until=sa.bindparam("until", type_=UtcDateTime),
        asked_at=sa.bindparam("now", type_=UtcDateTime),
        next_check_at=sa.bindparam("due", type_=UtcDateTime),
    )
)
_ANY_DUE = (
    sa.select(feeds.c.id)
    .where(
        feeds.c.active, feeds.c.next_check_at <= sa.bindparam("now", type_=UtcDateTime), feeds.c.stopped_at.is_(None)
    )
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Claimant:
    """A scheduler that claims: its name, how long it keeps what it claims, the shortest time between two polls of a
    feed, and how feeds come back whose host is held.
    """

    owner: str
    lease_for: timedelta
    shortest: timedelta
    spread: Spread


@dataclass(slots=True)
class _Choice:
    """What a claim takes: feeds, the hosts they need with the time of their next turn, and feeds put off."""

    feeds: list[AnyRow] = field(default_factory=list)
    turns: dict[str, datetime] = field(default_factory=dict)
    later: dict[FeedId, datetime] = field(default_factory=dict)


def claim_due_feeds(
    connection: sa.Connection,
    now: datetime,
    claimant: Claimant,
    *,
    lease: str,
    limit: int,
    busy: Collection[str] = (),
) -> list[Feed]:
    """Lease up to ``limit`` feeds that are due at ``now``, and give them as they were before.

    The longest overdue come first. Of a host that several feeds share one is claimed at a time, none while the host is
    ``busy``, held, or has been asked just now; its other due feeds line up behind, so that they never come together.
    """
    seen = {"now": now, "owner": claimant.owner, "most": limit + _SPARE}
    rows = connection.execute(_DUE, seen).all()
    if not rows:
        return []
    choice = _choose(rows, now, limit, busy, claimant.spread)
    ours = own_hosts(connection, choice.turns, now, owner=claimant.owner, lease_for=claimant.lease_for)
    put_off(connection, choice.later)
    chosen = [row.id for row in choice.feeds if row.own_host or row.host in ours]
    return _lease(connection, chosen, now, claimant, lease) if chosen else []


def _choose(rows: Iterable[AnyRow], now: datetime, limit: int, busy: Collection[str], spread: Spread) -> _Choice:
    choice = _Choice()
    line: dict[str, datetime] = {}
    for row in sorted(
        rows, key=lambda row: (row.next_check_at - (MATCH_BONUS if row.matches else timedelta()), row.id)
    ):
        if row.own_host:
            if len(choice.feeds) < limit:
                choice.feeds.append(row)
        elif row.wait_until is not None and row.wait_until > now:
            choice.later[row.id] = spread(row.id, row.wait_until, row.interval)
        else:
            _take_turn(choice, row, line, now, may_go=row.host not in busy and len(choice.feeds) < limit)
    return choice


def _take_turn(choice: _Choice, row: AnyRow, line: dict[str, datetime], now: datetime, *, may_go: bool) -> None:
    """Let the first of a host's feeds go if the host is free, and the others line up behind it."""
    turn = line.get(row.host) or max(now, row.free_at or now)
    if turn <= now and may_go:
        choice.feeds.append(row)
        choice.turns[row.host] = now + SPACING
    elif turn > now:
        choice.later[row.id] = turn
    line[row.host] = max(turn, now) + SPACING


def _lease(
    connection: sa.Connection, ids: Sequence[FeedId], now: datetime, claimant: Claimant, lease: str
) -> list[Feed]:
    rows = connection.execute(_BY_ID, {"ids": ids}).all()
    claimed = [feed_of(row) for row in rows]
    waits = {feed.id: feed.interval or feed.every or claimant.shortest for feed in claimed}
    given = {"new_lease": lease, "until": now + claimant.lease_for, "now": now}
    connection.execute(_LEASED, [given | {"feed": feed.id, "due": now + waits[feed.id]} for feed in claimed])
    place = {feed_id: place for place, feed_id in enumerate(ids)}
    return sorted(claimed, key=lambda feed: place[feed.id])


def any_due(connection: sa.Connection, now: datetime) -> bool:
    """Tell whether there is anything to claim, without locking anything."""
    return connection.execute(_ANY_DUE, {"now": now}).first() is not None


def give_back(connection: sa.Connection, claimed: Iterable[Feed], lease: str, *, asked: bool) -> None:
    """End the lease of feeds whose poll will not be recorded.

    What was not ``asked`` for is due as it was before; what was waits for its next turn.
    """
    ended = sa.update(feeds).where(feeds.c.id == sa.bindparam("feed"), feeds.c.lease == lease)
    ended = ended.values(lease=None, lease_until=None)
    if asked:
        rows: list[Mapping[str, object]] = [{"feed": feed.id} for feed in claimed]
    else:
        ended = ended.values(
            next_check_at=sa.bindparam("due", type_=UtcDateTime), asked_at=sa.bindparam("before", type_=UtcDateTime)
        )
        rows = [{"feed": feed.id, "due": feed.next_check_at, "before": feed.asked_at} for feed in claimed]
    if rows:
        connection.execute(ended, rows)
