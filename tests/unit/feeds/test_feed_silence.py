from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from itertools import accumulate

import pytest

from tocsin.feeds.silence import LEAST_GAPS, alarm_at, may_be_silent

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)


def at_random(a_day: float, length: timedelta, seed: int = 1) -> list[datetime]:
    """Make up events that come by chance alone."""
    chance = random.Random(seed)
    days = accumulate(chance.expovariate(a_day) for _ in range(int(2 * a_day * length / DAY) + 20))
    return [MONDAY + day * DAY for day in days if day * DAY <= length]


def in_office_hours(weeks: int) -> list[datetime]:
    """Make up two events an hour from eight to six, Monday to Friday."""
    days = [MONDAY + week * WEEK + day * DAY for week in range(weeks) for day in range(5)]
    return [day + 8 * HOUR + half * HOUR / 2 for day in days for half in range(20)]


def waits(seen: list[datetime], since: datetime = MONDAY) -> timedelta:
    told_at = alarm_at(seen, since)
    assert told_at is not None
    return told_at - seen[-1]


@pytest.mark.parametrize("seed", range(5))
def test_a_feed_of_twenty_a_day_is_told_within_a_day(seed: int) -> None:
    assert 6 * HOUR < waits(at_random(20, 8 * WEEK, seed)) < DAY


@pytest.mark.parametrize("seed", range(5))
def test_a_feed_of_two_a_day_is_told_within_a_week(seed: int) -> None:
    assert 2 * DAY < waits(at_random(2, 8 * WEEK, seed)) < WEEK


def test_nights_and_weekends_of_a_feed_are_no_silence() -> None:
    seen = in_office_hours(weeks=4)
    friday = seen[-1]
    assert friday.weekday() == 4
    told_at = alarm_at(seen, MONDAY)
    assert told_at is not None
    assert friday + 2 * DAY + 14 * HOUR < told_at < friday + 4 * DAY
    thursday = [at for at in seen if at < friday - DAY + HOUR]
    assert thursday[-1].weekday() == 3
    assert thursday[-1] + 14 * HOUR < waits(thursday) + thursday[-1] < thursday[-1] + 30 * HOUR


def test_a_feed_that_was_added_on_a_monday_is_not_told_on_its_first_weekend() -> None:
    seen = in_office_hours(weeks=1)
    told_at = alarm_at(seen, MONDAY)
    assert told_at is not None
    assert told_at > MONDAY + WEEK


def test_a_feed_that_publishes_in_bursts_gets_more_patience_than_its_rate_alone_would_give() -> None:
    bursts = [at + minute * 6 * timedelta(minutes=10) for at in at_random(4, 8 * WEEK) for minute in range(5)]
    assert waits(sorted(bursts)) > 1.5 * waits(at_random(20, 8 * WEEK))


def test_no_feed_is_told_before_six_hours_however_fast_it_was() -> None:
    assert waits([MONDAY + minutes * timedelta(minutes=10) for minutes in range(2_000)]) == 6 * HOUR


def test_a_gap_that_was_seen_before_is_no_silence() -> None:
    seen = [at for at in at_random(20, 8 * WEEK) if not MONDAY + 3 * WEEK < at < MONDAY + 3 * WEEK + 3 * DAY]
    assert waits(seen) > 3 * DAY


@pytest.mark.parametrize(
    ("seen", "gaps"),
    [([], ()), (at_random(20, 8 * WEEK)[:LEAST_GAPS], ()), (at_random(200, DAY), ()), ([MONDAY], (DAY,) * 9)],
    ids=["nothing seen", "too few", "too short", "too few gaps"],
)
def test_where_no_rhythm_is_known_nothing_is_told(seen: list[datetime], gaps: tuple[timedelta, ...]) -> None:
    assert alarm_at(seen, MONDAY, gaps) is None


def test_a_feed_that_speaks_once_a_month_is_judged_by_the_gaps_of_years() -> None:
    told_at = alarm_at([MONDAY], MONDAY - 600 * DAY, (30 * DAY,) * 20)
    assert told_at is not None
    assert 90 * DAY < told_at - MONDAY < 200 * DAY


def test_a_history_that_begins_after_the_last_news_tells_nothing() -> None:
    seen = at_random(20, 8 * WEEK)
    assert alarm_at(seen, seen[-1] + DAY) is None


def test_only_what_is_quiet_for_long_by_its_own_measure_is_worth_a_look() -> None:
    assert may_be_silent(9 * HOUR, (4 * HOUR,) * 10)
    assert not may_be_silent(7 * HOUR, (4 * HOUR,) * 10)
    assert not may_be_silent(5 * HOUR, (HOUR,) * 10)
    assert not may_be_silent(90 * DAY, (HOUR,) * 9)
