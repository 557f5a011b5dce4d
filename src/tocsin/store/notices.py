"""Notices to the operator: opened when something needs a hand, closed when it is over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from tocsin.models.alerts import Notice, NoticeKind
from tocsin.models.ids import NoticeId
from tocsin.store.columns import AnyRow
from tocsin.store.tables import deliveries, notices
from tocsin.store.upsert import insert


def channel_key(name: str) -> str:
    """Give the key of notices about a channel.

    >>> channel_key("desk")
    'channel:desk'
    """
    return f"channel:{name}"


def open_notice(connection: sa.Connection, key: str, kind: NoticeKind, text: str, now: datetime) -> NoticeId | None:
    """Open a notice about what ``key`` names; None where one is open for it already, which is told once.

    ``text`` says what is wrong, since when, and the remedy, in whole sentences.
    """
    row = {"key": key, "kind": kind.value, "text": text, "opened_at": now}
    added = insert(connection, notices).on_conflict_do_nothing().returning(notices.c.id)
    # Asked first: most often it is open, and on PostgreSQL each refused row would use up an id.
    is_open = sa.select(notices.c.id).where(notices.c.key == key, notices.c.closed_at.is_(None))
    if connection.execute(is_open).first() is not None:
        return None
    entered = connection.execute(added, [row]).first()
    return None if entered is None else NoticeId(entered.id)


def close_notice(connection: sa.Connection, key: str, now: datetime) -> bool:
    """Close the notice about what ``key`` names: it is over; False where none was open."""
    over = sa.update(notices).where(notices.c.key == key, notices.c.closed_at.is_(None)).values(closed_at=now)
    return connection.execute(over).rowcount > 0


def open_notices(connection: sa.Connection) -> list[Notice]:
    """Give the notices that are open, the oldest first."""
    query = sa.select(notices).where(notices.c.closed_at.is_(None)).order_by(notices.c.opened_at, notices.c.id)
    return [_notice_of(row) for row in connection.execute(query)]


def get_notice(connection: sa.Connection, notice_id: NoticeId) -> Notice | None:
    """Load one notice, open or closed, or None."""
    row = connection.execute(sa.select(notices).where(notices.c.id == notice_id)).one_or_none()
    return None if row is None else _notice_of(row)


def told_notices(connection: sa.Connection, ids: Sequence[NoticeId]) -> set[tuple[NoticeId, str]]:
    """Give which of the notices were entered for which channels."""
    query = sa.select(deliveries.c.notice_id, deliveries.c.name).where(deliveries.c.notice_id.in_(ids))
    return {(NoticeId(row.notice_id), row.name) for row in connection.execute(query)} if ids else set()


def _notice_of(row: AnyRow) -> Notice:
    values = dict(row._mapping)  # noqa: SLF001 -- SQLAlchemy's public name for a row's columns
    return Notice(**values | {"kind": NoticeKind(row.kind)})
