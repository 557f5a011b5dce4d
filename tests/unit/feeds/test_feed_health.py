from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from records import NOW
from tocsin.feeds.health import health_of
from tocsin.models.feeds import Feed, Polling, ProblemKind, Rhythm
from tocsin.models.health import FeedHealth, HealthState, Volume
from tocsin.models.ids import FeedId

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
RHYTHM = Rhythm(12.0, None, 20, NOW - HOUR, NOW - 90 * DAY, gaps=(2 * HOUR,))
FEED = Feed(
    id=FeedId(1),
    url="https://wire.example/rss",
    title="Example Wire",
    language=None,
    home=None,
    tags=(),
    active=True,
    added_at=NOW - 90 * DAY,
    next_check_at=NOW + HOUR,
    checked_at=NOW - HOUR,
    succeeded_at=NOW - HOUR,
    interval=HOUR,
)


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, HealthState.WELL),
        ({"checked_at": None}, HealthState.NEW),
        ({"problem": "a broken date"}, HealthState.REMARK),
        ({"polling": Polling(fetch_url="https://new.example/rss")}, HealthState.MOVED),
        ({"failures": 3, "problem": "no answer", "problem_kind": ProblemKind.TIMEOUT}, HealthState.FAILING),
        ({"failures": 1, "problem": "no answer"}, HealthState.FAILING),
        ({"failures": 1, "problem_kind": ProblemKind.BLOCKED}, HealthState.BLOCKED),
        ({"failures": 1, "problem_kind": ProblemKind.NOT_A_FEED}, HealthState.NOT_A_FEED),
        ({"failures": 1, "problem_kind": ProblemKind.GONE}, HealthState.FAILING),
        ({"failures": 1, "problem_kind": ProblemKind.RATE_LIMITED}, HealthState.WAITING),
        ({"silent_since": NOW - 3 * DAY}, HealthState.SILENT),
        ({"stopped_at": NOW - DAY, "failures": 2, "problem_kind": ProblemKind.GONE}, HealthState.STOPPED),
    ],
    ids=lambda value: value.value if isinstance(value, HealthState) else ",".join(value) or "as it is",
)
def test_the_state_is_judged_by_what_the_row_says(changes: dict[str, Any], state: HealthState) -> None:
    assert health_of(replace(FEED, **changes), NOW).state is state


def test_a_silent_feed_that_fails_is_told_as_failing_and_one_whose_host_waits_as_silent() -> None:
    silent = replace(FEED, silent_since=NOW - DAY)
    assert health_of(replace(silent, failures=1), NOW).state is HealthState.FAILING
    assert health_of(silent, NOW, host_wait_until=NOW + HOUR).state is HealthState.SILENT


def test_a_feed_whose_host_wants_to_be_left_alone_waits_until_then_and_not_longer() -> None:
    assert health_of(FEED, NOW, host_wait_until=NOW + 5 * HOUR) == FeedHealth(
        HealthState.WAITING, until=NOW + 5 * HOUR, every=HOUR
    )
    assert health_of(FEED, NOW, host_wait_until=NOW).state is HealthState.WELL


def test_a_state_begins_with_the_last_success_the_last_news_or_the_stop() -> None:
    found = [
        health_of(replace(FEED, failures=2), NOW),
        health_of(replace(FEED, silent_since=NOW - 3 * DAY), NOW),
        health_of(replace(FEED, stopped_at=NOW - 2 * DAY), NOW),
        health_of(FEED, NOW),
    ]
    assert [health.since for health in found] == [NOW - HOUR, NOW - 3 * DAY, NOW - 2 * DAY, None]


def test_what_is_usual_comes_from_the_weeks_before_and_until_there_are_two_from_the_rhythm() -> None:
    known = replace(FEED, polling=Polling(rhythm=RHYTHM))
    found = [
        health_of(known, NOW, Volume((4,) * 28)),
        health_of(known, NOW, Volume((4,) * 20)),
        health_of(replace(known, polling=Polling(rhythm=replace(RHYTHM, gaps=()))), NOW),
    ]
    assert [health.per_day for health in found] == [4.0, 12.0, None]


def test_the_operators_own_interval_is_told_before_that_of_the_last_poll() -> None:
    assert health_of(replace(FEED, every=3 * HOUR), NOW).every == 3 * HOUR


@pytest.mark.parametrize(
    "missing", [{"failures": 40, "succeeded_at": NOW - 40 * DAY}, {"silent_since": NOW - 40 * DAY}]
)
def test_weeks_in_which_a_feed_failed_or_was_silent_do_not_say_that_it_brings_nothing(missing: dict[str, Any]) -> None:
    empty, partly = Volume((0,) * 28), Volume((*(4,) * 21, *(0,) * 7))
    known = replace(FEED, polling=Polling(rhythm=RHYTHM), **missing)
    found = [
        health_of(known, NOW, empty),
        health_of(known, NOW, partly),
        health_of(replace(FEED, **missing), NOW, empty),
    ]
    assert [health.per_day for health in found] == [12.0, 4.0, None]
    assert health_of(FEED, NOW, empty).per_day == 0.0


@pytest.mark.parametrize("state", HealthState)
def test_a_feed_is_well_or_in_trouble_or_neither_but_never_both(state: HealthState) -> None:
    assert not (state.is_well and state.is_trouble)
    assert (state.is_well or state.is_trouble) is (state not in {HealthState.WAITING, HealthState.NEW})
