from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from records import MINUTE, NOW, entry
from tocsin.feeds.backlog import GRACE, MASS, backlog_of
from tocsin.models.feeds import Entry, Feed, Polling, Rhythm
from tocsin.models.ids import FeedId

DAY = timedelta(days=1)
ADDED_AT = NOW - 60 * DAY
READ_AT = NOW - 60 * MINUTE
NEW = Feed(FeedId(1), "https://wire.example/rss", "The Wire", None, None, (), True, NOW, NOW)
READ = replace(NEW, added_at=ADDED_AT, succeeded_at=READ_AT)


def dated(at: datetime | None, count: int = 1) -> list[Entry]:
    return [replace(entry(f"{number}"), published_at=at) for number in range(count)]


def flags(feed: Feed, new: list[Entry], shown: int | None = None, *, is_delta: bool = False) -> set[bool]:
    return set(backlog_of(feed, new, len(new) if shown is None else shown, NOW, is_delta=is_delta).flags)


@pytest.mark.parametrize(
    ("backlog", "age", "expected"),
    [
        (timedelta(), timedelta(), False),
        (timedelta(), MINUTE, True),
        (DAY, DAY, False),
        (DAY, DAY + MINUTE, True),
        (30 * DAY, 30 * DAY, False),
    ],
)
def test_at_first_contact_the_subscription_less_the_backlog_asked_for_decides(
    backlog: timedelta, age: timedelta, expected: bool
) -> None:
    assert flags(replace(NEW, backlog=backlog), dated(NOW - age, MASS - 1)) == {expected}


def test_at_first_contact_what_has_no_date_is_backlog_whatever_is_asked_for() -> None:
    assert flags(replace(NEW, backlog=30 * DAY), dated(None)) == {True}


@pytest.mark.parametrize(("ahead", "expected"), [(GRACE, False), (GRACE + MINUTE, True)])
def test_at_first_contact_what_is_dated_far_ahead_is_no_news(ahead: timedelta, expected: bool) -> None:
    assert flags(NEW, dated(NOW + ahead)) == {expected}


def test_at_first_contact_a_date_that_most_entries_share_is_that_of_the_document() -> None:
    alone = dated(NOW + MINUTE)
    assert backlog_of(NEW, [*dated(NOW, MASS), *alone], 30, NOW + MINUTE).flags == (*[True] * MASS, False)
    assert flags(NEW, dated(NOW, MASS - 1)) == {False}
    each = [replace(one, published_at=NOW + number * MINUTE) for number, one in enumerate(dated(NOW, 30))]
    assert flags(NEW, each) == {False}
    a_day = dated(NOW - 12 * 60 * MINUTE, 30)
    assert flags(replace(NEW, backlog=DAY), a_day) == {False}


def test_first_contact_needs_no_explanation() -> None:
    assert backlog_of(NEW, dated(NOW - DAY, 30), 30, NOW).note is None


def test_a_feed_that_comes_back_to_the_watchlist_is_met_for_the_first_time_again() -> None:
    back = replace(READ, added_at=READ_AT + MINUTE)
    assert flags(back, dated(READ_AT)) == {True}


def test_after_first_contact_a_late_entry_is_news_whatever_its_date() -> None:
    assert flags(READ, dated(NOW - 300 * DAY), shown=30) == {False}


def test_an_archive_that_is_emptied_into_a_feed_is_backlog_and_the_feed_says_so() -> None:
    archive = dated(NOW - 300 * DAY, 25)
    found = backlog_of(READ, [*archive, *dated(NOW)], 30, NOW)
    assert found.flags == (True,) * 25 + (False,)
    assert found.note == "25 new entries at once dated before 09 March 2026: kept as backlog, without alerts"


@pytest.mark.parametrize(
    ("age", "count", "shown"),
    [
        pytest.param(DAY * 300, MASS - 1, MASS - 1, id="not many"),
        pytest.param(DAY * 300, MASS, 2 * MASS, id="not most of the document"),
        pytest.param(GRACE + 60 * MINUTE, 30, 30, id="not older than the grace"),
    ],
)
def test_old_entries_are_no_archive_unless_they_are_many_and_old_enough(age: timedelta, count: int, shown: int) -> None:
    assert flags(READ, dated(NOW - age, count), shown) == {False}


def test_the_backlog_that_is_asked_for_is_no_archive() -> None:
    assert flags(replace(READ, backlog=7 * DAY), dated(NOW - 7 * DAY, 30)) == {False}


def test_what_was_published_while_tocsin_was_away_is_news() -> None:
    away = replace(READ, succeeded_at=NOW - 30 * DAY)
    assert flags(away, dated(NOW - 29 * DAY, 30)) == {False}


def test_what_was_published_while_the_server_wrongly_said_that_nothing_changed_is_news() -> None:
    fooled = replace(READ, polling=Polling(read_at=NOW - 30 * DAY))
    assert flags(fooled, dated(NOW - 29 * DAY, 30)) == {False}


def rhythmic(per_day: float, read_at: datetime = READ_AT) -> Feed:
    rhythm = Rhythm(per_day=per_day, window=None, entries=30, newest_at=NOW - DAY, since=ADDED_AT)
    return replace(READ, succeeded_at=read_at, polling=Polling(rhythm=rhythm))


def test_an_undated_document_that_is_new_from_end_to_end_is_backlog_if_the_rhythm_cannot_explain_it() -> None:
    found = backlog_of(rhythmic(2.0), dated(None, 30), 30, NOW)
    assert found.flags == (True,) * 30
    assert found.note is not None
    assert "without dates, in place of all that was there: kept as backlog" in found.note


@pytest.mark.parametrize(
    ("feed", "count", "shown", "is_delta"),
    [
        pytest.param(rhythmic(100.0), 30, 30, False, id="a busy feed"),
        pytest.param(rhythmic(2.0, NOW - 30 * DAY), 30, 30, False, id="a long time away"),
        pytest.param(rhythmic(2.0), 29, 30, False, id="one entry was there before"),
        pytest.param(rhythmic(2.0), 30, 30, True, id="nothing but changes was asked for"),
        pytest.param(rhythmic(2.0), 9, 9, False, id="not many"),
        pytest.param(READ, 30, 30, False, id="no rhythm known yet"),
    ],
)
def test_undated_entries_are_news_otherwise(feed: Feed, count: int, shown: int, is_delta: bool) -> None:
    assert flags(feed, dated(None, count), shown, is_delta=is_delta) == {False}
