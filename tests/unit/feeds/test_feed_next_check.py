from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tocsin.feeds.next_check import first_check_at, next_check_at
from tocsin.models.feeds import ProblemKind
from tocsin.models.ids import FeedId

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)
HOUR, DAY = timedelta(hours=1), timedelta(hours=24)


def wait(
    problem: ProblemKind | None = None,
    failures: int = 0,
    *,
    feed: int = 1,
    max_age: int | None = None,
    retry_at: datetime | None = None,
) -> timedelta:
    due = next_check_at(FeedId(feed), problem, failures, NOW, HALF_HOUR, max_age=max_age, retry_at=retry_at)
    return due - NOW


def test_a_feed_that_is_well_is_asked_again_after_its_interval_give_or_take_a_tenth() -> None:
    waits = [wait(feed=number) for number in range(200)]
    assert min(waits) >= HALF_HOUR * 0.9
    assert max(waits) <= HALF_HOUR * 1.1
    assert len(set(waits)) == 200


def test_the_same_poll_always_gives_the_same_answer() -> None:
    assert wait(feed=7) == wait(feed=7)


@pytest.mark.parametrize(("max_age", "floor"), [(7200, 2 * HOUR), (10**9, DAY)])
def test_the_servers_freshness_is_waited_for_but_not_longer_than_a_day(max_age: int, floor: timedelta) -> None:
    assert floor <= wait(max_age=max_age) <= floor + HALF_HOUR * 0.1


def test_a_short_freshness_changes_nothing() -> None:
    assert wait(max_age=60) == wait()


@pytest.mark.parametrize(("failures", "usual"), [(1, HOUR), (2, 2 * HOUR), (3, 4 * HOUR), (6, DAY), (10**6, DAY)])
def test_each_failure_doubles_the_wait_up_to_a_day(failures: int, usual: timedelta) -> None:
    assert usual * 0.9 <= wait(ProblemKind.TIMEOUT, failures) <= usual * 1.1


@pytest.mark.parametrize("problem", [ProblemKind.GONE, ProblemKind.NOT_A_FEED])
def test_what_is_no_feed_is_asked_once_a_day(problem: ProblemKind) -> None:
    assert DAY * 0.9 <= wait(problem, 1) <= DAY * 1.1


@pytest.mark.parametrize(("asked", "floor"), [(5 * HOUR, 5 * HOUR), (500 * HOUR, DAY)])
def test_retry_after_is_a_floor_and_feeds_come_back_spread(asked: timedelta, floor: timedelta) -> None:
    waits = {wait(ProblemKind.RATE_LIMITED, 1, feed=number, retry_at=NOW + asked) for number in range(100)}
    assert min(waits) >= floor
    assert max(waits) <= floor + HALF_HOUR * 0.1
    assert len(waits) == 100


def test_a_retry_after_in_the_past_does_not_shorten_the_wait() -> None:
    assert wait(ProblemKind.RATE_LIMITED, 1, retry_at=NOW - DAY) == wait(ProblemKind.RATE_LIMITED, 1)


def test_an_interval_of_days_is_not_shortened_by_a_failure() -> None:
    due = next_check_at(FeedId(1), ProblemKind.TIMEOUT, 3, NOW, 3 * DAY)
    assert due - NOW >= 3 * DAY * 0.9


def test_new_feeds_are_spread_over_the_given_time() -> None:
    first = [first_check_at(f"https://wire.example/{number}", NOW, HOUR) for number in range(1000)]
    assert all(NOW <= due < NOW + HOUR for due in first)
    assert 400 < sum(due < NOW + HALF_HOUR for due in first) < 600
