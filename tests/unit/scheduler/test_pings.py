from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import redis
import sqlalchemy as sa

from pushed_house import PushedHouse, pushed_house
from tocsin.feeds.parser import Parser
from tocsin.models.feeds import ParsedFeed, Problem, ProblemKind
from tocsin.queueing import CLASSIFY, Wakeups
from tocsin.rendering.hub_words import words
from tocsin.store import tables
from tocsin.store.database import Database
from tocsin_scheduler.pings import Pings
from websub_hub import Hub, hub_running, rss

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def hub() -> Iterator[Hub]:
    with hub_running() as running:
        yield running


@pytest.fixture
def house(sqlite: Database, wakeups: Wakeups, hub: Hub) -> Iterator[PushedHouse]:
    """A house whose feed is delivered by its hub."""
    with pushed_house(sqlite, wakeups, hub) as built:
        built.rely_on_hub()
        yield built


def waiting(house: PushedHouse) -> int:
    with house.database.read() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(tables.pings)) or 0


def test_what_is_delivered_is_an_article_a_tick_later_and_the_classifiers_are_woken(
    house: PushedHouse, hub: Hub, valkey: redis.Redis
) -> None:
    before = valkey.llen(f"rq:queue:{CLASSIFY}")
    assert hub.deliver(rss("Siege broken")) == 202
    assert len(house.take_in()) == 1
    assert house.titles == ["Siege begins", "Siege broken"]
    assert valkey.llen(f"rq:queue:{CLASSIFY}") == before + 1
    assert waiting(house) == 0


def test_what_was_delivered_is_no_second_article_by_a_poll_or_another_ping(house: PushedHouse, hub: Hub) -> None:
    hub.deliver(rss("Siege broken"))
    hub.deliver(rss("Siege broken", "Siege begins"))
    house.take_in()
    hub.document = rss("Siege broken", "Siege begins", links=hub.links)
    house.poll()
    assert house.titles == ["Siege begins", "Siege broken"]


def test_a_ping_leaves_validators_hub_and_next_poll_as_they_are(house: PushedHouse, hub: Hub) -> None:
    before = house.feed
    hub.deliver(rss("Siege broken"))
    house.take_in()
    after = house.feed
    assert after.polling.rhythm != before.polling.rhythm
    assert after.changed_at is not None
    learnt = replace(before.polling, rhythm=after.polling.rhythm)
    assert after == replace(before, changed_at=after.changed_at, polling=learnt)


def test_an_entry_that_is_delivered_anew_is_a_revision(house: PushedHouse, hub: Hub) -> None:
    hub.deliver(rss("Siege begins").replace(b"It is.", b"It is, since dawn."))
    assert len(house.take_in()) == 1
    with house.database.read() as connection:
        [article] = connection.execute(sa.select(tables.articles.c.text, tables.articles.c.revision)).all()
    assert tuple(article) == ("It is, since dawn.", 2)


def test_what_somebody_else_signed_is_thanked_for_and_never_seen_again(house: PushedHouse, hub: Hub) -> None:
    assert hub.deliver(rss("Siege invented"), secret="guessed") == 202
    assert house.take_in() == []
    assert house.titles == ["Siege begins"]


@pytest.mark.parametrize("body", [b"", b"<html><body>Under construction</body></html>"], ids=["empty", "page"])
def test_a_ping_that_is_no_feed_is_told_and_the_feed_polled_at_once(house: PushedHouse, hub: Hub, body: bytes) -> None:
    house.poll()
    hub.deliver(body)
    assert house.take_in() == []
    house.ask_hubs()
    feed = house.feed
    assert feed.pushed_until is None
    assert feed.checked_at is not None
    assert feed.next_check_at - feed.checked_at < 2 * HOUR
    with house.database.read() as connection:
        told = words(house.feed, house.subscription, house.clock(connection))
    assert told.startswith(f"what the hub {hub.hub} sent could not be read: ")
    assert waiting(house) == 0


def test_a_ping_waits_for_the_end_of_a_poll(house: PushedHouse, hub: Hub) -> None:
    hub.deliver(rss("Siege broken"))
    with house.database.write() as connection:
        until = house.clock(connection) + MINUTE
        connection.execute(sa.update(tables.feeds).values(lease="a poll", lease_until=until))
    assert house.take_in() == []
    house.later = 2 * MINUTE
    assert len(house.take_in()) == 1


class EndingParser:
    """Reads until the process ends; what it says then is not to be believed."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.begun = asyncio.Event()
        self.ends = threading.Event()

    def parse_at_once(self, body: bytes, content_type: str, url: str) -> None:
        """Read nothing at once."""

    def parse(self, body: bytes, content_type: str, url: str) -> ParsedFeed | Problem:  # noqa: ARG002 -- the parser's signature
        self.loop.call_soon_threadsafe(self.begun.set)
        self.ends.wait(10)
        return Problem(ProblemKind.MALFORMED, "the process ended")


def test_what_is_read_while_the_process_ends_is_read_again_later(house: PushedHouse, hub: Hub) -> None:
    hub.deliver(rss("Siege broken"))

    async def end_in_mid_tick() -> None:
        parser = EndingParser()
        tick = asyncio.create_task(Pings(house.database, parser, house.wakeups).tick())
        await parser.begun.wait()
        tick.cancel()
        parser.ends.set()
        with pytest.raises(asyncio.CancelledError):
            await tick

    asyncio.run(end_in_mid_tick())
    assert house.take_in() == []
    house.later = 3 * MINUTE
    assert len(house.take_in()) == 1
    assert waiting(house) == 0


def test_what_is_delivered_for_a_feed_that_left_the_watchlist_is_dropped(house: PushedHouse, hub: Hub) -> None:
    hub.deliver(rss("Siege broken"))
    house.list_feeds()
    assert house.take_in() == []
    assert (house.titles, waiting(house)) == (["Siege begins"], 0)


def test_without_redis_what_was_delivered_is_kept_for_the_sweeper(
    house: PushedHouse, hub: Hub, dead_wakeups: Wakeups
) -> None:
    house.wakeups = dead_wakeups
    hub.deliver(rss("Siege broken"))
    assert len(house.take_in()) == 1
    assert house.titles == ["Siege begins", "Siege broken"]


class StumblingParser(Parser):
    """A parser with a fault of our own that one document meets."""

    def parse(self, body: bytes, content_type: str, url: str) -> ParsedFeed | Problem:
        if b"stumble" in body:
            raise ZeroDivisionError
        return super().parse(body, content_type, url)


def test_what_meets_a_fault_of_our_own_holds_up_no_other_ping(house: PushedHouse, hub: Hub) -> None:
    hub.deliver(rss("Siege and stumble"))
    hub.deliver(rss("Siege broken"))
    with StumblingParser() as parser:
        brought = asyncio.run(Pings(house.database, parser, house.wakeups, clock=house.clock).tick())
    assert len(brought) == 1
    assert house.titles == ["Siege begins", "Siege broken"]
    assert waiting(house) == 1
