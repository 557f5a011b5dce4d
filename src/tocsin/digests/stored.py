"""A digest as the database has it: the one module of this room that reads."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from tocsin.digests.background import Background
from tocsin.digests.content import build_digest
from tocsin.digests.coverage import Coverage, coverage, coverage_from
from tocsin.digests.folding import QUIET_NAMES
from tocsin.digests.view import DigestView
from tocsin.models.digests import Digest
from tocsin.models.ids import WatchId
from tocsin.models.matches import Match
from tocsin.models.subscribers import SubscriptionLinks
from tocsin.models.watchlist import Watch
from tocsin.rendering.locales import locale_of
from tocsin.store.dossiers import dossier_of
from tocsin.store.feeds import list_feeds
from tocsin.store.matches import matches_of_digest
from tocsin.store.subscribers import get_subscriber
from tocsin.store.volumes import articles_between, has_undelivered, last_matches, watch_volumes


def stored_digest_view(
    connection: sa.Connection,
    digest: Digest,
    watches: Sequence[Watch],
    *,
    base_url: str,
    contact: str | None,
    links: SubscriptionLinks | None = None,
    matches: Sequence[Match] | None = None,
) -> DigestView | None:
    """Build the view of a digest from what is stored, in its subscriber's language; None if the subscriber is gone.

    ``watches`` are all of the watchlist, in its order. ``links`` are left out where others than the subscriber may
    read it. ``matches`` stand in for the digest's own, for a preview.
    """
    stored = get_subscriber(connection, digest.subscriber_id)
    if stored is None:
        return None
    told = matches_of_digest(connection, digest.id) if matches is None else matches
    met = {match.watch for match in told}
    # A watch that the reader gave up since is told of, too: its matches were owed to them.
    wanted = met | set(stored.subscriber.watches)
    mine = [watch for watch in watches if watch.id in wanted]
    return build_digest(
        digest,
        told,
        mine,
        _seen(connection, digest),
        schedule=stored.subscriber.digest,
        base_url=base_url,
        contact=contact,
        owner=stored.owner,
        links=links,
        background=_background(connection, digest, told, [watch.id for watch in mine if watch.id not in met]),
        locale=locale_of(stored.subscriber.language),
    )


def _seen(connection: sa.Connection, digest: Digest) -> Coverage:
    if digest.coverage is None:
        return coverage(list_feeds(connection), digest.window)
    return coverage_from(digest.coverage)


def _background(
    connection: sa.Connection, digest: Digest, told: Sequence[Match], quiet: Sequence[WatchId]
) -> Background:
    window = digest.window
    earliest = min((match.matched_at for match in told), default=window.start_at)
    return Background(
        dossier=dossier_of(connection, [match.article for match in told], digest),
        volumes=watch_volumes(connection, sorted({match.watch for match in told}), window),
        last_matched=last_matches(connection, quiet[:QUIET_NAMES], window.end_at),
        looked_through=0 if told else articles_between(connection, window.start_at, window.end_at),
        undelivered=earliest < window.start_at and has_undelivered(connection, digest, earliest),
    )
