"""Rates that all processes keep together, on a real Valkey."""

from __future__ import annotations

from datetime import timedelta

import pytest
import redis

from tocsin.errors import QueueError
from tocsin.models.watchlist import Rate
from tocsin.throttle import Allowance, Throttle

HOUR = timedelta(hours=1)
TWO_AN_HOUR = Rate(2, HOUR)


def no_redis() -> redis.Redis:
    raise QueueError("Redis does not answer")


def test_two_processes_count_together(valkey: redis.Redis) -> None:
    one, other = Throttle(lambda: valkey, "mail"), Throttle(lambda: valkey, "mail")
    here = [Allowance(TWO_AN_HOUR, "example.org")]
    assert [one.take(here), other.take(here)] == [None, None]
    wait = one.take(here)
    assert wait is not None
    assert timedelta() < wait <= HOUR


def test_each_key_and_each_prefix_has_its_own(valkey: redis.Redis) -> None:
    mails = Throttle(lambda: valkey, "mail")
    for key in ("a.example", "b.example"):
        assert [mails.take([Allowance(Rate(1, HOUR), key)]) is None for _ in range(2)] == [True, False]
    assert Throttle(lambda: valkey, "signup").take([Allowance(Rate(1, HOUR), "a.example")]) is None


def test_nothing_is_taken_where_one_of_several_has_none_left(valkey: redis.Redis) -> None:
    throttle = Throttle(lambda: valkey, "signup")
    of_all, of_one = Allowance(TWO_AN_HOUR, "all"), Allowance(Rate(1, HOUR), "one")
    assert throttle.take([of_all, of_one]) is None
    assert throttle.take([of_all, of_one]) is not None
    assert throttle.take([of_all]) is None
    assert throttle.take([of_all]) is not None


def test_without_redis_each_process_counts_for_itself() -> None:
    one, other = Throttle(no_redis, "mail"), Throttle(no_redis, "mail")
    here = [Allowance(Rate(1, HOUR), "example.org")]
    assert [throttle.take(here) is None for throttle in (one, one, other)] == [True, False, True]


def test_a_redis_that_is_lost_on_the_way_refuses_nobody(valkey: redis.Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    throttle = Throttle(lambda: valkey, "mail")
    here = [Allowance(Rate(1, HOUR), "example.org")]
    assert throttle.take(here) is None

    def lost(*_: object, **__: object) -> None:
        raise redis.ConnectionError("connection refused")

    monkeypatch.setattr(redis.Redis, "execute_command", lost)
    assert throttle.take(here) is None
    assert throttle.take(here) is not None
