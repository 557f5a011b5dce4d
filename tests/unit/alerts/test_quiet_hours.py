"""Quiet hours: when they end, over midnight and over the nights on which clocks change."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tocsin.alerts.quiet import quiet_until
from tocsin.models.watchlist import QuietHours

NIGHT, NOON = QuietHours("22:00", "07:00"), QuietHours("12:00", "13:30")
BERLIN = "Europe/Berlin"


def utc(text: str) -> datetime:
    """Read a time such as ``2017-09-05 20:00``."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "zone", "at", "until"),
    [
        pytest.param(NIGHT, BERLIN, "2017-09-05 19:59:59", None, id="just-before"),
        pytest.param(NIGHT, BERLIN, "2017-09-05 20:00", "2017-09-06 05:00", id="begins-sharp"),
        pytest.param(NIGHT, BERLIN, "2017-09-06 04:59:59", "2017-09-06 05:00", id="just-before-the-end"),
        pytest.param(NIGHT, BERLIN, "2017-09-06 05:00", None, id="ends-sharp"),
        pytest.param(NOON, BERLIN, "2017-09-05 10:30", "2017-09-05 11:30", id="within-a-day"),
        pytest.param(NOON, BERLIN, "2017-09-05 11:30", None, id="after-noon"),
        pytest.param(NIGHT, "Asia/Kathmandu", "2017-09-05 17:00", "2017-09-06 01:15", id="odd-zone"),
        pytest.param(QuietHours("22:00", "00:00"), "UTC", "2017-09-05 23:59", "2017-09-06 00:00", id="to-midnight"),
        pytest.param(NIGHT, BERLIN, "2026-03-28 23:00", "2026-03-29 05:00", id="spring-night-is-short"),
        pytest.param(NIGHT, BERLIN, "2026-10-24 23:00", "2026-10-25 06:00", id="autumn-night-is-long"),
    ],
)
def test_quiet_hours_last_until_their_end_in_the_zone(hours: QuietHours, zone: str, at: str, until: str | None) -> None:
    assert quiet_until(hours, zone, utc(at)) == (utc(until) if until else None)


def test_an_end_that_the_spring_night_leaves_out_is_when_clocks_go_on() -> None:
    hours = QuietHours("22:00", "02:30")
    assert quiet_until(hours, BERLIN, utc("2026-03-29 00:59")) == utc("2026-03-29 01:00")
    assert quiet_until(hours, BERLIN, utc("2026-03-29 01:00")) is None


def test_a_start_that_the_spring_night_leaves_out_is_when_clocks_go_on() -> None:
    hours = QuietHours("02:30", "07:00")
    assert quiet_until(hours, BERLIN, utc("2026-03-29 00:59")) is None
    assert quiet_until(hours, BERLIN, utc("2026-03-29 01:00")) == utc("2026-03-29 05:00")


def test_an_end_that_the_autumn_night_shows_twice_is_the_second() -> None:
    hours = QuietHours("22:00", "02:30")
    assert quiet_until(hours, BERLIN, utc("2026-10-25 00:30")) == utc("2026-10-25 01:30")
    assert quiet_until(hours, BERLIN, utc("2026-10-25 01:30")) is None


def test_a_start_that_the_autumn_night_shows_twice_is_the_first() -> None:
    hours = QuietHours("02:30", "07:00")
    assert quiet_until(hours, BERLIN, utc("2026-10-25 00:29")) is None
    assert quiet_until(hours, BERLIN, utc("2026-10-25 00:30")) == utc("2026-10-25 06:00")


def test_a_night_from_which_a_zone_leaves_out_a_day_goes_on_after_it() -> None:
    # Samoa went from 29 December to 31 December 2011 at midnight.
    assert quiet_until(NIGHT, "Pacific/Apia", utc("2011-12-30 09:00")) == utc("2011-12-30 17:00")
    assert quiet_until(NIGHT, "Pacific/Apia", utc("2011-12-30 17:00")) is None
