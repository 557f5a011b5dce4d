"""How far the work has come: counts over all tables, for the demo, `doctor` and the health pages."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from tocsin.store.tables import articles, deliveries, feeds, matches


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts of all time: active feeds asked at least once, articles stored and classified, matches, messages."""

    feeds_asked: int
    articles: int
    classified: int
    matches: int
    sent: int
    pending: int


def progress(connection: sa.Connection) -> Progress:
    """Count."""

    def count(table: sa.Table, *conditions: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
        return sa.select(sa.func.count()).select_from(table).where(*conditions).scalar_subquery()

    row = connection.execute(
        sa.select(
            count(feeds, feeds.c.active, feeds.c.checked_at.is_not(None)),
            count(articles),
            count(articles, articles.c.classified_at.is_not(None)),
            count(matches, matches.c.withdrawn_at.is_(None)),
            count(deliveries, deliveries.c.state == "sent"),
            count(deliveries, deliveries.c.state == "pending"),
        )
    ).one()
    return Progress(*row)
