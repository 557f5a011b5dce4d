"""Stories and their developments as rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from tocsin.models.articles import Article
from tocsin.models.ids import ArticleId, DevelopmentId, StoryId
from tocsin.store.tables import developments, stories


def open_stories(
    connection: sa.Connection, unstoried: Sequence[Article], now: datetime
) -> dict[ArticleId, tuple[StoryId, DevelopmentId]]:
    """Open a story, with its first development, for each article that has none, and give those of all."""
    new = [article for article in unstoried if article.story_id is None]
    opened = dict(zip((article.id for article in new), _insert(connection, new, now), strict=True))
    known = {
        article.id: (article.story_id, article.development_id)
        for article in unstoried
        if article.story_id is not None and article.development_id is not None
    }
    return opened | known


def _insert(connection: sa.Connection, new: Sequence[Article], now: datetime) -> list[tuple[StoryId, DevelopmentId]]:
    if not new:
        return []
    story = sa.insert(stories).returning(stories.c.id, sort_by_parameter_order=True)
    rows = [{"title": one.title, "opened_at": now, "latest_at": one.published_at} for one in new]
    ids = [StoryId(row.id) for row in connection.execute(story, rows)]
    development = sa.insert(developments).returning(developments.c.id, sort_by_parameter_order=True)
    firsts = [
        {"story_id": story_id, "number": 1, "title": one.title, "opened_at": now, "news": []}
        for story_id, one in zip(ids, new, strict=True)
    ]
    return list(zip(ids, (DevelopmentId(row.id) for row in connection.execute(development, firsts)), strict=True))
