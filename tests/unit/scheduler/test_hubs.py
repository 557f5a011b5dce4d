from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from pushed_house import PushedHouse, pushed_house
from tocsin.queueing import Wakeups
from tocsin.rendering.hub_words import words
from tocsin.store import tables
from tocsin.store.database import Database
from websub_hub import Hub, hub_running, rss

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def hub() -> Iterator[Hub]:
    with hub_running() as running:
        yield running


@pytest.fixture
def house(sqlite: Database, wakeups: Wakeups, hub: Hub) -> Iterator[PushedHouse]:
    with pushed_house(sqlite, wakeups, hub) as built:
        yield built


def told(house: PushedHouse) -> str:
    with house.database.read() as connection:
        return words(house.feed, house.subscription, house.clock(connection))


def test_a_feed_whose_document_names_a_hub_is_subscribed_with_a_secret(house: PushedHouse, hub: Hub) -> None:
    house.poll()
    assert house.ask_hubs() == 1
    [form] = hub.requests
    assert form == {
        "hub.mode": "subscribe",
        "hub.topic": hub.topic,
        "hub.callback": house.subscription.callback,
        "hub.lease_seconds": "864000",
        "hub.secret": house.subscription.secret,
    }
    assert house.feed.pushed_until is None
    assert house.ask_hubs() == 0


def test_the_hub_of_link_headers_counts_before_that_of_the_document(house: PushedHouse, hub: Hub) -> None:
    hub.headers["Link"] = f'<{hub.hub}>; rel="hub", <{hub.address}/canonical>; rel="self"'
    house.poll()
    house.ask_hubs()
    assert [form["hub.topic"] for form in hub.requests] == [f"{hub.address}/canonical"]


def test_a_feed_that_is_delivered_is_polled_once_a_day(house: PushedHouse) -> None:
    house.rely_on_hub()
    house.poll()
    feed = house.feed
    assert feed.pushed_until is not None
    assert feed.checked_at is not None
    assert feed.next_check_at - feed.checked_at > 20 * HOUR


def test_a_hub_is_relied_on_from_its_first_ping_on(house: PushedHouse, hub: Hub) -> None:
    house.subscribe()
    assert house.feed.pushed_until is None
    assert "has sent nothing yet" in told(house)
    hub.deliver(hub.document)
    house.take_in()
    assert house.feed.pushed_until == house.subscription.leased_until
    assert told(house).startswith(f"delivered by the hub {hub.hub} until ")


def test_a_hub_that_did_not_bring_what_a_poll_finds_is_relied_on_no_longer(house: PushedHouse, hub: Hub) -> None:
    house.rely_on_hub()
    dated = rss("Siege broken", "Siege begins", links=hub.links)
    hub.document = dated.replace(b"<guid>", b"<pubDate>Tue, 10 Mar 2026 12:00:00 GMT</pubDate><guid>", 1)
    house.later = DAY
    house.poll()
    feed = house.feed
    assert feed.pushed_until is None
    assert feed.checked_at is not None
    assert feed.next_check_at - feed.checked_at < 20 * HOUR
    assert "did not bring news that a poll found" in told(house)
    hub.deliver(rss("Siege over"))
    assert len(house.take_in()) == 1
    assert house.feed.pushed_until is None
    house.later = 8 * DAY + HOUR
    hub.deliver(rss("Peace"))
    house.take_in()
    assert house.feed.pushed_until is not None


def test_a_lease_is_renewed_after_four_fifths_of_it_at_the_same_callback(house: PushedHouse, hub: Hub) -> None:
    house.subscribe()
    house.later = 8 * DAY - HOUR
    assert house.ask_hubs() == 0
    house.later = 8 * DAY + HOUR
    assert house.ask_hubs() == 1
    assert hub.requests[1] == hub.requests[0]
    before = house.subscription.leased_until
    assert hub.ask_back()[0] == 200
    assert before is not None
    assert (house.subscription.leased_until or before) > before


def test_a_lease_that_ends_unrenewed_gives_the_feed_back_to_its_rhythm_at_once(house: PushedHouse, hub: Hub) -> None:
    house.rely_on_hub()
    house.poll()
    hub.status = 500
    house.later = 9 * DAY
    house.ask_hubs()
    assert house.feed.pushed_until is not None
    house.later = 10 * DAY + HOUR
    house.ask_hubs()
    feed = house.feed
    with house.database.read() as connection:
        now = house.clock(connection)
    assert feed.pushed_until is None
    assert feed.next_check_at < now + HOUR
    assert told(house).startswith(f"the hub {hub.hub} did not take the request: HTTP 500, saying “not today”")


def test_a_hub_that_never_calls_back_is_asked_less_and_less_and_the_feed_polled(house: PushedHouse, hub: Hub) -> None:
    house.poll()
    asked = []
    for hours in range(24):
        house.later = hours * HOUR + timedelta(minutes=1)
        asked += [hours] * house.ask_hubs()
    assert asked == [0, 1, 3, 7, 15]
    assert len(hub.requests) == 5
    assert house.feed.pushed_until is None
    assert "did not call back" in told(house)


def test_a_dead_hub_is_told_in_words_and_left_alone_for_all_its_feeds(house: PushedHouse, hub: Hub) -> None:
    links = "<atom:link rel='hub' href='http://127.0.0.1:1/'/><atom:link rel='self' href='http://wire.example/'/>"
    hub.document = rss("Siege begins", links=links)
    house.poll()
    assert house.ask_hubs() == 1
    assert told(house).startswith("the hub http://127.0.0.1:1/ did not take the request: ")
    house.later = timedelta(minutes=30)
    assert house.ask_hubs() == 0
    assert house.feed.pushed_until is None


def test_a_hub_at_an_address_that_is_not_public_is_never_asked(house: PushedHouse, hub: Hub) -> None:
    hub.document = rss("Siege begins", links="<atom:link rel='hub' href='http://10.0.0.1/hub'/>")
    house.poll()
    house.ask_hubs()
    assert "10.0.0.1" in told(house)
    assert "not a public" in told(house)


def test_a_denial_is_told_in_words_and_the_feed_polled_at_once(house: PushedHouse, hub: Hub) -> None:
    house.rely_on_hub()
    house.poll()
    assert hub.ask_back(mode="denied", reason="too many readers")[0] == 200
    house.ask_hubs()
    feed = house.feed
    assert feed.pushed_until is None
    assert feed.checked_at is not None
    assert feed.next_check_at - feed.checked_at < 2 * HOUR
    assert "saying “too many readers”" in told(house)
    assert len(hub.requests) == 1


def test_a_feed_that_left_the_watchlist_is_unsubscribed(house: PushedHouse, hub: Hub) -> None:
    house.subscribe()
    house.list_feeds()
    assert house.ask_hubs() == 1
    assert hub.requests[1] == {
        "hub.mode": "unsubscribe",
        "hub.topic": hub.topic,
        "hub.callback": hub.requests[0]["hub.callback"],
    }
    assert hub.ask_back(challenge="farewell") == (200, "farewell")
    with house.database.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(tables.hub_subscriptions)) == 0


def test_a_hub_that_does_not_hear_a_farewell_is_told_three_times(house: PushedHouse, hub: Hub) -> None:
    house.subscribe()
    house.list_feeds()
    for hours in range(24):
        house.later = hours * HOUR + timedelta(minutes=1)
        house.ask_hubs()
    assert [form["hub.mode"] for form in hub.requests] == ["subscribe", *["unsubscribe"] * 3]
    assert hub.deliver(rss("Too late")) == 410


def test_where_hubs_cannot_reach_us_none_is_asked(house: PushedHouse, hub: Hub) -> None:
    house.root = None
    house.poll()
    assert house.ask_hubs() == 0
    assert hub.requests == []
