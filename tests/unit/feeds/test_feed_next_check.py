from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tocsin.feeds.next_check import (
    LONGEST,
    SHORTEST,
    UNKNOWN,
    check_after_hold,
    check_after_problem,
    first_check_at,
    floor_of,
    interval_of,
    next_check_at,
    out_of_skipped,
)
from tocsin.models.feeds import Feed, Hints, Polling, Problem, ProblemKind, Rhythm
from tocsin.models.ids import FeedId

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)  # a Tuesday
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(hours=24)


def feed(
    per_day: float | None = 24.0,
    *,
    number: int = 1,
    window: timedelta | None = None,
    hints: Hints | None = None,
    etag: str | None = '"v1"',
    every: timedelta | None = None,
    interval: timedelta | None = None,
    matches: int = 0,
    failures: int = 0,
    distrusts_304: bool = False,
    pushed_until: datetime | None = None,
    succeeded_at: datetime | None = None,
) -> Feed:
    rhythm = None if per_day is None else Rhythm(per_day, window, 30, NOW, NOW - 30 * DAY)
    return Feed(
        id=FeedId(number),
        url="https://wire.example/rss",
        title="The Wire",
        language=None,
        home=None,
        tags=(),
        active=True,
        added_at=NOW - 30 * DAY,
        next_check_at=NOW,
        every=every,
        succeeded_at=succeeded_at,
        etag=etag,
        interval=interval,
        matches=matches,
        failures=failures,
        pushed_until=pushed_until,
        polling=Polling(rhythm=rhythm, hints=hints or Hints(), distrusts_304=distrusts_304),
    )


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param(feed(24), HOUR, id="one new entry an hour"),
        pytest.param(feed(6), 4 * HOUR, id="one in four hours"),
        pytest.param(feed(1000), SHORTEST, id="more than the shortest wait allows for"),
        pytest.param(feed(0.1), LONGEST, id="one in ten days"),
        pytest.param(feed(0), LONGEST, id="none at all"),
        pytest.param(feed(None), UNKNOWN, id="never read"),
        pytest.param(feed(2, window=6 * HOUR), 2 * HOUR, id="a window that a burst might push everything out of"),
        pytest.param(feed(24, window=HOUR), 20 * MINUTE, id="a narrow window"),
        pytest.param(feed(24, window=timedelta(seconds=9)), SHORTEST, id="a window of seconds"),
        pytest.param(feed(24, matches=7), 30 * MINUTE, id="a match a day: twice as often"),
        pytest.param(feed(24, matches=500), 30 * MINUTE, id="many matches: no more than that"),
        pytest.param(feed(1000, matches=500), SHORTEST, id="many matches: never below the shortest wait"),
        pytest.param(feed(24, every=5 * MINUTE), 5 * MINUTE, id="the operator's word"),
        pytest.param(feed(24, every=3 * DAY), 3 * DAY, id="the operator's slow word"),
        pytest.param(feed(24, hints=Hints(ttl=3 * HOUR)), 3 * HOUR, id="ttl"),
        pytest.param(feed(24, hints=Hints(update_every=5 * HOUR)), 5 * HOUR, id="sy:update"),
        pytest.param(feed(24, every=5 * MINUTE, hints=Hints(ttl=HOUR)), HOUR, id="ttl against the operator"),
        pytest.param(feed(24, matches=70, hints=Hints(ttl=HOUR)), HOUR, id="ttl against matches"),
        pytest.param(feed(24, hints=Hints(ttl=300 * DAY)), LONGEST, id="an absurd ttl"),
        pytest.param(feed(24, pushed_until=NOW + DAY), LONGEST, id="a hub pushes"),
        pytest.param(feed(24, pushed_until=NOW), HOUR, id="a hub pushed until now"),
        pytest.param(feed(24, etag=None), LONGEST, id="no validators"),
        pytest.param(feed(24, etag=None, window=12 * HOUR), 4 * HOUR, id="no validators, entries soon gone"),
        pytest.param(feed(24, etag=None, hints=Hints(ttl=2 * HOUR)), 2 * HOUR, id="no validators, a ttl"),
        pytest.param(feed(24, etag=None, every=HOUR), HOUR, id="no validators, the operator's word"),
        pytest.param(feed(24, distrusts_304=True), LONGEST, id="validators that are not believed"),
    ],
)
def test_the_interval_follows_the_feeds_rhythm_the_publishers_wishes_and_the_operators_word(
    given: Feed, expected: timedelta
) -> None:
    assert interval_of(given, NOW) == expected


def test_the_answers_freshness_is_a_floor_of_at_most_a_day() -> None:
    assert interval_of(feed(24), NOW, fresh_for=2 * HOUR) == 2 * HOUR
    assert interval_of(feed(24), NOW, fresh_for=timedelta(seconds=60)) == HOUR
    assert interval_of(feed(24), NOW, fresh_for=timedelta(days=365)) == LONGEST


def test_freshness_tells_how_often_a_feed_without_validators_may_be_asked() -> None:
    assert interval_of(feed(24, etag=None), NOW, fresh_for=5 * MINUTE) == HOUR


def test_the_shortest_wait_is_the_operators_to_set() -> None:
    assert interval_of(feed(10_000), NOW, shortest=MINUTE) == MINUTE
    assert interval_of(feed(10_000), NOW, shortest=timedelta(days=2)) == timedelta(days=2)


def test_a_floor_is_the_longest_wish_and_nothing_where_there_is_none() -> None:
    assert floor_of(Hints(), None) == timedelta()
    assert floor_of(Hints(ttl=HOUR, update_every=3 * HOUR), 2 * HOUR) == 3 * HOUR


def wait(given: Feed, interval: timedelta, *, floor: timedelta = timedelta(), at: datetime = NOW) -> timedelta:
    return next_check_at(given, at, interval, shortest=SHORTEST, floor=floor) - at


def test_a_wait_varies_by_a_tenth_either_way_from_feed_to_feed() -> None:
    waits = [wait(feed(number=number), HOUR) for number in range(200)]
    assert HOUR * 0.9 <= min(waits) < HOUR * 0.92
    assert HOUR * 1.08 < max(waits) <= HOUR * 1.1
    assert len(set(waits)) == 200


def test_the_same_poll_always_gives_the_same_answer() -> None:
    assert wait(feed(number=7), HOUR) == wait(feed(number=7), HOUR)


@pytest.mark.parametrize(
    ("given", "interval", "floor", "least"),
    [
        pytest.param(feed(), 2 * HOUR, 2 * HOUR, 2 * HOUR, id="what the publisher asks for"),
        pytest.param(feed(), SHORTEST, timedelta(), SHORTEST, id="the shortest wait"),
        pytest.param(feed(etag=None), LONGEST, timedelta(), LONGEST, id="once a day without validators"),
        pytest.param(feed(every=5 * MINUTE), 5 * MINUTE, timedelta(), 5 * MINUTE, id="the operator's word"),
    ],
)
def test_a_wait_is_never_shorter_than_it_must_be(
    given: Feed, interval: timedelta, floor: timedelta, least: timedelta
) -> None:
    waits = [wait(replace(given, id=FeedId(number)), interval, floor=floor) for number in range(100)]
    assert least <= min(waits)
    assert max(waits) <= interval * 1.1
    assert len(set(waits)) > 40  # feeds held back together do not come back together


def failed(
    kind: ProblemKind = ProblemKind.TIMEOUT,
    failures: int = 1,
    *,
    number: int = 1,
    retry_at: datetime | None = None,
    interval: timedelta | None = HOUR,
    every: timedelta | None = None,
    succeeded_at: datetime | None = NOW,
) -> timedelta:
    given = feed(number=number, failures=failures, interval=interval, every=every, succeeded_at=succeeded_at)
    return check_after_problem(given, Problem(kind, "no", retry_at), NOW, shortest=SHORTEST) - NOW


@pytest.mark.parametrize(
    ("failures", "usual"),
    [
        (1, 2 * HOUR),
        (2, 4 * HOUR),
        (4, 16 * HOUR),
        (5, DAY),
        (30, DAY),
        (31, 2 * DAY),
        (33, 8 * DAY),
        (35, 30 * DAY),
        (10**6, 30 * DAY),
    ],
)
def test_each_failure_doubles_the_wait_up_to_a_day_and_after_thirty_up_to_thirty_days(
    failures: int, usual: timedelta
) -> None:
    assert usual * 0.9 <= failed(failures=failures) <= usual * 1.1


@pytest.mark.parametrize("kind", [ProblemKind.GONE, ProblemKind.NOT_A_FEED, ProblemKind.BLOCKED])
def test_what_cannot_be_read_today_is_asked_once_a_day(kind: ProblemKind) -> None:
    assert DAY * 0.9 <= failed(kind) <= DAY * 1.1
    assert DAY * 0.9 <= failed(kind, 500) <= DAY * 1.1


def test_too_many_requests_without_a_time_doubles_the_wait_and_adds_up_to_an_hour() -> None:
    waits = [failed(ProblemKind.RATE_LIMITED, number=number) for number in range(200)]
    assert 2 * HOUR * 0.9 <= min(waits) < 2.2 * HOUR
    assert 2.8 * HOUR < max(waits) <= 3.2 * HOUR


@pytest.mark.parametrize(("asked", "floor"), [(5 * HOUR, 5 * HOUR), (500 * HOUR, DAY)])
def test_retry_after_is_a_floor_of_at_most_a_day_and_feeds_come_back_spread(asked: timedelta, floor: timedelta) -> None:
    waits = {failed(ProblemKind.RATE_LIMITED, number=number, retry_at=NOW + asked) for number in range(100)}
    assert min(waits) >= floor
    assert max(waits) <= floor + HOUR * 0.1
    assert len(waits) == 100


def test_a_retry_after_in_the_past_does_not_shorten_the_wait() -> None:
    assert failed(ProblemKind.HTTP, retry_at=NOW - DAY) == failed(ProblemKind.HTTP)


def test_a_feed_that_was_never_read_is_soon_tried_again() -> None:
    assert 2 * SHORTEST * 0.9 <= failed(interval=None, succeeded_at=None) <= 2 * SHORTEST * 1.1
    assert 2 * HOUR * 0.9 <= failed(interval=None) <= 2 * HOUR * 1.1


def test_an_interval_of_days_is_not_shortened_by_a_failure() -> None:
    assert failed(failures=3, every=3 * DAY) >= 3 * DAY * 0.9


@pytest.mark.parametrize(
    ("due", "hints", "expected"),
    [
        (NOW, Hints(), NOW),
        (NOW, Hints(skip_hours=(11, 13)), NOW),
        (NOW + 20 * MINUTE, Hints(skip_hours=(12,)), NOW + HOUR),
        (NOW, Hints(skip_hours=(12, 13, 14)), NOW + 3 * HOUR),
        (NOW.replace(hour=22), Hints(skip_hours=(22, 23)), NOW.replace(day=11, hour=0)),
        (NOW, Hints(skip_days=(2,)), NOW.replace(day=11, hour=0)),
        (NOW.replace(day=14), Hints(skip_days=(6, 7), skip_hours=(0, 1)), NOW.replace(day=16, hour=2)),
        (NOW, Hints(skip_hours=tuple(range(24))), NOW),
        (NOW, Hints(skip_days=(1, 2, 3, 4, 5, 6, 7)), NOW),
    ],
    ids=["none", "others", "one hour", "three", "over midnight", "a day", "a weekend and two hours", "all", "all days"],
)
def test_checks_move_out_of_skipped_hours_and_days_unless_these_leave_nothing(
    due: datetime, hints: Hints, expected: datetime
) -> None:
    assert out_of_skipped(due, hints, timedelta()) == expected


def test_feeds_that_moved_out_of_an_hour_do_not_come_together_in_the_next() -> None:
    skipping = Hints(skip_hours=(13,))
    due = [
        next_check_at(feed(number=number, hints=skipping), NOW, HOUR * 1.3, shortest=SHORTEST, floor=timedelta())
        for number in range(50)
    ]
    assert {at.hour for at in due} == {14}
    assert len(set(due)) == 50


def test_feeds_of_a_held_host_come_back_over_a_quarter_of_their_interval() -> None:
    due = [check_after_hold(FeedId(number), NOW, 4 * HOUR) for number in range(200)]
    assert NOW <= min(due) < NOW + 2 * MINUTE
    assert NOW + 58 * MINUTE < max(due) <= NOW + HOUR


def test_new_feeds_are_spread_over_the_given_time() -> None:
    first = [first_check_at(f"https://wire.example/{number}", NOW, HOUR) for number in range(1000)]
    assert all(NOW <= due < NOW + HOUR for due in first)
    assert 400 < sum(due < NOW + HOUR / 2 for due in first) < 600
