from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from structlog.testing import capture_logs

from records import NOW, add_feed
from tocsin.models.feeds import Feed, Fetched, NotModified, Problem, ProblemKind
from tocsin.queueing import CLASSIFY, Wakeups
from tocsin.store import feeds, tables
from tocsin.store.database import Database
from tocsin.store.progress import progress
from tocsin_scheduler.intake import body_hash
from tocsin_scheduler.polls import LEASE_FOR, Poller

INTERVAL = timedelta(minutes=30)
Answer = Fetched | NotModified | Problem


def rss(*titles: str) -> bytes:
    items = "".join(
        f"<item><guid>{title}</guid><title>{title}</title><description>It is.</description></item>" for title in titles
    )
    return f"<rss version='2.0'><channel><title>The Wire</title>{items}</channel></rss>".encode()


def fetched(body: bytes, etag: str | None = '"v1"') -> Fetched:
    return Fetched("https://wire.example/rss", body, "application/rss+xml; charset=utf-8", etag, None)


class Publisher:
    """Answers each poll with the next of its answers, and remembers which feeds were asked for."""

    def __init__(self, *answers: Answer) -> None:
        self.asked: list[Feed] = []
        self._answers = list(answers)

    async def fetch(self, feed: Feed) -> Answer:
        self.asked.append(feed)
        return self._answers.pop(0)


class SlowPublisher:
    """Answers nobody before it is told to."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.go = asyncio.Event()

    async def fetch(self, feed: Feed) -> Answer:
        self.asked.append(feed.url)
        await self.go.wait()
        return NotModified(None, None)


def polled(database: Database, wakeups: Wakeups, *answers: Answer) -> Publisher:
    """Poll the feed once for each of the answers, as if it were due each time."""
    publisher = Publisher(*answers)

    async def poll() -> None:
        poller = Poller(database, publisher, wakeups, INTERVAL)
        for _ in answers:
            make_due(database)
            assert await poller.tick() == 1
            await poller.finish(30)

    asyncio.run(poll())
    return publisher


class FaultyPublisher:
    """Stands for a fault of ours over what one feed sends."""

    async def fetch(self, feed: Feed) -> Answer:
        raise KeyError(feed.url)


def make_due(database: Database) -> None:
    with database.write() as connection:
        add_feed(connection)
        connection.execute(sa.text("UPDATE feeds SET next_check_at = '2000-01-01 00:00:00'"))


def add_feeds(database: Database, number: int) -> list[str]:
    with database.write() as connection:
        return [add_feed(connection, f"https://wire.example/{one}").url for one in range(number)]


def the_feed(database: Database) -> Feed:
    with database.read() as connection:
        return feeds.list_feeds(connection)[0]


def stored(database: Database) -> int:
    with database.read() as connection:
        return progress(connection).articles


def test_what_a_feed_brings_is_stored_and_classifiers_are_woken(database: Database, wakeups: Wakeups) -> None:
    polled(database, wakeups, fetched(rss("Rain", "Sun")))
    feed = the_feed(database)
    assert (stored(database), wakeups.waiting(CLASSIFY)) == (2, 1)
    assert (feed.title, feed.etag, feed.body_hash) == ("The Wire", '"v1"', body_hash(fetched(rss("Rain", "Sun"))))
    assert feed.next_check_at > datetime.now(UTC)


def test_the_second_poll_echoes_the_validators_of_the_first(database: Database, wakeups: Wakeups) -> None:
    publisher = polled(database, wakeups, fetched(rss("Rain"), '"v1"'), NotModified('"v2"', None), fetched(rss("Rain")))
    assert [feed.etag for feed in publisher.asked] == [None, '"v1"', '"v2"']


def test_an_answer_without_news_wakes_nobody(database: Database, wakeups: Wakeups) -> None:
    polled(database, wakeups, NotModified(None, None), fetched(rss()))
    assert (stored(database), wakeups.waiting(CLASSIFY)) == (0, 0)
    assert the_feed(database).failures == 0


def test_a_body_that_was_parsed_before_is_not_parsed_again(database: Database, wakeups: Wakeups) -> None:
    unreadable = fetched(b"this is no feed")
    make_due(database)
    with database.write() as connection:
        connection.execute(sa.text("UPDATE feeds SET body_hash = :hash"), {"hash": body_hash(unreadable)})
    polled(database, wakeups, unreadable)
    feed = the_feed(database)
    assert (feed.failures, feed.problem) == (0, None)
    assert feed.succeeded_at is not None


def test_a_body_that_is_no_feed_is_a_failure_in_words_and_stores_nothing(database: Database, wakeups: Wakeups) -> None:
    polled(database, wakeups, fetched(rss("Rain")), fetched(b"<html><body>Welcome</body></html>", '"page"'))
    feed = the_feed(database)
    assert feed.failures == 1
    assert feed.problem
    assert (feed.etag, stored(database)) == ('"v1"', 1)


def test_a_failed_poll_is_told_and_put_off_as_long_as_the_server_asks(database: Database, wakeups: Wakeups) -> None:
    retry_at = datetime.now(UTC) + timedelta(hours=9)
    polled(database, wakeups, Problem(ProblemKind.RATE_LIMITED, "asked too often", retry_at))
    feed = the_feed(database)
    assert (feed.failures, feed.problem, feed.succeeded_at) == (1, "asked too often", None)
    assert feed.next_check_at >= retry_at


def test_a_fault_of_our_own_over_a_feed_is_told_and_the_feed_waits_as_after_any_failure(
    database: Database, wakeups: Wakeups
) -> None:
    make_due(database)

    async def poll() -> None:
        poller = Poller(database, FaultyPublisher(), wakeups, INTERVAL)
        assert await poller.tick() == 1
        await poller.finish(30)

    with capture_logs() as logs:
        asyncio.run(poll())
    assert [(log["event"], log.get("exc_info")) for log in logs] == [
        ("poll failed through a fault of Tocsin's own", True),
        ("feed not read", None),
    ]
    feed = the_feed(database)
    assert feed.failures == 1
    assert feed.problem
    assert "a fault of Tocsin's own (KeyError); please report it" in feed.problem
    assert feed.next_check_at > datetime.now(UTC) + INTERVAL


def test_a_lease_lost_in_mid_poll_is_not_counted_against_the_feed(database: Database, wakeups: Wakeups) -> None:
    make_due(database)
    publisher = Publisher(fetched(rss("Rain")))

    async def poll() -> None:
        poller = Poller(database, publisher, wakeups, INTERVAL)
        await poller.tick()
        with database.write() as connection:
            connection.execute(sa.text("UPDATE feeds SET lease = 'another'"))
        await poller.finish(30)

    with capture_logs() as logs:
        asyncio.run(poll())
    assert [log["event"] for log in logs][-1:] == ["poll not recorded"]
    assert "poll failed through a fault of Tocsin's own" not in [log["event"] for log in logs]
    assert (the_feed(database).failures, stored(database)) == (0, 0)


def test_articles_are_stored_although_redis_is_gone(database: Database, dead_wakeups: Wakeups) -> None:
    polled(database, dead_wakeups, fetched(rss("Rain")))
    assert (stored(database), the_feed(database).failures) == (1, 0)


def test_no_more_feeds_are_polled_at_once_than_there_is_room_for(database: Database, wakeups: Wakeups) -> None:
    urls = add_feeds(database, 3)

    async def poll() -> list[int]:
        publisher = SlowPublisher()
        poller = Poller(database, publisher, wakeups, INTERVAL, at_once=2)
        started = [await poller.tick(), await poller.tick()]
        publisher.go.set()
        await poller.finish(30)
        started.append(await poller.tick())
        await poller.finish(30)
        assert sorted(publisher.asked) == urls
        return started

    assert asyncio.run(poll()) == [2, 0, 1]


def test_two_schedulers_never_poll_the_same_feed(database: Database, wakeups: Wakeups) -> None:
    urls = add_feeds(database, 20)

    async def poll() -> list[str]:
        publisher = SlowPublisher()
        pollers = [Poller(database, publisher, wakeups, INTERVAL, at_once=15) for _ in range(2)]
        await asyncio.gather(*(poller.tick() for poller in pollers))
        await asyncio.gather(*(poller.tick() for poller in pollers))
        publisher.go.set()
        await asyncio.gather(*(poller.finish(30) for poller in pollers))
        return publisher.asked

    assert sorted(asyncio.run(poll())) == sorted(urls)


def test_a_poll_that_takes_too_long_at_the_end_is_given_up_and_its_feed_comes_free(
    database: Database, wakeups: Wakeups
) -> None:
    make_due(database)

    async def poll() -> None:
        poller = Poller(database, SlowPublisher(), wakeups, INTERVAL)
        assert await poller.tick() == 1
        await poller.finish(0.01)

    asyncio.run(poll())
    assert the_feed(database).checked_at is None
    with database.write() as connection:
        now = datetime.now(UTC)
        claims = [
            feeds.claim_due_feeds(connection, at, lease="another", lease_for=LEASE_FOR, limit=9)
            for at in (now, now + LEASE_FOR)
        ]
    assert [len(claim) for claim in claims] == [0, 1]


def test_a_poll_that_lost_its_lease_is_told_and_the_others_go_on(database: Database, wakeups: Wakeups) -> None:
    make_due(database)

    async def poll() -> None:
        publisher = SlowPublisher()
        poller = Poller(database, publisher, wakeups, INTERVAL)
        await poller.tick()
        with database.write() as connection:
            connection.execute(sa.text("UPDATE feeds SET lease = 'another'"))
        publisher.go.set()
        await poller.finish(30)

    asyncio.run(poll())
    assert the_feed(database).checked_at is None


def test_a_feed_that_is_not_due_is_left_in_peace(database: Database, wakeups: Wakeups) -> None:
    with database.write() as connection:
        add_feed(connection)
        connection.execute(sa.update(tables.feeds).values(next_check_at=NOW + timedelta(days=9999)))

    async def poll() -> int:
        return await Poller(database, Publisher(), wakeups, INTERVAL).tick()

    assert asyncio.run(poll()) == 0
