from __future__ import annotations

import threading
from dataclasses import replace

import pytest
import sqlalchemy as sa

from records import LEASE, MINUTE, NOW, add_feed
from tocsin.models.feeds import Feed, Fetched, NotModified
from tocsin.models.watchlist import FeedSource
from tocsin.store import feeds
from tocsin.store.database import Database


def claim(connection: sa.Connection, *, lease: str = LEASE, limit: int = 10) -> list[Feed]:
    return feeds.claim_due_feeds(connection, NOW, lease=lease, lease_for=2 * MINUTE, limit=limit)


def answer(etag: str | None = '"v1"', last_modified: str | None = None) -> Fetched:
    return Fetched("https://wire.example/rss", b"<rss/>", "text/xml", etag, last_modified)


def record(connection: sa.Connection, feed: Feed, found: Fetched | NotModified, lease: str = LEASE) -> bool:
    return feeds.record_answer(
        connection,
        feed,
        found,
        lease=lease,
        now=NOW,
        next_check_at=NOW + 30 * MINUTE,
        title="The Wire",
        body_hash="a" * 64 if isinstance(found, Fetched) else None,
        note=None,
    )


def test_a_feed_of_the_watchlist_is_stored_with_what_it_says(database: Database) -> None:
    source = FeedSource("https://wire.example/rss", "Wire", "ar", "Syria", ("local",))
    with database.write() as connection:
        feeds.sync_feeds(connection, [source], NOW, lambda _: NOW + MINUTE, str)
        [stored] = feeds.list_feeds(connection)
    expected = Feed(
        id=stored.id,
        url="https://wire.example/rss",
        title="Wire",
        language="ar",
        home="Syria",
        tags=("local",),
        active=True,
        added_at=NOW,
        next_check_at=NOW + MINUTE,
    )
    assert stored == expected


def test_a_feed_that_left_the_watchlist_is_kept_but_not_polled(database: Database) -> None:
    with database.write() as connection:
        gone = add_feed(connection)
        feeds.sync_feeds(connection, [], NOW, lambda _: NOW, str)
        assert claim(connection) == []
        assert feeds.list_feeds(connection, active_only=False) == [replace(gone, active=False)]


def test_syncing_again_changes_nothing_of_a_feeds_state(database: Database) -> None:
    with database.write() as connection:
        feed = add_feed(connection)
        claim(connection)
        record(connection, feed, answer())
        before = feeds.list_feeds(connection)
        feeds.sync_feeds(connection, [FeedSource(feed.url)], NOW + MINUTE, lambda _: NOW, str)
        assert [one.etag for one in feeds.list_feeds(connection)] == ['"v1"']
        assert [one.next_check_at for one in feeds.list_feeds(connection)] == [one.next_check_at for one in before]


def test_a_feed_under_lease_is_not_claimed_again_until_the_lease_runs_out(database: Database) -> None:
    with database.write() as connection:
        feed = add_feed(connection)
        assert claim(connection) == [feed]
        assert claim(connection, lease="another") == []
        later = feeds.claim_due_feeds(connection, NOW + 2 * MINUTE, lease="another", lease_for=MINUTE, limit=10)
        assert later == [feed]


def test_two_schedulers_at_once_never_claim_one_feed_twice(database: Database) -> None:
    with database.write() as connection:
        for number in range(40):
            add_feed(connection, f"https://wire.example/{number}")
    claimed: list[Feed] = []
    start = threading.Barrier(2)

    def scheduler(lease: str) -> None:
        start.wait()
        for _ in range(8):
            with database.write() as connection:
                claimed.extend(claim(connection, lease=lease, limit=5))

    threads = [threading.Thread(target=scheduler, args=(name,)) for name in ("first", "second")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(feed.url for feed in claimed) == sorted(f"https://wire.example/{number}" for number in range(40))


def test_the_longest_overdue_feeds_are_claimed_first(database: Database) -> None:
    sources = [FeedSource("https://a.example/"), FeedSource("https://b.example/")]
    due = {"https://a.example/": NOW - MINUTE, "https://b.example/": NOW - 2 * MINUTE}
    with database.write() as connection:
        feeds.sync_feeds(connection, sources, NOW, due.__getitem__, str)
        assert [feed.url for feed in claim(connection, limit=1)] == ["https://b.example/"]


def test_an_answer_ends_the_lease_and_sets_the_next_check(database: Database) -> None:
    with database.write() as connection:
        feed = add_feed(connection)
        claim(connection)
        assert record(connection, feed, answer())
        [stored] = feeds.list_feeds(connection)
    expected = replace(
        feed,
        title="The Wire",
        etag='"v1"',
        body_hash="a" * 64,
        checked_at=NOW,
        succeeded_at=NOW,
        changed_at=NOW,
        next_check_at=NOW + 30 * MINUTE,
    )
    assert stored == expected


def test_a_title_given_in_the_watchlist_wins_over_the_feeds_own(database: Database) -> None:
    with database.write() as connection:
        feeds.sync_feeds(connection, [FeedSource("https://wire.example/rss", "Mine")], NOW, lambda _: NOW, str)
        [feed] = claim(connection)
        record(connection, feed, answer())
        assert [one.title for one in feeds.list_feeds(connection)] == ["Mine"]


def test_a_title_taken_off_the_watchlist_gives_way_to_the_feeds_own_at_once(database: Database) -> None:
    url = "https://wire.example/rss"
    titles = []
    with database.write() as connection:
        for source in (FeedSource(url, "Mine"), FeedSource(url)):
            feeds.sync_feeds(connection, [source], NOW, lambda _: NOW, str)
            titles += [one.title for one in feeds.list_feeds(connection)]
        feeds.sync_feeds(connection, [FeedSource(url, "Mine")], NOW, lambda _: NOW, str)
        [feed] = claim(connection)
        record(connection, feed, answer())
        for source in (FeedSource(url, "Ours"), FeedSource(url)):
            feeds.sync_feeds(connection, [source], NOW, lambda _: NOW, str)
            titles += [one.title for one in feeds.list_feeds(connection)]
    assert titles == ["Mine", url, "Ours", "The Wire"]


def test_a_feed_that_comes_back_counts_as_added_then_and_one_that_stayed_does_not(database: Database) -> None:
    stays, returns = FeedSource("https://a.example/"), FeedSource("https://b.example/")
    with database.write() as connection:
        for minutes, sources in enumerate([[stays, returns], [stays], [stays, returns], [stays, returns]]):
            feeds.sync_feeds(connection, sources, NOW + minutes * MINUTE, lambda _: NOW, str)
        added = {feed.url: feed.added_at for feed in feeds.list_feeds(connection)}
    assert added == {stays.url: NOW, returns.url: NOW + 2 * MINUTE}


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (answer(etag=None), (None, None)),
        (NotModified(None, None), ('"old"', "then")),
        (NotModified('"new"', None), ('"new"', "then")),
    ],
)
def test_a_200_replaces_both_validators_and_a_304_only_those_it_sends(
    database: Database, found: Fetched | NotModified, expected: tuple[str | None, str | None]
) -> None:
    with database.write() as connection:
        feed = add_feed(connection)
        claim(connection)
        record(connection, feed, answer('"old"', "then"))
        feeds.claim_due_feeds(connection, NOW + 60 * MINUTE, lease=LEASE, lease_for=MINUTE, limit=1)
        [known] = feeds.list_feeds(connection)
        record(connection, known, found)
        [stored] = feeds.list_feeds(connection)
    assert (stored.etag, stored.last_modified) == expected


def test_nothing_is_recorded_under_a_lost_lease(database: Database) -> None:
    with database.write() as connection:
        feed = add_feed(connection)
        claim(connection, lease="somebody else's")
        assert not record(connection, feed, answer())
        assert not feeds.record_problem(connection, feed.id, "late", lease=LEASE, now=NOW, next_check_at=NOW)
        assert feeds.list_feeds(connection) == [feed]


def test_a_problem_is_counted_and_told_until_the_next_success(database: Database) -> None:
    with database.write() as connection:
        feed = add_feed(connection)
        claim(connection)
        feeds.record_problem(connection, feed.id, "HTTP 500", lease=LEASE, now=NOW, next_check_at=NOW)
        [failed] = claim(connection)
        assert (failed.failures, failed.problem, failed.succeeded_at) == (1, "HTTP 500", None)
        record(connection, failed, answer())
        [well] = feeds.list_feeds(connection)
    assert (well.failures, well.problem) == (0, None)
