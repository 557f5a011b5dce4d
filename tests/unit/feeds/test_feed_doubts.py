from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from feed_publisher import feed
from tocsin.feeds.doubts import asks_fully, distrusts
from tocsin.models.feeds import Entry, Feed, Fetched, ParsedFeed, Polling, Rhythm

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def known(read_ago: timedelta, *gaps: timedelta, per_day: float = 0.0, window: timedelta | None = 10 * DAY) -> Feed:
    """Give a feed whose last whole body came ``read_ago``, with nothing but "not modified" up to an hour ago."""
    rhythm = Rhythm(per_day, window, 10, None, NOW - 30 * DAY, gaps)
    polling = Polling(read_at=NOW - read_ago, rhythm=rhythm)
    return replace(
        feed("https://a.example/feed", etag='"1"'), polling=polling, checked_at=NOW - HOUR, succeeded_at=NOW - HOUR
    )


def body(etag: str | None = '"2"') -> Fetched:
    return Fetched("https://a.example/feed", b"", "", etag, None)


def document(*dates: datetime | None) -> ParsedFeed:
    entries = tuple(Entry(str(at), "", "t", "", None, None, date, None, "") for at, date in enumerate(dates))
    return ParsedFeed("t", None, entries)


@pytest.mark.parametrize(
    ("read_ago", "gaps", "per_day", "asked"),
    [
        (25 * HOUR, (HOUR, HOUR, 2 * HOUR), 12.0, True),
        (23 * HOUR, (HOUR, HOUR, 2 * HOUR), 12.0, False),
        (3 * DAY, (DAY, DAY, DAY), 1.0, False),
        (4 * DAY, (DAY, DAY, DAY), 1.0, True),
        (6 * DAY, (20 * DAY,), 0.05, False),
        (7 * DAY, (20 * DAY,), 0.05, True),
        (25 * HOUR, (), 24.0, True),
        (3 * DAY, (), 1.0, False),
        (6 * DAY, (), 0.0, False),
        (7 * DAY, (), 0.0, True),
    ],
)
def test_the_whole_document_is_asked_for_after_four_usual_gaps_between_a_day_and_a_week(
    read_ago: timedelta, gaps: tuple[timedelta, ...], per_day: float, asked: bool
) -> None:
    assert asks_fully(known(read_ago, *gaps, per_day=per_day), NOW) is asked


def test_a_feed_without_a_rhythm_is_asked_once_a_week() -> None:
    fresh = known(6 * DAY)
    assert not asks_fully(replace(fresh, polling=replace(fresh.polling, rhythm=None)), NOW)
    assert asks_fully(replace(fresh, polling=replace(fresh.polling, rhythm=None)), NOW + DAY)


def test_a_rate_that_is_only_assumed_is_no_cause_for_doubt() -> None:
    assert not asks_fully(known(6 * DAY, per_day=24.0, window=None), NOW)
    assert asks_fully(known(7 * DAY, per_day=24.0, window=None), NOW)


def test_a_feed_without_validators_or_without_a_document_needs_no_guard() -> None:
    assert not asks_fully(replace(known(30 * DAY), etag=None), NOW)
    assert not asks_fully(replace(known(30 * DAY), polling=Polling()), NOW)


def test_failures_alone_are_no_cause_for_doubt() -> None:
    failing = replace(known(8 * DAY), succeeded_at=NOW - 8 * DAY)
    assert not asks_fully(failing, NOW)
    assert not distrusts(failing, body(), document(NOW - 3 * DAY), NOW)


def test_what_was_published_while_the_feed_failed_proves_nothing() -> None:
    failing = replace(known(8 * DAY), succeeded_at=NOW - 7 * DAY)
    assert not distrusts(failing, body(), document(NOW - 3 * DAY), NOW)
    assert distrusts(failing, body(), document(NOW - 7 * DAY - 8 * HOUR), NOW)


def test_new_content_under_the_old_validators_gives_a_server_away() -> None:
    assert distrusts(known(8 * DAY), body('"1"'), document(), NOW)


def test_an_entry_from_before_the_last_not_modified_gives_a_server_away() -> None:
    assert distrusts(known(8 * DAY), body(), document(NOW - 9 * DAY, NOW - 3 * DAY), NOW)


@pytest.mark.parametrize("date", [None, NOW - 9 * DAY, NOW - 5 * HOUR, NOW + DAY])
def test_news_that_came_since_the_last_not_modified_prove_nothing(date: datetime | None) -> None:
    assert not distrusts(known(8 * DAY), body(), document(date), NOW)


def test_a_document_that_came_at_a_conditional_request_proves_nothing() -> None:
    assert not distrusts(known(HOUR), body('"1"'), document(NOW - 3 * DAY), NOW)


def test_distrust_lasts() -> None:
    before = known(HOUR)
    assert distrusts(replace(before, polling=replace(before.polling, distrusts_304=True)), body(), document(), NOW)
