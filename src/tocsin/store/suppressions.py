"""Addresses of people who had everything about them deleted: known by keyed hashes, so that no watchlist and no import
brings them back.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from tocsin.store.subscriber_rows import in_batches, key_of
from tocsin.store.tables import suppressions
from tocsin.store.upsert import insert

_PURPOSE = b"tocsin suppression "


def address_hash(email: str, secret: bytes) -> str:
    """Give the keyed hash (HMAC-SHA256, in hex) by which an address is known, in any case of letters.

    >>> address_hash("Zoe@example.org", b"s" * 32) == address_hash("zoe@EXAMPLE.org", b"s" * 32)
    True
    """
    return hmac.new(secret, _PURPOSE + key_of(email).encode(), hashlib.sha256).hexdigest()


def suppress_address(connection: sa.Connection, email: str, now: datetime, *, because: str, secret: bytes) -> None:
    """Remember that nobody but its owner may bring an address back; once is enough."""
    row = {"address_hash": address_hash(email, secret), "because": because, "since_at": now}
    connection.execute(insert(connection, suppressions).on_conflict_do_nothing(), [row])


def lift_suppression(connection: sa.Connection, email: str, *, secret: bytes) -> bool:
    """Forget it, since its owner has come back; False where nothing was remembered."""
    theirs = suppressions.c.address_hash == address_hash(email, secret)
    return connection.execute(sa.delete(suppressions).where(theirs)).rowcount > 0


def is_suppressed(connection: sa.Connection, email: str, *, secret: bytes) -> bool:
    """Tell whether the owner of an address had everything about them deleted."""
    return bool(suppressed_among(connection, [email], secret=secret))


def suppressed_among(connection: sa.Connection, emails: Iterable[str], *, secret: bytes) -> set[str]:
    """Give those of the addresses, as written, whose owners had everything about them deleted."""
    if connection.execute(sa.select(suppressions.c.address_hash).limit(1)).first() is None:
        return set()
    found = set()
    for some in in_batches(emails):
        hashes = {address_hash(email, secret): email for email in some}
        query = sa.select(suppressions.c.address_hash).where(suppressions.c.address_hash.in_(hashes))
        found |= {hashes[one] for one in connection.execute(query).scalars()}
    return found
