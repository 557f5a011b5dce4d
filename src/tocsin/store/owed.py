"""What subscribers are owed: matches that wait for the next digest, entered as they are found, and given back when a
digest does not arrive.

Whoever calls these holds the lock of `tocsin.store.subscriber_rows.lock_subscribers`, as classifiers do, so that
nobody is owed anything who has just left.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from tocsin.models.ids import DigestId, MatchId, SubscriberId
from tocsin.store.subscriber_rows import OWED, in_batches
from tocsin.store.tables import digest_items, digests, matches, subscriber_watches, subscribers
from tocsin.store.upsert import insert


def owe(connection: sa.Connection, ids: Sequence[MatchId]) -> None:
    """Enter new matches into what subscribers of their watches are owed by their next digests.

    One statement for all subscribers, however many there are.
    """
    for some in in_batches(ids):
        whom = (
            sa.select(subscriber_watches.c.subscriber_id, matches.c.id)
            .join(subscriber_watches, subscriber_watches.c.watch == matches.c.watch)
            .join(subscribers, subscribers.c.id == subscriber_watches.c.subscriber_id)
            .where(matches.c.id.in_(some), subscribers.c.state.in_(OWED))
        )
        added = insert(connection, digest_items).from_select(["subscriber_id", "match_id"], whom)
        connection.execute(added.on_conflict_do_nothing())


def give_back(connection: sa.Connection, digest_id: DigestId) -> int:
    """Give the matches of a digest that did not arrive back to what its subscriber is owed, so that the next one has
    them; gives the number of those that stand, 0 where the subscriber has left: nothing more comes, and the digest
    keeps them. Those that were withdrawn wait in case they come back.
    """
    is_owed = sa.select(digests.c.subscriber_id).join(subscribers).where(digests.c.id == digest_id)
    whom = connection.execute(is_owed.where(subscribers.c.state.in_(OWED))).scalar_one_or_none()
    if whom is None:
        return 0
    theirs = digest_items.c.digest_id == digest_id
    stands = sa.and_(matches.c.id == digest_items.c.match_id, matches.c.withdrawn_at.is_(None))
    standing = sa.select(sa.func.count()).select_from(digest_items.join(matches, stands)).where(theirs)
    number: int = connection.execute(standing).scalar_one()
    connection.execute(sa.update(digest_items).where(theirs).values(digest_id=None))
    count = sa.update(digests).where(digests.c.id == digest_id)
    connection.execute(count.values(given_back=digests.c.given_back + number))
    return number


def give_back_withdrawn(connection: sa.Connection, digest_id: DigestId) -> None:
    """Give those matches back that a digest, which is to be written now, does not tell, since they were withdrawn while
    an earlier attempt was in a mailer's hands: they may come back when it has been sent. Nothing is kept for those who
    left.
    """
    is_withdrawn = sa.select(matches.c.id).where(
        matches.c.id == digest_items.c.match_id, matches.c.withdrawn_at.is_not(None)
    )
    stay = sa.select(subscribers.c.id).where(subscribers.c.state.in_(OWED))
    theirs = sa.and_(digest_items.c.digest_id == digest_id, digest_items.c.subscriber_id.in_(stay))
    connection.execute(sa.update(digest_items).where(theirs, is_withdrawn.exists()).values(digest_id=None))


def forget_owed(connection: sa.Connection, ids: Sequence[SubscriberId]) -> None:
    """Delete what subscribers are owed who have left."""
    for some in in_batches(ids):
        waits = sa.and_(digest_items.c.subscriber_id.in_(some), digest_items.c.digest_id.is_(None))
        connection.execute(sa.delete(digest_items).where(waits))
