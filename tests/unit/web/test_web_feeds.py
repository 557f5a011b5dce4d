from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from page_reader import every, rows, shown, texts
from records import NOW
from tocsin.models.feeds import Feed
from tocsin.models.ids import FeedId
from tocsin.store.database import Database
from tocsin_web.app import build_app
from tocsin_web.feeds import FeedRow, Health, feed_rows, health
from web_client import Answer, ask, house_on

Get = Callable[..., Answer]

PROBLEM = "the server answers 500 (Internal Server Error); nothing to do but wait, or ask the outlet"

FEED = Feed(
    id=FeedId(1),
    url="https://wire.example/rss",
    title="Example Wire",
    language="en",
    home=None,
    tags=(),
    active=True,
    added_at=NOW,
    next_check_at=NOW,
    checked_at=NOW,
    succeeded_at=NOW,
)


def test_health_is_judged_by_the_last_poll() -> None:
    assert [
        health(FEED),
        health(replace(FEED, problem="a broken date")),
        health(replace(FEED, failures=3, problem="no answer")),
        health(replace(FEED, checked_at=None)),
    ] == [Health.WELL, Health.REMARK, Health.FAILING, Health.NEW]


def test_a_row_says_the_state_in_words_with_problem_and_counts() -> None:
    failing = replace(FEED, failures=12, problem="no answer\nfor 30 s; wait", changed_at=NOW)
    assert feed_rows([failing], {FEED.id: 1}, {FEED.id: 7}) == (
        FeedRow(
            title="Example Wire",
            url="https://wire.example/rss",
            shown_url="https://wire.example/rss",
            health=Health.FAILING,
            state="Failed 12 times in a row",
            problem="no answer for 30 s; wait",
            succeeded_at=NOW,
            changed_at=NOW,
            next_check_at=NOW,
            day=1,
            week=7,
        ),
    )


def test_feeds_in_trouble_come_first_and_the_rest_keeps_its_order() -> None:
    feeds = [
        replace(FEED, title="A"),
        replace(FEED, title="B", checked_at=None),
        replace(FEED, title="C"),
        replace(FEED, title="D", failures=1),
        replace(FEED, title="E", problem="odd"),
    ]
    assert [row.title for row in feed_rows(feeds, {}, {})] == ["D", "E", "B", "A", "C"]


def test_a_feed_without_a_title_goes_by_its_host() -> None:
    assert feed_rows([replace(FEED, title=FEED.url)], {}, {})[0].title == "wire.example"


def test_the_page_tells_health_and_remedy_of_every_feed(get: Get) -> None:
    html = get("/feeds").text
    found = rows(html)
    assert found[0] == [
        "Example Gazettehttps://gazette.example/feed.xml",
        f"Failed 2 times in a row{PROBLEM}",
        "never",
        "never",
        "Tue 10 Mar, 13:00 in 60 minutes",
        "0",
        "0",
    ]
    assert [row[1][:20] for row in found[1:]] == ["Read, with a remarko", "Not read yet", "Well", "Well", "Well"]
    assert found[4][-2:] == ["2", "4"]
    assert "5 of 6 feeds well; 1 in trouble, listed first." in shown(html)


def test_the_table_has_a_caption_and_says_what_its_heads_are_for(get: Get) -> None:
    html = get("/feeds").text
    assert texts(html, "table caption") == ["Health of the feeds"]
    assert {node.attributes.get("scope") for node in every(html, "thead th")} == {"col"}
    assert {node.attributes.get("scope") for node in every(html, "tbody th")} == {"row"}


def test_without_feeds_the_page_says_how_to_name_some(sqlite: Database) -> None:
    text = shown(ask(build_app(house_on(sqlite)), "/feeds").text)
    assert "No feeds yet. Name some under feeds: in the watchlist" in text
    assert "The scheduler was never seen." in text
