from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from page_reader import every, links, shown, texts
from records import NOW
from tocsin.feeds.health import health_of
from tocsin.models.feeds import Feed, Hints, Hub, Moved, Polling, Rhythm
from tocsin.models.health import Volume
from tocsin.models.ids import FeedId
from tocsin.store.database import Database
from tocsin.store.feeds import list_feeds
from tocsin_web.feed import DayBar, FeedView, feed_view
from tocsin_web.times import Clock
from web_client import Answer
from web_filling import Filled

Get = Callable[..., Answer]

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FEED = Feed(
    id=FeedId(1),
    url="https://wire.example/rss",
    title="Example Wire",
    language="en",
    home="Berlin",
    tags=("city", "عربي"),
    active=True,
    added_at=NOW - 90 * DAY,
    next_check_at=NOW + HOUR,
    every=2 * HOUR,
    full_text=True,
    backlog=DAY,
    checked_at=NOW,
    succeeded_at=NOW,
    etag='"a"',
    last_modified="Tue, 10 Mar 2026 12:00:00 GMT",
    pushed_until=NOW + DAY,
    polling=Polling(
        moved=Moved("https://new.example/<rss>", NOW - DAY, 3),
        distrusts_304=True,
        format="RSS 2.0",
        hints=Hints(timedelta(minutes=40), HOUR, (0, 1, 2), (6, 7)),
        hub=Hub("https://hub.example/", "https://wire.example/rss"),
        rhythm=Rhythm(12.0, 2 * DAY, 20, NOW - HOUR, NOW - 90 * DAY, gaps=(2 * HOUR,)),
    ),
)


def view_of(feed: Feed, *days: int) -> FeedView:
    volume = Volume(days or (0,))
    return feed_view(feed, health_of(feed, NOW, volume), volume, Clock(NOW))


def path_of(database: Database, word: str) -> str:
    with database.read() as connection:
        return next(f"/feeds/{feed.id}" for feed in list_feeds(connection) if word in feed.url)


def test_all_that_is_known_of_a_feed_is_told_in_words() -> None:
    view = view_of(FEED)
    assert dict(view.asked).keys() == {
        "Last read",
        "Last new article",
        "Next check",
        "Asked at",
        "Moving",
        "In full",
        "Told at once",
    }
    assert "leads to https://new.example/&lt;rss&gt; since <time" in dict(view.asked)["Moving"]
    assert view.publisher == (
        ("Format", "RSS 2.0"),
        ("Document", "20 articles, reaching back 2 days"),
        ("Asks to wait", "40 minutes between two polls (ttl)"),
        ("Updates", "every 60 minutes (sy:updatePeriod)"),
        ("Silent hours", "0:00, 1:00 and 2:00 UTC (skipHours)"),
        ("Silent days", "Saturdays and Sundays (skipDays)"),
        ("Hub", "https://hub.example/"),
        ("Tells changes by", "ETag and Last-Modified"),
    )
    assert view.watchlist == (
        ("Interval", "every 2 hours"),
        ("Full text", "read from the articles' own pages"),
        ("Backlog", "articles up to 24 hours older than the subscription count as news"),
        ("Kept for", "90 days"),
        ("Language", "en"),
        ("Home", "Berlin"),
        ("Tags", "<bdi>city</bdi>, <bdi>عربي</bdi>"),
    )


def test_of_a_feed_that_is_new_little_is_told() -> None:
    bare = replace(
        FEED, polling=Polling(), every=None, full_text=False, backlog=timedelta(), succeeded_at=None, tags=()
    )
    view = view_of(replace(bare, checked_at=None, pushed_until=None, home=None, language=None))
    assert [name for name, _ in view.asked] == ["Last read", "Last new article", "Next check", "Asked at"]
    assert (view.publisher, view.watchlist) == ((), (("Kept for", "90 days"),))


def test_a_feed_that_moved_is_asked_at_its_new_address_and_one_that_was_stopped_no_longer() -> None:
    moved = replace(FEED, polling=Polling(fetch_url="https://new.example/rss"))
    assert dict(view_of(moved).asked)["Asked at"] == "https://new.example/rss"
    assert dict(view_of(replace(FEED, stopped_at=NOW)).asked)["Next check"] == "none: it is no longer asked"
    assert "Next check" not in dict(view_of(replace(FEED, active=False)).asked)


def test_the_bars_are_in_proportion_and_small_ones_can_be_seen() -> None:
    assert view_of(FEED, 200, 1, 0, 50).bars == (
        DayBar(200, 100, "Sat 7 Mar: 200 articles"),
        DayBar(1, 4, "Sun 8 Mar: 1 article"),
        DayBar(0, 0, "Mon 9 Mar: 0 articles"),
        DayBar(50, 25, "Tue 10 Mar: 50 articles"),
    )


@pytest.mark.usefixtures("filled")
def test_the_page_shows_state_volume_and_the_latest_articles(get: Get, sqlite: Database) -> None:
    html = get(path_of(sqlite, "wire.example")).text
    assert texts(html, "h1") == ["Example Wire"]
    assert texts(html, ".state") == ["Well"]
    assert texts(html, ".boxes li") == ["2 in 24 hours", "3 in 7 days", "3 in 4 days"]
    assert len(every(html, ".chart rect.bar")) == 2
    assert texts(html, ".headlines a") == [
        "Relief column reaches Deir el-Zour",
        "Chess club wins",
        "Flood recedes",
        "Interest rate left alone",
    ]
    assert [link for link in links(html) if link.startswith("/articles/")]
    assert texts(html, "[aria-current=page]") == ["Feeds"]


@pytest.mark.usefixtures("filled")
def test_titles_from_feeds_are_text_and_keep_their_direction(get: Get, sqlite: Database) -> None:
    html = get(path_of(sqlite, "evil.example")).text
    assert every(html, "main script") == []
    assert "<script>alert('feed')</script> & Co" in texts(html, "h1 bdi")
    arabic = get(path_of(sqlite, "arabic.example")).text
    assert [node.attributes["dir"] for node in every(arabic, ".headlines li")] == ["rtl"]
    assert [node.attributes["lang"] for node in every(arabic, ".headlines a")] == ["ar"]


@pytest.mark.usefixtures("filled")
def test_a_feed_in_trouble_says_why(get: Get, sqlite: Database) -> None:
    text = shown(get(path_of(sqlite, "gazette.example")).text)
    assert "Failed 2 times in a row" in text
    assert "the server answers 500 (Internal Server Error); nothing to do but wait, or ask the outlet" in text
    assert "No articles yet." in text


def test_a_feed_that_left_the_watchlist_is_still_shown(get: Get, filled: Filled, sqlite: Database) -> None:
    assert filled.articles
    path = path_of(sqlite, "wire.example")
    with sqlite.write() as connection:
        connection.exec_driver_sql("UPDATE feeds SET active = 0")
    assert "This feed is no longer in the watchlist and is not asked." in shown(get(path).text)


@pytest.mark.parametrize("name", ["999", "0", "-1", "x", "99999999999999999999"])
def test_a_feed_that_is_not_there_is_not_found(get: Get, name: str) -> None:
    assert get(f"/feeds/{name}").status == 404
