"""Conflicts: addresses that the watchlist names as subscribers and whose entries do not hold, since the reader has the
say or ended it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa

from tocsin.models.subscribers import Conflict, ConflictKind, Owner, StoredSubscriber, SubscriberState
from tocsin.models.watchlist import Subscriber
from tocsin.store.columns import AnyRow
from tocsin.store.subscriber_rows import in_batches, key_of, stored_of
from tocsin.store.suppressions import suppressed_among
from tocsin.store.tables import subscribers

_ENDED = {SubscriberState.UNSUBSCRIBED.value, SubscriberState.SUPPRESSED.value}
_OUT = "take it out of the file"


def conflicts(connection: sa.Connection, named: Sequence[Subscriber], *, secret: bytes) -> list[Conflict]:
    """Give the entries of the watchlist that do not hold, in its order."""
    doubtful = sa.or_(subscribers.c.owner == Owner.READER.value, subscribers.c.state.in_(_ENDED))
    found = {row.email: stored_of(row) for row in connection.execute(sa.select(subscribers).where(doubtful))}
    return conflicts_with(found, named, deleted_among(connection, named, secret=secret))


def may_conflict(row: AnyRow) -> bool:
    """Tell whether an entry of the watchlist may not hold against a row of subscribers."""
    return row.owner == Owner.READER.value or row.state in _ENDED


def conflicts_with(
    known: Mapping[str, StoredSubscriber], named: Iterable[Subscriber], deleted: frozenset[str]
) -> list[Conflict]:
    """Give the conflicts of entries with what is stored, by address; ``deleted`` are addresses that had everything
    about them deleted.
    """
    found = (_conflict(known.get(key), key, key in deleted) for key in map(_key, named))
    return [one for one in found if one is not None]


def deleted_among(connection: sa.Connection, named: Sequence[Subscriber], *, secret: bytes) -> frozenset[str]:
    """Give those of the entries' addresses whose owners had everything deleted, and did not come back since."""
    deleted = suppressed_among(connection, map(_key, named), secret=secret)
    back: set[str] = set()
    for some in in_batches(deleted):
        query = sa.select(subscribers.c.email).where(subscribers.c.email.in_(some))
        back |= set(connection.execute(query).scalars())
    return frozenset(deleted - back)


def _conflict(stored: StoredSubscriber | None, email: str, deleted: bool) -> Conflict | None:
    if stored is None:
        words = "had everything about them deleted, and can come back only by subscribing on the web"
        return Conflict(email, ConflictKind.DELETED, words, _OUT) if deleted else None
    since = stored.state_since.date()
    again = f"{_OUT}, or, if they asked to come back: tocsin subscribers resume {email}"
    match stored.state:
        case SubscriberState.UNSUBSCRIBED:
            return Conflict(email, ConflictKind.UNSUBSCRIBED, f"ended the subscription on {since}", again)
        case SubscriberState.SUPPRESSED:
            words = f"gets nothing since {since}, since their mail server refuses the address ({stored.because})"
            remedy = f"correct it in the file, or, if it works again: tocsin subscribers resume {email}"
            return Conflict(email, ConflictKind.SUPPRESSED, words, remedy)
    if stored.owner is Owner.WATCHLIST:
        return None
    words = "subscribed without the watchlist, and sets everything on the web; the entry does not hold"
    remedy = f"{_OUT}, or let it hold: tocsin subscribers remove {email}"
    return Conflict(email, ConflictKind.READER, words, remedy)


def _key(entry: Subscriber) -> str:
    return key_of(entry.email)
