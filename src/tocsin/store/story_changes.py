"""Stories that are merged and split: what hangs on them moves along, and every id keeps leading somewhere.

Whoever changes stories holds their lock (`tocsin.store.placements.lock_stories`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa

from tocsin.models.alerts import Decision, Rule
from tocsin.models.ids import ArticleId, DevelopmentId, StoryId
from tocsin.models.stories import Join
from tocsin.store.bulk import reserve_ids
from tocsin.store.columns import AnyRow
from tocsin.store.placements import arranged_by_hand, write_anew
from tocsin.store.stories import developments_of, stories_of
from tocsin.store.tables import alerts, articles, developments, matches, mutes, stories
from tocsin.store.upsert import insert

BY_HAND = "by hand"
"""The reason of a merge that the operator asked for."""


def merge_late(
    connection: sa.Connection, story_ids: Collection[StoryId], development_ids: Collection[DevelopmentId], because: str
) -> None:
    """Make stories one that turn out to be, and so the developments, which are one happening; ``because`` says in words
    what shows it.

    Stories that hold an article which the operator placed are left out, and so are those that are no longer there.
    """
    stand = set(developments_of(connection, development_ids).values())
    homes = sa.select(developments.c.id, developments.c.story_id).where(developments.c.id.in_(stand))
    story_by_development = {row.id: row.story_id for row in connection.execute(homes)}
    together = set(stories_of(connection, story_ids).values()) | set(story_by_development.values())
    if len(together) > 1:
        together -= arranged_by_hand(connection, together)
    if len(together) > 1:
        merge_stories(connection, together, because)
    same = [one for one, story_id in story_by_development.items() if story_id in together]
    if len(same) > 1:
        merge_developments(connection, same)


def merge_stories(connection: sa.Connection, ids: Collection[StoryId], because: str = BY_HAND) -> StoryId:
    """Make stories one and give the one that survives: the oldest. Articles, developments, alerts and mutes move there.

    The developments stay apart, those that join numbered on behind its own. The ids are of stories that stand. What was
    merged into one of them before keeps its own reason.
    """
    survivor, *others = sorted(set(ids))
    for gone in others:
        _move_developments(connection, gone, survivor)
        write_anew(connection, articles.c.story_id == gone)
        for table in (articles, alerts):
            connection.execute(sa.update(table).where(table.c.story_id == gone).values(story_id=survivor))
        _move_mutes(connection, gone, survivor)
        leads_there = sa.or_(stories.c.id == gone, stories.c.merged_into == gone)
        why = sa.func.coalesce(stories.c.merged_because, because)
        connection.execute(sa.update(stories).where(leads_there).values(merged_into=survivor, merged_because=why))
    _reach(connection, survivor, _latest(connection, [survivor, *others]))
    return survivor


def merge_developments(connection: sa.Connection, ids: Collection[DevelopmentId]) -> DevelopmentId:
    """Make developments of one story one and give the one that survives: that with the lowest number."""
    order = sa.select(developments.c.id).where(developments.c.id.in_(set(ids)))
    survivor, *others = connection.execute(order.order_by(developments.c.number, developments.c.id)).scalars()
    for gone in others:
        write_anew(connection, articles.c.development_id == gone)
        for table in (articles, alerts):
            connection.execute(sa.update(table).where(table.c.development_id == gone).values(development_id=survivor))
        leads_there = sa.or_(developments.c.id == gone, developments.c.merged_into == gone)
        connection.execute(sa.update(developments).where(leads_there).values(merged_into=survivor))
    return DevelopmentId(survivor)


def split_story(connection: sa.Connection, story_id: StoryId, ids: Collection[ArticleId]) -> StoryId:
    """Move some, not all, of a story's articles to a new story, and give that.

    A development of which all articles leave goes along; of others, those that leave make a new one. Both stories count
    as told where the one was, and as muted. The articles are marked as placed by hand.
    """
    leaving = _articles(connection, articles.c.id.in_(set(ids)))
    staying = _articles(connection, sa.and_(articles.c.story_id == story_id, articles.c.id.not_in(set(ids))))
    [new] = [StoryId(number) for number in reserve_ids(connection, stories, 1)]
    opened_at = min(row.first_seen_at for row in leaving)
    latest_at = max(row.published_at for row in leaving)
    values = {"id": new, "title": leaving[0].title, "opened_at": opened_at, "latest_at": latest_at}
    connection.execute(sa.insert(stories), [values])
    _part_developments(connection, leaving, {row.development_id for row in staying}, new)
    left = {"title": staying[0].title, "latest_at": max(row.published_at for row in staying)}
    connection.execute(sa.update(stories).where(stories.c.id == story_id).values(**left))
    _part_alerts(connection, story_id, new)
    _copy_mutes(connection, story_id, new)
    write_anew(
        connection, articles.c.id.in_(set(ids)), join_kind=Join.BY_HAND.value, nearest_id=None, score=1.0, evidence=[]
    )
    return new


def _articles(connection: sa.Connection, which: sa.ColumnElement[bool]) -> Sequence[AnyRow]:
    columns = (articles.c.id, articles.c.title, articles.c.published_at, articles.c.first_seen_at)
    query = sa.select(*columns, articles.c.development_id).where(which)
    return connection.execute(query.order_by(articles.c.published_at, articles.c.id)).all()


def _move_developments(connection: sa.Connection, gone: StoryId, survivor: StoryId) -> None:
    last = sa.select(sa.func.max(developments.c.number)).where(developments.c.story_id == survivor)
    number = developments.c.number + connection.execute(last).scalar_one()
    change = sa.update(developments).where(developments.c.story_id == gone)
    connection.execute(change.values(story_id=survivor, number=number))


def _move_mutes(connection: sa.Connection, gone: StoryId, survivor: StoryId) -> None:
    _copy_mutes(connection, gone, survivor)
    connection.execute(sa.delete(mutes).where(mutes.c.story_id == gone))


def _copy_mutes(connection: sa.Connection, of: StoryId, to: StoryId) -> None:
    query = sa.select(mutes.c.target, mutes.c.muted_at).where(mutes.c.story_id == of)
    rows = [{"target": row.target, "story_id": to, "muted_at": row.muted_at} for row in connection.execute(query)]
    if rows:
        connection.execute(insert(connection, mutes).on_conflict_do_nothing(), rows)


def _latest(connection: sa.Connection, ids: Collection[StoryId]) -> datetime:
    latest: datetime = connection.execute(
        sa.select(sa.func.max(stories.c.latest_at)).where(stories.c.id.in_(ids))
    ).scalar_one()
    return latest


def _reach(connection: sa.Connection, story_id: StoryId, latest_at: datetime) -> None:
    connection.execute(sa.update(stories).where(stories.c.id == story_id).values(latest_at=latest_at))


def _part_developments(
    connection: sa.Connection, leaving: Sequence[AnyRow], staying: Collection[DevelopmentId], new: StoryId
) -> None:
    """Give the articles that leave their developments in the new story, in the order of the old ones."""
    by_development: dict[DevelopmentId, list[AnyRow]] = defaultdict(list)
    for row in leaving:
        by_development[row.development_id].append(row)
    order = sa.select(developments.c.id, developments.c.news).where(developments.c.id.in_(by_development))
    rows = connection.execute(order.order_by(developments.c.number, developments.c.id)).all()
    for number, row in enumerate(rows, start=1):
        told = by_development[row.id]
        goes_along = row.id not in staying
        if goes_along:
            whole = sa.or_(developments.c.id == row.id, developments.c.merged_into == row.id)
            connection.execute(sa.update(developments).where(whole).values(story_id=new, number=number))
        development = row.id if goes_along else _new_development(connection, told, row.news, new, number)
        _settle(connection, [one.id for one in told], new, development)


def _new_development(
    connection: sa.Connection, told: Sequence[AnyRow], news: list[str], story: StoryId, number: int
) -> DevelopmentId:
    [development] = reserve_ids(connection, developments, 1)
    opened_at = min(row.first_seen_at for row in told)
    values = {"story_id": story, "number": number, "title": told[0].title, "opened_at": opened_at, "news": news}
    connection.execute(sa.insert(developments), [values | {"id": development}])
    return DevelopmentId(development)


def _settle(
    connection: sa.Connection, ids: Collection[ArticleId], story_id: StoryId, development_id: DevelopmentId
) -> None:
    """Move articles, and the alerts that told them."""
    where = {"story_id": story_id, "development_id": development_id}
    connection.execute(sa.update(articles).where(articles.c.id.in_(ids)).values(**where))
    of_them = sa.select(matches.c.id).where(matches.c.article_id.in_(ids))
    connection.execute(sa.update(alerts).where(alerts.c.match_id.in_(of_them)).values(**where))


def _part_alerts(connection: sa.Connection, *parts: StoryId) -> None:
    """Let each part of a story that was split count as told where the other was.

    Where a watch and channel was told of one part, and had an alert of the other suppressed for that reason, the
    message has told both.
    """
    query = sa.select(alerts).where(alerts.c.story_id.in_(parts)).order_by(alerts.c.decided_at, alerts.c.id)
    by_ear: dict[tuple[str, str], list[AnyRow]] = defaultdict(list)
    for row in connection.execute(query):
        by_ear[row.watch, row.channel].append(row)
    for rows in by_ear.values():
        told = [row for row in rows if row.decision != Decision.SUPPRESS.value]
        for part in parts:
            if told and all(row.story_id != part for row in told):
                _count_as_told(connection, told[-1], (row for row in rows if row.story_id == part))


def _count_as_told(connection: sa.Connection, told: AnyRow, others: Iterable[AnyRow]) -> None:
    for_it = {Rule.TOLD.value, Rule.SAME_ARTICLE.value}
    unheard = next((row for row in others if row.rule in for_it), None)
    if unheard is None:
        return
    values = {
        "decision": told.decision,
        "rule": Rule.TOLD.value,
        "reason": f"told with story {told.story_id}, of which it was a part then",
        "decided_at": told.decided_at,
        "due_at": told.due_at,
        "delivery_id": told.delivery_id,
    }
    connection.execute(sa.update(alerts).where(alerts.c.id == unheard.id).values(**values))
