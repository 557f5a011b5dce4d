from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from records import LEASE, MINUTE, NOW, add_articles, add_feed, claimed, entry, poll_ended, poll_failed, receipt
from tocsin.models.feeds import Feed, Hints, Hub, Moved, Polling, ProblemKind, Rhythm
from tocsin.models.watchlist import FeedSource
from tocsin.store import feeds, matches
from tocsin.store.database import Database


def record(connection: sa.Connection, feed: Feed, **changes: Any) -> Feed:
    """Record a poll that went well."""
    well: dict[str, Any] = {
        "etag": '"v1"',
        "body_hash": "a" * 64,
        "checked_at": NOW,
        "succeeded_at": NOW,
        "changed_at": NOW,
        "next_check_at": NOW + 30 * MINUTE,
        "interval": 30 * MINUTE,
        "failures": 0,
        "problem": None,
        "problem_kind": None,
    }
    return poll_ended(connection, feed, title="The Wire", **well | changes)


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
        host=source.url,
    )
    assert stored == expected


def test_a_feed_that_left_the_watchlist_is_kept_but_not_polled(database: Database) -> None:
    with database.write() as connection:
        gone = add_feed(connection)
        feeds.sync_feeds(connection, [], NOW, lambda _: NOW, str)
        assert claimed(connection) == []
        assert feeds.list_feeds(connection, active_only=False) == [replace(gone, active=False)]


def test_syncing_again_changes_nothing_of_a_feeds_state(database: Database) -> None:
    with database.write() as connection:
        feed = add_feed(connection)
        claimed(connection)
        record(connection, feed)
        before = feeds.list_feeds(connection)
        feeds.sync_feeds(connection, [FeedSource(feed.url)], NOW + MINUTE, lambda _: NOW, str)
        assert [one.etag for one in feeds.list_feeds(connection)] == ['"v1"']
        assert [one.next_check_at for one in feeds.list_feeds(connection)] == [one.next_check_at for one in before]


def test_an_answer_ends_the_lease_and_sets_the_next_check(database: Database) -> None:
    with database.write() as connection:
        feed = add_feed(connection)
        claimed(connection)
        after = record(connection, feed)
        [stored] = feeds.list_feeds(connection)
    assert stored == replace(after, title="The Wire", asked_at=NOW)
    assert stored.next_check_at == NOW + 30 * MINUTE


def test_a_title_given_in_the_watchlist_wins_over_the_feeds_own(database: Database) -> None:
    with database.write() as connection:
        feeds.sync_feeds(connection, [FeedSource("https://wire.example/rss", "Mine")], NOW, lambda _: NOW, str)
        [feed] = claimed(connection)
        record(connection, feed)
        assert [one.title for one in feeds.list_feeds(connection)] == ["Mine"]


def test_a_title_taken_off_the_watchlist_gives_way_to_the_feeds_own_at_once(database: Database) -> None:
    url = "https://wire.example/rss"
    titles = []
    with database.write() as connection:
        for source in (FeedSource(url, "Mine"), FeedSource(url)):
            feeds.sync_feeds(connection, [source], NOW, lambda _: NOW, str)
            titles += [one.title for one in feeds.list_feeds(connection)]
        feeds.sync_feeds(connection, [FeedSource(url, "Mine")], NOW, lambda _: NOW, str)
        [feed] = claimed(connection)
        record(connection, feed)
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


def test_nothing_is_recorded_under_a_lost_lease(database: Database) -> None:
    with database.write() as connection:
        first, second = add_feed(connection), add_feed(connection, "https://port.example/rss")
        claimed(connection, limit=1)
        claimed(connection, lease="somebody else's")
        leases = {first.id: LEASE, second.id: LEASE}
        assert feeds.hold_leases(connection, leases) == {first.id}


def test_a_problem_is_counted_and_told_until_the_next_success(database: Database) -> None:
    with database.write() as connection:
        feed = add_feed(connection)
        claimed(connection)
        poll_failed(connection, feed, "HTTP 500")
        [failed] = claimed(connection)
        assert (failed.failures, failed.problem, failed.succeeded_at) == (1, "HTTP 500", None)
        assert failed.problem_kind is ProblemKind.HTTP
        record(connection, failed)
        [well] = feeds.list_feeds(connection)
    assert (well.failures, well.problem, well.problem_kind) == (0, None, None)


def test_what_polls_taught_is_stored_and_given_back_whole(database: Database) -> None:
    polling = Polling(
        fetch_url="https://new.example/rss",
        moved=Moved("https://newer.example/", NOW, 2),
        gone_since=NOW,
        read_at=NOW,
        distrusts_304=True,
        document_id="urn:wire",
        format="Atom 1.0",
        hints=Hints(ttl=180 * MINUTE, update_every=60 * MINUTE, skip_hours=(1, 2), skip_days=(6, 7)),
        hub=Hub("https://hub.example/", "https://wire.example/rss"),
        rhythm=Rhythm(3.5, 90 * MINUTE, 12, NOW, NOW, (20 * MINUTE, 7 * MINUTE)),
    )
    with database.write() as connection:
        add_feed(connection)
        record(connection, *claimed(connection), polling=polling, stopped_at=NOW)
        [stored] = feeds.list_feeds(connection)
    assert (stored.polling, stored.stopped_at) == (polling, NOW)


def test_a_poll_leaves_alone_what_others_wrote_of_its_feed_meanwhile(database: Database) -> None:
    with database.write() as connection:
        add_feed(connection)
        [feed] = claimed(connection)
        feeds.sync_feeds(connection, [FeedSource(feed.url, language="ar", every=40 * MINUTE)], NOW, lambda _: NOW, str)
        connection.execute(sa.text("UPDATE feeds SET matches = 7"))
        record(connection, feed)
        [stored] = feeds.list_feeds(connection)
    assert (stored.language, stored.every, stored.matches, stored.etag) == ("ar", 40 * MINUTE, 7, '"v1"')


def test_polls_of_many_kinds_are_recorded_together(database: Database) -> None:
    with database.write() as connection:
        for name in ("a", "b", "c"):
            add_feed(connection, f"https://{name}.example/")
        one, two, three = claimed(connection)
        feeds.record_polls(
            connection,
            [
                feeds.PollRecord(one, replace(one, etag='"1"', checked_at=NOW), LEASE, "One"),
                feeds.PollRecord(two, replace(two, problem="no", failures=1), LEASE),
                feeds.PollRecord(three, replace(three, etag='"3"', checked_at=NOW), LEASE, "Three"),
            ],
        )
        stored = {feed.url: (feed.title, feed.etag, feed.failures) for feed in feeds.list_feeds(connection)}
        assert feeds.hold_leases(connection, dict.fromkeys((one.id, two.id, three.id), LEASE)) == set()
    assert stored == {
        "https://a.example/": ("One", '"1"', 0),
        "https://b.example/": ("https://b.example/", None, 1),
        "https://c.example/": ("Three", '"3"', 0),
    }


def test_a_feed_that_ended_starts_anew_when_it_is_put_on_the_watchlist_again(database: Database) -> None:
    with database.write() as connection:
        add_feed(connection)
        record(connection, *claimed(connection), stopped_at=NOW)
        [ended] = feeds.list_feeds(connection)
        later = NOW + 60 * MINUTE
        for sources in ([], [FeedSource(ended.url)]):
            feeds.sync_feeds(connection, sources, later, lambda _: later + MINUTE, str)
        [again] = feeds.list_feeds(connection)
    assert (ended.stopped_at, again.stopped_at) == (NOW, None)
    assert again.next_check_at == later + MINUTE


def test_a_feed_that_comes_back_is_not_polled_sooner_than_it_was_due(database: Database) -> None:
    with database.write() as connection:
        add_feed(connection)
        record(connection, *claimed(connection))
        for sources in ([], [FeedSource("https://wire.example/rss")]):
            feeds.sync_feeds(connection, sources, NOW + MINUTE, lambda _: NOW + 2 * MINUTE, str)
        [again] = feeds.list_feeds(connection)
    assert again.next_check_at == NOW + 30 * MINUTE


def test_matches_of_the_last_days_are_counted_with_their_feeds_and_withdrawn_ones_are_not(database: Database) -> None:
    day = timedelta(days=1)
    with database.write() as connection:
        quiet, busy = add_feed(connection), add_feed(connection, "https://port.example/rss")
        connection.execute(sa.text("UPDATE feeds SET matches = 5"))
        ids = add_articles(connection, busy.id, *(entry(str(number)) for number in range(4)))
        for article, at in zip(ids, (NOW, NOW - 6 * day, NOW - 8 * day, NOW), strict=True):
            matches.save_matches(connection, [(article, receipt())], at)
        connection.execute(
            sa.text("UPDATE matches SET withdrawn_at = matched_at WHERE article_id = :id"), {"id": ids[-1]}
        )
        feeds.count_matches(connection, NOW - 7 * day)
        counted = {feed.id: feed.matches for feed in feeds.list_feeds(connection)}
    assert counted == {quiet.id: 0, busy.id: 2}


def test_tens_of_thousands_of_feeds_come_and_go_at_once(sqlite: Database) -> None:
    # More than a statement has room for as parameters: 32,766 in SQLite, 65,535 in PostgreSQL.
    sources = [FeedSource(f"https://{number}.example/rss") for number in range(33_000)]
    with sqlite.write() as connection:
        feeds.sync_feeds(connection, sources, NOW, lambda _: NOW, str)
        feeds.sync_feeds(connection, sources[:1], NOW, lambda _: NOW, str)
        counted = connection.execute(sa.text("SELECT count(*) FROM feeds WHERE active")).scalar_one()
    assert counted == 1
