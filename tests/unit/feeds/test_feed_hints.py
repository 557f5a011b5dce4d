from __future__ import annotations

from datetime import timedelta

import pytest

from tocsin.feeds.hints import hints_of
from tocsin.models.feeds import Hints


@pytest.mark.parametrize(
    ("text", "ttl"),
    [
        ("60", timedelta(hours=1)),
        (" 180\n", timedelta(hours=3)),
        ("0.5", timedelta(minutes=1)),
        ("0", None),
        ("-5", None),
        ("", None),
        ("an hour", None),
        ("999999999", timedelta(days=366)),
        ("1e9", None),
    ],
)
def test_a_ttl_is_minutes_within_reason(text: str, ttl: timedelta | None) -> None:
    assert hints_of({"ttl": text}).ttl == ttl


@pytest.mark.parametrize(
    ("period", "frequency", "every"),
    [
        ("hourly", "1", timedelta(hours=1)),
        ("daily", "24", timedelta(hours=1)),
        (" Weekly ", None, timedelta(weeks=1)),
        ("dayly", "", timedelta(days=1)),
        ("minutely", "100", timedelta(minutes=1)),
        ("daily", "0.1", timedelta(days=10)),
        ("daily", "0", timedelta(days=1)),
        ("daily", "often", timedelta(days=1)),
        ("yearly", "0.000001", timedelta(days=366)),
        ("always", "1", None),
        ("", "4", None),
    ],
)
def test_a_period_and_a_frequency_make_an_interval(period: str, frequency: str | None, every: timedelta | None) -> None:
    said = {"update period": period} | ({} if frequency is None else {"update frequency": frequency})
    assert hints_of(said).update_every == every


@pytest.mark.parametrize(
    ("markup", "hours"),
    [
        ("<hour>0</hour><hour> 23 </hour>", (0, 23)),
        ("<hour>24</hour><hour>7</hour><hour>07</hour>", (0, 7)),
        ("<hour>25</hour><hour>-1</hour><hour>noon</hour>", ()),
        ("".join(f"<hour>{hour}</hour>" for hour in range(24)), ()),
    ],
)
def test_hours_to_skip_are_those_of_a_day_and_never_all(markup: str, hours: tuple[int, ...]) -> None:
    assert hints_of({"skip hours": markup}).skip_hours == hours


@pytest.mark.parametrize(
    ("markup", "days"),
    [
        ("<day>Sunday</day><day>monday</day>", (1, 7)),
        ("<day>Caturday</day>", ()),
        (
            "".join(
                f"<day>{day}</day>"
                for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
            ),
            (),
        ),
    ],
)
def test_days_to_skip_are_named_in_english_and_never_all(markup: str, days: tuple[int, ...]) -> None:
    assert hints_of({"skip days": markup}).skip_days == days


def test_a_feed_that_says_nothing_hints_at_nothing() -> None:
    assert hints_of({}) == Hints()
