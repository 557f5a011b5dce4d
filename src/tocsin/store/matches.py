"""Matches: an article, a watch and the receipt; what each subscriber is owed of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from pydantic import TypeAdapter

from tocsin.models.ids import ArticleId, DeliveryId, DigestId, MatchId, SubscriberId, WatchId
from tocsin.models.matches import Match
from tocsin.models.receipts import Receipt
from tocsin.store.articles import ARTICLE_COLUMNS, article_of
from tocsin.store.bundles import take_out_withdrawn
from tocsin.store.columns import AnyRow
from tocsin.store.deliveries import lock_deliveries
from tocsin.store.subscriber_rows import OWED
from tocsin.store.tables import alerts, articles, deliveries, digest_items, feeds, matches, subscribers
from tocsin.store.upsert import insert

_RECEIPTS: TypeAdapter[Receipt] = TypeAdapter(Receipt)
_NO_WATCH = "the watch is no longer in the watchlist"


@dataclass(frozen=True, slots=True)
class NewMatch:
    """A match that was not there before, so that alerts and digests are owed for it."""

    id: MatchId
    article_id: ArticleId
    watch: WatchId


def save_matches(
    connection: sa.Connection, receipts: Sequence[tuple[ArticleId, Receipt]], now: datetime
) -> list[NewMatch]:
    """Store the matches of classified articles and give those that are news: new, or withdrawn before and back.

    An article that matched the same watch in an earlier revision keeps its match with the new receipt; it is not news
    again. What is back may have been told or not; what is told is entered once, whoever asks for it.
    """
    if not receipts:
        return []
    rows = [
        {"article_id": article_id, "watch": receipt.watch, "receipt": receipt_json(receipt), "matched_at": now}
        for article_id, receipt in receipts
    ]
    added = (
        insert(connection, matches)
        .on_conflict_do_nothing()
        .returning(matches.c.id, matches.c.article_id, matches.c.watch)
    )
    new = [NewMatch(row.id, row.article_id, row.watch) for row in connection.execute(added, rows)]
    return new + _renew(connection, rows, {(match.article_id, match.watch) for match in new})


def _renew(
    connection: sa.Connection, rows: list[dict[str, object]], new: set[tuple[ArticleId, WatchId]]
) -> list[NewMatch]:
    """Give known matches their new receipts; returns those that were withdrawn."""
    known = [row for row in rows if (row["article_id"], row["watch"]) not in new]
    back = _withdrawn(connection, known)
    change = sa.update(matches).where(
        matches.c.article_id == sa.bindparam("article"), matches.c.watch == sa.bindparam("of_watch")
    )
    values = [{"article": row["article_id"], "of_watch": row["watch"], "newest": row["receipt"]} for row in known]
    if values:
        newest = sa.bindparam("newest", type_=matches.c.receipt.type)
        connection.execute(change.values(receipt=newest, withdrawn_at=None, withdrawn_because=None), values)
    return back


def _withdrawn(connection: sa.Connection, rows: list[dict[str, object]]) -> list[NewMatch]:
    asked = {(row["article_id"], row["watch"]) for row in rows}
    articles_asked = {article_id for article_id, _ in asked}
    query = sa.select(matches.c.id, matches.c.article_id, matches.c.watch).where(matches.c.withdrawn_at.is_not(None))
    found = connection.execute(query.where(matches.c.article_id.in_(articles_asked))) if asked else ()
    return [NewMatch(row.id, row.article_id, row.watch) for row in found if (row.article_id, row.watch) in asked]


def standing_watches(connection: sa.Connection, ids: Collection[ArticleId]) -> dict[ArticleId, list[WatchId]]:
    """Give the watches that each of the articles meets, as stored; an article that meets none is not in it."""
    query = sa.select(matches.c.article_id, matches.c.watch).order_by(matches.c.id)
    standing = query.where(matches.c.article_id.in_(ids), matches.c.withdrawn_at.is_(None))
    found: dict[ArticleId, list[WatchId]] = {}
    for row in connection.execute(standing) if ids else ():
        found.setdefault(ArticleId(row.article_id), []).append(WatchId(row.watch))
    return found


def withdraw_matches(
    connection: sa.Connection,
    kept: Sequence[tuple[ArticleId, Sequence[WatchId]]],
    now: datetime,
    because: Mapping[tuple[ArticleId, WatchId], str] | None = None,
) -> None:
    """Mark the matches of changed articles that no longer hold: for each article, those of watches that are not in
    ``kept``. Digests and bundles that wait to be sent no longer tell them, and give them back, in case they hold again.

    ``because`` are the reasons in words; a match that it has none for is of a watch that is no longer there.
    """
    withdrawn: list[MatchId] = []
    for article_id, watches in kept:
        gone = sa.and_(
            matches.c.article_id == article_id, matches.c.watch.not_in(list(watches)), matches.c.withdrawn_at.is_(None)
        )
        change = sa.update(matches).where(gone).values(withdrawn_at=now).returning(matches.c.id, matches.c.watch)
        rows = connection.execute(change).all()
        _give_reasons(connection, [(row.id, (because or {}).get((article_id, row.watch), _NO_WATCH)) for row in rows])
        withdrawn += [row.id for row in rows]
    if withdrawn:
        _give_back(connection, withdrawn, now)


def _give_back(connection: sa.Connection, withdrawn: Sequence[MatchId], now: datetime) -> None:
    # Not those under lease: their mail may be on its way. One whose lease is over belongs to a mailer that died.
    is_free = sa.or_(deliveries.c.lease_until.is_(None), deliveries.c.lease_until <= now)
    free = sa.and_(deliveries.c.state == "pending", is_free, deliveries.c.kind == "digest")
    theirs = sa.select(digest_items.c.digest_id).where(digest_items.c.match_id.in_(withdrawn))
    # No mailer takes one and tells, before this is committed, what is given back here.
    lock_deliveries(connection, sa.and_(free, deliveries.c.digest_id.in_(theirs)))
    unsent = sa.select(deliveries.c.digest_id).where(free)
    # Nothing is kept for those who left, though their digest may lie in the hands of a mailer that died.
    stay = sa.select(subscribers.c.id).where(subscribers.c.state.in_(OWED))
    given = sa.and_(digest_items.c.match_id.in_(withdrawn), digest_items.c.digest_id.in_(unsent))
    given = sa.and_(given, digest_items.c.subscriber_id.in_(stay))
    connection.execute(sa.update(digest_items).where(given).values(digest_id=None))
    take_out_withdrawn(connection, now)


def _give_reasons(connection: sa.Connection, reasons: Sequence[tuple[MatchId, str]]) -> None:
    change = sa.update(matches).where(matches.c.id == sa.bindparam("match"))
    if reasons:
        values = [{"match": match_id, "reason": reason} for match_id, reason in reasons]
        connection.execute(change.values(withdrawn_because=sa.bindparam("reason")), values)


def get_match(connection: sa.Connection, match_id: MatchId) -> Match | None:
    """Load one match, or None."""
    return next(iter(load_matches(connection, matches.c.id == match_id)), None)


def standing_matches_of_delivery(connection: sa.Connection, delivery_id: DeliveryId) -> list[Match]:
    """Give the matches of the alerts of a message, those that stand."""
    told = sa.select(alerts.c.match_id).where(alerts.c.delivery_id == delivery_id)
    return load_matches(connection, sa.and_(matches.c.id.in_(told), matches.c.withdrawn_at.is_(None)))


def matches_of_article(connection: sa.Connection, article_id: ArticleId) -> list[Match]:
    """Give all matches of an article, withdrawn ones too, by watch."""
    return sorted(load_matches(connection, matches.c.article_id == article_id), key=lambda match: match.watch)


def latest_matches(connection: sa.Connection, watch: WatchId, *, limit: int) -> list[Match]:
    """Give a watch's standing matches, the newest first."""
    standing = sa.and_(matches.c.watch == watch, matches.c.withdrawn_at.is_(None))
    return load_matches(connection, standing, limit=limit)


def count_matches(connection: sa.Connection, since: datetime) -> dict[WatchId, int]:
    """Count the standing matches a watch since that time; a watch without any is not in it."""
    query = sa.select(matches.c.watch, sa.func.count().label("n")).group_by(matches.c.watch)
    rows = connection.execute(query.where(matches.c.matched_at >= since, matches.c.withdrawn_at.is_(None)))
    return {row.watch: row.n for row in rows}


def last_matched(connection: sa.Connection) -> dict[WatchId, datetime]:
    """Give the time of each watch's latest standing match."""
    query = sa.select(matches.c.watch, sa.func.max(matches.c.matched_at).label("at")).group_by(matches.c.watch)
    return {row.watch: row.at for row in connection.execute(query.where(matches.c.withdrawn_at.is_(None)))}


def matches_of_digest(connection: sa.Connection, digest_id: DigestId) -> list[Match]:
    """Give the matches that a digest was closed with, the newest first: those that stand, and those that were withdrawn
    after it was sent, since it told them.
    """
    return load_matches(connection, sa.and_(digest_items.c.digest_id == digest_id, in_its_digest()), owed=True)


def in_its_digest() -> sa.ColumnElement[bool]:
    """Tell of a match and an item of a digest, joined, whether the one is shown in the other: it stands, or it was
    withdrawn after the digest was sent.
    """
    sent = sa.select(deliveries.c.id).where(
        deliveries.c.digest_id == digest_items.c.digest_id, deliveries.c.sent_at <= matches.c.withdrawn_at
    )
    return sa.or_(matches.c.withdrawn_at.is_(None), sent.exists())


def matches_owed(connection: sa.Connection, subscriber_id: SubscriberId) -> list[Match]:
    """Give the standing matches that wait for a subscriber's next digest, the newest first."""
    waiting = sa.and_(digest_items.c.subscriber_id == subscriber_id, digest_items.c.digest_id.is_(None))
    return load_matches(connection, sa.and_(waiting, matches.c.withdrawn_at.is_(None)), owed=True)


def receipt_json(receipt: Receipt) -> object:
    """Turn a receipt into what JSON can hold."""
    return _RECEIPTS.dump_python(receipt, mode="json")


def load_matches(
    connection: sa.Connection, condition: sa.ColumnElement[bool], *, owed: bool = False, limit: int | None = None
) -> list[Match]:
    """Load the matches that meet a condition, the newest first; ``owed`` joins what subscribers are owed of them."""
    columns = (matches.c.id.label("match_id"), matches.c.watch, matches.c.receipt, matches.c.matched_at)
    query = (
        sa.select(*columns, matches.c.withdrawn_at, matches.c.withdrawn_because, *ARTICLE_COLUMNS)
        .join(articles, articles.c.id == matches.c.article_id)
        .join(feeds, feeds.c.id == articles.c.feed_id)
        .where(condition)
        .order_by(matches.c.matched_at.desc(), matches.c.id.desc())
        .limit(limit)
    )
    if owed:
        query = query.join(digest_items, digest_items.c.match_id == matches.c.id)
    return [_match_of(row) for row in connection.execute(query)]


def _match_of(row: AnyRow) -> Match:
    columns = row._mapping  # noqa: SLF001 -- SQLAlchemy's public name for a row's columns
    return Match(
        id=columns["match_id"],
        watch=columns["watch"],
        article=article_of(row),
        receipt=_RECEIPTS.validate_python(columns["receipt"]),
        matched_at=columns["matched_at"],
        withdrawn_at=columns["withdrawn_at"],
        withdrawn_because=columns["withdrawn_because"],
    )
