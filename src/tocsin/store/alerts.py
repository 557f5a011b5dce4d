"""Alerts: what was decided of each match and channel, and what is told by it. Those that wait are in
`tocsin.store.bundles`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from tocsin.models.alerts import Alert, Decision, Rule
from tocsin.models.deliveries import DeliveryState
from tocsin.models.ids import DeliveryId, DevelopmentId, MatchId, StoryId, WatchId
from tocsin.store.columns import AnyRow
from tocsin.store.tables import alerts, deliveries, developments, matches, stories
from tocsin.store.upsert import insert


@dataclass(frozen=True, slots=True)
class NewAlert:
    """A decision to be entered: one a match and channel."""

    match_id: MatchId
    watch: WatchId
    channel: str
    story_id: StoryId
    development_id: DevelopmentId
    decision: Decision
    rule: Rule
    reason: str
    due_at: datetime | None = None
    delivery_id: DeliveryId | None = None


@dataclass(frozen=True, slots=True)
class ToldStory:
    """A story was told, or will be, by one channel for one watch; ``due_at`` is given while it waits in a bundle.

    Story and development are those in force: merged ones are resolved.
    """

    story_id: StoryId
    development_id: DevelopmentId
    watch: WatchId
    channel: str
    decided_at: datetime
    due_at: datetime | None


def enter_alerts(connection: sa.Connection, new: Sequence[NewAlert], now: datetime) -> None:
    """Enter decisions; one that is there already, of the same match and channel, is replaced."""
    rows = [
        {
            "match_id": one.match_id,
            "watch": one.watch,
            "channel": one.channel,
            "story_id": one.story_id,
            "development_id": one.development_id,
            "decision": one.decision.value,
            "rule": one.rule.value,
            "reason": one.reason,
            "decided_at": now,
            "due_at": one.due_at,
            "delivery_id": one.delivery_id,
        }
        for one in new
    ]
    if not rows:
        return
    added = insert(connection, alerts)
    key = ("match_id", "channel")
    renewed = {name: added.excluded[name] for name in rows[0] if name not in key}
    connection.execute(added.on_conflict_do_update(index_elements=list(key), set_=renewed), rows)


def alerts_of_delivery(connection: sa.Connection, delivery_id: DeliveryId) -> list[Alert]:
    """Give the alerts that a message tells, the earliest first."""
    query = sa.select(alerts).where(alerts.c.delivery_id == delivery_id).order_by(alerts.c.id)
    return [_alert_of(row) for row in connection.execute(query)]


def alerts_of_matches(connection: sa.Connection, ids: Collection[MatchId]) -> list[Alert]:
    """Give what was decided of matches, by channel and in the order of the decisions."""
    query = sa.select(alerts).where(alerts.c.match_id.in_(ids)).order_by(alerts.c.id)
    return [_alert_of(row) for row in connection.execute(query)] if ids else []


def may_be_decided_anew(connection: sa.Connection, ids: Collection[MatchId]) -> dict[tuple[MatchId, str], bool]:
    """Tell of each decision on restored matches, by match and channel, whether it is open again.

    It is if its message was dropped, since the match was withdrawn then; if it waited in a bundle, since another
    article may have told the same meanwhile; and if another article told the same, whose own message may have been
    dropped. What was told, and what had other reasons, stays decided.
    """
    was_dropped = deliveries.c.state == DeliveryState.DROPPED.value
    is_open = sa.or_(sa.func.coalesce(was_dropped, sa.false()), waits(), _is_overtaken(alerts))
    query = (
        sa.select(alerts.c.match_id, alerts.c.channel, is_open.label("is_open"))
        .outerjoin(deliveries, deliveries.c.id == alerts.c.delivery_id)
        .where(alerts.c.match_id.in_(ids))
    )
    return {(row.match_id, row.channel): bool(row.is_open) for row in connection.execute(query)} if ids else {}


def told_stories(
    connection: sa.Connection, ids: Collection[StoryId], undecided: Collection[MatchId] = ()
) -> list[ToldStory]:
    """Give what was told of stories in force, or waits to be, the earliest first; what waits of matches that are
    ``undecided`` again does not count.

    What was told of stories that were merged into them counts as theirs. A message that was dropped told nothing, and
    what waits of a withdrawn match tells nothing unless another match stands in for it.
    """
    story, development, joined = with_story()
    query = (
        sa.select(story, development, alerts.c.watch, alerts.c.channel, alerts.c.decided_at)
        .add_columns(sa.case((alerts.c.delivery_id.is_(None), alerts.c.due_at)).label("due_at"))
        .select_from(
            joined.outerjoin(deliveries, deliveries.c.id == alerts.c.delivery_id).join(
                matches, matches.c.id == alerts.c.match_id
            )
        )
        .where(sa.or_(stories.c.id.in_(ids), stories.c.merged_into.in_(ids)))
        .where(_counts_as_told(undecided))
        .order_by(alerts.c.id)
    )
    rows = connection.execute(query) if ids else ()
    return [ToldStory(r.story, r.development, r.watch, r.channel, r.decided_at, r.due_at) for r in rows]


def last_told(
    connection: sa.Connection, watches: Collection[WatchId], undecided: Collection[MatchId] = ()
) -> dict[tuple[WatchId, str], datetime]:
    """Give when it was last decided to tell anything of watches, by watch and channel; what waits counts as in
    `told_stories`.
    """
    latest = sa.func.max(alerts.c.decided_at, type_=alerts.c.decided_at.type).label("at")
    query = (
        sa.select(alerts.c.watch, alerts.c.channel, latest)
        .outerjoin(deliveries, deliveries.c.id == alerts.c.delivery_id)
        .join(matches, matches.c.id == alerts.c.match_id)
        .where(alerts.c.watch.in_(watches), alerts.c.decision != Decision.SUPPRESS.value)
        .where(_counts_as_told(undecided))
        .group_by(alerts.c.watch, alerts.c.channel)
    )
    return {(row.watch, row.channel): row.at for row in connection.execute(query)} if watches else {}


def _counts_as_told(undecided: Collection[MatchId]) -> sa.ColumnElement[bool]:
    was_told = sa.and_(deliveries.c.id.is_not(None), deliveries.c.state != DeliveryState.DROPPED.value)
    return sa.or_(was_told, sa.and_(waits(), can_be_told(), alerts.c.match_id.not_in(undecided)))


def count_suppressed(connection: sa.Connection, since: datetime) -> dict[Rule, int]:
    """Count the alerts that were not told since a time, by the rule that decided, the most frequent first."""
    query = (
        sa.select(alerts.c.rule, sa.func.count().label("n"))
        .where(alerts.c.decision == Decision.SUPPRESS.value, alerts.c.decided_at >= since)
        .group_by(alerts.c.rule)
        .order_by(sa.func.count().desc(), alerts.c.rule)
    )
    return {Rule(row.rule): row.n for row in connection.execute(query)}


def standing_match(connection: sa.Connection, alert: Alert) -> MatchId | None:
    """Give the match by which an alert can be told: its own, or, if that was withdrawn, the first one that stands of
    the same development and watch and was not told because of it; None if there is none.
    """
    same = sa.and_(
        alerts.c.watch == alert.watch,
        alerts.c.channel == alert.channel,
        alerts.c.development_id == alert.development_id,
        _is_overtaken(alerts),
    )
    query = (
        sa.select(matches.c.id)
        .join(alerts, alerts.c.match_id == matches.c.id)
        .where(sa.or_(alerts.c.id == alert.id, same), matches.c.withdrawn_at.is_(None))
        .order_by((alerts.c.id == alert.id).desc(), alerts.c.id)
    )
    found = connection.execute(query.limit(1)).scalar()
    return None if found is None else MatchId(found)


def with_story() -> tuple[sa.ColumnElement[int], sa.ColumnElement[int], sa.Join]:
    """Give story and development in force of alerts, as columns, and what to select them from."""
    joined = alerts.join(stories, stories.c.id == alerts.c.story_id).join(
        developments, developments.c.id == alerts.c.development_id
    )
    story = sa.func.coalesce(stories.c.merged_into, stories.c.id).label("story")
    return story, sa.func.coalesce(developments.c.merged_into, developments.c.id).label("development"), joined


def waits() -> sa.ColumnElement[bool]:
    """Tell of an alert whether it waits in a bundle."""
    # Written out: only then does SQLite take the index of those that wait.
    bundle = sa.literal(Decision.BUNDLE.value, literal_execute=True)
    return sa.and_(alerts.c.decision == bundle, alerts.c.delivery_id.is_(None))


def can_be_told() -> sa.ColumnElement[bool]:
    """Tell of an alert joined with its match whether that stands, or another one stands in for it."""
    return sa.or_(matches.c.withdrawn_at.is_(None), has_stand_in())


def has_stand_in() -> sa.ColumnElement[bool]:
    """Tell of an alert whether another match can stand in for its own (see `standing_match`)."""
    other, its_match = alerts.alias("other"), matches.alias("its_match")
    stands_in = (
        sa.select(other.c.id)
        .join(its_match, its_match.c.id == other.c.match_id)
        .where(other.c.development_id == alerts.c.development_id)
        .where(other.c.watch == alerts.c.watch, other.c.channel == alerts.c.channel)
        .where(_is_overtaken(other), its_match.c.withdrawn_at.is_(None))
        .correlate(alerts)
    )
    return stands_in.exists()


def _is_overtaken(these: sa.FromClause) -> sa.ColumnElement[bool]:
    """Tell of an alert whether it is not told only because another article told the same."""
    overtaken = (Rule.TOLD.value, Rule.SAME_ARTICLE.value)
    return sa.and_(these.c.decision == Decision.SUPPRESS.value, these.c.rule.in_(overtaken))


def _alert_of(row: AnyRow) -> Alert:
    values = dict(row._mapping)  # noqa: SLF001 -- SQLAlchemy's public name for a row's columns
    return Alert(**values | {"decision": Decision(row.decision), "rule": Rule(row.rule)})
