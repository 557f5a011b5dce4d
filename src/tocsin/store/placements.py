"""Placements as they are written: stories and developments that articles open, and how each came where it is.

Whoever writes here holds the stories' lock (`lock_stories`), so that placements are decided one after the other, and
their ids are committed in order.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tocsin.models.ids import ArticleId, DevelopmentId, StoryId
from tocsin.models.stories import Join, Placement
from tocsin.store.bulk import reserve_ids
from tocsin.store.stories import evidence_of
from tocsin.store.tables import alerts, articles, developments, placements, stories

_OPENED = frozenset({Join.OPENED, Join.TEMPLATE, Join.ROUND_UP})

_AT_ONCE = 500
"""So many rows at once are found by their numbers: both databases bound the parameters of a statement."""

_LOCK = 0x5702135  # any number; classifiers that share one PostgreSQL database wait for each other on it


@dataclass(frozen=True, slots=True)
class Placed:
    """Where an article is, and how that was decided: ``story_id`` and ``development_id`` are given also where the
    placement says that it opens them.
    """

    story_id: StoryId
    development_id: DevelopmentId
    placement: Placement


@dataclass(frozen=True, slots=True)
class NewPlacement:
    """An article to be entered where it was placed.

    ``opens_story`` and ``opens_development`` say whether it is the first there; ``number`` is then the development's.
    ``signature`` is what classifiers remember of it, packed.
    """

    article_id: ArticleId
    title: str
    published_at: datetime
    signature: bytes
    placed: Placed
    opens_story: bool
    opens_development: bool
    number: int = 1


@dataclass(frozen=True, slots=True)
class Remembered:
    """An article as classifiers remember it; ``row`` counts up with each change."""

    row: int
    article_id: ArticleId
    story_id: StoryId
    development_id: DevelopmentId
    signature: bytes


@dataclass(frozen=True, slots=True)
class Standing:
    """An article that is placed already, and how that was decided."""

    remembered: Remembered
    placement: Placement


def lock_stories(connection: sa.Connection) -> None:
    """Let nobody else place, merge or split until this transaction, one that writes, has ended.

    To be called before any row is locked: whoever waits here must hold nothing that the others need.
    """
    if connection.dialect.name == "postgresql":  # in SQLite, one transaction writes at a time anyway
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))


def last_row(connection: sa.Connection) -> int:
    """Give the number of the last row of placements, 0 for none."""
    last: int | None = connection.execute(sa.select(sa.func.max(placements.c.id))).scalar_one()
    return last or 0


def remembered_after(connection: sa.Connection, row: int) -> Iterator[Remembered]:
    """Give all that was placed, or moved, after that row, in its order."""
    query = _remembered().where(placements.c.id > row).order_by(placements.c.id)
    return (Remembered(*found) for found in connection.execute(query))


def remembered_since(connection: sa.Connection, placed_since: datetime, *, limit: int) -> list[Remembered]:
    """Give what was placed since that time, the latest ``limit`` of it, in the order of rows."""
    query = _remembered().where(placements.c.placed_at >= placed_since).order_by(placements.c.id.desc()).limit(limit)
    return [Remembered(*found) for found in connection.execute(query)][::-1]


def remembered_in(connection: sa.Connection, story_id: StoryId, *, limit: int) -> list[Remembered]:
    """Give the latest articles of a story, the earliest of them first."""
    query = _remembered().where(articles.c.story_id == story_id).order_by(placements.c.id.desc()).limit(limit)
    return [Remembered(*found) for found in connection.execute(query)][::-1]


def _remembered() -> sa.Select[Any]:
    where = (articles.c.story_id, articles.c.development_id, placements.c.signature)
    query = sa.select(placements.c.id, placements.c.article_id, *where)
    return query.join(articles, articles.c.id == placements.c.article_id)


def standing_placements(connection: sa.Connection, ids: Collection[ArticleId]) -> dict[ArticleId, Standing]:
    """Give how those of the articles that are placed came where they are."""
    columns = (placements.c.join_kind, placements.c.nearest_id, placements.c.score, placements.c.evidence)
    query = _remembered().add_columns(*columns).where(placements.c.article_id.in_(set(ids)))
    found = {}
    for *remembered, join, nearest, score, evidence in connection.execute(query) if ids else ():
        known = Remembered(*remembered)
        where = (known.story_id, known.development_id)
        placement = Placement(Join(join), *where, nearest, score, evidence_of(evidence))
        found[known.article_id] = Standing(known, placement)
    return found


def existing_stories(connection: sa.Connection, ids: Collection[StoryId]) -> set[StoryId]:
    """Give those of the stories that are there and not merged into others."""
    query = sa.select(stories.c.id).where(stories.c.id.in_(set(ids)), stories.c.merged_into.is_(None))
    return set(connection.execute(query).scalars()) if ids else set()


def existing_developments(connection: sa.Connection, ids: Collection[DevelopmentId]) -> set[DevelopmentId]:
    """Give those of the developments that are there and not merged into others."""
    query = sa.select(developments.c.id).where(developments.c.id.in_(set(ids)), developments.c.merged_into.is_(None))
    return set(connection.execute(query).scalars()) if ids else set()


def last_numbers(connection: sa.Connection, ids: Collection[StoryId]) -> dict[StoryId, int]:
    """Give the highest number of a development in each of the stories."""
    last = sa.func.max(developments.c.number).label("last")
    query = sa.select(developments.c.story_id, last).where(developments.c.story_id.in_(set(ids)))
    rows = connection.execute(query.group_by(developments.c.story_id)) if ids else ()
    return {row.story_id: row.last for row in rows}


def arranged_by_hand(connection: sa.Connection, ids: Collection[StoryId]) -> set[StoryId]:
    """Give those of the stories that hold an article which the operator placed."""
    query = sa.select(articles.c.story_id).join(placements, placements.c.article_id == articles.c.id).distinct()
    by_hand = sa.and_(articles.c.story_id.in_(set(ids)), placements.c.join_kind == Join.BY_HAND.value)
    return set(connection.execute(query.where(by_hand)).scalars()) if ids else set()


def is_alerted(connection: sa.Connection, story_id: StoryId) -> bool:
    """Tell whether there is an alert of the story, be it told or not."""
    query = sa.select(alerts.c.id).where(alerts.c.story_id == story_id).limit(1)
    return connection.execute(query).scalar_one_or_none() is not None


def enter_placements(connection: sa.Connection, new: Sequence[NewPlacement], now: datetime) -> int:
    """Open the stories and developments of articles, note how each came there, and give the last row's number, 0 for
    none. The articles' own rows are marked elsewhere (see `tocsin.store.articles.mark_classified`).
    """
    _open_stories(connection, [one for one in new if one.opens_story], now)
    _open_developments(connection, [one for one in new if one.opens_development], now)
    _reach_on(connection, [one for one in new if not one.opens_story])
    return _enter(connection, [_row(one, now) for one in new])


def _open_stories(connection: sa.Connection, new: Sequence[NewPlacement], now: datetime) -> None:
    rows = [
        {"id": one.placed.story_id, "title": one.title, "opened_at": now, "latest_at": one.published_at} for one in new
    ]
    if rows:
        connection.execute(sa.insert(stories), rows)


def _open_developments(connection: sa.Connection, new: Sequence[NewPlacement], now: datetime) -> None:
    rows = [
        {
            "id": one.placed.development_id,
            "story_id": one.placed.story_id,
            "number": one.number,
            "title": one.title,
            "opened_at": now,
            "news": list(one.placed.placement.news),
        }
        for one in new
    ]
    if rows:
        connection.execute(sa.insert(developments), rows)


def _reach_on(connection: sa.Connection, joined: Sequence[NewPlacement]) -> None:
    """Let stories last until their latest article."""
    latest: dict[StoryId, datetime] = {}
    for one in joined:
        story = one.placed.story_id
        latest[story] = max(one.published_at, latest.get(story, one.published_at))
    change = sa.update(stories).where(stories.c.id == sa.bindparam("story"), stories.c.latest_at < sa.bindparam("at"))
    if latest:
        values = change.values(latest_at=sa.bindparam("at"))
        connection.execute(values, [{"story": story, "at": at} for story, at in latest.items()])


def _row(one: NewPlacement, now: datetime) -> dict[str, Any]:
    placement = one.placed.placement
    return {
        "article_id": one.article_id,
        "join_kind": placement.join.value,
        "nearest_id": placement.nearest,
        "score": placement.score,
        "evidence": [[piece.kind.value, list(piece.words), piece.weight] for piece in placement.evidence],
        "signature": one.signature,
        "placed_at": now,
    }


def _enter(connection: sa.Connection, rows: Sequence[dict[str, Any]]) -> int:
    """Write rows of placements under new ids, in the place of those that the articles had."""
    if not rows:
        return 0
    ids = reserve_ids(connection, placements, len(rows))
    for start in range(0, len(rows), _AT_ONCE):
        some = rows[start : start + _AT_ONCE]
        theirs = placements.c.article_id.in_([row["article_id"] for row in some])
        connection.execute(sa.delete(placements).where(theirs))
        numbered = [row | {"id": number} for row, number in zip(some, ids[start:], strict=False)]
        connection.execute(sa.insert(placements), numbered)
    return ids[-1]


def renew_signatures(connection: sa.Connection, signatures: Mapping[ArticleId, bytes]) -> None:
    """Store what is remembered of articles as a new version of Tocsin writes it; nothing was moved."""
    change = sa.update(placements).where(placements.c.article_id == sa.bindparam("article"))
    rows = [{"article": article_id, "packed": packed} for article_id, packed in signatures.items()]
    if rows:
        connection.execute(change.values(signature=sa.bindparam("packed")), rows)


def write_anew(connection: sa.Connection, which: sa.ColumnElement[bool], **changes: object) -> None:
    """Give the placements of articles that are moved new ids, so that all classifiers learn of it, and these changes to
    all of them; ``which`` is said of the articles as they are now.
    """
    query = sa.select(placements).join(articles, articles.c.id == placements.c.article_id).where(which)
    rows = connection.execute(query.order_by(placements.c.id))
    _enter(connection, [dict(row._mapping) | changes for row in rows])  # noqa: SLF001 -- SQLAlchemy's public name for a row's columns


def mark_placed(connection: sa.Connection, placed: Mapping[ArticleId, Placed]) -> None:
    """Enter in the articles' own rows where they are."""
    change = sa.update(articles).where(articles.c.id == sa.bindparam("article"))
    to = change.values(story_id=sa.bindparam("story"), development_id=sa.bindparam("development"))
    rows = [
        {"article": article_id, "story": one.story_id, "development": one.development_id}
        for article_id, one in placed.items()
    ]
    if rows:
        connection.execute(to, rows)


def retitle(connection: sa.Connection, article_id: ArticleId, placed: Placed, title: str) -> None:
    """Let a story, and a development, follow the headline of the article that opened it; others change nothing."""
    if (
        _opener(connection, articles.c.development_id == placed.development_id, _OPENED | {Join.DEVELOPMENT})
        == article_id
    ):
        of_development = sa.update(developments).where(developments.c.id == placed.development_id)
        connection.execute(of_development.values(title=title))
    if _opener(connection, articles.c.story_id == placed.story_id, _OPENED) == article_id:
        connection.execute(sa.update(stories).where(stories.c.id == placed.story_id).values(title=title))


def _opener(connection: sa.Connection, there: sa.ColumnElement[bool], joins: Collection[Join]) -> ArticleId | None:
    """Give the first of the articles there that came so: several did where stories were merged."""
    query = sa.select(sa.func.min(articles.c.id)).join(placements, placements.c.article_id == articles.c.id)
    kinds = placements.c.join_kind.in_([join.value for join in joins])
    found: ArticleId | None = connection.execute(query.where(there, kinds)).scalar_one()
    return found
