"""The past of a batch: each decision sees those before it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tocsin.alerts import Book, Burst, Candidate, Flood, Measure, Past, Source, Told, Verdict, decide
from tocsin.models.alerts import Decision, Rule
from tocsin.models.ids import DevelopmentId, FeedId, StoryId, WatchId
from tocsin.models.stories import Join
from tocsin.models.watchlist import AlertRule, AlertWhen, Channel, ChannelKind, Rate

NOW = datetime(2017, 9, 6, 14, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
SYRIA = WatchId("syria")
DESK = Channel("desk", ChannelKind.APPRISE, "DESK_URL")


def article(story: int, feed: int = 1) -> Candidate:
    """Make a match of the watch for Syria, in the first development of a story."""
    development = DevelopmentId(story * 10)
    return Candidate(SYRIA, FeedId(feed), "DW", StoryId(story), development, 1, NOW, Join.OPENED, NOW, NOW)


def decided(book: Book, candidate: Candidate, rule: AlertRule) -> Verdict:
    """Decide for the desk, and enter it."""
    verdict = decide(candidate, rule, DESK, book.past(candidate, "desk"), NOW)
    book.enter(candidate, "desk", verdict, NOW)
    return verdict


def test_an_empty_book_knows_nothing() -> None:
    assert Book().past(article(1), "desk") == Past()


def test_two_articles_of_one_story_in_a_batch_ring_once() -> None:
    book, rule = Book(), AlertRule(to=("desk",))
    assert decided(book, article(1), rule).rule is Rule.NEW_STORY
    assert decided(book, article(1), rule).rule is Rule.TOLD


def test_rings_of_a_batch_count_for_the_limits() -> None:
    book, rule = Book(), AlertRule(to=("desk",), at_most=Rate(2, HOUR))
    found = [decided(book, article(story), rule).decision for story in range(1, 5)]
    assert found == [Decision.RING, Decision.RING, Decision.BUNDLE, Decision.BUNDLE]
    assert book.past(article(9), "desk").waiting_from == NOW + HOUR


def test_what_waits_in_a_batch_counts_as_told() -> None:
    book, rule = Book(), AlertRule(to=("desk",), at_most=Rate(1, HOUR))
    decided(book, article(1), rule)
    decided(book, article(2), rule)
    assert book.past(article(2), "desk").told == (Told(DevelopmentId(20), NOW, NOW + HOUR),)


def test_a_burst_is_told_by_one_article_of_a_batch() -> None:
    book, rule = Book(), AlertRule(to=("desk",), when=AlertWhen.BURST)
    book.bursts[SYRIA] = Burst(NOW, NOW, Measure.STORIES, HOUR, 9, 0.5, 4)
    assert [decided(book, article(story), rule).rule for story in (1, 2)] == [Rule.BURST, Rule.TOLD]


def test_what_is_suppressed_leaves_no_mark() -> None:
    book = Book()
    book.enter(article(1), "desk", Verdict(Decision.SUPPRESS, Rule.MUTED, "muted"), NOW)
    assert book.past(article(1), "desk") == Past()


def test_a_flood_of_the_feed_or_of_the_watch_bears_on_a_match() -> None:
    of_feed = Flood(Source.FEED, "Agency", NOW, 300, 2.0, "")
    of_watch = Flood(Source.WATCH, "Syria", NOW, 300, 2.0, "")
    book = Book(floods={(Source.FEED, FeedId(2)): of_feed})
    assert book.past(article(1, feed=1), "desk").flood is None
    assert book.past(article(1, feed=2), "desk").flood is of_feed
    book.floods[Source.WATCH, SYRIA] = of_watch
    assert book.past(article(1, feed=1), "desk").flood is of_watch


def test_outlets_are_given_by_when_each_was_first_seen() -> None:
    book = Book()
    book.outlets[StoryId(1)] = {"DW": NOW, "BBC": NOW - HOUR}
    assert book.past(article(1), "desk").outlets_at == (NOW - HOUR, NOW)
