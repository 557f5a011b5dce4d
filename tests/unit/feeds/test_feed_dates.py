from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tocsin.feeds.dates import clamp_published, date_of, published_at

SEEN = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
NUMBERS = (2017, 9, 5, 12, 0, 0, 1, 248, 0)


def test_a_date_that_can_be_true_is_taken() -> None:
    assert published_at("Tue, 05 Sep 2017 14:00:00 +0200", NUMBERS) == datetime(2017, 9, 5, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("raw", "numbers"),
    [
        ("", None),
        ("yesterday", None),
        ("Tue, 05 Sep 2017 12:00:00 +9999", NUMBERS),
        ("10000-01-01T00:00:00Z", NUMBERS),
        ("-0001-01-01T00:00:00Z", NUMBERS),
        ("1504612800", NUMBERS),
        ("1970-01-01", (1970, 1, 1, 0, 0, 0, 3, 1, 0)),
        ("9999-01-01", (9999, 1, 1, 0, 0, 0, 4, 1, 0)),
        ("2016-12-31T23:59:60Z", (2016, 12, 31, 23, 59, 60, 5, 366, 0)),
        ("0000-00-00", (0, 0, 0, 0, 0, 0, 0, 0, 0)),
    ],
)
def test_a_date_that_cannot_be_true_is_none(raw: str, numbers: tuple[int, ...] | None) -> None:
    assert published_at(raw, numbers) is None


@pytest.mark.parametrize(
    ("raw", "date"),
    [
        ("Tue, 05 Sep 2017 14:00:00 +0200", datetime(2017, 9, 5, 12, 0, tzinfo=UTC)),
        (" 5 Sep 2017 14:00:00 GMT\n", datetime(2017, 9, 5, 14, 0, tzinfo=UTC)),
        ("2017-09-05T14:00:00.1234567-03:30", datetime(2017, 9, 5, 17, 30, tzinfo=UTC)),
        ("2017-09-05T14:00:00.123456", datetime(2017, 9, 5, 14, 0, tzinfo=UTC)),
        ("20170905", datetime(2017, 9, 5, tzinfo=UTC)),
        ("Sept 5 2017", datetime(2017, 9, 5, tzinfo=UTC)),
        ("Tue, 31 Feb 2017 14:00:00 GMT", None),
        ("Tue, 05 Sep 2017 25:00:00 GMT", None),
        ("Tue, 05 Sep 2017 14:00:00 +1900", None),
        ("Sat, 01 Jan 1970 00:00:00 GMT", None),
        ("9999-12-31T23:59:59-14:00", None),
        ("", None),
    ],
)
def test_dates_are_read_as_feeds_write_them(raw: str, date: datetime | None) -> None:
    assert date_of(raw) == date


def test_sorting_dates_never_lie_after_the_first_sight() -> None:
    yesterday = SEEN - timedelta(days=1)
    assert clamp_published(yesterday, SEEN) == yesterday
    assert clamp_published(SEEN + timedelta(seconds=1), SEEN) == SEEN
    assert clamp_published(None, SEEN) == SEEN
    assert clamp_published(datetime(1989, 12, 31, tzinfo=UTC), SEEN) == SEEN
