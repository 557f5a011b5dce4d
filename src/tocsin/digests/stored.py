"""A digest as the database has it: the one module of this room that reads."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from tocsin.digests.content import build_digest
from tocsin.digests.coverage import coverage_from
from tocsin.digests.view import DigestView
from tocsin.models.digests import Digest
from tocsin.models.matches import Match
from tocsin.models.watchlist import Watch
from tocsin.store.dossiers import dossier_of
from tocsin.store.feeds import list_feeds
from tocsin.store.matches import matches_of_digest
from tocsin.store.subscribers import get_subscriber


def stored_digest_view(
    connection: sa.Connection,
    digest: Digest,
    watches: Sequence[Watch],
    *,
    base_url: str,
    contact: str | None,
    matches: Sequence[Match] | None = None,
) -> DigestView | None:
    """Build the view of a digest from what is stored; None if its subscriber is gone.

    ``watches`` are all of the watchlist, in its order. ``matches`` stand in for the digest's own, for a preview.
    """
    stored = get_subscriber(connection, digest.subscriber_id)
    if stored is None:
        return None
    wanted = set(stored.subscriber.watches)
    told = matches_of_digest(connection, digest.id) if matches is None else matches
    return build_digest(
        digest,
        told,
        [watch for watch in watches if watch.id in wanted],
        list_feeds(connection),
        schedule=stored.subscriber.digest,
        base_url=base_url,
        contact=contact,
        seen=None if digest.coverage is None else coverage_from(digest.coverage),
        dossier=dossier_of(connection, [match.article for match in told], digest),
    )
