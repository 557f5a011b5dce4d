"""Mutes: stories whose alerts a reader has ended, by the reader's address."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from tocsin.models.ids import StoryId
from tocsin.store.tables import mutes, stories
from tocsin.store.upsert import insert


def mute_target(target: str) -> str:
    """Give a channel's target as mutes name it: a mail address in lower case, a variable's name as it is.

    >>> mute_target("Zoe@Example.org"), mute_target("DESK_CHAT")
    ('zoe@example.org', 'DESK_CHAT')
    """
    return target.lower() if "@" in target else target


def mute_story(connection: sa.Connection, target: str, story_id: StoryId, now: datetime) -> None:
    """End a story's alerts for a target; once is enough."""
    row = {"target": mute_target(target), "story_id": story_id, "muted_at": now}
    connection.execute(insert(connection, mutes).on_conflict_do_nothing(), [row])


def unmute_story(connection: sa.Connection, target: str, story_id: StoryId) -> bool:
    """Take back that a story's alerts were ended; False where they were not."""
    ours = sa.and_(mutes.c.target == mute_target(target), mutes.c.story_id == story_id)
    return connection.execute(sa.delete(mutes).where(ours)).rowcount > 0


def is_muted(connection: sa.Connection, target: str, story_id: StoryId) -> bool:
    """Tell whether a target has ended the alerts of a story, or of one that turned out to be part of it."""
    return (mute_target(target), story_id) in muted_stories(connection, [story_id])


def muted_stories(connection: sa.Connection, ids: Collection[StoryId]) -> dict[tuple[str, StoryId], datetime]:
    """Tell who muted which of the stories, and since when.

    What was muted before it was merged into one of them counts as that.
    """
    here = sa.func.coalesce(stories.c.merged_into, stories.c.id).label("story")
    query = sa.select(mutes.c.target, here, mutes.c.muted_at).join(stories, stories.c.id == mutes.c.story_id)
    query = query.where(sa.or_(stories.c.id.in_(ids), stories.c.merged_into.in_(ids)))
    rows = connection.execute(query.order_by(mutes.c.muted_at.desc())) if ids else ()
    return {(row.target, StoryId(row.story)): row.muted_at for row in rows}
