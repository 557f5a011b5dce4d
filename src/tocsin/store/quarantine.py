"""Articles that were put aside, since the classifier died over them too often: how they get back."""

from __future__ import annotations

import sqlalchemy as sa

from tocsin.store.tables import articles


def release_quarantined(connection: sa.Connection) -> int:
    """Let all articles that were put aside be classified as if they were new; gives how many there were."""
    aside = sa.update(articles).where(articles.c.quarantined_at.is_not(None))
    return connection.execute(aside.values(quarantined_at=None, attempts=0, enqueued_at=None)).rowcount
