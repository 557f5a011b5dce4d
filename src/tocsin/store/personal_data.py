"""Everything that is kept about a subscriber, for them to read: what `tocsin.store.subscriber_deletion` deletes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from tocsin.models.ids import SubscriberId
from tocsin.store.tables import (
    articles,
    deliveries,
    digest_items,
    digests,
    dismissals,
    matches,
    mutes,
    signups,
    stories,
    subscribers,
)

_OF_DELIVERIES = (
    deliveries.c.kind,
    deliveries.c.target,
    deliveries.c.message_id,
    deliveries.c.state,
    deliveries.c.attempts,
    deliveries.c.created_at,
    deliveries.c.sent_at,
    deliveries.c.problem,
)


def personal_data(connection: sa.Connection, subscriber_id: SubscriberId) -> dict[str, Any] | None:
    """Give everything about a subscriber as JSON can hold it, times in ISO 8601 (UTC); None where there is none.

    Items of digests are given by number and not one by one: they are news, the same for all readers.
    """
    own = _rows(connection, sa.select(subscribers).where(subscribers.c.id == subscriber_id))
    if not own:
        return None
    email = own[0]["email"]
    return {
        "subscription": own[0],
        "waiting_matches": _waiting(connection, subscriber_id),
        "digests": _rows(connection, _digests(subscriber_id)),
        "mails": _rows(connection, _mails(subscriber_id, email)),
        "signups": _rows(connection, sa.select(signups).where(signups.c.email == email).order_by(signups.c.id)),
        "muted_stories": _rows(connection, _muted(email)),
        "dismissed_matches": _rows(connection, _dismissed(email)),
    }


def _waiting(connection: sa.Connection, subscriber_id: SubscriberId) -> int:
    open_items = sa.and_(digest_items.c.subscriber_id == subscriber_id, digest_items.c.digest_id.is_(None))
    query = sa.select(sa.func.count()).select_from(digest_items).where(open_items)
    number: int = connection.execute(query).scalar_one()
    return number


def _digests(subscriber_id: SubscriberId) -> sa.Select[Any]:
    items = sa.select(sa.func.count()).where(digest_items.c.digest_id == digests.c.id).scalar_subquery()
    told = (digests.c.local_date, digests.c.slot, digests.c.timezone, digests.c.start_at, digests.c.end_at)
    query = sa.select(*told, digests.c.created_at, items.label("matches"), digests.c.given_back)
    return query.where(digests.c.subscriber_id == subscriber_id).order_by(digests.c.id)


def _mails(subscriber_id: SubscriberId, email: str) -> sa.Select[Any]:
    of_digests = sa.select(digests.c.id).where(digests.c.subscriber_id == subscriber_id)
    of_signups = sa.select(signups.c.id).where(signups.c.email == email)
    theirs = sa.or_(deliveries.c.digest_id.in_(of_digests), deliveries.c.signup_id.in_(of_signups))
    return sa.select(*_OF_DELIVERIES).where(theirs).order_by(deliveries.c.id)


def _muted(email: str) -> sa.Select[Any]:
    query = sa.select(stories.c.title.label("story"), mutes.c.muted_at).join(stories, stories.c.id == mutes.c.story_id)
    return query.where(mutes.c.target == email).order_by(mutes.c.id)


def _dismissed(email: str) -> sa.Select[Any]:
    query = (
        sa.select(matches.c.watch, articles.c.title.label("article"), dismissals.c.dismissed_at)
        .join(matches, matches.c.id == dismissals.c.match_id)
        .join(articles, articles.c.id == matches.c.article_id)
    )
    return query.where(dismissals.c.target == email).order_by(dismissals.c.id)


def _rows(connection: sa.Connection, query: sa.Select[Any]) -> list[dict[str, Any]]:
    found = connection.execute(query).mappings()
    return [{name: _plain(value) for name, value in row.items()} for row in found]


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, (date, datetime)) else value
