"""Dossiers: what a digest or a page needs to know of the stories of its articles, in a few queries whatever their
number.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import TypeVar

import sqlalchemy as sa

from tocsin.models.articles import Article
from tocsin.models.digests import Digest
from tocsin.models.dossiers import Dossier
from tocsin.models.ids import ArticleId, DevelopmentId, StoryId
from tocsin.models.stories import Join, Placement
from tocsin.store.stories import evidence_of, get_stories
from tocsin.store.tables import articles, deliveries, digest_items, digests, matches, placements

_AT_ONCE = 500
"""So many stories or articles at once are asked for: both databases bound the parameters of a statement."""

_Key = TypeVar("_Key", bound=int)
_Found = TypeVar("_Found")


def dossier_of(connection: sa.Connection, of: Iterable[Article], digest: Digest | None = None) -> Dossier:
    """Read what is known of the stories of these articles; with a digest, also what its reader had of them before."""
    found = {article.id: article.story_id for article in of}
    ids = {story_id for story_id in found.values() if story_id is not None}
    return Dossier(
        stories=_in_parts(ids, partial(get_stories, connection)),
        placements=_in_parts(found, partial(_placements, connection)),
        began_at=_in_parts(ids, partial(began_at, connection)),
        told={} if digest is None else _in_parts(ids, partial(_told, connection, digest)),
    )


def _in_parts(ids: Iterable[_Key], read: Callable[[Sequence[_Key]], dict[_Key, _Found]]) -> dict[_Key, _Found]:
    ordered = sorted(ids)
    found: dict[_Key, _Found] = {}
    for start in range(0, len(ordered), _AT_ONCE):
        found |= read(ordered[start : start + _AT_ONCE])
    return found


def _placements(connection: sa.Connection, ids: Sequence[ArticleId]) -> dict[ArticleId, Placement]:
    columns = (placements.c.article_id, placements.c.join_kind, placements.c.nearest_id, placements.c.score)
    query = sa.select(*columns, placements.c.evidence).where(placements.c.article_id.in_(ids))
    return {
        row.article_id: Placement(
            Join(row.join_kind), nearest=row.nearest_id, score=row.score, evidence=evidence_of(row.evidence)
        )
        for row in connection.execute(query)
    }


def began_at(connection: sa.Connection, ids: Sequence[StoryId]) -> dict[StoryId, datetime]:
    """Give when the first article of each of the stories was published; one without articles is not in it."""
    query = sa.select(articles.c.story_id, sa.func.min(articles.c.published_at).label("at"))
    of_stories = query.where(articles.c.story_id.in_(ids)).group_by(articles.c.story_id)
    return {row.story_id: row.at for row in connection.execute(of_stories)}


def _told(connection: sa.Connection, digest: Digest, ids: Sequence[StoryId]) -> dict[StoryId, frozenset[DevelopmentId]]:
    """Find what the reader's digests before this one told; one that could not be mailed told nothing."""
    mailed = sa.and_(deliveries.c.digest_id == digests.c.id, deliveries.c.state.in_(("sent", "pending")))
    query = (
        sa.select(articles.c.story_id, articles.c.development_id)
        .join(matches, matches.c.article_id == articles.c.id)
        .join(digest_items, digest_items.c.match_id == matches.c.id)
        .join(digests, digests.c.id == digest_items.c.digest_id)
        .where(digests.c.subscriber_id == digest.subscriber_id, digests.c.end_at <= digest.window.start_at)
        .where(articles.c.story_id.in_(ids), sa.select(deliveries.c.id).where(mailed).exists())
        .distinct()
    )
    found: defaultdict[StoryId, set[DevelopmentId]] = defaultdict(set)
    for row in connection.execute(query):
        found[row.story_id].add(row.development_id)
    return {story_id: frozenset(developments) for story_id, developments in found.items()}
