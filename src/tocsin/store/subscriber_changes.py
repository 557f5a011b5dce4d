"""Changes of subscribers: following the watchlist, and what readers and the operator set. An address has one row and
one owner; what the one says never overwrites what the other does.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from tocsin.models.ids import SubscriberId, WatchId
from tocsin.models.subscribers import Owner, SubscriberState, Synced
from tocsin.models.watchlist import SelfService, Subscriber
from tocsin.store.columns import AnyRow
from tocsin.store.conflicts import conflicts_with, deleted_among, may_conflict
from tocsin.store.subscriber_rows import (
    OWED,
    change_row,
    changed_settings,
    in_batches,
    index_watches,
    insert_rows,
    key_of,
    lock_rows,
    lock_subscribers,
    settings_of,
    started,
    stored_of,
)
from tocsin.store.subscriber_states import remove_named
from tocsin.store.suppressions import is_suppressed
from tocsin.store.tables import subscribers


def sync_subscribers(
    connection: sa.Connection,
    named: Sequence[Subscriber],
    now: datetime,
    *,
    self_service: SelfService | None = None,
    secret: bytes | None = None,
) -> Synced:
    """Make the subscribers that the watchlist names as it says; a new or returning one is owed what matches from
    ``now`` on, and what others are owed already stays.

    Nobody is brought back who ended it, whose address is dead, or who had everything deleted (known by the ``secret``;
    without it, nobody). Readers are left alone, but for watches that are no longer open to them (``self_service``;
    without it, their watches stay). To be called before any row is locked.
    """
    lock_subscribers(connection)
    rows = {row.email: row for row in connection.execute(sa.select(subscribers).order_by(subscribers.c.id))}
    entries = {key_of(entry.email): entry for entry in named}
    deleted = deleted_among(connection, named, secret=secret) if secret is not None else frozenset()
    new = [entry for key, entry in entries.items() if key not in rows and key not in deleted]
    theirs = [row for row in rows.values() if row.owner == Owner.WATCHLIST.value]
    gone = [row for row in theirs if row.state in OWED and row.email not in entries]
    back = [row.email for row in theirs if row.state == SubscriberState.REMOVED.value and row.email in entries]
    changes = {row.id: _as_named(row, entries[row.email], now) for row in theirs if row.email in entries}
    lost: dict[str, tuple[WatchId, ...]] = {}
    if self_service is not None:
        readers = [row for row in rows.values() if row.owner == Owner.READER.value]
        changes |= {row.id: _still_open(row, self_service.watches) for row in readers}
        lost = {row.email: _lost(row, changes[row.id]) for row in readers}
    remove_named(connection, [SubscriberId(row.id) for row in gone], now)
    _write(connection, {number: values for number, values in changes.items() if values})
    insert_rows(connection, [_new_row(entry, Owner.WATCHLIST, now) for entry in new])
    known = {email: stored_of(rows[email]) for email in entries.keys() & rows.keys() if may_conflict(rows[email])}
    return Synced(
        joined=(*back, *(key_of(entry.email) for entry in new)),
        removed=tuple(row.email for row in gone),
        lost=tuple((email, watches) for email, watches in lost.items() if watches),
        conflicts=tuple(conflicts_with(known, entries.values(), deleted)),
    )


def add_subscriber(
    connection: sa.Connection, wanted: Subscriber, now: datetime, *, secret: bytes, all_watches: bool = False
) -> SubscriberId | None:
    """Add a subscriber who is their own owner, active at once; None where the address has a subscription already, in
    whatever state, or where its owner had everything deleted.

    One whom the operator took out of the watchlist may be added. To be called before any row is locked.
    """
    lock_subscribers(connection)
    row = connection.execute(sa.select(subscribers).where(subscribers.c.email == key_of(wanted.email))).one_or_none()
    if row is None:
        return (
            None
            if is_suppressed(connection, wanted.email, secret=secret)
            else add_reader(connection, wanted, now, all_watches=all_watches)
        )
    if row.state != SubscriberState.REMOVED.value:
        return None
    revive_reader(connection, row, wanted, now, all_watches=all_watches)
    return SubscriberId(row.id)


def change_subscriber(
    connection: sa.Connection,
    subscriber_id: SubscriberId,
    wanted: Subscriber,
    now: datetime,
    *,
    all_watches: bool = False,
) -> bool:
    """Set what a reader gets, and when; False where nothing changes, or where the watchlist has the say.

    The address stays, whatever ``wanted`` names; so does the open window, and what is owed of watches that are no
    longer wanted. To be called before any row is locked.
    """
    lock_subscribers(connection)
    readers = sa.and_(subscribers.c.id == subscriber_id, subscribers.c.owner == Owner.READER.value)
    row = connection.execute(sa.select(subscribers).where(readers).with_for_update(key_share=True)).one_or_none()
    if row is None:
        return False
    settings = settings_of(wanted) | {"email": row.email, "all_watches": all_watches}
    changed = changed_settings(row, settings, now)
    change_row(connection, row.id, changed)
    return bool(changed)


def add_reader(
    connection: sa.Connection, wanted: Subscriber, now: datetime, *, all_watches: bool = False
) -> SubscriberId:
    """Insert a reader of whom no row is there; under the lock of subscribers."""
    [added] = insert_rows(connection, [_new_row(wanted, Owner.READER, now) | {"all_watches": all_watches}])
    return added


def add_named(connection: sa.Connection, entry: Subscriber, now: datetime) -> SubscriberId:
    """Insert somebody whom the watchlist names, and of whom no row is there; under the lock of subscribers."""
    [added] = insert_rows(connection, [_new_row(entry, Owner.WATCHLIST, now)])
    return added


def revive_reader(
    connection: sa.Connection, row: AnyRow, wanted: Subscriber, now: datetime, *, all_watches: bool = False
) -> None:
    """Make a row a reader's own, active from now on; under the lock of subscribers."""
    settings = settings_of(wanted) | {"owner": Owner.READER.value, "all_watches": all_watches}
    change_row(connection, row.id, settings | started(now))


def revive_named(connection: sa.Connection, row: AnyRow, entry: Subscriber, now: datetime) -> None:
    """Make a row active from now on as the watchlist has it; under the lock of subscribers."""
    change_row(connection, row.id, settings_of(entry) | {"owner": Owner.WATCHLIST.value} | started(now))


def _new_row(wanted: Subscriber, owner: Owner, now: datetime) -> dict[str, object]:
    return settings_of(wanted) | started(now) | {"owner": owner.value, "joined_at": now}


def _as_named(row: AnyRow, entry: Subscriber, now: datetime) -> dict[str, object]:
    """Give what an entry of the watchlist changes in its row; one who was removed comes back, but not to an address
    that was found dead before.
    """
    settings = changed_settings(row, settings_of(entry), now)
    if row.state != SubscriberState.REMOVED.value:
        return settings
    is_dead = {"state": SubscriberState.SUPPRESSED.value, "because": row.because} if row.because else {}
    return settings | started(now) | is_dead


def _still_open(row: AnyRow, open_watches: Sequence[WatchId]) -> dict[str, object]:
    """Give what the list of watches that are open to readers changes in a reader's row."""
    theirs = set(row.watches)
    fitting = [watch for watch in open_watches if row.all_watches or watch in theirs]
    return {} if fitting == row.watches else {"watches": fitting}


def _lost(row: AnyRow, values: Mapping[str, object]) -> tuple[WatchId, ...]:
    fitting = values.get("watches", row.watches)
    kept: Collection[object] = fitting if isinstance(fitting, list) else ()
    return tuple(WatchId(watch) for watch in row.watches if watch not in kept)


def _write(connection: sa.Connection, changes: Mapping[int, Mapping[str, object]]) -> None:
    """Write changed columns, a statement for each set of columns that changes together."""
    for some in in_batches(changes):
        lock_rows(connection, subscribers.c.id.in_(some))
        alike: dict[tuple[str, ...], list[dict[str, object]]] = {}
        for number in some:
            values = {f"new_{name}": value for name, value in changes[number].items()}
            alike.setdefault(tuple(sorted(changes[number])), []).append({"number": number, **values})
        for names, rows in alike.items():
            bound = {name: sa.bindparam(f"new_{name}", type_=subscribers.c[name].type) for name in names}
            change = sa.update(subscribers).where(subscribers.c.id == sa.bindparam("number"))
            connection.execute(change.values(**bound), rows)
        index_watches(connection, [number for number in some if "watches" in changes[number]])
