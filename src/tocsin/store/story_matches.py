"""The matches of a watch by story, for pages that show a story once. Nothing here writes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

import sqlalchemy as sa

from tocsin.models.ids import MatchId, StoryId, WatchId
from tocsin.models.matches import Match
from tocsin.store.matches import load_matches
from tocsin.store.tables import articles, matches


def latest_stories(
    connection: sa.Connection, watch: WatchId, *, limit: int, before: Match | None = None
) -> list[tuple[StoryId, MatchId]]:
    """Give the stories of a watch's standing matches with the newest match of each, the newest first; those that come
    after ``before`` in that order, if it is given.

    An article that is in no story yet, as it is being classified, is left out.
    """
    newer, its_article = matches.alias("newer"), articles.alias("its_article")
    later = sa.or_(
        newer.c.matched_at > matches.c.matched_at,
        sa.and_(newer.c.matched_at == matches.c.matched_at, newer.c.id > matches.c.id),
    )
    is_passed = (
        sa.select(newer.c.id)
        .join(its_article, its_article.c.id == newer.c.article_id)
        .where(its_article.c.story_id == articles.c.story_id, newer.c.watch == watch)
        .where(newer.c.withdrawn_at.is_(None), later)
        .exists()
    )
    query = (
        sa.select(articles.c.story_id, matches.c.id)
        .join(articles, articles.c.id == matches.c.article_id)
        .where(matches.c.watch == watch, matches.c.withdrawn_at.is_(None), articles.c.story_id.is_not(None))
        .where(sa.not_(is_passed))
        .order_by(matches.c.matched_at.desc(), matches.c.id.desc())
        .limit(limit)
    )
    if before is not None:
        same_time = sa.and_(matches.c.matched_at == before.matched_at, matches.c.id < before.id)
        query = query.where(sa.or_(matches.c.matched_at < before.matched_at, same_time))
    return [(StoryId(row.story_id), MatchId(row.id)) for row in connection.execute(query)]


def matches_in_stories(
    connection: sa.Connection, watch: WatchId, ids: Collection[StoryId], *, each: int
) -> dict[StoryId, list[Match]]:
    """Give the standing matches of a watch in each of the stories, the latest published first; ``each`` at most."""
    turn = sa.func.row_number().over(
        partition_by=articles.c.story_id, order_by=(articles.c.published_at.desc(), articles.c.id.desc())
    )
    ranked = (
        sa.select(matches.c.id, turn.label("turn"))
        .join(articles, articles.c.id == matches.c.article_id)
        .where(matches.c.watch == watch, matches.c.withdrawn_at.is_(None), articles.c.story_id.in_(set(ids)))
        .subquery()
    )
    wanted = sa.select(ranked.c.id).where(ranked.c.turn <= each)
    found: dict[StoryId, list[Match]] = defaultdict(list)
    for match in load_matches(connection, matches.c.id.in_(wanted)) if ids else ():
        if match.article.story_id is not None:
            found[match.article.story_id].append(match)
    for told in found.values():
        told.sort(key=lambda match: (match.article.published_at, match.article.id), reverse=True)
    return dict(found)
