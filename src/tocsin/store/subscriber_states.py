"""States of subscribers: pausing, resuming and ending, with what hangs on it, in one transaction.

Each function gives whether it changed something; called twice, it changes nothing the second time. Each locks all
subscribers (`lock_subscribers`) before any row, so that several in one transaction never wait for each other.

A digest that lies in a mailer's hands is left to it: it looks at the state when it writes, and what it sends before is
noted as sent, so that nothing is told twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from tocsin.models.deliveries import DeliveryState
from tocsin.models.ids import DigestId, SubscriberId
from tocsin.models.subscribers import SubscriberState
from tocsin.store.deliveries import lock_deliveries
from tocsin.store.owed import forget_owed, give_back
from tocsin.store.subscriber_rows import in_batches, lock_rows, lock_subscribers, returned, started
from tocsin.store.tables import deliveries, digests, subscribers

_ACTIVE, _PAUSED, _SUPPRESSED = SubscriberState.ACTIVE, SubscriberState.PAUSED, SubscriberState.SUPPRESSED
_ENDED = {"paused_until": None, "away_state": None, "away_since": None}


def pause(connection: sa.Connection, subscriber_id: SubscriberId, now: datetime, until: datetime | None = None) -> bool:
    """Let nothing be mailed to an active subscriber until then, or until it is resumed; what matches meanwhile comes
    with the first digest after it. A pause that runs gets the new end.
    """
    lock_subscribers(connection)
    if _change(connection, subscriber_id, [_ACTIVE], {**_away(_PAUSED, now), "because": "", "paused_until": until}):
        _hold_back(connection, subscriber_id, now, "the subscription was paused")
        return True
    other_end = subscribers.c.paused_until.is_distinct_from(until)
    return _change(connection, subscriber_id, [_PAUSED], {"paused_until": until}, other_end)


def suppress(connection: sa.Connection, subscriber_id: SubscriberId, now: datetime, *, because: str) -> bool:
    """Let nothing more be mailed to an address that is dead, as its mail server says (``because``), until somebody
    resumes it; what matches meanwhile is kept like in a pause.
    """
    lock_subscribers(connection)
    values = {**_away(_SUPPRESSED, now), "because": because, "paused_until": None}
    changed = _change(connection, subscriber_id, [_ACTIVE, _PAUSED], values)
    if changed:
        _hold_back(connection, subscriber_id, now, "the address is held to be dead")
    return changed


def resume(connection: sa.Connection, subscriber_id: SubscriberId, now: datetime) -> bool:
    """Mail again to one who paused, whose address was held to be dead, or who unsubscribed; the last is owed what
    matches from now on. One who was removed comes back by the watchlist alone.
    """
    lock_subscribers(connection)
    if _change(connection, subscriber_id, [_PAUSED, _SUPPRESSED], returned(now)):
        return True
    return _change(connection, subscriber_id, [SubscriberState.UNSUBSCRIBED], started(now))


def end_pauses(connection: sa.Connection, now: datetime) -> int:
    """End the pauses whose time is over, each as of its own end; gives their number."""
    lock_subscribers(connection)
    ids = lock_rows(connection, _is_over(now))
    at_its_end = dict.fromkeys(("state_since", "slots_from"), subscribers.c.paused_until)
    for some in in_batches(ids):
        ended = sa.update(subscribers).where(subscribers.c.id.in_(some))
        connection.execute(ended.values(**(returned(now) | at_its_end)))
    return len(ids)


def pauses_are_over(connection: sa.Connection, now: datetime) -> bool:
    """Tell whether there is a pause to be ended; needs no lock."""
    return connection.execute(sa.select(subscribers.c.id).where(_is_over(now)).limit(1)).first() is not None


def unsubscribe(connection: sa.Connection, subscriber_id: SubscriberId, now: datetime, *, because: str) -> bool:
    """End a subscription for good, at its reader's wish: what they are owed goes, and no watchlist brings them back;
    ``because`` says how they ended it.
    """
    lock_subscribers(connection)
    ended = {"state": SubscriberState.UNSUBSCRIBED.value, "state_since": now, "because": because}
    running = [state for state in SubscriberState if state is not SubscriberState.UNSUBSCRIBED]
    changed = _change(connection, subscriber_id, running, ended | _ENDED)
    if changed:
        _forget(connection, [subscriber_id], now, "the subscription was ended")
    return changed


def remove_named(connection: sa.Connection, ids: Sequence[SubscriberId], now: datetime) -> None:
    """Let subscribers go whom the watchlist named until now. What was known of a dead address (``because``) stays, for
    their return.
    """
    removed = {"state": SubscriberState.REMOVED.value, "state_since": now}
    for some in in_batches(ids):
        change = sa.update(subscribers).where(subscribers.c.id.in_(some))
        connection.execute(change.values(**(removed | _ENDED)))
    _forget(connection, ids, now, "the subscriber was removed from the watchlist")


def void_links(connection: sa.Connection, subscriber_id: SubscriberId) -> bool:
    """Make the links void that stand in a subscriber's digests; False where there is none. Those of sign-ups are
    another matter: `tocsin.store.signups.void_signups`.
    """
    change = sa.update(subscribers).where(subscribers.c.id == subscriber_id)
    return connection.execute(change.values(link_epoch=subscribers.c.link_epoch + 1)).rowcount == 1


def _is_over(now: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(subscribers.c.state == _PAUSED.value, subscribers.c.paused_until <= now)


def _away(state: SubscriberState, now: datetime) -> dict[str, object]:
    """Give the columns of one who is away from now on, or was before in another way."""
    first = {"away_state": state.value, "away_since": now}
    away = {name: sa.func.coalesce(subscribers.c[name], value) for name, value in first.items()}
    return {"state": state.value, "state_since": now, **away}


def _change(
    connection: sa.Connection,
    subscriber_id: SubscriberId,
    states: Sequence[SubscriberState],
    values: dict[str, object],
    *conditions: sa.ColumnElement[bool],
) -> bool:
    is_in = subscribers.c.state.in_([state.value for state in states])
    change = sa.update(subscribers).where(subscribers.c.id == subscriber_id, is_in, *conditions)
    return connection.execute(change.values(**values)).rowcount == 1


def _hold_back(connection: sa.Connection, subscriber_id: SubscriberId, now: datetime, problem: str) -> None:
    """Drop the digests that wait, and give what they would have told back to what is owed."""
    for digest_id in _drop_waiting(connection, [subscriber_id], now, problem):
        give_back(connection, digest_id)


def _forget(connection: sa.Connection, ids: Sequence[SubscriberId], now: datetime, problem: str) -> None:
    _drop_waiting(connection, ids, now, problem)
    forget_owed(connection, ids)


def _drop_waiting(
    connection: sa.Connection, ids: Sequence[SubscriberId], now: datetime, problem: str
) -> list[DigestId]:
    """Drop the digests that wait and lie in no mailer's hands, and give their ids."""
    free = sa.or_(deliveries.c.lease_until.is_(None), deliveries.c.lease_until <= now)
    pending = sa.and_(deliveries.c.state == DeliveryState.PENDING.value, free)
    dropped = {"state": DeliveryState.DROPPED.value, "problem": problem, "lease": None, "lease_until": None}
    found: list[DigestId] = []
    for some in in_batches(ids):
        theirs = sa.select(digests.c.id).where(digests.c.subscriber_id.in_(some))
        waiting = lock_deliveries(connection, sa.and_(pending, deliveries.c.digest_id.in_(theirs)))
        change = sa.update(deliveries).where(deliveries.c.id.in_(waiting), pending).values(**dropped)
        rows = connection.execute(change.returning(deliveries.c.digest_id)) if waiting else ()
        found += [DigestId(row.digest_id) for row in rows]
    return found
