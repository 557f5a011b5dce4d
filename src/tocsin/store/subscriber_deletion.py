"""Deleting a subscriber with everything that is kept about them, but for a keyed hash of their address."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from tocsin.models.ids import SubscriberId
from tocsin.models.watchlist import Channel
from tocsin.store.deliveries import lock_deliveries
from tocsin.store.mutes import mute_target
from tocsin.store.subscriber_rows import lock_subscribers
from tocsin.store.suppressions import suppress_address
from tocsin.store.tables import (
    deliveries,
    digest_items,
    digests,
    dismissals,
    mutes,
    signups,
    subscriber_watches,
    subscribers,
)


def delete_subscriber(
    connection: sa.Connection,
    subscriber_id: SubscriberId,
    now: datetime,
    *,
    secret: bytes | None,
    channels: Sequence[Channel] = (),
) -> bool:
    """Delete a subscriber with their digests, deliveries, sign-ups, mutes and dismissals; False where there is none.

    With the ``secret`` a keyed hash of the address is kept, so that only they themselves can come back; without it, the
    watchlist may name them again. Mutes and dismissals stay where one of the ``channels`` has the same address: they
    are its readers'. To be called before any row is locked.
    """
    lock_subscribers(connection)
    theirs = sa.select(subscribers.c.email).where(subscribers.c.id == subscriber_id).with_for_update()
    email = connection.execute(theirs).scalar_one_or_none()
    if email is None:
        return False
    _delete_mail(connection, subscriber_id, email)
    if all(mute_target(channel.target) != email for channel in channels):
        connection.execute(sa.delete(mutes).where(mutes.c.target == email))
        connection.execute(sa.delete(dismissals).where(dismissals.c.target == email))
    connection.execute(sa.delete(subscriber_watches).where(subscriber_watches.c.subscriber_id == subscriber_id))
    connection.execute(sa.delete(subscribers).where(subscribers.c.id == subscriber_id))
    if secret is not None:
        suppress_address(connection, email, now, because="had everything deleted", secret=secret)
    return True


def _delete_mail(connection: sa.Connection, subscriber_id: SubscriberId, email: str) -> None:
    """Delete digests and sign-ups with their deliveries, those in a mailer's hands too: it finds its lease lost."""
    of_digests = sa.select(digests.c.id).where(digests.c.subscriber_id == subscriber_id)
    of_signups = sa.select(signups.c.id).where(signups.c.email == email)
    which = sa.or_(deliveries.c.digest_id.in_(of_digests), deliveries.c.signup_id.in_(of_signups))
    messages = lock_deliveries(connection, which)
    connection.execute(sa.delete(deliveries).where(deliveries.c.id.in_(messages)))
    connection.execute(sa.delete(digest_items).where(digest_items.c.subscriber_id == subscriber_id))
    connection.execute(sa.delete(digests).where(digests.c.subscriber_id == subscriber_id))
    connection.execute(sa.delete(signups).where(signups.c.email == email))
