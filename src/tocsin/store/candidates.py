"""New matches as the alert policy sees them: with their article and where that was placed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from tocsin.models.ids import ArticleId, DevelopmentId, FeedId, MatchId, StoryId, WatchId
from tocsin.models.stories import Join
from tocsin.store.columns import AnyRow
from tocsin.store.tables import articles, developments, feeds, matches, placements


@dataclass(frozen=True, slots=True)
class PlacedMatch:
    """A match, its article, and the development that the article belongs to; the fields are those of the records."""

    id: MatchId
    watch: WatchId
    article_id: ArticleId
    feed_id: FeedId
    feed_title: str
    outlet: str
    story_id: StoryId
    development_id: DevelopmentId
    number: int
    opened_at: datetime
    news: tuple[str, ...]
    join: Join
    published_at: datetime
    first_seen_at: datetime
    revision: int
    backlog: bool
    quiet: bool


def placed_matches(connection: sa.Connection, ids: Collection[MatchId]) -> list[PlacedMatch]:
    """Give matches whose articles were placed, by time of publication."""
    query = (
        sa.select(
            matches.c.id,
            matches.c.watch,
            articles.c.id.label("article_id"),
            articles.c.feed_id,
            feeds.c.title.label("feed_title"),
            sa.func.coalesce(articles.c.outlet, feeds.c.title).label("outlet"),
            articles.c.story_id,
            articles.c.development_id,
            developments.c.number,
            developments.c.opened_at,
            developments.c.news,
            placements.c.join_kind,
            articles.c.published_at,
            articles.c.first_seen_at,
            articles.c.revision,
            articles.c.backlog,
            articles.c.quiet,
        )
        .join(articles, articles.c.id == matches.c.article_id)
        .join(feeds, feeds.c.id == articles.c.feed_id)
        .join(developments, developments.c.id == articles.c.development_id)
        .outerjoin(placements, placements.c.article_id == articles.c.id)
        .where(matches.c.id.in_(ids))
        .order_by(articles.c.published_at, articles.c.id, matches.c.id)
    )
    return [_placed(row) for row in connection.execute(query)] if ids else []


def outlets_first_seen(connection: sa.Connection, ids: Collection[StoryId]) -> dict[StoryId, dict[str, datetime]]:
    """Give when each outlet of stories was first seen with an article of it."""
    outlet = sa.func.coalesce(articles.c.outlet, "").label("outlet")
    first = sa.func.min(articles.c.first_seen_at, type_=articles.c.first_seen_at.type).label("at")
    query = sa.select(articles.c.story_id, outlet, first).where(articles.c.story_id.in_(ids))
    found: dict[StoryId, dict[str, datetime]] = {}
    for row in connection.execute(query.group_by(articles.c.story_id, outlet)) if ids else ():
        found.setdefault(StoryId(row.story_id), {})[row.outlet] = row.at
    return found


def _placed(row: AnyRow) -> PlacedMatch:
    values = dict(row._mapping)  # noqa: SLF001 -- SQLAlchemy's public name for a row's columns
    join = Join(values.pop("join_kind") or Join.OPENED)
    return PlacedMatch(**values | {"join": join, "news": tuple(row.news)})
