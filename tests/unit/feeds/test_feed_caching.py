from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tocsin.feeds.caching import Wish, freshness, retry_after, used_up, validator

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(hours=24)


@pytest.mark.parametrize(
    ("fields", "seconds"),
    [
        ({"cache-control": "max-age=7200"}, 7200),
        ({"cache-control": "public, Max-Age = 60, must-revalidate"}, 60),
        ({"cache-control": 'max-age="60"'}, 60),
        ({"cache-control": "max-age=31536000"}, 86400),
        ({"cache-control": "max-age=600", "age": "100"}, 500),
        ({"cache-control": "max-age=600", "age": "1000"}, 0),
        ({"cache-control": "max-age=600", "age": "old"}, 600),
        ({"cache-control": "s-maxage=600"}, None),
        ({"cache-control": "max-age=-1"}, None),
        ({"cache-control": "no-store, max-age=600"}, None),
        ({"cache-control": "no-cache", "expires": "Tue, 10 Mar 2026 13:00:00 GMT"}, None),
        ({"expires": "Tue, 10 Mar 2026 13:00:00 GMT"}, 3600),
        ({"expires": "Tue, 10 Mar 2026 13:00:00 GMT", "date": "Tue, 10 Mar 2026 12:30:00 GMT"}, 1800),
        ({"expires": "Tue, 10 Mar 2026 13:00:00 GMT", "age": "600"}, 3000),
        ({"expires": "Tue, 10 Mar 2026 13:00:00 GMT", "cache-control": "max-age=60"}, 60),
        ({"expires": "Fri, 31 Dec 9999 23:59:59 GMT"}, 86400),
        ({"expires": "Mon, 09 Mar 2026 13:00:00 GMT"}, None),
        ({"expires": "0"}, None),
        ({"expires": "-1"}, None),
        ({"expires": "soon"}, None),
        ({}, None),
    ],
)
def test_freshness_is_read_less_age_and_clamped_to_a_day(fields: dict[str, str], seconds: int | None) -> None:
    assert freshness(fields, NOW) == seconds


@pytest.mark.parametrize(
    ("value", "wish"),
    [
        ("3600", Wish(NOW + HOUR)),
        ("0", Wish(NOW)),
        ("Tue, 10 Mar 2026 13:00:00 GMT", Wish(NOW + HOUR)),
        ("317100", Wish(NOW + DAY, is_cut=True)),
        ("9" * 400, Wish(NOW + DAY, is_cut=True)),
        ("Fri, 31 Dec 9999 23:59:59 GMT", Wish(NOW + DAY, is_cut=True)),
        ("Mon, 09 Mar 2026 13:00:00 GMT", Wish(NOW)),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("\u0661\u0662", None),
    ],
)
def test_retry_after_is_read_in_both_forms_and_clamped(value: str, wish: Wish | None) -> None:
    assert retry_after({"retry-after": value}, NOW) == wish


def test_no_retry_after_is_no_wish() -> None:
    assert retry_after({}, NOW) is None


@pytest.mark.parametrize(
    ("fields", "wish"),
    [
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "60"}, Wish(NOW + timedelta(seconds=60))),
        ({"x-ratelimit-remaining": "0.0", "x-ratelimit-reset": "59.5"}, Wish(NOW + timedelta(seconds=59.5))),
        (
            {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int((NOW + HOUR).timestamp()))},
            Wish(NOW + HOUR),
        ),
        ({"ratelimit-remaining": "0", "ratelimit-reset": "60"}, Wish(NOW + timedelta(seconds=60))),
        ({"ratelimit": "limit=100, remaining=0, reset=60"}, Wish(NOW + timedelta(seconds=60))),
        ({"ratelimit": '"default";r=0;t=60'}, Wish(NOW + timedelta(seconds=60))),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "999999"}, Wish(NOW + DAY, is_cut=True)),
        ({"x-ratelimit-remaining": "1", "x-ratelimit-reset": "60"}, None),
        ({"x-ratelimit-remaining": "0"}, None),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "-1"}, None),
        ({"x-ratelimit-remaining": "none", "x-ratelimit-reset": "60"}, None),
        ({"ratelimit": '"default";r=5;t=60'}, None),
        ({}, None),
    ],
)
def test_a_used_up_rate_limit_is_read_in_its_dialects(fields: dict[str, str], wish: Wish | None) -> None:
    assert used_up(fields, NOW) == wish


@pytest.mark.parametrize("value", ['"abc"', 'W/"abc-1"', "no-quotes", "yesterday", "\xe4\xff"])
def test_a_validator_is_kept_as_it_came(value: str) -> None:
    assert validator(value) == value


@pytest.mark.parametrize("value", [None, "", "a\rb", "a\nX-Evil: 1", "a\x00b", "x" * 1025, "\u0142"])
def test_what_cannot_be_sent_back_is_no_validator(value: str | None) -> None:
    assert validator(value) is None
