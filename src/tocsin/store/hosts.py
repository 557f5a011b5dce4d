"""Hosts as publishers count them: who may ask one, how soon again, and until when it wants to be left alone.

A feed on a host of its own (see `tocsin.feeds.hosts`) needs no row here: its own lease and time say it all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa

from tocsin.models.ids import FeedId
from tocsin.store.columns import UtcDateTime
from tocsin.store.tables import feeds, hosts
from tocsin.store.upsert import insert

Spread = Callable[[FeedId, datetime, timedelta | None], datetime]
"""Says when a feed is due again whose host is held until then; the last is the feed's interval, None if unknown."""


_OWNED = sa.select(hosts.c.key).where(
    hosts.c.key.in_(sa.bindparam("keys", expanding=True)), hosts.c.owner == sa.bindparam("owner", type_=sa.Text)
)


def own_hosts(
    connection: sa.Connection, free_at: Mapping[str, datetime], now: datetime, *, owner: str, lease_for: timedelta
) -> set[str]:
    """Take, or keep, the hosts that nobody else owns, and give them; ``free_at`` is when each may be asked next."""
    if not free_at:
        return set()
    added = insert(connection, hosts)
    free = sa.or_(hosts.c.owner.is_(None), hosts.c.owner == owner, hosts.c.owned_until <= now)
    taken = {name: added.excluded[name] for name in ("owner", "owned_until", "free_at")}
    # In one order for all: two schedulers that took them each in its own would lock each other out.
    rows = [
        {"key": key, "owner": owner, "owned_until": now + lease_for, "free_at": at}
        for key, at in sorted(free_at.items())
    ]
    connection.execute(added.on_conflict_do_update(index_elements=[hosts.c.key], set_=taken, where=free), rows)
    ours = connection.execute(_OWNED, {"keys": list(free_at), "owner": owner})
    return set(ours.scalars())


def give_hosts_back(connection: sa.Connection, owner: str) -> None:
    """Let others have the hosts of a scheduler that ends."""
    connection.execute(sa.update(hosts).where(hosts.c.owner == owner).values(owner=None, owned_until=None))


def hold_host(connection: sa.Connection, key: str, until: datetime, reason: str, spread: Spread) -> None:
    """Leave a host alone until then, and spread its feeds that were due before over the time after.

    A longer wait that it asked for earlier is never shortened.
    """
    added = insert(connection, hosts).values(key=key, wait_until=until, reason=reason)
    shorter = sa.or_(hosts.c.wait_until.is_(None), hosts.c.wait_until < until)
    held = added.on_conflict_do_update(
        index_elements=[hosts.c.key], set_={"wait_until": until, "reason": reason}, where=shorter
    )
    connection.execute(held)
    early = sa.select(feeds.c.id, feeds.c.interval).where(
        feeds.c.host == key, feeds.c.active, feeds.c.next_check_at < until
    )
    # What another scheduler is recording just now comes with a time of its own; to wait for it might lock up both.
    rows = connection.execute(early.with_for_update(skip_locked=True)).all()
    put_off(connection, {FeedId(row.id): spread(FeedId(row.id), until, row.interval) for row in rows})


def put_off(connection: sa.Connection, due: Mapping[FeedId, datetime]) -> None:
    """Set when feeds are due next, where that is not now."""
    later = sa.update(feeds).where(feeds.c.id == sa.bindparam("feed"))
    rows = [{"feed": feed_id, "due": at} for feed_id, at in sorted(due.items())]
    if rows:
        connection.execute(later.values(next_check_at=sa.bindparam("due", type_=UtcDateTime)), rows)


def forget_hosts(connection: sa.Connection, now: datetime) -> int:
    """Delete what is kept of hosts without an active feed that nobody owns or waits for; gives their number."""
    used = sa.exists().where(feeds.c.host == hosts.c.key, feeds.c.active)
    over = [
        sa.or_(column.is_(None), column <= now)
        for column in (hosts.c.owned_until, hosts.c.wait_until, hosts.c.free_at, hosts.c.page_after)
    ]
    return connection.execute(sa.delete(hosts).where(~used, *over)).rowcount
