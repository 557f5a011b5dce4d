from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from tocsin.delivery.retry import LONGEST_WISH, MAX_ATTEMPTS, next_attempt, rest

NOW = datetime(2026, 9, 6, 12, tzinfo=UTC)


def waits(key: str = "") -> list[timedelta]:
    times = [next_attempt(attempts, NOW, key=key) for attempts in range(1, MAX_ATTEMPTS)]
    return [at - NOW for at in times if at is not None]


def test_waits_grow_from_a_minute_to_a_day_with_at_most_a_tenth_added() -> None:
    planned = [1, 5, 15, 30, 60, 120, 240, 480, 960, 1440, 1440]
    assert len(waits()) == len(planned)
    for wait, minutes in zip(waits(), planned, strict=True):
        assert timedelta(minutes=minutes) <= wait <= timedelta(minutes=minutes * 1.1)
    assert all(longer > shorter for shorter, longer in pairwise(waits()[:10]))


def test_after_the_last_attempt_there_is_none() -> None:
    assert [next_attempt(attempts, NOW) for attempts in (MAX_ATTEMPTS, MAX_ATTEMPTS + 5)] == [None, None]


def test_messages_return_apart_but_each_always_at_the_same_time() -> None:
    assert waits("digest:1") == waits("digest:1")
    assert len({tuple(waits(f"digest:{number}")) for number in range(100)}) == 100


def test_no_attempt_falls_into_the_rest_of_its_channel() -> None:
    end = NOW + timedelta(minutes=20)
    assert next_attempt(1, NOW, not_before=end) == end
    assert next_attempt(5, NOW, not_before=end) == next_attempt(5, NOW)
    assert next_attempt(MAX_ATTEMPTS, NOW, not_before=end) is None


def test_a_channel_rests_longer_with_each_failure_up_to_a_quarter_of_an_hour() -> None:
    assert [rest(failures) / timedelta(minutes=1) for failures in (1, 2, 3, 4, 5, 6, 10_000)] == [
        1,
        2,
        4,
        8,
        15,
        15,
        15,
    ]


def test_a_channel_that_asks_for_it_rests_longer_but_no_longer_than_a_day() -> None:
    hour = timedelta(hours=1)
    assert (rest(1, wish=hour), rest(5, wish=timedelta(seconds=1))) == (hour, timedelta(minutes=15))
    assert rest(1, wish=timedelta(days=40)) == LONGEST_WISH
