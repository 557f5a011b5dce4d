"""Subscriptions at WebSub hubs: which have to be asked for, and what their hubs said. Which are wanted: `feed_hubs`."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

import sqlalchemy as sa

from tocsin.models.feeds import Feed
from tocsin.models.ids import FeedId, HubSubscriptionId
from tocsin.models.websub import HubMode, HubSubscription
from tocsin.store.columns import AnyRow, UtcDateTime
from tocsin.store.feed_hubs import unleased
from tocsin.store.feeds import FEED_COLUMNS, feed_of
from tocsin.store.tables import feeds, hub_subscriptions, pings


def any_to_ask(connection: sa.Connection, now: datetime) -> bool:
    """Tell whether a hub has to be asked or a lease has run out, without locking anything."""
    ours = hub_subscriptions.c
    query = sa.select(ours.id).where(sa.or_(ours.due_at <= now, ours.leased_until <= now)).limit(1)
    return connection.execute(query).first() is not None


def claim_due_subscriptions(
    connection: sa.Connection, now: datetime, next_request_at: Callable[[datetime, int], datetime], *, limit: int
) -> list[HubSubscription]:
    """Take up to ``limit`` subscriptions whose hubs have to be asked at ``now``, the longest due first.

    Each is noted as asked, before it is: a hub may verify while it still answers. One that was asked before and did
    not verify counts a failure. The next request is due at ``next_request_at(now, failures)``, so that a scheduler that
    dies in between loses nothing.
    """
    ours = hub_subscriptions.c
    due = sa.select(ours.id).where(ours.due_at <= now).order_by(ours.due_at).limit(limit)
    rows = connection.execute(due.with_for_update(skip_locked=True)).all()
    return [_asked(connection, row.id, now, next_request_at) for row in rows]


def _asked(
    connection: sa.Connection,
    one: HubSubscriptionId,
    now: datetime,
    next_request_at: Callable[[datetime, int], datetime],
) -> HubSubscription:
    at = hub_subscriptions.c.id == one
    row = connection.execute(sa.select(hub_subscriptions).where(at)).one()
    failures = row.failures + bool(row.awaiting)
    values = {
        "awaiting": True,
        "asked_at": now,
        "failures": failures,
        "due_at": next_request_at(now, failures),
    }
    connection.execute(sa.update(hub_subscriptions).where(at).values(**values))
    return _subscription_of(connection.execute(sa.select(hub_subscriptions).where(at)).one())


def note_problem(connection: sa.Connection, one: HubSubscriptionId, problem: str) -> None:
    """Note why a hub did not take a request, unless it verified it all the same."""
    ours = hub_subscriptions.c
    connection.execute(sa.update(hub_subscriptions).where(ours.id == one, ours.awaiting).values(problem=problem))


def hold_hub(connection: sa.Connection, hub: str, until: datetime) -> None:
    """Ask a hub nothing for any feed before ``until``."""
    ours = hub_subscriptions.c
    connection.execute(sa.update(hub_subscriptions).where(ours.hub == hub, ours.due_at < until).values(due_at=until))


def find_subscription(connection: sa.Connection, token: str) -> HubSubscription | None:
    """Find the subscription that a callback belongs to."""
    row = connection.execute(sa.select(hub_subscriptions).where(hub_subscriptions.c.token == token)).one_or_none()
    return _subscription_of(row) if row else None


def get_subscription(connection: sa.Connection, one: HubSubscriptionId) -> HubSubscription:
    """Give a subscription that is there."""
    return _subscription_of(connection.execute(sa.select(hub_subscriptions).where(hub_subscriptions.c.id == one)).one())


def confirm_subscription(
    connection: sa.Connection, subscription: HubSubscription, *, leased_until: datetime, renew_at: datetime
) -> None:
    """Note the lease that a hub gave; where it is relied on already, it is for as long."""
    values = {
        "awaiting": False,
        "leased_until": leased_until,
        "due_at": renew_at,
        "failures": 0,
        "problem": None,
    }
    at = hub_subscriptions.c.id == subscription.id
    connection.execute(sa.update(hub_subscriptions).where(at).values(**values))
    feed = sa.update(feeds).where(feeds.c.id == subscription.feed_id, feeds.c.pushed_until.is_not(None))
    connection.execute(feed.values(pushed_until=leased_until))


def deny_subscription(
    connection: sa.Connection, subscription: HubSubscription, problem: str, *, now: datetime, retry_at: datetime
) -> None:
    """Note that a hub does not, or no longer, want to deliver a feed; a lease that it gave ends now."""
    values = {"awaiting": False, "due_at": retry_at, "failures": 0}
    at = hub_subscriptions.c.id == subscription.id
    connection.execute(sa.update(hub_subscriptions).where(at).values(**values))
    end_lease(connection, subscription, problem, now)


def end_lease(connection: sa.Connection, subscription: HubSubscription, problem: str, now: datetime) -> None:
    """Rely on a hub no longer, whatever lease it gave; `end_lapsed` draws the consequence."""
    ends = sa.case((hub_subscriptions.c.leased_until.is_(None), None), else_=sa.literal(now, UtcDateTime))
    at = hub_subscriptions.c.id == subscription.id
    connection.execute(sa.update(hub_subscriptions).where(at).values(problem=problem, leased_until=ends))


def remove_subscription(connection: sa.Connection, subscription: HubSubscription) -> None:
    """Forget a subscription, and what its hub delivered last."""
    connection.execute(sa.delete(pings).where(pings.c.subscription_id == subscription.id))
    connection.execute(sa.delete(hub_subscriptions).where(hub_subscriptions.c.id == subscription.id))


def end_lapsed(connection: sa.Connection, now: datetime) -> list[FeedId]:
    """End the leases that ran out before ``now``, and give the feeds that were delivered under them."""
    ours = hub_subscriptions.c
    joined = hub_subscriptions.join(feeds, feeds.c.id == ours.feed_id)
    lapsed = sa.select(ours.id, ours.feed_id).select_from(joined).where(ours.leased_until <= now, unleased(now))
    rows = connection.execute(lapsed.with_for_update(of=hub_subscriptions, skip_locked=True)).all()
    if rows:
        ids = [row.id for row in rows]
        connection.execute(sa.update(hub_subscriptions).where(ours.id.in_(ids)).values(leased_until=None))
    return [FeedId(row.feed_id) for row in rows]


def resume_polling(
    connection: sa.Connection, ids: Collection[FeedId], next_check_at: Callable[[Feed], datetime]
) -> None:
    """Count on polls alone for feeds that hubs delivered; the next is due at ``next_check_at(feed)``."""
    wanted = sa.and_(hub_subscriptions.c.feed_id == feeds.c.id, hub_subscriptions.c.mode == HubMode.SUBSCRIBE)
    delivered = sa.exists().where(wanted, hub_subscriptions.c.leased_until.is_not(None))
    query = sa.select(*FEED_COLUMNS).where(feeds.c.id.in_(ids), feeds.c.pushed_until.is_not(None), ~delivered)
    for feed in [feed_of(row) for row in connection.execute(query)]:
        values = {"pushed_until": None, "next_check_at": next_check_at(feed)}
        connection.execute(sa.update(feeds).where(feeds.c.id == feed.id).values(**values))


def wanted_subscriptions(
    connection: sa.Connection, ids: Collection[FeedId] | None = None
) -> dict[FeedId, HubSubscription]:
    """Give the subscriptions that are wanted, by feed; all, or those of these feeds."""
    query = sa.select(hub_subscriptions).where(hub_subscriptions.c.mode == HubMode.SUBSCRIBE)
    if ids is not None:
        query = query.where(hub_subscriptions.c.feed_id.in_(ids))
    return {FeedId(row.feed_id): _subscription_of(row) for row in connection.execute(query)}


def _subscription_of(row: AnyRow) -> HubSubscription:
    columns = dict(row._mapping)  # noqa: SLF001 -- SQLAlchemy's public name for a row's columns
    return HubSubscription(**columns | {"mode": HubMode(columns["mode"])})
