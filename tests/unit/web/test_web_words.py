from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from records import NOW
from tocsin.store.processes import Heartbeat
from tocsin_web.banners import SchedulerState, scheduler_state
from tocsin_web.commands import coded
from tocsin_web.times import Clock

CLOCK = Clock(NOW)


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (datetime(2026, 1, 1, tzinfo=UTC), "Thu 1 Jan, 00:00"),
        (datetime(2025, 12, 31, 23, 59, tzinfo=UTC), "Wed 31 Dec 2025, 23:59"),
        (datetime.fromisoformat("2026-01-01T00:30+02:00"), "Wed 31 Dec 2025, 22:30"),
    ],
)
def test_a_time_is_told_in_utc_with_its_year_where_it_is_another(at: datetime, words: str) -> None:
    assert CLOCK.words(at) == words


@pytest.mark.parametrize(
    ("later", "words"),
    [
        (timedelta(seconds=20), "now"),
        (timedelta(seconds=-29), "now"),
        (timedelta(minutes=20), "in 20 minutes"),
        (timedelta(hours=-72), "3 days ago"),
    ],
)
def test_a_distance_is_told_as_a_person_would(later: timedelta, words: str) -> None:
    assert CLOCK.ago(NOW + later) == words


def test_commands_in_a_message_become_code_and_all_else_is_escaped() -> None:
    assert coded("<b> run `a <b>` or `ب` ` now") == (
        "&lt;b&gt; run <code>a &lt;b&gt;</code> or <code><bdi>ب</bdi></code> ` now"
    )


def test_any_scheduler_that_was_seen_within_a_minute_is_enough() -> None:
    def seen(name: str, seconds: int) -> Heartbeat:
        return Heartbeat(name, NOW - timedelta(seconds=seconds), "0123456789ab", None)

    beats = [seen("scheduler@one", 500), seen("scheduler@two", 60), seen("web", 1)]
    assert scheduler_state(beats, NOW) == SchedulerState(NOW - timedelta(seconds=60), silent=False)
    assert scheduler_state([seen("scheduler", 61)], NOW) == SchedulerState(NOW - timedelta(seconds=61), silent=True)
    assert scheduler_state([seen("web", 1)], NOW) == SchedulerState(None, silent=True)
