from __future__ import annotations

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from placing_house import SANK, SANK_TOO, STRIKE, PlacingHouse, place
from records import MINUTE, NOW
from tocsin.errors import StoreError
from tocsin.models.ids import ArticleId
from tocsin.models.stories import Join
from tocsin.store import tables
from tocsin.store.articles import begin_classifying
from tocsin.store.database import Database
from tocsin.store.placements import lock_stories
from tocsin.store.retention import prune_articles
from tocsin.store.stories import get_story, merged_stories, story_of
from tocsin.store.story_changes import split_story
from tocsin_worker.newcomers import newcomer
from tocsin_worker.shelf import StoryShelf

HOUR = timedelta(hours=1)
WORDS = ("Quillmore", "Hartenfels", "Aldervale", "Brockhaven", "Tannerby", "Osterwick")


@pytest.fixture
def house(database: Database) -> PlacingHouse:
    return PlacingHouse(database)


@pytest.fixture
def small(sqlite: Database) -> PlacingHouse:
    return PlacingHouse(sqlite)


def test_copies_of_one_article_are_one_story_that_the_earliest_opens(house: PlacingHouse) -> None:
    late = house.store("post", "40 drown off Libya", SANK_TOO, at=NOW)
    early = house.store("wire", "Dozens drown as migrant boat sinks off Libya", SANK, at=NOW - HOUR)
    other = house.store("wire", "Ferry crews in Piraeus to strike for two days", STRIKE, at=NOW - HOUR)
    copy, first, strike = house.place(late, early, other)
    assert (first.placement.join, copy.placement.nearest) == (Join.OPENED, early)
    assert (copy.story_id, copy.development_id) == (first.story_id, first.development_id)
    assert strike.story_id != first.story_id
    with house.database.read() as connection:
        story = get_story(connection, first.story_id)
    assert story is not None
    assert (story.title, story.articles, story.outlets) == ("Dozens drown as migrant boat sinks off Libya", 2, 2)
    assert (story.latest_at, story.developments[0].title) == (NOW, story.title)


def test_each_classifier_learns_what_the_others_placed(house: PlacingHouse) -> None:
    shelves = [StoryShelf() for _ in range(2)]
    ids = [house.store(f"outlet{n}", "Dozens drown off Libya", SANK, at=NOW + n * MINUTE) for n in range(4)]
    placed = [house.place(one, shelf=shelves[number % 2])[0] for number, one in enumerate(ids)]
    assert len({one.story_id for one in placed}) == 1


def test_a_classifier_that_starts_knows_the_last_days(house: PlacingHouse) -> None:
    [first] = house.place(house.store("wire", "Dozens drown off Libya", SANK, at=NOW - HOUR))
    [copy] = house.place(house.store("post", "40 drown off Libya", SANK_TOO), shelf=StoryShelf())
    assert copy.story_id == first.story_id


def test_two_classifiers_at_once_never_open_two_stories_for_one_article(house: PlacingHouse) -> None:
    """Each gets one copy of every article, in batches that overlap in time."""
    texts = {f"{word} bridge collapses": f"The {word} bridge collapsed on Monday. {SANK}" for word in WORDS}
    batches = [
        [house.store(outlet, title, text, key=f"{outlet}{title}") for title, text in texts.items()]
        for outlet in ("wire", "post")
    ]
    together = threading.Barrier(2, timeout=60)

    def classify(ids: list[ArticleId]) -> None:
        shelf = StoryShelf()
        for start in range(0, len(ids), 2):
            together.wait()
            house.place(*ids[start : start + 2], shelf=shelf)

    with ThreadPoolExecutor() as threads:
        list(threads.map(classify, batches))
    homes = [[house.get(one).story_id for one in batch] for batch in batches]
    assert homes[0] == homes[1]


def test_what_a_failed_transaction_placed_is_not_remembered(house: PlacingHouse) -> None:
    one, two = house.store("wire", "Dozens drown off Libya", SANK), house.store("post", "40 drown off Libya", SANK_TOO)
    house.shelf.prepare(house.database, NOW)

    def place_and_fail() -> None:
        with house.shelf.on_trial(), house.database.write() as connection:
            place(connection, house.shelf, [one])
            connection.execute(sa.text("SELECT nothing FROM nowhere"))

    for _ in range(2):
        with pytest.raises(StoreError):
            place_and_fail()
    [second] = house.place(two)
    [first] = house.place(one)
    assert (second.placement.join, first.placement.nearest) == (Join.OPENED, two)
    assert house.scalars("SELECT count(*) FROM stories") == [1]


def test_an_edit_that_failed_leaves_the_shelf_with_the_text_before(house: PlacingHouse) -> None:
    edited, copy = house.store("wire", "Dozens drown off Libya", SANK), house.store("post", "40 drown off Libya", SANK)
    [before] = house.place(edited)
    house.change(edited, "Ferry crews in Piraeus to strike for two days", STRIKE)

    def place_and_fail() -> None:
        with house.shelf.on_trial(), house.database.write() as connection:
            place(connection, house.shelf, [edited])
            connection.execute(sa.text("SELECT nothing FROM nowhere"))

    with pytest.raises(StoreError):
        place_and_fail()
    [second] = house.place(copy)
    assert second.story_id == before.story_id


def test_a_merge_that_failed_leaves_the_shelf_as_the_database_is(house: PlacingHouse) -> None:
    opened, alone = _story_and_a_teaser(house)
    house.change(alone, "Boat sinks off Libya", SANK)

    def place_and_fail() -> None:
        with house.shelf.on_trial(), house.database.write() as connection:
            place(connection, house.shelf, [alone])
            connection.execute(sa.text("SELECT nothing FROM nowhere"))

    with pytest.raises(StoreError):
        place_and_fail()
    assert house.get(alone).story_id != house.get(opened).story_id
    [placed] = house.place(alone)
    assert placed.story_id == house.get(opened).story_id


def test_an_article_that_was_pruned_leads_nobody_into_a_story_that_is_gone(house: PlacingHouse) -> None:
    old = house.store("wire", "Dozens drown off Libya", SANK, at=NOW - HOUR)
    same = house.store("post", "40 drown off Libya", SANK_TOO, at=NOW - HOUR)
    house.place(old, same)
    with house.database.write() as connection:
        assert prune_articles(connection, [old, same]) == 2
    [again] = house.place(house.store("gazette", "40 drown off Libya", SANK))
    assert again.placement.join is Join.OPENED
    assert house.scalars("SELECT id FROM stories") == [again.story_id]


def test_an_article_stays_in_its_story_while_its_text_is_edited(house: PlacingHouse) -> None:
    first = house.store("wire", "Dozens drown off Libya", SANK, at=NOW - HOUR)
    second = house.store("post", "40 drown off Libya", SANK_TOO)
    before = house.place(first, second)
    house.change(second, "At least 44 drown off Libya", SANK_TOO.replace("40", "44"))
    [after] = house.place(second)
    assert (after.story_id, after.development_id) == (before[1].story_id, before[1].development_id)
    assert after.placement.join is before[1].placement.join
    assert after.placement.evidence == before[1].placement.evidence


def test_an_article_that_plainly_tells_of_something_else_leaves_its_story(house: PlacingHouse) -> None:
    first = house.store("wire", "Dozens drown off Libya", SANK, at=NOW - HOUR)
    second = house.store("post", "40 drown off Libya", SANK_TOO)
    [before, _] = house.place(first, second)
    house.change(second, "Ferry crews in Piraeus to strike for two days", STRIKE)
    [after] = house.place(second)
    assert after.story_id != before.story_id
    assert house.get(second).story_id == after.story_id
    [third] = house.place(house.store("gazette", "Greek ferries to stand still for 48 hours", STRIKE))
    assert third.story_id == after.story_id


def _story_and_a_teaser(house: PlacingHouse) -> tuple[ArticleId, ArticleId]:
    """A story, and another one of an article whose feed says nearly nothing yet."""
    opened = house.store("wire", "Dozens drown as migrant boat sinks off Libya", SANK, at=NOW - HOUR)
    alone = house.store("post", "Developing", "Read more.")
    placed = house.place(opened, alone)
    assert placed[0].story_id != placed[1].story_id
    return opened, alone


def test_an_article_alone_in_its_story_finds_home_when_its_page_was_read(house: PlacingHouse) -> None:
    opened, alone = _story_and_a_teaser(house)
    before = house.get(alone)
    house.change(alone, "Boat sinks off Libya", SANK)
    [placed] = house.place(alone)
    home = house.get(opened)
    assert (placed.story_id, placed.development_id) == (home.story_id, home.development_id)
    with house.database.read() as connection:
        assert before.story_id is not None
        assert story_of(connection, before.story_id) == home.story_id
        [gone] = merged_stories(connection, placed.story_id)
    assert gone.id == before.story_id
    assert gone.because.startswith(f"article {alone}, «Boat sinks off Libya», was changed and tells of both: ")
    assert re.search(r"tells of both: \w.*, [1-9]\d{1,2}%$", gone.because)
    other = StoryShelf()
    [copy] = house.place(house.store("gazette", "40 drown off Libya", SANK_TOO), shelf=other)
    assert copy.story_id == home.story_id


def test_a_later_article_that_makes_two_stories_one_is_named_with_its_evidence(house: PlacingHouse) -> None:
    opened, other = _story_and_a_teaser(house)
    _remember_as(house, other, "40 drown off Libya", SANK_TOO)
    title = f"40 drown as boat sinks off Zuwara {'in heavy seas ' * 9}"
    later = house.store("gazette", title, SANK, at=NOW + HOUR)
    gone, home = house.get(other).story_id, house.get(opened).story_id
    house.place(later, shelf=StoryShelf())
    assert home is not None
    with house.database.read() as connection:
        [merged] = merged_stories(connection, home)
    told = re.fullmatch(rf"article {later}, «(40 drown .*…)», tells of both: \w.*, [1-9]\d{{1,2}}%", merged.because)
    assert merged.id == gone
    assert told is not None
    assert len(told[1]) <= 80


def _remember_as(house: PlacingHouse, article_id: ArticleId, title: str, text: str) -> None:
    """Let classifiers that start later remember an article with a text that nobody compared."""
    house.change(article_id, title, text)
    with house.database.write() as connection:
        [article] = begin_classifying(connection, [article_id])
        signature = newcomer(article, article.language, "").signature.pack()
        of_it = tables.placements.c.article_id == article_id
        connection.execute(sa.update(tables.placements).where(of_it).values(signature=signature))


def test_what_is_changed_daily_under_one_address_stays_alone(small: PlacingHouse) -> None:
    fixed = small.store("wire", "Weather today", "Rain in the north, sun in the south. Highs of 12 degrees.")
    [before] = small.place(fixed)
    for day, words in enumerate(
        ("Snow above 900 metres, fog in the valleys.", "Storms of up to 110 km/h on the coast.")
    ):
        small.change(fixed, "Weather today", words)
        [after] = small.place(fixed)
        assert after.story_id == before.story_id, day
    assert small.scalars("SELECT count(*) FROM articles WHERE story_id IS NOT NULL") == [1]


def test_a_story_follows_the_headline_of_the_article_that_opened_it(small: PlacingHouse) -> None:
    first = small.store("wire", "Boat sinks off Libya, dozens missing", SANK, at=NOW - HOUR)
    second = small.store("post", "40 drown off Libya", SANK_TOO)
    [placed, _] = small.place(first, second)
    small.change(second, "Boat disaster off Zuwara kills 40", SANK_TOO)
    small.place(second)
    small.change(first, "At least 40 drown as boat sinks off Libya", SANK)
    small.place(first)
    with small.database.read() as connection:
        story = get_story(connection, placed.story_id)
    assert story is not None
    assert story.title == "At least 40 drown as boat sinks off Libya"
    assert [one.title for one in story.developments] == [story.title]


def test_what_the_operator_split_is_not_glued_again(small: PlacingHouse) -> None:
    ids = [small.store(f"outlet{n}", "Dozens drown off Libya", SANK, at=NOW + n * MINUTE) for n in range(3)]
    [placed, *_] = small.place(*ids)
    with small.database.write() as connection:
        lock_stories(connection)
        new = split_story(connection, placed.story_id, ids[2:])
    small.change(ids[2], "Dozens drowned off Libya", SANK)
    [changed] = small.place(ids[2])
    assert (changed.story_id, changed.placement.join) == (new, Join.BY_HAND)
    small.place(small.store("post", "Dozens drown off Libya", SANK_TOO, at=NOW + HOUR))
    with small.database.read() as connection:
        assert [story_of(connection, one) for one in (placed.story_id, new)] == [placed.story_id, new]


def test_what_another_version_remembered_is_read_again(small: PlacingHouse) -> None:
    first = small.store("wire", "Dozens drown off Libya", SANK, at=NOW - HOUR)
    [placed] = small.place(first)
    with small.database.write() as connection:
        connection.execute(sa.update(tables.placements).values(signature=b"\x00old"))
    [copy] = small.place(small.store("post", "40 drown off Libya", SANK_TOO), shelf=StoryShelf())
    assert copy.story_id == placed.story_id
    assert small.scalars("SELECT count(*) FROM placements WHERE length(signature) < 9") == [0]


def test_an_article_that_another_version_remembered_may_change(small: PlacingHouse) -> None:
    first = small.store("wire", "Dozens drown off Libya", SANK, at=NOW - HOUR)
    [placed] = small.place(first)
    with small.database.write() as connection:
        connection.execute(sa.update(tables.placements).values(signature=b"\x00old"))
    small.change(first, "Dozens drown as boat sinks off Libya", SANK)
    [again] = small.place(first)
    assert again.story_id == placed.story_id


def test_what_is_older_than_the_window_is_not_read(small: PlacingHouse) -> None:
    [first] = small.place(small.store("wire", "Dozens drown off Libya", SANK, at=NOW - HOUR))
    with small.database.write() as connection:
        connection.execute(sa.update(tables.placements).values(placed_at=NOW - timedelta(days=99)))
    [copy] = small.place(small.store("post", "40 drown off Libya", SANK_TOO), shelf=StoryShelf())
    assert copy.story_id != first.story_id


def test_the_shelf_is_bounded_in_time(small: PlacingHouse) -> None:
    shelf = StoryShelf(window=HOUR)
    [first] = small.place(small.store("wire", "Dozens drown off Libya", SANK, at=NOW - 2 * HOUR), shelf=shelf)
    [copy] = small.place(small.store("post", "40 drown off Libya", SANK_TOO), shelf=shelf)
    assert copy.story_id != first.story_id
