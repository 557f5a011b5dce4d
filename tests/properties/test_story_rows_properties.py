"""Whatever is placed, changed, merged, split, pruned or fails: the rows stay consistent, and the shelf true to them."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from placing_house import SANK, SANK_TOO, STRIKE, PlacingHouse, place
from records import NOW
from tocsin.models.ids import ArticleId, StoryId
from tocsin.models.stories import Join
from tocsin.store.database import open_database
from tocsin.store.placements import lock_stories
from tocsin.store.retention import prune_articles
from tocsin.store.stories import get_stories, stories_of
from tocsin.store.story_changes import merge_developments, merge_stories, split_story
from tocsin_worker.newcomers import newcomer
from tocsin_worker.shelf import StoryShelf

NEWS = (
    ("Dozens drown off Libya", SANK),
    ("At least 40 drown as boat sinks off Libya", SANK_TOO),
    ("Ferry crews in Piraeus to strike", STRIKE),
    ("Weather for Monday", "Rain in the north, sun in the south. Highs of 12 degrees."),
    ("Weather for Tuesday", "Snow above 900 metres, fog in the valleys and along the coast."),
    ("Developing", "Read more."),
)
OUTLETS = ("wire", "post")

which = st.integers(0, 30)
steps = st.one_of(
    st.tuples(st.just("place"), st.integers(0, len(NEWS) - 1), st.integers(0, 1), st.integers(0, 40)),
    st.tuples(st.just("change"), which, st.integers(0, len(NEWS) - 1)),
    st.tuples(st.just("merge"), which, which, st.booleans()),
    st.tuples(st.just("split"), which, st.integers(1, 7)),
    st.tuples(st.just("prune"), which),
    st.tuples(st.just("fail"), which, st.integers(0, len(NEWS) - 1)),
    st.just(("restart",)),
)


class _FailureError(Exception):
    """What ends a transaction in the middle."""


@dataclass
class Run:
    """A house to which steps are done; each finds what it is about by a number, whatever there is."""

    house: PlacingHouse
    seen: set[StoryId] = field(default_factory=set)

    def articles(self) -> list[ArticleId]:
        return [ArticleId(one) for one in self.house.scalars("SELECT id FROM articles ORDER BY id")]

    def place(self, news: int, outlet: int, hours: int) -> None:
        title, text = NEWS[news]
        key = f"{len(self.seen)}-{len(self.articles())}-{hours}-{news}"
        at = NOW - timedelta(hours=hours)
        [placed] = self.house.place(self.house.store(OUTLETS[outlet], title, text, key=key, at=at))
        self.seen.add(placed.story_id)

    def change(self, article: int, news: int) -> None:
        if ids := self.articles():
            one = ids[article % len(ids)]
            self.house.change(one, *NEWS[news])
            self.seen.add(self.house.place(one)[0].story_id)

    def merge(self, one: int, other: int, is_same: bool) -> None:
        if ids := self.articles():
            two = [self.house.get(ids[number % len(ids)]) for number in (one, other)]
            with self.house.database.write() as connection:
                lock_stories(connection)
                merge_stories(connection, [article.story_id for article in two if article.story_id])
                if is_same:
                    merge_developments(connection, [one.development_id for one in two if one.development_id])

    def split(self, article: int, take: int) -> None:
        ids = self.articles()
        if not ids:
            return
        story = self.house.get(ids[article % len(ids)]).story_id
        inside = [one for one in ids if self.house.get(one).story_id == story]
        if story is not None and len(inside) > 1:
            with self.house.database.write() as connection:
                lock_stories(connection)
                self.seen.add(split_story(connection, story, inside[: min(take, len(inside) - 1)]))

    def prune(self, article: int) -> None:
        if ids := self.articles():
            with self.house.database.write() as connection:
                prune_articles(connection, [ids[article % len(ids)]])

    def fail(self, article: int, news: int) -> None:
        if ids := self.articles():
            one = ids[article % len(ids)]
            self.house.change(one, *NEWS[news])
            self.house.shelf.prepare(self.house.database, NOW)
            with (
                suppress(_FailureError),
                self.house.shelf.on_trial(),
                self.house.database.write() as connection,
            ):
                place(connection, self.house.shelf, [one])
                raise _FailureError
            self.seen.add(self.house.place(one)[0].story_id)

    def restart(self) -> None:
        self.house.shelf = StoryShelf()


def check_rows(run: Run) -> None:
    none = {
        "articles in a development of another story": """
            SELECT a.id FROM articles a JOIN developments d ON d.id = a.development_id
            WHERE d.story_id != a.story_id""",
        "articles in something merged": """
            SELECT a.id FROM articles a JOIN stories s ON s.id = a.story_id
            JOIN developments d ON d.id = a.development_id
            WHERE s.merged_into IS NOT NULL OR d.merged_into IS NOT NULL""",
        "articles that are placed and nowhere, or somewhere and not placed": """
            SELECT a.id FROM articles a LEFT JOIN placements p ON p.article_id = a.id
            WHERE p.id IS NULL OR a.story_id IS NULL OR a.development_id IS NULL""",
        "ways of more than one step": """
            SELECT s.id FROM stories s JOIN stories t ON t.id = s.merged_into WHERE t.merged_into IS NOT NULL
            UNION SELECT s.id FROM developments s JOIN developments t ON t.id = s.merged_into
            WHERE t.merged_into IS NOT NULL OR t.story_id != s.story_id""",
        "developments of merged stories": """
            SELECT d.id FROM developments d JOIN stories s ON s.id = d.story_id WHERE s.merged_into IS NOT NULL""",
        "numbers that two developments of a story have": """
            SELECT min(id) FROM developments WHERE merged_into IS NULL GROUP BY story_id, number HAVING count(*) > 1""",
        "stories and developments without anything": """
            SELECT s.id FROM stories s WHERE s.merged_into IS NULL
            AND NOT EXISTS (SELECT 1 FROM articles a WHERE a.story_id = s.id)
            UNION SELECT d.id FROM developments d WHERE d.merged_into IS NULL
            AND NOT EXISTS (SELECT 1 FROM articles a WHERE a.development_id = d.id)""",
    }
    found = {name: run.house.scalars(query) for name, query in none.items()}
    assert {name: ids for name, ids in found.items() if ids} == {}


def check_stories(run: Run) -> None:
    """Ids lead to what stands, and the counts are right."""
    homes = [run.house.get(one).story_id for one in run.articles()]
    with run.house.database.read() as connection:
        standing = set(stories_of(connection, run.seen).values())
        found = get_stories(connection, standing)
        last = connection.execute(sa.text("SELECT story_id, max(published_at) FROM articles GROUP BY story_id")).all()
    assert set(homes) == standing
    assert {one: story.articles for one, story in found.items()} == {one: homes.count(one) for one in standing}
    # What was pruned may have been later than what is left.
    assert all(f"{found[one].latest_at:%Y-%m-%d %H:%M:%S}" >= at[:19] for one, at in last)


def check_shelf(run: Run) -> None:
    """Whoever shows an article again is led to where it is now."""
    run.house.shelf.prepare(run.house.database, NOW)
    with run.house.database.write() as connection:
        run.house.shelf.catch_up(connection, NOW)
    for one in map(run.house.get, run.articles()):
        again = replace(newcomer(one, "en", "").signature, key=10_000)
        found = run.house.shelf.place(again)
        assert (found.join, found.nearest) == (Join.SAME_ARTICLE, one.id)
        assert (found.story, found.development) == (one.story_id, one.development_id)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(steps, min_size=3, max_size=14))
def test_rows_stay_consistent_and_shelves_true(sqlite_template: Path, todo: list[tuple[object, ...]]) -> None:
    with tempfile.TemporaryDirectory(prefix="tocsin-") as folder:
        path = shutil.copy(sqlite_template, Path(folder) / "tocsin.sqlite3")
        database = open_database(f"sqlite:///{path}")
        run = Run(PlacingHouse(database))
        for name, *about in todo:
            getattr(run, str(name))(*about)
        check_rows(run)
        check_stories(run)
        check_shelf(run)
        database.close()
