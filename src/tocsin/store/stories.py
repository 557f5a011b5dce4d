"""Stories as they are read: with their developments, articles and outlets. `tocsin.store.placements` and
`tocsin.store.story_changes` write them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tocsin.models.ids import ArticleId, DevelopmentId, StoryId
from tocsin.models.stories import (
    Development,
    Evidence,
    EvidenceKind,
    Join,
    MergedStory,
    Placement,
    Story,
    StoryArticle,
    StoryOutlet,
)
from tocsin.store.articles import ARTICLE_COLUMNS, article_of
from tocsin.store.columns import AnyRow
from tocsin.store.tables import articles, developments, feeds, placements, stories


def story_of(connection: sa.Connection, story_id: StoryId) -> StoryId | None:
    """Give the story that an id leads to now: itself, or the one that it was merged into; None if there is none."""
    known = stories_of(connection, [story_id])
    return known.get(story_id)


def stories_of(connection: sa.Connection, ids: Collection[StoryId]) -> dict[StoryId, StoryId]:
    """Give the story that each of the ids leads to now; ids of no story are not in it."""
    # Merging keeps all ways one step long.
    now = sa.func.coalesce(stories.c.merged_into, stories.c.id).label("now")
    query = sa.select(stories.c.id, now).where(stories.c.id.in_(set(ids)))
    return {row.id: row.now for row in connection.execute(query)} if ids else {}


def get_story(connection: sa.Connection, story_id: StoryId) -> Story | None:
    """Load one story as it stands, or None; one that was merged says into which, and has nothing else left."""
    return get_stories(connection, [story_id]).get(story_id)


def get_stories(connection: sa.Connection, ids: Collection[StoryId]) -> dict[StoryId, Story]:
    """Load stories by id; those that do not exist are not in it."""
    wanted = set(ids)
    if not wanted:
        return {}
    query = (
        sa.select(stories, sa.func.count(articles.c.id).label("articles"), _outlet_count().label("outlets"))
        .outerjoin(articles, articles.c.story_id == stories.c.id)
        .where(stories.c.id.in_(wanted))
        .group_by(*stories.c)
    )
    happenings = _developments(connection, wanted)
    return {row.id: _story_of(row, happenings.get(row.id, [])) for row in connection.execute(query)}


def merged_stories(connection: sa.Connection, story_id: StoryId) -> list[MergedStory]:
    """Give the stories that were merged into one, the oldest first."""
    query = sa.select(stories.c.id, stories.c.merged_because).where(stories.c.merged_into == story_id)
    return [MergedStory(row.id, row.merged_because) for row in connection.execute(query.order_by(stories.c.id))]


def running_stories(
    connection: sa.Connection, since: datetime, *, limit: int, offset: int = 0, least_articles: int = 1
) -> list[Story]:
    """Give the stories with an article published since that time, those that most outlets told since come first, then
    the latest; those with fewer articles in all than ``least_articles`` are left out.
    """
    told = (
        sa.select(stories.c.id)
        .join(articles, articles.c.story_id == stories.c.id)
        .where(stories.c.latest_at >= since)
        .group_by(stories.c.id, stories.c.latest_at)
        .having(sa.func.count(articles.c.id) >= least_articles)
        .order_by(
            sa.func.count(sa.distinct(sa.case((articles.c.published_at >= since, articles.c.outlet)))).desc(),
            stories.c.latest_at.desc(),
            stories.c.id.desc(),
        )
        .limit(limit)
        .offset(offset)
    )
    ids = [StoryId(row.id) for row in connection.execute(told)]
    found = get_stories(connection, ids)
    return [found[one] for one in ids]


def articles_of_story(connection: sa.Connection, story_id: StoryId, limit: int | None = None) -> list[StoryArticle]:
    """Give the articles of a story with the way in which each came there, by time of publication; the earliest
    ``limit``, if it is given.
    """
    query = _placed().where(articles.c.story_id == story_id).order_by(articles.c.published_at, articles.c.id)
    return [_story_article_of(row) for row in connection.execute(query.limit(limit))]


def story_article(connection: sa.Connection, article_id: ArticleId) -> StoryArticle | None:
    """Give an article with the way in which it came into its story; None if it is in none."""
    row = connection.execute(_placed().where(articles.c.id == article_id)).one_or_none()
    return None if row is None else _story_article_of(row)


def outlets_of(connection: sa.Connection, ids: Collection[StoryId]) -> dict[StoryId, list[StoryOutlet]]:
    """Give the outlets that tell each of the stories, those that did first come first."""
    of_outlet = [articles.c.story_id, articles.c.outlet]
    by_time = [articles.c.published_at, articles.c.id]
    ranked = (
        sa.select(
            articles.c.id,
            sa.func.row_number().over(partition_by=of_outlet, order_by=by_time).label("turn"),
            sa.func.count().over(partition_by=of_outlet).label("n"),
        )
        .where(articles.c.story_id.in_(set(ids)))
        .subquery()
    )
    query = (
        sa.select(
            articles.c.story_id,
            sa.func.coalesce(articles.c.outlet, feeds.c.title).label("outlet"),
            feeds.c.title,
            articles.c.id.label("article_id"),
            articles.c.title.label("headline"),
            articles.c.url,
            sa.func.coalesce(articles.c.language, feeds.c.language).label("language"),
            articles.c.published_at,
            articles.c.development_id,
            ranked.c.n.label("articles"),
        )
        .join(ranked, ranked.c.id == articles.c.id)
        .join(feeds, feeds.c.id == articles.c.feed_id)
        .where(ranked.c.turn == 1)
        .order_by(articles.c.published_at, articles.c.id)
    )
    found: dict[StoryId, list[StoryOutlet]] = defaultdict(list)
    for row in connection.execute(query) if ids else ():
        values = dict(row._mapping)  # noqa: SLF001 -- SQLAlchemy's public name for a row's columns
        found[values.pop("story_id")].append(StoryOutlet(**values))
    return dict(found)


def developments_of(connection: sa.Connection, ids: Collection[DevelopmentId]) -> dict[DevelopmentId, DevelopmentId]:
    """Give the development that each of the ids leads to now; ids of none are not in it."""
    now = sa.func.coalesce(developments.c.merged_into, developments.c.id).label("now")
    query = sa.select(developments.c.id, now).where(developments.c.id.in_(set(ids)))
    return {row.id: row.now for row in connection.execute(query)} if ids else {}


def evidence_of(stored: Sequence[Sequence[Any]]) -> tuple[Evidence, ...]:
    """Make the evidence of a placement from what its row keeps of it."""
    return tuple(Evidence(EvidenceKind(kind), tuple(words), weight) for kind, words, weight in stored)


def _outlet_count() -> sa.ColumnElement[int]:
    return sa.func.count(sa.distinct(articles.c.outlet))


def _developments(connection: sa.Connection, ids: Collection[StoryId]) -> dict[StoryId, list[Development]]:
    query = (
        sa.select(developments)
        .where(developments.c.story_id.in_(ids), developments.c.merged_into.is_(None))
        .order_by(developments.c.story_id, developments.c.number, developments.c.id)
    )
    found: dict[StoryId, list[Development]] = defaultdict(list)
    for row in connection.execute(query):
        news = tuple(row.news)
        found[row.story_id].append(Development(row.id, row.story_id, row.number, row.title, row.opened_at, news))
    return found


def _story_of(row: AnyRow, happenings: Sequence[Development]) -> Story:
    return Story(
        id=row.id,
        title=row.title,
        opened_at=row.opened_at,
        latest_at=row.latest_at,
        developments=tuple(happenings),
        articles=row.articles,
        outlets=row.outlets,
        merged_into=row.merged_into,
    )


def _placed() -> sa.Select[Any]:
    how = (placements.c.join_kind, placements.c.nearest_id, placements.c.score, placements.c.evidence)
    return (
        sa.select(*how, placements.c.placed_at, *ARTICLE_COLUMNS)
        .join(placements, placements.c.article_id == articles.c.id)
        .join(feeds, feeds.c.id == articles.c.feed_id)
    )


def _story_article_of(row: AnyRow) -> StoryArticle:
    article = article_of(row)
    placement = Placement(
        join=Join(row.join_kind),
        story=article.story_id,
        development=article.development_id,
        nearest=row.nearest_id,
        score=row.score,
        evidence=evidence_of(row.evidence),
    )
    return StoryArticle(article, placement, row.placed_at)
