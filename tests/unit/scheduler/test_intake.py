from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from records import LEASE, MINUTE, NOW, add_feed, entry
from tocsin.errors import LeaseLostError
from tocsin.models.articles import Article
from tocsin.models.feeds import Entry, Feed, Fetched, NotModified, ParsedFeed, Problem, ProblemKind
from tocsin.models.ids import ArticleId
from tocsin.models.watchlist import FeedSource
from tocsin.store import articles, feeds
from tocsin.store.database import Database
from tocsin_scheduler.intake import FIRST_CONTACT, Poll, body_hash, record_failure, record_unchanged, take_in

INTERVAL = timedelta(minutes=30)
FETCHED = Fetched("https://wire.example/rss", b"<rss/>", "text/xml", '"v1"', None)


def leased(connection: sa.Connection, *, lease: str = LEASE, at: datetime = NOW) -> Poll:
    [feed] = feeds.claim_due_feeds(connection, at, lease=lease, lease_for=2 * MINUTE, limit=1)
    return Poll(feed, lease, INTERVAL)


def taken(
    database: Database, entries: Sequence[Entry], *, at: datetime = NOW, language: str | None = None
) -> list[ArticleId]:
    """Poll the one feed there is, as if it were due, and take in what it brought."""
    with database.write() as connection:
        add_feed(connection)
        connection.execute(sa.text("UPDATE feeds SET next_check_at = '2000-01-01 00:00:00'"))
        return take_in(connection, leased(connection, at=at), FETCHED, parsed(entries, language), at)


def parsed(entries: Sequence[Entry], language: str | None = None) -> ParsedFeed:
    return ParsedFeed("The Wire", language, tuple(entries))


def the_feed(database: Database) -> Feed:
    with database.read() as connection:
        return feeds.list_feeds(connection)[0]


def article(database: Database, number: ArticleId) -> Article:
    with database.read() as connection:
        found = articles.get_article(connection, number)
    assert found is not None
    return found


def count(database: Database) -> int:
    with database.read() as connection:
        return articles.count_articles(connection, NOW - 999 * timedelta(days=1))


def test_new_entries_become_articles_and_the_feed_is_well(database: Database) -> None:
    [one, two] = taken(database, [entry("one"), entry("two", title="Rain")])
    feed = the_feed(database)
    assert article(database, one) == Article(
        id=one,
        feed_id=feed.id,
        feed_title="The Wire",
        url="https://wire.example/one",
        title="The siege is broken",
        text="Troops broke the siege.",
        author=None,
        language="en",
        home=None,
        published_at=NOW,
        first_seen_at=NOW,
        revision=1,
        backlog=False,
        story_id=None,
        classified_at=None,
    )
    assert article(database, two).title == "Rain"
    assert (feed.etag, feed.body_hash, feed.succeeded_at, feed.failures) == ('"v1"', body_hash(FETCHED), NOW, 0)
    assert timedelta(minutes=27) <= feed.next_check_at - NOW <= timedelta(minutes=33)


def test_a_changed_entry_is_the_next_revision_of_its_article_and_an_unchanged_one_is_nothing(
    database: Database,
) -> None:
    [one, _] = taken(database, [entry("one"), entry("two")])
    again = taken(database, [entry("one", text="Troops broke it."), entry("two")], at=NOW + 30 * MINUTE)
    assert again == [one]
    changed = article(database, one)
    assert (changed.text, changed.revision, changed.first_seen_at) == ("Troops broke it.", 2, NOW)
    assert count(database) == 2


def test_a_poll_that_brings_the_same_entries_brings_nothing(database: Database) -> None:
    taken(database, [entry("one")])
    assert taken(database, [entry("one")], at=NOW + 30 * MINUTE) == []


@pytest.mark.parametrize(("age", "backlog"), [(FIRST_CONTACT, False), (FIRST_CONTACT + MINUTE, True)])
def test_what_was_old_when_a_feed_was_first_read_is_backlog(database: Database, age: timedelta, backlog: bool) -> None:
    [one] = taken(database, [replace(entry("one"), published_at=NOW - age)])
    assert article(database, one).backlog is backlog


def test_what_comes_late_in_a_feed_that_was_read_before_is_news(database: Database) -> None:
    taken(database, [])
    [late] = taken(database, [replace(entry("late"), published_at=NOW - timedelta(days=9))], at=NOW + 30 * MINUTE)
    assert article(database, late).backlog is False


def test_a_feed_that_failed_at_first_still_has_its_backlog(database: Database) -> None:
    with database.write() as connection:
        add_feed(connection)
        record_failure(connection, leased(connection), Problem(ProblemKind.TIMEOUT, "no answer in time"), NOW)
    [one] = taken(database, [replace(entry("one"), published_at=NOW - timedelta(days=9))], at=NOW + 60 * MINUTE)
    assert article(database, one).backlog is True


def test_nothing_was_published_after_it_was_seen(database: Database) -> None:
    future, never = taken(
        database,
        [replace(entry("future"), published_at=NOW + timedelta(days=3)), replace(entry("never"), published_at=None)],
    )
    assert [article(database, one).published_at for one in (future, never)] == [NOW, NOW]


def test_what_has_no_date_is_backlog_at_first_contact_and_news_afterwards(database: Database) -> None:
    undated = [replace(entry(key), published_at=None) for key in ("history", "news")]
    [history] = taken(database, undated[:1])
    [news] = taken(database, undated, at=NOW + 30 * MINUTE)
    assert [article(database, one).backlog for one in (history, news)] == [True, False]


def test_a_feed_that_comes_back_to_the_watchlist_is_met_for_the_first_time_again(database: Database) -> None:
    taken(database, [entry("read")])
    back = NOW + timedelta(days=300)
    source = FeedSource(the_feed(database).url)
    with database.write() as connection:
        feeds.sync_feeds(connection, [], NOW + MINUTE, lambda _: NOW, str)
        feeds.sync_feeds(connection, [source], back, lambda _: NOW, str)
    missed = replace(entry("missed"), published_at=back - timedelta(days=200))
    fresh = replace(entry("fresh"), published_at=back - 60 * MINUTE)
    found = taken(database, [entry("read"), missed, fresh], at=back + MINUTE)
    assert [article(database, one).backlog for one in found] == [True, False]
    [late] = taken(database, [replace(missed, key="late")], at=back + 30 * MINUTE)
    assert article(database, late).backlog is False


def test_the_language_is_the_entrys_or_else_the_feeds(database: Database) -> None:
    own, none = taken(database, [entry("own"), replace(entry("none"), language=None)], language="fr")
    assert [article(database, one).language for one in (own, none)] == ["en", "fr"]


def test_the_watchlists_language_wins_over_the_entrys_when_it_is_new_and_when_it_changed(database: Database) -> None:
    source = FeedSource("https://wire.example/rss", language="de")
    languages = []
    for text in ("Der Ring ist gesprengt.", "Der Ring hielt nicht."):
        with database.write() as connection:
            feeds.sync_feeds(connection, [source], NOW, lambda _: NOW, str)
            connection.execute(sa.text("UPDATE feeds SET next_check_at = '2000-01-01 00:00:00'"))
            [found] = take_in(connection, leased(connection), FETCHED, parsed([entry("one", text=text)], "fr"), NOW)
        languages.append(article(database, found).language)
    assert languages == ["de", "de"]


def test_a_poll_that_outlived_its_lease_records_nothing_of_what_it_brought(database: Database) -> None:
    with database.write() as connection:
        add_feed(connection)
        late = leased(connection)
    with database.write() as connection:
        other = leased(connection, lease="another", at=NOW + 3 * MINUTE)
    with pytest.raises(LeaseLostError, match="rss took longer than its lease"), database.write() as connection:
        take_in(connection, late, FETCHED, parsed([entry("one")]), NOW + 3 * MINUTE)
    assert count(database) == 0
    assert the_feed(database) == other.feed


def end_in_failure(connection: sa.Connection, poll: Poll) -> None:
    record_failure(connection, poll, Problem(ProblemKind.GONE, "it is gone"), NOW)


def end_without_news(connection: sa.Connection, poll: Poll) -> None:
    record_unchanged(connection, poll, NotModified('"v2"', None), NOW)


@pytest.mark.parametrize("end", [end_in_failure, end_without_news])
def test_neither_success_nor_failure_is_recorded_without_the_lease(
    database: Database, end: Callable[[sa.Connection, Poll], None]
) -> None:
    with database.write() as connection:
        add_feed(connection)
        late = leased(connection)
        leased(connection, lease="another", at=NOW + 3 * MINUTE)
    before = the_feed(database)
    with pytest.raises(LeaseLostError), database.write() as connection:
        end(connection, late)
    assert the_feed(database) == before


def test_failures_are_counted_and_the_next_check_is_further_and_further_away(database: Database) -> None:
    waits = []
    now = NOW
    for _ in range(3):
        with database.write() as connection:
            add_feed(connection)
            record_failure(
                connection, leased(connection, at=now), Problem(ProblemKind.UNREACHABLE, "no such host"), now
            )
        feed = the_feed(database)
        waits.append(feed.next_check_at - now)
        now = feed.next_check_at
    assert (feed.failures, feed.problem) == (3, "no such host")
    assert INTERVAL < waits[0] < waits[1] < waits[2]


def test_a_success_without_news_ends_the_trouble_and_keeps_the_validators(database: Database) -> None:
    taken(database, [entry("one")])
    later = NOW + 60 * MINUTE
    with database.write() as connection:
        record_failure(connection, leased(connection, at=later), Problem(ProblemKind.TIMEOUT, "no answer"), later)
    later += 600 * MINUTE
    with database.write() as connection:
        record_unchanged(connection, leased(connection, at=later), NotModified(None, None), later)
    feed = the_feed(database)
    assert (feed.failures, feed.problem, feed.succeeded_at) == (0, None, later)
    assert (feed.etag, feed.body_hash) == ('"v1"', body_hash(FETCHED))


def test_what_a_feed_was_read_with_is_told_for_as_long_as_it_does_not_change(database: Database) -> None:
    with database.write() as connection:
        add_feed(connection)
        noted = replace(parsed([]), note="one entry has no date")
        take_in(connection, leased(connection), FETCHED, noted, NOW)
    later = NOW + 60 * MINUTE
    with database.write() as connection:
        record_unchanged(connection, leased(connection, at=later), NotModified(None, None), later)
    assert the_feed(database).problem == "one entry has no date"
