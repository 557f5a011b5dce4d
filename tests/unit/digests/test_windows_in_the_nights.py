"""The nights of 2026 and 2027 on which clocks change, ticked through minute by minute: each slot comes once, and when
it should. The instants are reckoned by hand from the rules of the zones (IANA time zone data, 2026).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tocsin.digests.windows import due_window, next_slot
from tocsin.models.digests import Window
from tocsin.models.watchlist import DigestSchedule, QuietPolicy

MINUTE = timedelta(minutes=1)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]  # the parts are year to second


def schedule(*at: str, cron: str = "") -> DigestSchedule:
    return DigestSchedule(() if cron else (1, 2, 3, 4, 5, 6, 7), at, QuietPolicy.SHORT, cron)


def ticked(wanted: DigestSchedule, zone: str, start: datetime, hours: int) -> list[Window]:
    """Let a clock tick each minute, and close what is due as the ledger does."""
    closed_until, last, windows = start, None, []
    for minute in range(1, hours * 60):
        now = start + minute * MINUTE
        window = due_window(wanted, zone, closed_until, now, last_slot=last)
        if window is not None:
            assert window.end_at == now  # at its minute, not later
            windows.append(window)
            closed_until, last = window.end_at, (window.local_date, window.slot)
    return windows


# Zone, the local date of the night, when clocks change, and the instants of 02:30 and of 07:30 on that date.
NIGHTS = [
    # 03:00 +2 becomes 02:00 +1: 02:30 comes twice, the first counts.
    ("Europe/Berlin", date(2026, 10, 25), utc(2026, 10, 25, 1), utc(2026, 10, 25, 0, 30), utc(2026, 10, 25, 6, 30)),
    # 02:00 +1 becomes 03:00 +2: there is no 02:30.
    ("Europe/Berlin", date(2027, 3, 28), utc(2027, 3, 28, 1), utc(2027, 3, 28, 1), utc(2027, 3, 28, 5, 30)),
    # 02:00 -4 becomes 01:00 -5: 02:30 is an hour and a half later, once.
    ("America/New_York", date(2026, 11, 1), utc(2026, 11, 1, 6), utc(2026, 11, 1, 7, 30), utc(2026, 11, 1, 12, 30)),
    # 02:00 -5 becomes 03:00 -4.
    ("America/New_York", date(2027, 3, 14), utc(2027, 3, 14, 7), utc(2027, 3, 14, 7), utc(2027, 3, 14, 11, 30)),
    # 02:00 +10:30 becomes 02:30 +11: half an hour is lost, and 02:30 is its end.
    (
        "Australia/Lord_Howe",
        date(2026, 10, 4),
        utc(2026, 10, 3, 15, 30),
        utc(2026, 10, 3, 15, 30),
        utc(2026, 10, 3, 20, 30),
    ),
    # 02:00 +11 becomes 01:30 +10:30.
    ("Australia/Lord_Howe", date(2027, 4, 4), utc(2027, 4, 3, 15), utc(2027, 4, 3, 16), utc(2027, 4, 3, 21)),
    # Midnight of the 25th becomes 23:00 of the 24th.
    ("Asia/Beirut", date(2026, 10, 25), utc(2026, 10, 24, 21), utc(2026, 10, 25, 0, 30), utc(2026, 10, 25, 5, 30)),
    # Midnight becomes 01:00.
    ("Asia/Beirut", date(2027, 3, 28), utc(2027, 3, 27, 22), utc(2027, 3, 27, 23, 30), utc(2027, 3, 28, 4, 30)),
    # For Ramadan: 03:00 +1 becomes 02:00 +0, and 02:30 comes twice.
    ("Africa/Casablanca", date(2027, 2, 7), utc(2027, 2, 7, 2), utc(2027, 2, 7, 1, 30), utc(2027, 2, 7, 7, 30)),
    # After it: 02:00 +0 becomes 03:00 +1.
    ("Africa/Casablanca", date(2027, 3, 14), utc(2027, 3, 14, 2), utc(2027, 3, 14, 2), utc(2027, 3, 14, 6, 30)),
]
IDS = [f"{zone}-{night}" for zone, night, *_ in NIGHTS]


@pytest.mark.parametrize(("zone", "night", "change", "early", "late"), NIGHTS, ids=IDS)
def test_a_digest_at_half_past_two_and_one_at_half_past_seven_come_once_on_the_night(
    zone: str, night: date, change: datetime, early: datetime, late: datetime
) -> None:
    start = change - timedelta(hours=3)
    for clock, instant in (("02:30", early), ("07:30", late)):
        windows = ticked(schedule(clock), zone, start, 13)
        of_the_night = [window for window in windows if window.local_date == night]
        assert [(window.end_at, window.slot) for window in of_the_night] == [(instant, clock)]
        assert len({window.local_date for window in windows}) == len(windows)
        assert next_slot(schedule(clock), zone, instant - MINUTE) == instant
        assert next_slot(schedule(clock), zone, instant) > instant + timedelta(hours=22)


@pytest.mark.parametrize(("zone", "night", "change", "early", "late"), NIGHTS, ids=IDS)
def test_a_mailer_that_slept_through_the_night_sends_one_digest_in_the_morning(
    zone: str, night: date, change: datetime, early: datetime, late: datetime
) -> None:
    both = schedule("02:30", "07:30")
    eve = change - timedelta(hours=12)
    assert due_window(both, zone, eve, early) == Window(eve, early, night, "02:30")
    assert due_window(both, zone, eve, late) == Window(eve, late, night, "07:30")


@pytest.mark.parametrize(("zone", "night", "change", "early"), [case[:4] for case in NIGHTS], ids=IDS)
def test_hours_of_a_cron_expression_come_once_each_on_the_night_too(
    zone: str, night: date, change: datetime, early: datetime
) -> None:
    windows = ticked(schedule(cron="30 * * * *"), zone, change - timedelta(hours=3), 8)
    slots = [(window.local_date, window.slot) for window in windows]
    assert slots == sorted(set(slots))
    at = {window.end_at: window for window in windows if window.local_date == night}
    assert (at[early].slot, at[early].local_date) == ("02:30", night)
