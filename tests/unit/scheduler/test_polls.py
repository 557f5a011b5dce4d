from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from structlog.testing import capture_logs

from records import LEASE, NOW, add_feed, claimed, entry
from tocsin.feeds.outcomes import body_hash
from tocsin.feeds.parser import Parser
from tocsin.models.feeds import Feed, Fetched, NotModified, ParsedFeed, Problem, ProblemKind
from tocsin.queueing import CLASSIFY, Wakeups
from tocsin.store import feeds, tables
from tocsin.store.database import Database
from tocsin.store.progress import progress
from tocsin_scheduler.intake import Poll
from tocsin_scheduler.polls import Fetches, Poller
from tocsin_scheduler.recording import Finished, Recorder

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


@contextmanager
def polling(database: Database, publisher: Fetches, wakeups: Wakeups, at_once: int = 100) -> Iterator[Poller]:
    with Parser() as parser:
        yield Poller(database, publisher, parser, wakeups, INTERVAL, at_once=at_once)


def polled(database: Database, wakeups: Wakeups, *answers: Answer) -> Publisher:
    """Poll the feed once for each of the answers, as if it were due each time."""
    publisher = Publisher(*answers)

    async def poll() -> None:
        with polling(database, publisher, wakeups) as poller:
            for _ in answers:
                make_due(database)
                assert await poller.tick() == 1
                await poller.settle(30)
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
        with polling(database, FaultyPublisher(), wakeups) as poller:
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
        with polling(database, publisher, wakeups) as poller:
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
        with polling(database, publisher, wakeups, at_once=2) as poller:
            started = [await poller.tick(), await poller.tick()]
            publisher.go.set()
            await poller.settle(30)
            started.append(await poller.tick())
            await poller.finish(30)
        assert sorted(publisher.asked) == urls
        return started

    assert asyncio.run(poll()) == [2, 0, 1]


def test_two_schedulers_never_poll_the_same_feed(database: Database, wakeups: Wakeups) -> None:
    urls = add_feeds(database, 20)

    async def poll() -> list[str]:
        publisher = SlowPublisher()
        with (
            polling(database, publisher, wakeups, at_once=15) as one,
            polling(database, publisher, wakeups, at_once=15) as other,
        ):
            await asyncio.gather(one.tick(), other.tick())
            await asyncio.gather(one.tick(), other.tick())
            publisher.go.set()
            await asyncio.gather(one.finish(30), other.finish(30))
        return publisher.asked

    assert sorted(asyncio.run(poll())) == sorted(urls)


def test_a_poll_that_takes_too_long_at_the_end_is_given_up_and_its_feed_waits_for_its_next_turn(
    database: Database, wakeups: Wakeups
) -> None:
    make_due(database)

    async def poll() -> None:
        with polling(database, SlowPublisher(), wakeups) as poller:
            assert await poller.tick() == 1
            await poller.finish(0.01)

    asyncio.run(poll())
    assert the_feed(database).checked_at is None
    with database.write() as connection:
        now = datetime.now(UTC)
        claims = [claimed(connection, at=at, lease="another") for at in (now, now + INTERVAL)]
    assert [len(claim) for claim in claims] == [0, 1]


def test_a_scheduler_that_ends_while_it_claims_gives_back_what_it_has_not_asked(
    database: Database, wakeups: Wakeups
) -> None:
    make_due(database)
    before = the_feed(database)
    publisher = Publisher()

    async def poll() -> None:
        with polling(database, publisher, wakeups) as poller:
            tick = asyncio.create_task(poller.tick())
            await asyncio.sleep(0)  # the claim is under way in its thread
            await poller.finish(30)
            assert await tick == 0

    asyncio.run(poll())
    assert (the_feed(database), publisher.asked) == (before, [])


def test_polls_that_end_together_are_recorded_together_and_one_that_fails_takes_none_along(
    database: Database, wakeups: Wakeups
) -> None:
    add_feeds(database, 3)
    with database.write() as connection:
        # What no reader would let through: stands for a fault of ours that shows when articles are stored.
        [poisoned, *others] = [Poll(feed, LEASE) for feed in claimed(connection)]
    found = ParsedFeed("The Wire", "en", (entry("rain"),))
    poison = replace(found, entries=(replace(entry("rain"), title=object()),))  # type: ignore[arg-type]
    group = [Finished(poisoned, fetched(b"1"), poison), *(Finished(poll, fetched(b"2"), found) for poll in others)]
    outcomes = Recorder(database, wakeups, INTERVAL).write(group)
    assert isinstance(outcomes[0], Exception)
    assert [outcome for outcome in outcomes[1:] if isinstance(outcome, Exception)] == []
    assert stored(database) == 2
    with database.read() as connection:
        titles = sorted(feed.title for feed in feeds.list_feeds(connection))
    assert titles == ["The Wire", "The Wire", poisoned.feed.url]


def test_polls_that_end_at_the_same_time_cost_one_transaction(database: Database, wakeups: Wakeups) -> None:
    add_feeds(database, 30)
    commits: list[sa.Connection] = []
    count = commits.append

    async def poll() -> None:
        publisher = SlowPublisher()
        with polling(database, publisher, wakeups) as poller:
            await poller.tick()
            publisher.go.set()
            sa.event.listen(database.engine, "commit", count)
            await poller.settle(30)
            sa.event.remove(database.engine, "commit", count)
            await poller.finish(30)

    asyncio.run(poll())
    assert len(commits) == 1


def test_a_feed_that_is_not_due_is_left_in_peace(database: Database, wakeups: Wakeups) -> None:
    with database.write() as connection:
        add_feed(connection)
        connection.execute(sa.update(tables.feeds).values(next_check_at=NOW + timedelta(days=9999)))

    async def poll() -> int:
        with polling(database, Publisher(), wakeups) as poller:
            return await poller.tick()

    assert asyncio.run(poll()) == 0
