from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from records import MINUTE, NOW, SIEGE, add_articles, add_feed, entry, receipt
from story_filling import place
from tocsin.models.alerts import Decision, Rule
from tocsin.models.articles import Article
from tocsin.models.deliveries import DeliveryKind
from tocsin.models.ids import ArticleId, DevelopmentId, StoryId
from tocsin.models.stories import Evidence, EvidenceKind, Join, MergedStory, Placement, StoryOutlet
from tocsin.models.watchlist import ChannelKind
from tocsin.store import tables
from tocsin.store.alerts import NewAlert, enter_alerts
from tocsin.store.articles import begin_classifying, get_article
from tocsin.store.database import Database
from tocsin.store.deliveries import NewDelivery, enter_deliveries
from tocsin.store.matches import save_matches
from tocsin.store.mutes import is_muted, mute_story
from tocsin.store.placements import Placed, remembered_after
from tocsin.store.stories import (
    articles_of_story,
    developments_of,
    get_story,
    merged_stories,
    outlets_of,
    running_stories,
    stories_of,
    story_article,
    story_of,
)
from tocsin.store.story_changes import merge_developments, merge_late, merge_stories, split_story

DESK = "desk@example.org"


def begun(connection: sa.Connection, *keys: str, outlet: str = "wire") -> list[Article]:
    """Store articles of an outlet, a minute apart, and begin to classify them."""
    feed = add_feed(connection, f"https://{outlet}.example/rss")
    entries = [replace(entry(key, title=f"Title {key}"), url=f"https://{outlet}.example/{key}") for key in keys]
    ids = add_articles(connection, feed.id, *entries)
    for minutes, one in enumerate(ids):
        at = NOW + minutes * MINUTE
        connection.execute(
            sa.update(tables.articles).where(tables.articles.c.id == one).values(published_at=at, first_seen_at=at)
        )
    return begin_classifying(connection, ids)


def get(connection: sa.Connection, article_id: ArticleId) -> Article:
    article = get_article(connection, article_id)
    assert article is not None
    return article


def homes(connection: sa.Connection, *ids: ArticleId) -> list[tuple[StoryId | None, DevelopmentId | None]]:
    return [(article.story_id, article.development_id) for article in (get(connection, one) for one in ids)]


def alerted(connection: sa.Connection, article: Article, placed: Placed, decision: Decision, rule: Rule) -> None:
    """Enter an alert of an article's match, with a message if it was told."""
    [match] = save_matches(connection, [(article.id, receipt())], NOW)
    told = None
    if decision is Decision.RING:
        key = f"alert:{article.id}"
        new = NewDelivery(key, DeliveryKind.ALERT, ChannelKind.MAIL, DESK, f"<{key}@x>", "desk")
        [told] = enter_deliveries(connection, [new], NOW)
    where = (placed.story_id, placed.development_id)
    alert = NewAlert(match.id, SIEGE, "desk", *where, decision, rule, "because", delivery_id=told)
    enter_alerts(connection, [alert], NOW + article.id * MINUTE)


def told(connection: sa.Connection) -> dict[StoryId, list[tuple[DevelopmentId, str, int | None]]]:
    """The decisions by story: the development, what was decided, and the message."""
    found: dict[StoryId, list[tuple[DevelopmentId, str, int | None]]] = {}
    for row in connection.execute(sa.select(tables.alerts).order_by(tables.alerts.c.id)):
        found.setdefault(row.story_id, []).append((row.development_id, row.decision, row.delivery_id))
    return found


def test_a_story_says_what_is_in_it(database: Database) -> None:
    with database.write() as connection:
        first, again = begun(connection, "a", "b")
        [other] = begun(connection, "c", outlet="post")
        evidence = (Evidence(EvidenceKind.NAMES, ("Palmyra", "تدمر"), 0.5),)
        opened = place(connection, first, NOW)
        place(connection, other, NOW, into=opened, join=Join.SAME_EVENT, evidence=evidence, nearest=first.id)
        second = place(connection, again, NOW, into=opened, join=Join.DEVELOPMENT, number=2, news=["new place: Homs"])
        story = get_story(connection, opened.story_id)
        told_by = articles_of_story(connection, opened.story_id)
        outlets = outlets_of(connection, [opened.story_id, StoryId(99)])
        alone = story_article(connection, other.id)
        nobody = get_story(connection, StoryId(99)), story_of(connection, StoryId(99))
    assert story is not None
    assert (story.title, story.opened_at, story.latest_at) == ("Title a", NOW, NOW + MINUTE)
    assert (story.articles, story.outlets, story.merged_into) == (3, 2, None)
    assert [(one.id, one.number, one.news) for one in story.developments] == [
        (opened.development_id, 1, ()),
        (second.development_id, 2, ("new place: Homs",)),
    ]
    assert [one.article.id for one in told_by] == [first.id, other.id, again.id]
    joined = Placement(Join.SAME_EVENT, opened.story_id, opened.development_id, first.id, 0.9, evidence)
    assert told_by[1].placement == joined
    assert alone == told_by[1]
    assert nobody == (None, None)
    wire = StoryOutlet(
        outlet="wire.example",
        title="https://wire.example/rss",
        article_id=first.id,
        headline="Title a",
        url="https://wire.example/a",
        language="en",
        published_at=NOW,
        development_id=opened.development_id,
        articles=2,
    )
    assert outlets[opened.story_id][0] == wire
    assert [(one.outlet, one.articles) for one in outlets[opened.story_id]] == [
        ("wire.example", 2),
        ("post.example", 1),
    ]


def test_running_stories_are_listed_by_the_outlets_that_tell_them_now(database: Database) -> None:
    with database.write() as connection:
        a, b, c = begun(connection, "a", "b", "c")
        [d] = begun(connection, "d", outlet="post")
        alone, broad, old = (place(connection, one, NOW) for one in (a, b, c))
        place(connection, d, NOW, into=broad, join=Join.SAME_EVENT)
        past = {"latest_at": NOW - timedelta(days=9)}
        connection.execute(sa.update(tables.stories).where(tables.stories.c.id == old.story_id).values(**past))
        listed = [story.id for story in running_stories(connection, NOW - MINUTE, limit=9)]
        rest = [story.id for story in running_stories(connection, NOW - MINUTE, limit=1, offset=1)]
        big = [story.id for story in running_stories(connection, NOW - MINUTE, limit=9, least_articles=2)]
    assert listed == [broad.story_id, alone.story_id]
    assert rest == [alone.story_id]
    assert big == [broad.story_id]


def test_merged_stories_are_the_oldest_one_with_all_that_hung_on_them(database: Database) -> None:
    with database.write() as connection:
        a, b, c = begun(connection, "a", "b", "c")
        first, second, third = (place(connection, one, NOW) for one in (a, b, c))
        alerted(connection, a, first, Decision.RING, Rule.NEW_STORY)
        alerted(connection, b, second, Decision.RING, Rule.NEW_STORY)
        for placed in (first, second):
            mute_story(connection, DESK, placed.story_id, NOW)
        mute_story(connection, "zoe@example.org", third.story_id, NOW)
        merge_stories(connection, [third.story_id, second.story_id])
        survivor = merge_stories(connection, [second.story_id, first.story_id])
        story = get_story(connection, first.story_id)
        gone = get_story(connection, third.story_id)
        ids = {first.story_id, second.story_id, third.story_id, StoryId(99)}
        lead = stories_of(connection, ids)
        muted = [is_muted(connection, target, first.story_id) for target in (DESK, "zoe@example.org")]
        stories_told = told(connection)
        where = homes(connection, a.id, b.id, c.id)
    assert survivor == first.story_id
    assert lead == dict.fromkeys(ids - {StoryId(99)}, first.story_id)
    assert story is not None
    assert (story.articles, story.latest_at, story.title) == (3, NOW + 2 * MINUTE, "Title a")
    assert [(one.number, one.title) for one in story.developments] == [(1, "Title a"), (2, "Title b"), (3, "Title c")]
    assert gone is not None
    assert (gone.merged_into, gone.articles, gone.developments) == (first.story_id, 0, ())
    assert muted == [True, True]
    assert list(stories_told) == [first.story_id]
    assert where == [(first.story_id, placed.development_id) for placed in (first, second, third)]


def test_merged_developments_are_the_first_one_and_alerts_count_for_it(database: Database) -> None:
    with database.write() as connection:
        a, b = begun(connection, "a", "b")
        first = place(connection, a, NOW)
        second = place(connection, b, NOW, into=first, join=Join.DEVELOPMENT, number=2)
        alerted(connection, b, second, Decision.RING, Rule.DEVELOPMENT)
        merge_developments(connection, [second.development_id, first.development_id])
        story = get_story(connection, first.story_id)
        lead = developments_of(connection, [second.development_id])
        where = homes(connection, b.id)
        [(development, _, _)] = told(connection)[first.story_id]
    assert story is not None
    assert [one.id for one in story.developments] == [first.development_id]
    assert lead == {second.development_id: first.development_id}
    assert where == [(first.story_id, first.development_id)]
    assert development == first.development_id


def test_what_is_moved_is_written_anew_so_that_classifiers_learn_of_it(database: Database) -> None:
    with database.write() as connection:
        a, b = begun(connection, "a", "b")
        first, second = place(connection, a, NOW), place(connection, b, NOW)
        last = max(row.row for row in remembered_after(connection, 0))
        merge_stories(connection, [first.story_id, second.story_id])
        moved = [(row.article_id, row.story_id) for row in remembered_after(connection, last)]
    assert moved == [(b.id, first.story_id)]


def test_each_merged_story_keeps_the_reason_for_which_it_was_merged(database: Database) -> None:
    because = "article 3, «Bridge «سد» 'cut'; --», tells of both: names Orontes, 87%"
    with database.write() as connection:
        first, second, third = (place(connection, one, NOW) for one in begun(connection, "a", "b", "c"))
        merge_late(connection, {second.story_id, third.story_id}, (), because)
        merge_stories(connection, [first.story_id, second.story_id])
        gone = [merged_stories(connection, one.story_id) for one in (first, second)]
    assert gone == [[MergedStory(second.story_id, "by hand"), MergedStory(third.story_id, because)], []]


@pytest.mark.parametrize("by_hand", [True, False], ids=["by-hand", "by-machine"])
def test_what_the_operator_arranged_is_not_merged_late(database: Database, *, by_hand: bool) -> None:
    with database.write() as connection:
        a, b = begun(connection, "a", "b")
        first = place(connection, a, NOW)
        second = place(connection, b, NOW, join=Join.BY_HAND if by_hand else Join.OPENED)
        story_ids = {first.story_id, second.story_id, StoryId(99)}
        merge_late(connection, story_ids, {first.development_id, second.development_id}, "the same address")
        where = homes(connection, b.id)
    kept = (second.story_id, second.development_id)
    assert where == [kept if by_hand else (first.story_id, first.development_id)]


def test_articles_that_are_split_off_take_their_whole_developments_along(database: Database) -> None:
    with database.write() as connection:
        a, b, c, d = begun(connection, "a", "b", "c", "d")
        first = place(connection, a, NOW)
        place(connection, b, NOW, into=first, join=Join.SAME_EVENT)
        second = place(connection, c, NOW, into=first, join=Join.DEVELOPMENT, number=2, news=["new place: Homs"])
        place(connection, d, NOW, into=second, join=Join.SAME_EVENT)
        new = split_story(connection, first.story_id, [b.id, c.id, d.id])
        left, made = get_story(connection, first.story_id), get_story(connection, new)
        joins = [one.placement.join for one in articles_of_story(connection, new)]
        where = homes(connection, b.id, c.id, d.id)
    assert left is not None
    assert (left.title, left.articles, left.latest_at) == ("Title a", 1, NOW)
    assert [one.number for one in left.developments] == [1]
    assert made is not None
    assert (made.title, made.articles, made.opened_at, made.latest_at) == (
        "Title b",
        3,
        NOW + MINUTE,
        NOW + 3 * MINUTE,
    )
    assert [(one.number, one.title) for one in made.developments] == [(1, "Title b"), (2, "Title c")]
    assert made.developments[1].id == second.development_id
    assert joins == [Join.BY_HAND] * 3
    assert where == [(new, made.developments[0].id), *2 * [(new, second.development_id)]]


@pytest.mark.parametrize("leaves", [0, 1], ids=["what-was-told", "what-was-not-told"])
def test_both_parts_of_a_story_that_was_told_count_as_told(database: Database, leaves: int) -> None:
    with database.write() as connection:
        both = begun(connection, "a", "b")
        first = place(connection, both[0], NOW)
        place(connection, both[1], NOW, into=first, join=Join.SAME_EVENT)
        alerted(connection, both[0], first, Decision.RING, Rule.NEW_STORY)
        alerted(connection, both[1], first, Decision.SUPPRESS, Rule.TOLD)
        mute_story(connection, DESK, first.story_id, NOW)
        new = split_story(connection, first.story_id, [both[leaves].id])
        found = told(connection)
        muted = is_muted(connection, DESK, new), is_muted(connection, DESK, first.story_id)
        where = homes(connection, *(one.id for one in both))
    assert found.keys() == {first.story_id, new}
    [[(one, *how_one)], [(other, *how_other)]] = found[first.story_id], found[new]
    assert how_one == how_other
    assert how_one[0] == "ring"
    assert sorted(where, key=str) == sorted([(first.story_id, one), (new, other)], key=str)
    assert muted == (True, True)


def test_a_part_that_was_kept_silent_for_another_reason_stays_silent(database: Database) -> None:
    with database.write() as connection:
        both = begun(connection, "a", "b")
        first = place(connection, both[0], NOW)
        place(connection, both[1], NOW, into=first, join=Join.SAME_EVENT)
        alerted(connection, both[0], first, Decision.RING, Rule.NEW_STORY)
        alerted(connection, both[1], first, Decision.SUPPRESS, Rule.BACKLOG)
        new = split_story(connection, first.story_id, [both[1].id])
        [(_, decision, _)] = told(connection)[new]
    assert decision == "suppress"


def test_numbers_of_stories_that_are_gone_are_not_given_again(database: Database) -> None:
    with database.write() as connection:
        a, b = begun(connection, "a", "b")
        first = place(connection, a, NOW)
        for table in (tables.placements, tables.articles, tables.developments, tables.stories):
            if table is tables.articles:
                free = sa.update(table).values(story_id=None, development_id=None)
                connection.execute(free)
            else:
                connection.execute(sa.delete(table))
        second = place(connection, b, NOW)
        rows = [row.row for row in remembered_after(connection, 0)]
    assert second.story_id > first.story_id
    assert second.development_id > first.development_id
    assert rows == [2]
