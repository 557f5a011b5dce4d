from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product
from typing import Any

import pytest
import sqlalchemy as sa

from records import NOW, entry
from tocsin.feeds.health import health_of
from tocsin.models.feeds import Feed, Polling, ProblemKind, Rhythm
from tocsin.models.health import HealthState, Volume
from tocsin.models.ids import FeedId
from tocsin.models.watchlist import FeedSource
from tocsin.store import tables
from tocsin.store.articles import NewArticle, insert_articles
from tocsin.store.database import Database
from tocsin.store.feed_health import (
    QuietFeed,
    arrivals,
    count_states,
    feeds_by_state,
    get_feed,
    held_hosts,
    latest_of_feed,
    quiet_feeds,
    set_silent,
    volumes_of,
)
from tocsin.store.feeds import list_feeds, polling_json, sync_feeds

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
RHYTHM = Rhythm(12.0, None, 20, NOW - HOUR, NOW - 90 * DAY, gaps=(30 * HOUR, timedelta(minutes=4)))


def add(connection: sa.Connection, *changes: dict[str, Any], added_at: datetime = NOW - 90 * DAY) -> list[Feed]:
    """Store feeds that were read an hour ago, each with these columns set, and give them by number."""
    sources = [FeedSource(f"https://wire.example/{number}") for number in range(len(changes))]
    sync_feeds(connection, sources, added_at, lambda _: NOW + HOUR, lambda url: f"host of {url}")
    for source, changed in zip(sources, changes, strict=True):
        values = {"checked_at": NOW - HOUR, "succeeded_at": NOW - HOUR, **changed}
        connection.execute(sa.update(tables.feeds).where(tables.feeds.c.url == source.url).values(**values))
    return sorted(list_feeds(connection, active_only=False), key=lambda feed: feed.id)


def add_at(connection: sa.Connection, feed: Feed, *times: datetime, backlog: bool = False) -> None:
    """Store an article of the feed for each of the times."""
    for at in times:
        new = NewArticle(entry(f"{at} {random.random()}"), "en", at, backlog)
        insert_articles(connection, feed.id, [new], at)


def rows_in_every_state() -> Iterator[dict[str, Any]]:
    kinds = (None, ProblemKind.BLOCKED, ProblemKind.NOT_A_FEED, ProblemKind.RATE_LIMITED, ProblemKind.GONE)
    pollings = (Polling(), Polling(fetch_url="https://new.example/rss", rhythm=RHYTHM))
    for stopped_at, silent_since, checked_at in product((None, NOW), (None, NOW), (None, NOW)):
        for kind, polling, problem in product(kinds, pollings, (None, "fetch_url")):
            yield {
                "stopped_at": stopped_at,
                "silent_since": silent_since,
                "checked_at": checked_at,
                "failures": 0 if kind is None else 2,
                "problem_kind": kind and kind.value,
                "polling": polling_json(polling),
                "problem": problem,
            }


def test_the_database_judges_every_feed_as_the_house_does(database: Database) -> None:
    with database.write() as connection:
        feeds = add(connection, *rows_in_every_state())
        waiting = {feed.host: NOW + HOUR for feed in feeds if feed.id % 4 == 3}
        past = {feed.host: NOW - HOUR for feed in feeds if feed.id % 4 == 1}
        held = [{"key": key, "wait_until": until} for key, until in (waiting | past).items()]
        connection.execute(sa.insert(tables.hosts), held)
    expected = {state: [feed.id for feed in feeds if _state(feed, waiting) is state] for state in HealthState}
    with database.read() as connection:
        told = {state: feeds_by_state(connection, NOW, [state], limit=200) for state in HealthState}
        counts = count_states(connection, NOW)
        everything = feeds_by_state(connection, NOW, limit=200)
        assert held_hosts(connection, NOW) == waiting
    assert {state: sorted(feed.id for feed in found) for state, found in told.items()} == expected
    assert all(expected.values()), "each state is among the rows"
    assert counts == {state: len(ids) for state, ids in expected.items()}
    ranks = [list(HealthState).index(_state(feed, waiting)) for feed in everything]
    assert ranks == sorted(ranks)
    assert len(ranks) == len(feeds)


def _state(feed: Feed, waiting: dict[str, datetime]) -> HealthState:
    return health_of(feed, NOW, host_wait_until=waiting.get(feed.host)).state


def test_feeds_that_left_the_watchlist_are_in_no_list_and_found_by_their_number(database: Database) -> None:
    with database.write() as connection:
        [feed] = add(connection, {"active": False})
        assert sum(count_states(connection, NOW).values()) == 0
        assert feeds_by_state(connection, NOW, limit=9) == []
        assert get_feed(connection, feed.id) == feed
        assert get_feed(connection, FeedId(feed.id + 1)) is None


def test_a_list_goes_on_where_the_page_before_it_ended(database: Database) -> None:
    with database.write() as connection:
        feeds = add(connection, {"title": "b"}, {"title": "A"}, {"title": "c"})
        pages = [feeds_by_state(connection, NOW, limit=2, offset=offset) for offset in (0, 2, 4)]
    assert [[feed.id for feed in page] for page in pages] == [[feeds[1].id, feeds[0].id], [feeds[2].id], []]


def test_a_volume_counts_what_came_by_day_without_the_backlog(database: Database) -> None:
    with database.write() as connection:
        old, young = add(connection, {}, {"added_at": NOW - 3 * DAY})
        add_at(connection, old, NOW - 27.5 * DAY, NOW - 28.5 * DAY, NOW - HOUR, NOW - HOUR, NOW)
        add_at(connection, old, NOW - HOUR, backlog=True)
        add_at(connection, young, NOW - 2.5 * DAY)
        assert volumes_of(connection, [old, young], NOW) == {
            old.id: Volume((1, *(0,) * 26, 3)),
            young.id: Volume((1, 0, 0)),
        }
        assert volumes_of(connection, [], NOW) == {}


def test_arrivals_are_told_once_a_poll_in_the_order_of_time(database: Database) -> None:
    with database.write() as connection:
        feed, other = add(connection, {}, {})
        add_at(connection, feed, NOW, NOW - DAY, NOW - DAY, NOW - 2 * DAY)
        found = arrivals(connection, [feed.id, other.id], NOW - DAY)
    assert [*found[feed.id].items()] == [(NOW - DAY, 2), (NOW, 1)]
    assert found[other.id] == {}


def test_the_latest_articles_of_a_feed_are_its_own_and_the_newest_first(database: Database) -> None:
    with database.write() as connection:
        feed, other = add(connection, {}, {})
        add_at(connection, feed, NOW - DAY, NOW - HOUR, NOW - 2 * DAY)
        add_at(connection, other, NOW)
        found = latest_of_feed(connection, feed.id, limit=2)
    assert [article.published_at for article in found] == [NOW - HOUR, NOW - DAY]


def test_of_one_document_the_articles_with_the_latest_dates_are_the_latest(database: Database) -> None:
    with database.write() as connection:
        [feed] = add(connection, {})
        new = [NewArticle(entry(f"number {age}"), "en", NOW - age * HOUR, backlog=True) for age in range(5)]
        insert_articles(connection, feed.id, new, NOW)
        found = latest_of_feed(connection, feed.id, limit=2)
    assert [article.published_at for article in found] == [NOW, NOW - HOUR]


def test_the_walk_over_quiet_feeds_gives_those_that_answer_with_a_known_rhythm(database: Database) -> None:
    fast, slow = (replace(RHYTHM, newest_at=NOW - hours * HOUR) for hours in (1.9, 2))
    known = {"polling": polling_json(Polling(rhythm=slow))}
    lately = {"polling": polling_json(Polling(rhythm=fast))}
    silent = lately | {"silent_since": NOW - DAY}
    with database.write() as connection:
        feeds = add(connection, known, {}, known | {"failures": 1}, known | {"active": False}, lately, silent)
        first, after = quiet_feeds(connection, FeedId(0), least=HOUR, limit=2)
        assert after is not None
        second, end = quiet_feeds(connection, after, least=HOUR, limit=9)
    quiet = QuietFeed(
        feeds[0].id, feeds[0].url, NOW - 90 * DAY, NOW - HOUR, None, NOW - 2 * HOUR, (30 * HOUR, timedelta(minutes=4))
    )
    assert first == [quiet]
    assert ([feed.id for feed in second], end) == ([feeds[5].id], None)


@pytest.mark.parametrize("since", [NOW - 3 * DAY, None])
def test_silence_is_noted_and_taken_back(database: Database, since: datetime | None) -> None:
    with database.write() as connection:
        feed, other = add(connection, {"silent_since": NOW - DAY}, {})
        set_silent(connection, {feed.id: since})
        set_silent(connection, {})
        found = {each.id: each.silent_since for each in list_feeds(connection)}
    assert found == {feed.id: since, other.id: None}
