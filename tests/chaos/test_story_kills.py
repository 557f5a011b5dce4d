"""The classifier is killed while it places articles: what is committed is whole, and what is not is placed again."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from chaos_house import ChaosHouse
from records import add_feed, entry
from tocsin.models.feeds import Entry
from tocsin.queueing import CLASSIFY
from tocsin.store import articles
from tocsin.store.articles import NewArticle
from tocsin.store.database import database_now

EVENTS = 40
OUTLETS = ("wire", "gazette", "herald")


def publish_copies(house: ChaosHouse) -> None:
    """Store so many made-up articles, each as three outlets have it, in any order; wake the classifier."""
    chance = random.Random(11)
    events = [_made_up(chance, number) for number in range(EVENTS)]
    ids = []
    with house.database.write() as connection:
        now = database_now(connection)
        for outlet in OUTLETS:
            feed = add_feed(connection, f"https://{outlet}.example/rss")
            ours = [replace(one, url=f"https://{outlet}.example/{one.key}") for one in events]
            new = [NewArticle(one, language="en", published_at=now, backlog=False) for one in ours]
            ids += articles.insert_articles(connection, feed.id, new, now)
    chance.shuffle(ids)
    for start in range(0, len(ids), 10):  # small jobs, so that kills fall between them, and in them
        house.wakeups().send(CLASSIFY, ids[start : start + 10])


def _made_up(chance: random.Random, number: int) -> Entry:
    words = ["".join(chance.choices("bdfgklmnprstvz", k=6)) for _ in range(60)]
    return entry(str(number), " ".join(words[:6]).capitalize(), " ".join(words[6:]))


@pytest.mark.timeout(300)
def test_a_killed_classifier_leaves_each_copy_in_one_whole_story(tmp_path: Path) -> None:
    with ChaosHouse(tmp_path) as house:
        publish_copies(house)
        house.start(CLASSIFY)
        house.kill(CLASSIFY, time_passes=True)
        house.work_off(time_passes=True)
        with house.database.read() as connection:
            rows = connection.execute(
                sa.text("SELECT entry_key, count(*), count(DISTINCT story_id) FROM articles GROUP BY entry_key")
            ).all()
            unplaced = connection.execute(
                sa.text(
                    "SELECT count(*) FROM articles a LEFT JOIN placements p ON p.article_id = a.id"
                    " LEFT JOIN developments d ON d.id = a.development_id AND d.story_id = a.story_id"
                    " WHERE p.id IS NULL OR d.id IS NULL"
                )
            ).scalar_one()
            stories = connection.execute(sa.text("SELECT count(*) FROM stories")).scalar_one()
    assert {(copies, homes) for _, copies, homes in rows} == {(3, 1)}
    assert (unplaced, stories) == (0, EVENTS)
