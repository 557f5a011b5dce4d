from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from records import NOW, entry
from tocsin.feeds.rhythm import DAY, UNKNOWN_PER_DAY, observe, rate_now
from tocsin.models.feeds import ParsedFeed, Rhythm

HOUR = timedelta(hours=1)


def document(*dates: datetime | None) -> ParsedFeed:
    return ParsedFeed(
        "The Wire", "en", tuple(replace(entry(str(one)), published_at=at) for one, at in enumerate(dates))
    )


def hourly(count: int, *, until: datetime = NOW) -> list[datetime]:
    return [until - one * HOUR for one in range(count)]


def test_the_first_document_tells_the_rhythm_by_its_dates() -> None:
    found = observe(None, [], document(*hourly(24)), NOW)
    assert found == Rhythm(per_day=24 * (DAY / (23 * HOUR)), window=23 * HOUR, entries=24, newest_at=NOW, since=NOW)


def test_a_feed_that_was_quiet_lately_is_slower_than_its_entries_lie_apart() -> None:
    found = observe(None, [], document(*hourly(24, until=NOW - 9 * DAY)), NOW)
    assert found.per_day < 3


def test_without_dates_the_rhythm_is_taken_for_hourly_until_polls_tell_better() -> None:
    first = observe(None, [], document(None, None), NOW)
    assert (first.per_day, first.window, first.newest_at) == (UNKNOWN_PER_DAY, None, NOW)
    assert rate_now(first, NOW + 5 * DAY) < 6


@pytest.mark.parametrize("dates", [(), (NOW,), (NOW, NOW, NOW)])
def test_a_document_whose_dates_do_not_differ_has_no_window(dates: tuple[datetime, ...]) -> None:
    assert observe(None, [], document(*dates), NOW).window is None


def test_one_entry_of_this_minute_makes_no_feed_of_a_thousand_a_day() -> None:
    assert observe(None, [], document(NOW), NOW).per_day <= 12


def test_a_date_in_the_future_counts_as_now() -> None:
    found = observe(None, [], document(NOW + 300 * DAY, NOW - 3 * HOUR), NOW)
    assert (found.window, found.newest_at) == (3 * HOUR, NOW)


def steady(rhythm: Rhythm, every: timedelta, times: int, count: int = 1) -> Rhythm:
    """Poll a feed that brings so many new entries each time."""
    now = rhythm.newest_at or rhythm.since
    for _ in range(times):
        now += every
        rhythm = observe(rhythm, [now] * count, document(*hourly(10, until=now)), now)
    return rhythm


@pytest.mark.parametrize(
    ("every", "count", "per_day"), [(HOUR, 1, 24), (HOUR, 5, 120), (DAY, 1, 1), (timedelta(minutes=10), 1, 144)]
)
def test_polls_teach_the_rate_whatever_the_first_document_said(every: timedelta, count: int, per_day: float) -> None:
    first = observe(None, [], document(*hourly(30)), NOW)
    learnt = steady(first, every, int(60 * DAY / every), count)
    assert learnt.per_day == pytest.approx(per_day, rel=0.2)
    assert learnt.gaps[-1] == every
    assert len(learnt.gaps) == 50


def test_a_burst_does_not_overturn_what_was_learnt_in_days() -> None:
    first = observe(None, [], document(*hourly(24)), NOW)
    now = NOW + timedelta(minutes=10)
    burst = observe(first, [now] * 20, document(*hourly(24)), now)
    assert first.per_day < burst.per_day < first.per_day + 10


def test_an_archive_put_into_the_feed_is_no_sign_of_life() -> None:
    first = observe(None, [], document(*hourly(24)), NOW)
    old = [NOW - 40 * DAY - one * HOUR for one in range(30)]
    dumped = observe(first, old, document(*old), NOW + HOUR)
    assert (dumped.per_day, dumped.newest_at, dumped.gaps) == (first.per_day, first.newest_at, ())


def test_while_nothing_comes_the_expected_rate_falls_by_itself() -> None:
    rhythm = observe(None, [], document(*hourly(24)), NOW)
    rates = [rate_now(rhythm, NOW + quiet * DAY) for quiet in (0, 1, 3, 9, 40)]
    assert rates == sorted(rates, reverse=True)
    assert rates[0] == rhythm.per_day
    assert rates[-1] < 0.5


def test_a_feed_that_publishes_weekly_is_not_given_up_after_a_quiet_week() -> None:
    weekly = observe(None, [], document(*(NOW - one * 7 * DAY for one in range(8))), NOW)
    assert rate_now(weekly, NOW + 8 * DAY) == pytest.approx(weekly.per_day, rel=0.15)
