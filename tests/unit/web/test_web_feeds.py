from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from page_reader import every, links, rows, shown, texts
from records import NOW
from tocsin.models.feeds import Feed, Polling, Rhythm
from tocsin.models.health import HealthState, Volume
from tocsin.models.ids import FeedId
from tocsin.models.watchlist import FeedSource
from tocsin.store.database import Database
from tocsin.store.feeds import sync_feeds
from tocsin_web.app import build_app
from tocsin_web.feeds import LISTED, FeedRow, StateLink, feed_rows, state_links
from web_client import Answer, ask, house_on

Get = Callable[..., Answer]

PROBLEM = "the server answers 500 (Internal Server Error); nothing to do but wait, or ask the outlet"
DAY = timedelta(days=1)

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


def test_a_row_says_state_reason_interval_and_volume_in_words() -> None:
    rhythm = Rhythm(12.0, None, 20, NOW - DAY, NOW - 90 * DAY, gaps=(timedelta(hours=2),))
    failing = replace(
        FEED,
        failures=12,
        problem="no answer\nfor 30 s; wait",
        interval=timedelta(minutes=40),
        polling=Polling(rhythm=rhythm),
    )
    assert feed_rows([failing], {FEED.id: Volume((1, 6, 1))}, {}, NOW) == (
        FeedRow(
            id=FEED.id,
            title="Example Wire",
            url="https://wire.example/rss",
            shown_url="https://wire.example/rss",
            state=HealthState.FAILING,
            words="Failed 12 times in a row",
            reason="no answer for 30 s; wait",
            every="every 40 minutes",
            succeeded_at=NOW,
            news_at=NOW - DAY,
            next_check_at=NOW,
            day=1,
            volume="8 in 7 days, usually about 84",
        ),
    )


def test_a_feed_that_was_stopped_has_no_next_check_and_one_whose_host_waits_a_later_one() -> None:
    feeds = [replace(FEED, stopped_at=NOW), replace(FEED, id=FeedId(2), host="wire.example")]
    volumes = {FeedId(1): Volume((0,)), FeedId(2): Volume((0,))}
    found = feed_rows(feeds, volumes, {"wire.example": NOW + DAY}, NOW)
    assert [row.next_check_at for row in found] == [None, NOW + DAY]


def test_only_states_that_there_are_have_a_link() -> None:
    counts = dict.fromkeys(HealthState, 0) | {HealthState.WELL: 3, HealthState.SILENT: 1}
    assert state_links(counts) == (
        StateLink(None, "All", 4),
        StateLink(HealthState.SILENT, "Silent", 1),
        StateLink(HealthState.WELL, "Well", 3),
    )


def test_the_page_tells_health_and_remedy_of_every_feed_the_worst_first(get: Get) -> None:
    html = get("/feeds").text
    found = rows(html)
    assert found[0][:5] == [
        "Example Gazettehttps://gazette.example/feed.xml",
        f"Failed 2 times in a row{PROBLEM}",
        "never",
        "never",
        "Tue 10 Mar, 13:00 in 60 minutes",
    ]
    assert [row[1][:20] for row in found[1:]] == ["Read, with a remarko", "Not read yet", "Well", "Well", "Well"]
    assert [row[5] for row in found if row[0].startswith("<script>")] == ["4 in 7 days 4 in 24 hours"]
    assert "4 of 6 feeds well; 1 in trouble, listed first." in shown(html)


def test_each_feed_leads_to_its_own_page(get: Get) -> None:
    html = get("/feeds").text
    own = [link for link in links(html) if link.startswith("/feeds/")]
    assert len(own) == 6
    assert {get(link).status for link in own} == {200}


def test_the_feeds_of_one_state_are_shown_by_a_link_without_scripts(get: Get) -> None:
    html = get("/feeds?state=failing").text
    assert [row[0][:15] for row in rows(html)] == ["Example Gazette"]
    assert texts(html, ".filter a") == ["All 6", "Failing 1", "Read, with a remark 1", "Not read yet 1", "Well 3"]
    assert texts(html, ".filter [aria-current]") == ["Failing 1"]


def test_a_state_without_feeds_says_so(get: Get) -> None:
    assert "No feed is in this state." in shown(get("/feeds?state=silent").text)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/feeds?state=ill", "one of stopped, blocked, not-a-feed, failing, silent, waiting,"),
        ("/feeds?page=0", "must be given once and be a number from 1"),
        ("/feeds?page=99999999999999999999", "must be given once and be a number from 1"),
    ],
    ids=["state", "zero", "large"],
)
def test_a_wrong_parameter_is_refused_with_what_would_be_right(get: Get, path: str, words: str) -> None:
    answer = get(path)
    assert answer.status == 400
    assert words in shown(answer.text)


def test_a_long_list_goes_on_over_pages(sqlite: Database) -> None:
    sources = [FeedSource(f"https://wire.example/{number}") for number in range(LISTED + 2)]
    with sqlite.write() as connection:
        sync_feeds(connection, sources, NOW, lambda _: NOW, str)
    app = build_app(house_on(sqlite))
    first, second = ask(app, "/feeds").text, ask(app, "/feeds?page=2").text
    assert [len(rows(html)) for html in (first, second)] == [LISTED, 2]
    assert [texts(html, ".pager a") for html in (first, second)] == [["Page 2 →"], ["← Page 1"]]


def test_the_table_has_a_caption_and_says_what_its_heads_are_for(get: Get) -> None:
    html = get("/feeds").text
    assert texts(html, "table caption") == ["Health of the feeds"]
    assert {node.attributes.get("scope") for node in every(html, "thead th")} == {"col"}
    assert {node.attributes.get("scope") for node in every(html, "tbody th")} == {"row"}


def test_without_feeds_the_page_says_how_to_name_some(sqlite: Database) -> None:
    text = shown(ask(build_app(house_on(sqlite)), "/feeds").text)
    assert "No feeds yet. Name some under feeds: in the watchlist" in text
    assert "The scheduler was never seen." in text
