from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa

from records import MINUTE, NOW, SIEGE, add_feed, entry, receipt, subscriber
from story_filling import place
from tocsin.models.alerts import Decision, NoticeKind, Rule
from tocsin.models.articles import Article
from tocsin.models.deliveries import DeliveryKind
from tocsin.models.digests import Window
from tocsin.models.feeds import Entry, Feed
from tocsin.models.identity import PrunedEntry, short_content_hash, short_hash
from tocsin.models.ids import ArticleId, DeliveryId, DigestId, MatchId, WatchId
from tocsin.models.stories import Join
from tocsin.models.watchlist import ChannelKind
from tocsin.store import articles, deliveries, digests, matches, subscribers, tables
from tocsin.store.alerts import NewAlert, enter_alerts
from tocsin.store.articles import NewArticle
from tocsin.store.bursts import StoredBurst, end_burst, save_burst
from tocsin.store.database import Database
from tocsin.store.deliveries import NewDelivery
from tocsin.store.identity import akin_articles, akin_pruned
from tocsin.store.notices import close_notice, open_notice
from tocsin.store.owed import owe
from tocsin.store.retention import (
    WATCHLISTS_KEPT,
    find_overdue,
    prune_articles,
    prune_digests,
    prune_watchlists,
    shortest_retention,
)
from tocsin.store.retention_alerts import prune_notices, prune_rhythms
from tocsin.store.stories import get_story
from tocsin.store.story_changes import merge_developments, merge_stories
from tocsin.store.subscriber_changes import sync_subscribers
from tocsin.store.watchlists import accept_watchlist
from tocsin_scheduler.pruning import AT_ONCE, LOOKS, REST, Pruner

DAY = timedelta(days=1)
LATER = NOW + 100 * DAY
BURST = StoredBurst(SIEGE, NOW, NOW, "stories", 60 * MINUTE, found=9, usual=0.5, outlets=3)
KEPT = 90 * DAY


def old(
    connection: sa.Connection, *keys: str, feed: Feed | None = None, at: datetime = NOW, told: bool = True
) -> list[ArticleId]:
    """Store articles that were first seen at that time, and let them be classified unless they are not ``told``."""
    feed = feed or add_feed(connection)
    new = [NewArticle(entry(key), language="en", published_at=at, backlog=False) for key in keys]
    ids = articles.insert_articles(connection, feed.id, new, at)
    if told:
        for article in articles.begin_classifying(connection, ids):
            place(connection, article, at)
    return ids


def get(connection: sa.Connection, article_id: ArticleId) -> Article:
    article = articles.get_article(connection, article_id)
    assert article is not None
    return article


def matched(connection: sa.Connection, article_id: ArticleId, *, owed: bool = False) -> MatchId:
    [new] = matches.save_matches(connection, [(article_id, receipt())], NOW)
    if owed:
        sync_subscribers(connection, [subscriber()], NOW)
        owe(connection, [new.id])
    return new.id


def alerted(connection: sa.Connection, match_id: MatchId, key: str = "alert:siege:1:desk") -> DeliveryId:
    match = matches.get_match(connection, match_id)
    assert match is not None
    assert match.article.story_id is not None
    assert match.article.development_id is not None
    where = (match.article.story_id, match.article.development_id)
    new = NewDelivery(key, DeliveryKind.ALERT, ChannelKind.MAIL, "desk@example.org", f"<{key}@x>", "desk")
    [told] = deliveries.enter_deliveries(connection, [new], NOW)
    alert = NewAlert(
        match_id, match.watch, "desk", *where, Decision.RING, Rule.NEW_STORY, "a new story", delivery_id=told
    )
    enter_alerts(connection, [alert], NOW)
    return told


def digested(connection: sa.Connection, day: int = 0) -> DigestId:
    """Close the one subscriber's window, and enter its delivery."""
    [stored] = subscribers.active_subscribers(connection)
    end = NOW + day * DAY + MINUTE
    window = Window(stored.closed_until, end, date(2026, 3, 10) + day * DAY, "14:00")
    digest_id = digests.close_window(connection, stored, window, token=f"t{day}", coverage=None, now=end)
    assert digest_id is not None
    new = NewDelivery(
        f"digest:{digest_id}",
        DeliveryKind.DIGEST,
        ChannelKind.MAIL,
        "zoe@example.org",
        f"<d{day}@x>",
        digest_id=digest_id,
    )
    deliveries.enter_deliveries(connection, [new], end)
    return digest_id


def sent(connection: sa.Connection) -> None:
    connection.execute(sa.update(tables.deliveries).values(state="sent", sent_at=NOW))


def overdue(connection: sa.Connection, now: datetime = LATER) -> list[ArticleId]:
    return list(find_overdue(connection, now, seen_before=now, after=None, look_at=99).overdue)


def rows(connection: sa.Connection, *names: str) -> dict[str, int]:
    return {
        name: connection.execute(sa.select(sa.func.count()).select_from(tables.metadata.tables[name])).scalar_one()
        for name in names
    }


def test_an_article_is_over_when_its_feed_keeps_it_no_longer_after_its_last_change(database: Database) -> None:
    with database.write() as connection:
        feed = add_feed(connection)
        over, changed = old(connection, "over", "changed", feed=feed)
        old(connection, "young", feed=feed, at=LATER - KEPT)
        articles.update_article(connection, feed.id, entry("changed", title="Siege over"), LATER - DAY)
        assert changed not in overdue(connection)
        assert overdue(connection) == [over]


def test_each_feed_keeps_its_articles_for_its_own_time(database: Database) -> None:
    with database.write() as connection:
        long, short = add_feed(connection, "https://a.example/"), add_feed(connection, "https://b.example/")
        connection.execute(sa.update(tables.feeds).where(tables.feeds.c.id == long.id).values(retention=3650 * DAY))
        connection.execute(sa.update(tables.feeds).where(tables.feeds.c.id == short.id).values(retention=DAY))
        old(connection, "one", feed=long)
        [two] = old(connection, "two", feed=short)
        assert shortest_retention(connection) == DAY
        assert overdue(connection, NOW + 2 * DAY) == [two]


def test_the_articles_are_looked_through_in_steps_and_none_is_left_out(database: Database) -> None:
    with database.write() as connection:
        feed = add_feed(connection)
        expected = old(connection, *"abcdefg", feed=feed) + old(connection, *"hij", feed=feed, at=NOW + MINUTE)
        found: list[ArticleId] = []
        place = None
        for _ in range(4):
            step = find_overdue(connection, LATER, seen_before=LATER, after=place, look_at=3)
            found += step.overdue
            place = step.place
    assert found == expected
    assert place is None


def test_what_is_left_of_a_pruned_article_is_enough_to_know_it_again(database: Database) -> None:
    with database.write() as connection:
        feed = add_feed(connection)
        other = add_feed(connection, "https://other.example/")
        ids = old(connection, "one", "two", feed=feed)
        matched(connection, ids[0])
        assert prune_articles(connection, ids[:1]) == 1
        left = PrunedEntry(
            short_hash("one"), short_hash("https://wire.example/one"), short_content_hash(entry("one").content_hash)
        )
        for shown in (
            entry("one", title="Other"),
            replace(entry("x", title="Other"), url=entry("one").url),
            replace(entry("one"), key="x", url=""),
        ):
            assert akin_pruned(connection, feed.id, [shown]) == [left]
        assert akin_pruned(connection, feed.id, [entry("x", title="Other")]) == []
        assert akin_pruned(connection, other.id, [entry("one")]) == []
        kept = rows(connection, "articles", "matches", "stories", "pruned_entries")
    assert kept == {"articles": 1, "matches": 0, "stories": 1, "pruned_entries": 1}


def test_akin_are_the_articles_of_the_feed_with_the_same_link_or_the_same_words(database: Database) -> None:
    def keys(*shown: Entry) -> list[str]:
        return [article.key for article in akin_articles(connection, feed.id, shown)]

    with database.write() as connection:
        feed = add_feed(connection)
        old(connection, "one", feed=feed)
        old(connection, "one", feed=add_feed(connection, "https://other.example/"))
        assert keys(replace(entry("x", title="Other"), url=entry("one").url)) == ["one"]
        assert keys(entry("x")) == ["one"]
        assert keys(replace(entry("x", title="Other"), url="")) == []


def test_an_article_that_was_pruned_twice_is_left_once(database: Database) -> None:
    with database.write() as connection:
        for _ in range(2):
            prune_articles(connection, old(connection, "one"))
        assert rows(connection, "articles", "pruned_entries") == {"articles": 0, "pruned_entries": 1}


def unclassified(connection: sa.Connection) -> ArticleId:
    return old(connection, "one", told=False)[0]


def waiting_for_a_digest(connection: sa.Connection) -> ArticleId:
    [one] = old(connection, "one")
    matched(connection, one, owed=True)
    return one


def in_a_digest_to_be_mailed(connection: sa.Connection) -> ArticleId:
    one = waiting_for_a_digest(connection)
    digested(connection)
    return one


def alert_to_be_sent(connection: sa.Connection) -> ArticleId:
    [one] = old(connection, "one")
    alerted(connection, matched(connection, one))
    return one


def alert_of_a_story_that_goes_on(connection: sa.Connection) -> ArticleId:
    one, two = old(connection, "one", "two")
    alerted(connection, matched(connection, one))
    sent(connection)
    story = sa.select(tables.articles.c.story_id).where(tables.articles.c.id == one).scalar_subquery()
    connection.execute(sa.update(tables.articles).where(tables.articles.c.id == two).values(story_id=story))
    return one


@pytest.mark.parametrize(
    "keep",
    [
        unclassified,
        waiting_for_a_digest,
        in_a_digest_to_be_mailed,
        alert_to_be_sent,
        alert_of_a_story_that_goes_on,
    ],
)
def test_what_is_owed_to_somebody_is_not_pruned(database: Database, keep: Callable[[sa.Connection], ArticleId]) -> None:
    with database.write() as connection:
        kept = keep(connection)
        assert kept in overdue(connection)
        assert prune_articles(connection, [kept]) == 0
        assert rows(connection, "pruned_entries") == {"pruned_entries": 0}


def quarantined(connection: sa.Connection) -> ArticleId:
    one = unclassified(connection)
    connection.execute(sa.update(tables.articles).values(quarantined_at=NOW))
    return one


def owed_to_one_who_left(connection: sa.Connection) -> ArticleId:
    """What they are owed goes with them, but for what was entered that moment."""
    one = waiting_for_a_digest(connection)
    connection.execute(sa.update(tables.subscribers).values(state="unsubscribed"))
    return one


def owed_to_one_who_pauses(connection: sa.Connection) -> ArticleId:
    one = waiting_for_a_digest(connection)
    connection.execute(sa.update(tables.subscribers).values(state="paused"))
    return one


def owed_but_withdrawn(connection: sa.Connection) -> ArticleId:
    one = waiting_for_a_digest(connection)
    connection.execute(sa.update(tables.matches).values(withdrawn_at=NOW))
    return one


def told_by_a_digest(connection: sa.Connection) -> ArticleId:
    one = in_a_digest_to_be_mailed(connection)
    sent(connection)
    return one


def told_by_an_alert(connection: sa.Connection) -> ArticleId:
    one = alert_to_be_sent(connection)
    sent(connection)
    return one


@pytest.mark.parametrize(
    "leave",
    [
        quarantined,
        owed_to_one_who_left,
        owed_to_one_who_pauses,
        owed_but_withdrawn,
        told_by_a_digest,
        told_by_an_alert,
    ],
)
def test_what_nobody_waits_for_goes_with_all_that_hangs_on_it(
    database: Database, leave: Callable[[sa.Connection], ArticleId]
) -> None:
    with database.write() as connection:
        gone = leave(connection)
        assert prune_articles(connection, [gone]) == 1
        left = rows(connection, "articles", "matches", "digest_items", "stories")
        alerts = connection.execute(sa.select(tables.deliveries.c.id).where(tables.deliveries.c.kind == "alert")).all()
    assert left == {"articles": 0, "matches": 0, "digest_items": 0, "stories": 0}
    assert alerts == []


def test_a_story_goes_with_its_last_article(database: Database) -> None:
    with database.write() as connection:
        one = alert_of_a_story_that_goes_on(connection)
        [two] = [number for number in overdue(connection) if number != one]
        assert [prune_articles(connection, [number]) for number in (two, one)] == [1, 1]
        assert rows(connection, "articles", "stories", "deliveries")["articles"] == 0
        assert connection.execute(sa.select(tables.deliveries.c.id)).all() == []


def test_other_stories_do_not_keep_an_article_that_was_alerted(database: Database) -> None:
    with database.write() as connection:
        going_on = alert_of_a_story_that_goes_on(connection)
        [told] = old(connection, "told")
        alerted(connection, matched(connection, told), key="alert:siege:2:desk")
        sent(connection)
        assert prune_articles(connection, [going_on, told]) == 1
        assert articles.get_article(connection, told) is None


def test_a_story_takes_along_what_led_there(database: Database) -> None:
    with database.write() as connection:
        one, two = old(connection, "one", "two")
        ids = [article.story_id for article in (get(connection, one), get(connection, two)) if article.story_id]
        merge_stories(connection, ids)
        merge_developments(connection, connection.execute(sa.select(tables.developments.c.id)).scalars().all())
        assert prune_articles(connection, [one]) == 1
        assert rows(connection, "stories", "developments", "placements") == {
            "stories": 2,
            "developments": 2,
            "placements": 1,
        }
        assert prune_articles(connection, [two]) == 1
        left = rows(connection, "stories", "developments", "placements", "mutes")
    assert set(left.values()) == {0}


def test_a_development_goes_with_its_last_article_while_its_story_goes_on(database: Database) -> None:
    with database.write() as connection:
        feed = add_feed(connection)
        first, second = old(connection, "one", "two", feed=feed, told=False)
        begun = articles.begin_classifying(connection, [first, second])
        opened = place(connection, begun[0], NOW)
        place(connection, begun[1], NOW, into=opened, join=Join.DEVELOPMENT, number=2)
        assert prune_articles(connection, [first]) == 1
        story = get_story(connection, opened.story_id)
    assert story is not None
    assert [(one.number, one.id != opened.development_id) for one in story.developments] == [(2, True)]


def test_a_story_stays_while_an_alert_of_it_does(database: Database) -> None:
    """Its article was changed into another story; what was told was this one."""
    with database.write() as connection:
        one, other = old(connection, "one", "other")
        story = get(connection, one).story_id
        alerted(connection, matched(connection, one))
        sent(connection)
        elsewhere = get(connection, other)
        moved = {"story_id": elsewhere.story_id, "development_id": elsewhere.development_id}
        connection.execute(sa.update(tables.articles).where(tables.articles.c.id == one).values(**moved))
        assert prune_articles(connection, [other]) == 1
        assert rows(connection, "stories") == {"stories": 2}
        assert prune_articles(connection, [one]) == 1
        assert rows(connection, "stories", "developments", "alerts") == {"stories": 0, "developments": 0, "alerts": 0}
    assert story is not None


def test_the_rhythm_of_watches_is_kept_as_long_as_it_tells_what_is_usual(database: Database) -> None:
    with database.write() as connection:
        hours = [{"watch": "siege", "hour_at": LATER - ago, "stories": 1, "articles": 1} for ago in (50 * DAY, KEPT)]
        connection.execute(sa.insert(tables.watch_hours), hours)
        for watch, ended_at in (("goes-on", None), ("over", NOW), ("late", LATER - DAY)):
            save_burst(connection, replace(BURST, watch=WatchId(watch)))
            if ended_at is not None:
                end_burst(connection, WatchId(watch), ended_at)
        assert prune_rhythms(connection, LATER, retention=KEPT) == 2
        assert rows(connection, "watch_hours", "bursts") == {"watch_hours": 1, "bursts": 2}


def test_notices_go_when_they_were_closed_long_ago_and_nobody_waits_for_them(database: Database) -> None:
    with database.write() as connection:
        ids = []
        for key in ("open", "waits", "over"):
            opened = open_notice(connection, key, NoticeKind.CHANNEL_FAILS, "It fails.", NOW)
            assert opened is not None
            ids.append(opened)
            new = NewDelivery(
                key, DeliveryKind.NOTICE, ChannelKind.MAIL, "x@example.org", f"<{key}@x>", notice_id=opened
            )
            deliveries.enter_deliveries(connection, [new], NOW)
        connection.execute(sa.update(tables.deliveries).where(tables.deliveries.c.key != "waits").values(state="sent"))
        for key in ("waits", "over"):
            close_notice(connection, key, NOW)
        assert prune_notices(connection, NOW + DAY, retention=KEPT, limit=9) == 0
        assert prune_notices(connection, LATER, retention=KEPT, limit=9) == 1
        assert rows(connection, "notices", "deliveries") == {"notices": 2, "deliveries": 2}


def test_digests_go_with_their_deliveries_but_for_the_last_one_and_those_whose_articles_are_kept(
    database: Database,
) -> None:
    with database.write() as connection:
        kept_article, gone_article = old(connection, "one"), old(connection, "two")
        matched(connection, kept_article[0], owed=True)
        digested(connection, 0)
        matched(connection, gone_article[0], owed=True)
        digested(connection, 1)
        digested(connection, 2)
        pending = digested(connection, 3)
        digested(connection, 4)
        connection.execute(
            sa.update(tables.deliveries).where(tables.deliveries.c.digest_id != pending).values(state="sent")
        )
        prune_articles(connection, gone_article)
        assert prune_digests(connection, NOW + 30 * DAY, retention=KEPT, limit=9) == 0
        assert prune_digests(connection, LATER, retention=KEPT, limit=1) == 1
        assert prune_digests(connection, LATER, retention=KEPT, limit=9) == 1
        left = [digest.window.local_date.day - 10 for digest in digests.latest_digests(connection, limit=9)]
        assert left == [4, 3, 0]
        assert rows(connection, "deliveries") == {"deliveries": 3}


def test_the_last_digest_of_one_who_left_is_pruned_like_any_other(database: Database) -> None:
    with database.write() as connection:
        sync_subscribers(connection, [subscriber()], NOW)
        digested(connection)
        sent(connection)
        assert prune_digests(connection, LATER, retention=KEPT, limit=9) == 0
        sync_subscribers(connection, [], NOW)
        assert prune_digests(connection, LATER, retention=KEPT, limit=9) == 1
        assert rows(connection, "digests", "deliveries") == {"digests": 0, "deliveries": 0}


def test_the_latest_watchlists_are_kept(database: Database) -> None:
    with database.write() as connection:
        for number in range(WATCHLISTS_KEPT + 3):
            accept_watchlist(connection, f"{number:012}", "version: 1\n", NOW + number * MINUTE)
        assert prune_watchlists(connection) == 3
        assert prune_watchlists(connection) == 0
        oldest = connection.execute(sa.select(sa.func.min(tables.watchlists.c.version))).scalar_one()
    assert oldest == f"{3:012}"


def much_that_is_old(database: Database, count: int) -> None:
    """Articles of the year 2020, whatever the database's clock says today."""
    with database.write() as connection:
        old(connection, *(f"{number}" for number in range(count)), at=NOW - 2000 * DAY)


def test_a_tick_prunes_one_batch_and_the_walk_ends_with_a_rest(database: Database) -> None:
    much_that_is_old(database, AT_ONCE + 10)
    pruner = Pruner(database, lambda: KEPT)
    assert [pruner.tick() for _ in range(3)] == [AT_ONCE, 10, 0]
    much_that_is_old(database, 1)
    assert pruner.tick() == 0
    assert timedelta(minutes=1) < REST


def test_articles_that_are_kept_do_not_hide_those_behind_them(database: Database) -> None:
    with database.write() as connection:
        kept, other = add_feed(connection, "https://a.example/"), add_feed(connection, "https://b.example/")
        connection.execute(sa.update(tables.feeds).where(tables.feeds.c.id == kept.id).values(retention=36500 * DAY))
        keys = [f"{number}" for number in range(AT_ONCE * (LOOKS // 2))]
        old(connection, *keys, feed=kept, at=NOW - 3000 * DAY)
        old(connection, "behind", feed=other, at=NOW - 2000 * DAY)
    assert Pruner(database, lambda: KEPT).tick() == 1


def test_articles_that_are_owed_do_not_hide_those_behind_them(database: Database) -> None:
    with database.write() as connection:
        old(connection, *(f"{number}" for number in range(AT_ONCE)), at=NOW - 3000 * DAY)
        connection.execute(sa.update(tables.articles).values(classified_at=None))
        old(connection, "behind", at=NOW - 2000 * DAY)
    pruner = Pruner(database, lambda: KEPT)
    assert [pruner.tick() for _ in range(2)] == [0, 1]


def test_nobody_who_writes_waits_for_the_pruner(sqlite: Database) -> None:
    much_that_is_old(sqlite, 1500)
    waits: list[float] = []
    done = threading.Event()

    def write() -> None:
        while not done.is_set():
            began = time.perf_counter()
            with sqlite.write() as connection:
                connection.execute(sa.update(tables.feeds).values(failures=0))
            waits.append(time.perf_counter() - began)

    writer = threading.Thread(target=write)
    writer.start()
    pruner, began = Pruner(sqlite, lambda: KEPT), time.perf_counter()
    pruned = sum(pruner.tick() for _ in range(1500 // AT_ONCE))
    took = time.perf_counter() - began
    done.set()
    writer.join()
    assert pruned == 1500
    # One in a hundred may have met a hiccup of the machine; a busy one makes the whole longer too.
    assert sorted(waits)[len(waits) * 99 // 100] < took / 5
