"""Sign-ups: what somebody asked for on the web, until the address's owner says yes by a link that only they get."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from tocsin.models.ids import SignupId
from tocsin.models.subscribers import Confirmed, Joined, Owner, Signup, SubscriberState
from tocsin.models.watchlist import SelfService, Subscriber, Watchlist
from tocsin.store.columns import AnyRow
from tocsin.store.deliveries import lock_deliveries
from tocsin.store.subscriber_changes import add_named, add_reader, revive_named, revive_reader
from tocsin.store.subscriber_rows import change_row, key_of, lock_subscribers, returned, settings_of, subscriber_of
from tocsin.store.subscribers import find_subscriber
from tocsin.store.suppressions import lift_suppression
from tocsin.store.tables import deliveries, signups, subscribers

KEPT = timedelta(days=7)
"""So long sign-ups are kept, confirmed or not: longer than their links work."""


def enter_signup(
    connection: sa.Connection, wanted: Subscriber, now: datetime, *, all_watches: bool = False
) -> SignupId:
    """Note what was asked for."""
    new = sa.insert(signups).values(**settings_of(wanted), all_watches=all_watches, requested_at=now)
    return SignupId(connection.execute(new.returning(signups.c.id)).scalar_one())


def get_signup(connection: sa.Connection, signup_id: SignupId) -> Signup | None:
    """Load one sign-up, or None."""
    row = connection.execute(sa.select(signups).where(signups.c.id == signup_id)).one_or_none()
    return None if row is None else _signup_of(row)


def confirm_signup(
    connection: sa.Connection, signup_id: SignupId, now: datetime, *, watchlist: Watchlist, secret: bytes
) -> Confirmed | None:
    """Let a sign-up hold, once: its link used again changes nothing, also not for one who left since. None where there
    is no such sign-up (any more).

    Whom the watchlist names gets what it says. Others get what they asked for of the watches that are still open to
    readers, and are not taken where none is, since nothing would ever come; one who has a subscription that runs keeps
    it as it is. To be called before any row is locked.
    """
    lock_subscribers(connection)
    signup = get_signup(connection, signup_id)
    if signup is None or signup.confirmed_at is not None:
        return None if signup is None else _confirmed_before(connection, signup)
    email = signup.wanted.email
    what = _join(connection, _open_to_readers(signup, watchlist.self_service), watchlist, now)
    if what is not Joined.NOTHING_OPEN:
        lift_suppression(connection, email, secret=secret)
        connection.execute(sa.update(signups).where(signups.c.id == signup_id).values(confirmed_at=now))
    return Confirmed(what, find_subscriber(connection, email))


def void_signups(connection: sa.Connection, email: str) -> None:
    """Make the links void that were mailed to an address for its sign-ups, confirmed or not: each leads to its
    settings. To be called before any row is locked.
    """
    lock_subscribers(connection)
    _delete(connection, list(connection.execute(sa.select(signups.c.id).where(signups.c.email == email)).scalars()))


def prune_signups(connection: sa.Connection, now: datetime, *, limit: int) -> int:
    """Delete up to so many sign-ups whose time is over, with their deliveries, and give their number."""
    over = sa.select(signups.c.id).where(signups.c.requested_at < now - KEPT)
    ids = list(connection.execute(over.order_by(signups.c.requested_at).limit(limit)).scalars())
    _delete(connection, ids)
    return len(ids)


def _delete(connection: sa.Connection, ids: list[SignupId]) -> None:
    if ids:
        messages = lock_deliveries(connection, deliveries.c.signup_id.in_(ids))
        connection.execute(sa.delete(deliveries).where(deliveries.c.id.in_(messages)))
        connection.execute(sa.delete(signups).where(signups.c.id.in_(ids)))


def _signup_of(row: AnyRow) -> Signup:
    return Signup(SignupId(row.id), subscriber_of(row), row.all_watches, row.requested_at, row.confirmed_at)


def _confirmed_before(connection: sa.Connection, signup: Signup) -> Confirmed:
    stored = find_subscriber(connection, signup.wanted.email)
    is_named = stored is not None and stored.owner is Owner.WATCHLIST
    return Confirmed(Joined.BY_WATCHLIST if is_named else Joined.WAS_THERE, stored)


def _open_to_readers(signup: Signup, self_service: SelfService) -> Signup:
    wanted = set(signup.wanted.watches)
    watches = tuple(watch for watch in self_service.watches if signup.all_watches or watch in wanted)
    return replace(signup, wanted=replace(signup.wanted, watches=watches))


def _join(connection: sa.Connection, signup: Signup, watchlist: Watchlist, now: datetime) -> Joined:
    email = signup.wanted.email
    row = connection.execute(
        sa.select(subscribers).where(subscribers.c.email == email).with_for_update(key_share=True)
    ).one_or_none()
    if row is None or not SubscriberState(row.state).is_owed:
        entry = next((one for one in watchlist.subscribers if key_of(one.email) == email), None)
        return _start(connection, row, signup, entry, now)
    what = Joined.WAS_THERE
    if row.state == SubscriberState.SUPPRESSED.value:
        # The address got the link: it lives. What it is owed, it gets.
        change_row(connection, row.id, returned(now))
        what = Joined.CAME_BACK
    return Joined.BY_WATCHLIST if row.owner == Owner.WATCHLIST.value else what


def _start(
    connection: sa.Connection, row: AnyRow | None, signup: Signup, entry: Subscriber | None, now: datetime
) -> Joined:
    """Start a subscription where there was none (no ``row``), or where it was ended."""
    wanted, every = signup.wanted, signup.all_watches
    if entry is not None and (row is None or row.owner == Owner.WATCHLIST.value):
        if row is None:
            add_named(connection, entry, now)
        else:
            revive_named(connection, row, entry, now)
        return Joined.BY_WATCHLIST
    if not wanted.watches:
        return Joined.NOTHING_OPEN
    if row is None:
        add_reader(connection, wanted, now, all_watches=every)
        return Joined.NEW
    revive_reader(connection, row, wanted, now, all_watches=every)
    return Joined.CAME_BACK
