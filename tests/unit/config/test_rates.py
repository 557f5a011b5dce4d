"""Rates, quiet hours and numbers of outlets as a watchlist writes them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tocsin.config.rates import outlets, quiet_hours, rate
from tocsin.config.wording import Suggestions, UnknownWord
from tocsin.models.watchlist import QuietHours, Rate


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1/minute", Rate(1, timedelta(minutes=1))),
        ("3/hour", Rate(3, timedelta(hours=1))),
        (" 20/day ", Rate(20, timedelta(days=1))),
        ("1000/day", Rate(1000, timedelta(days=1))),
    ],
)
def test_a_number_and_a_period_are_a_rate(text: str, expected: Rate) -> None:
    assert rate(text) == expected


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("3", "write what it counts in too: 3/minute, 3/hour, 3/day"),
        ("3/h", "write '3/hour'"),
        ("3/hours", "write '3/hour'"),
        ("3/Hour", "write '3/hour'"),
        ("3 / hour", "write '3/hour'"),
        ("3 per hour", "write '3/hour'"),
        ("3 an hour", "write '3/hour'"),
        ("20 a day", "write '20/day'"),
        ("3 hourly", "write '3/hour'"),
        ("seldom", "write a number, a slash and minute, hour or day, such as 3/hour"),
        ("-3/hour", "write a number, a slash and minute, hour or day, such as 3/hour"),
        ("0/hour", "write a number from 1 to 1000, such as 3/hour"),
        ("1001/hour", "write a number from 1 to 1000, such as 3/hour"),
        ("3/hour; DROP", "write a number, a slash and minute, hour or day, such as 3/hour"),
    ],
)
def test_what_is_no_rate_is_told_with_the_one_that_is_meant(text: str, remedy: str) -> None:
    with pytest.raises(ValueError, match=f"; {re.escape(remedy)}$"):
        rate(text)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("3/huor", "unknown period 'huor'; did you mean 'hour'?"),
        ("3/week", "unknown period 'week'; write minute, hour or day, such as 3/hour"),
    ],
)
def test_an_unknown_period_is_told_with_the_nearest_one(text: str, fault: str) -> None:
    with pytest.raises(UnknownWord) as raised:
        rate(text)

    assert Suggestions().complete(raised.value) == fault


@pytest.mark.parametrize(
    ("text", "expected"),
    [("22:00-07:00", QuietHours("22:00", "07:00")), ("13:30-14:00", QuietHours("13:30", "14:00"))],
)
def test_two_times_with_a_hyphen_are_quiet_hours(text: str, expected: QuietHours) -> None:
    assert quiet_hours(text) == expected


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("22-7", "write '22:00-07:00'"),
        ("22:00 - 07:00", "write '22:00-07:00'"),
        ("22:00\u201307:00", "write '22:00-07:00'"),
        ("9:30 to 18:00", "write '09:30-18:00'"),
        ("25:00-07:00", "write '22:00-07:00'"),
        ("night", "write '22:00-07:00'"),
        ("22:00-22:00", "write two different times"),
    ],
)
def test_what_are_no_quiet_hours_is_told_with_those_that_are_meant(text: str, remedy: str) -> None:
    with pytest.raises(ValueError, match=f"; {re.escape(remedy)}$"):
        quiet_hours(text)


@pytest.mark.parametrize("check", [rate, quiet_hours, outlets])
@pytest.mark.parametrize("nothing", [None, "", "  ", True, [], {}])
def test_nothing_is_told_as_missing(check: object, nothing: object) -> None:
    assert callable(check)
    with pytest.raises(ValueError, match="missing here; write"):
        check(nothing)


def test_a_number_of_outlets_is_from_one_to_a_thousand() -> None:
    assert (outlets("1"), outlets("1000")) == (1, 1000)


@pytest.mark.parametrize("text", ["0", "1001", "-1", "2.5", "five"])
def test_what_is_no_number_of_outlets_is_told(text: str) -> None:
    with pytest.raises(ValueError, match=f"'{text}' is no number of outlets; write one from 1 to 1000"):
        outlets(text)
