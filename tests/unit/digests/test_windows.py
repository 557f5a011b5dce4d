from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tocsin.digests.windows import due_window, next_slot, slots_between
from tocsin.models.digests import Window
from tocsin.models.watchlist import DigestSchedule, QuietPolicy

EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)


def schedule(*at: str, days: tuple[int, ...] = EVERY_DAY) -> DigestSchedule:
    return DigestSchedule(days, at, QuietPolicy.SHORT)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]  # the parts are year to second


def test_a_window_is_due_from_its_slot_on_and_not_a_second_before() -> None:
    joined, slot = utc(2026, 9, 5, 12), utc(2026, 9, 6, 5, 30)
    window = Window(joined, slot, date(2026, 9, 6), "07:30")
    morning = schedule("07:30")
    assert due_window(morning, "Europe/Berlin", joined, slot - timedelta(seconds=1)) is None
    assert due_window(morning, "Europe/Berlin", joined, slot) == window
    assert due_window(morning, "Europe/Berlin", joined, slot + timedelta(hours=5)) == window


def test_nothing_is_due_once_the_window_is_closed() -> None:
    slot = utc(2026, 9, 6, 5, 30)
    assert due_window(schedule("07:30"), "Europe/Berlin", slot, slot + timedelta(hours=1)) is None


def test_days_of_downtime_end_in_one_window_that_covers_all_of_it() -> None:
    assert due_window(schedule("06:00", "18:00"), "UTC", utc(2026, 9, 1, 6), utc(2026, 9, 4, 7)) == Window(
        utc(2026, 9, 1, 6), utc(2026, 9, 4, 6), date(2026, 9, 4), "06:00"
    )


def test_a_clock_that_went_backwards_closes_nothing() -> None:
    assert due_window(schedule("07:30"), "UTC", utc(2026, 9, 6, 7, 30), utc(2026, 9, 5, 9)) is None


def test_only_the_days_of_the_schedule_have_slots() -> None:
    weekdays = schedule("07:30", days=(1, 2, 3, 4, 5))
    friday = utc(2026, 9, 4, 7, 30)
    assert due_window(weekdays, "UTC", friday, utc(2026, 9, 6, 23)) is None
    assert next_slot(weekdays, "UTC", friday) == utc(2026, 9, 7, 7, 30)
    assert next_slot(schedule("07:30", days=(7,)), "UTC", friday) == utc(2026, 9, 6, 7, 30)


@pytest.mark.parametrize(
    ("zone", "clock", "night", "instant"),
    [
        ("Europe/Berlin", "02:30", date(2026, 3, 29), utc(2026, 3, 29, 1)),
        ("America/New_York", "02:30", date(2026, 3, 8), utc(2026, 3, 8, 7)),
        ("Asia/Beirut", "00:30", date(2026, 3, 29), utc(2026, 3, 28, 22)),
        ("Australia/Lord_Howe", "02:15", date(2026, 10, 4), utc(2026, 10, 3, 15, 30)),
    ],
)
def test_a_slot_inside_the_spring_gap_comes_once_when_the_gap_ends(
    zone: str, clock: str, night: date, instant: datetime
) -> None:
    at = schedule(clock)
    before = instant - timedelta(hours=20)
    assert next_slot(at, zone, before) == instant
    assert due_window(at, zone, before, instant) == Window(before, instant, night, clock)
    assert due_window(at, zone, instant, instant + timedelta(hours=20)) is None


@pytest.mark.parametrize(
    ("zone", "clock", "night", "instant"),
    [
        ("Europe/Berlin", "02:30", date(2026, 10, 25), utc(2026, 10, 25, 0, 30)),
        ("America/New_York", "01:30", date(2026, 11, 1), utc(2026, 11, 1, 5, 30)),
        ("Asia/Beirut", "23:30", date(2026, 10, 24), utc(2026, 10, 24, 20, 30)),
        ("Australia/Lord_Howe", "01:45", date(2026, 4, 5), utc(2026, 4, 4, 14, 45)),
    ],
)
def test_a_slot_inside_the_autumn_fold_comes_once_and_the_first_time(
    zone: str, clock: str, night: date, instant: datetime
) -> None:
    at = schedule(clock)
    before = instant - timedelta(hours=20)
    assert due_window(at, zone, before, instant - timedelta(seconds=1)) is None
    for minutes in (0, 29, 31, 61, 119):
        assert due_window(at, zone, before, instant + timedelta(minutes=minutes)) == Window(
            before, instant, night, clock
        )
        assert due_window(at, zone, instant, instant + timedelta(minutes=minutes)) is None


def test_the_day_that_apia_skipped_has_its_slot_when_the_next_day_begins() -> None:
    at = schedule("07:30")
    midnight = utc(2011, 12, 30, 10)
    skipped = due_window(at, "Pacific/Apia", utc(2011, 12, 29, 18), midnight)
    assert skipped == Window(utc(2011, 12, 29, 18), midnight, date(2011, 12, 30), "07:30")
    morning = due_window(at, "Pacific/Apia", midnight, midnight + timedelta(hours=8))
    assert morning == Window(midnight, utc(2011, 12, 30, 17, 30), date(2011, 12, 31), "07:30")


def test_two_slots_in_one_gap_close_one_window() -> None:
    at = schedule("02:10", "02:40")
    end = utc(2026, 3, 29, 1)
    assert due_window(at, "Europe/Berlin", utc(2026, 3, 28, 12), end) == Window(
        utc(2026, 3, 28, 12), end, date(2026, 3, 29), "02:40"
    )
    assert due_window(at, "Europe/Berlin", end, end + timedelta(hours=12)) is None


def test_moving_west_does_not_spend_the_same_local_date_twice() -> None:
    at = schedule("07:30")
    closed = utc(2026, 9, 5, 19, 30)
    spent = (date(2026, 9, 6), "07:30")
    later = utc(2026, 9, 6, 15)
    assert due_window(at, "America/Los_Angeles", closed, later, last_slot=spent) is None
    assert due_window(at, "America/Los_Angeles", closed, later + timedelta(days=1), last_slot=spent) == Window(
        closed, utc(2026, 9, 7, 14, 30), date(2026, 9, 7), "07:30"
    )


def test_a_cron_expression_stands_in_place_of_days_and_hours() -> None:
    by_cron = DigestSchedule((), (), QuietPolicy.SHORT, "30 7,18 * * mon-fri")
    friday = utc(2026, 9, 4, 16, 30)
    assert due_window(by_cron, "Europe/Berlin", friday - timedelta(hours=11), friday) == Window(
        friday - timedelta(hours=11), friday, date(2026, 9, 4), "18:30"
    )
    assert due_window(by_cron, "Europe/Berlin", friday, friday + timedelta(days=2)) is None
    assert next_slot(by_cron, "Europe/Berlin", friday) == utc(2026, 9, 7, 5, 30)
    assert slots_between(by_cron, "Europe/Berlin", friday, friday + timedelta(days=7)) == 9


def test_hours_of_a_cron_expression_that_fall_into_one_gap_or_come_twice_are_slots_once() -> None:
    hourly = DigestSchedule((), (), QuietPolicy.SHORT, "30 * * * *")
    spring, autumn = utc(2026, 3, 28, 23), utc(2026, 10, 24, 22)
    found = []
    for at in (spring, autumn):
        for _ in range(4):
            at = next_slot(hourly, "Europe/Berlin", at)  # noqa: PLW2901 -- the next one after the last one
            found.append(f"{at:%H:%M}")
    # 00:30 01:30 02:30 (at the end of the gap) 03:30; 00:30 01:30 02:30 03:30, two hours after the first 02:30.
    assert found == ["23:30", "00:30", "01:00", "01:30", "22:30", "23:30", "00:30", "02:30"]


def test_a_slot_that_was_over_when_the_schedule_was_changed_closes_nothing() -> None:
    morning, joined = schedule("07:30"), utc(2026, 9, 5, 12)
    changed = utc(2026, 9, 6, 15)
    assert due_window(morning, "UTC", joined, changed + timedelta(hours=1), slots_from=changed) is None
    assert due_window(morning, "UTC", joined, utc(2026, 9, 7, 7, 30), slots_from=changed) == Window(
        joined, utc(2026, 9, 7, 7, 30), date(2026, 9, 7), "07:30"
    )
    assert due_window(morning, "UTC", joined, utc(2026, 9, 6, 7, 30), slots_from=utc(2026, 9, 6, 7, 30)) is None


def test_a_zone_that_nobody_knows_any_more_counts_as_utc() -> None:
    slot = utc(2026, 9, 6, 7, 30)
    assert next_slot(schedule("07:30"), "Europe/Atlantis", slot - timedelta(hours=1)) == slot
    assert due_window(schedule("07:30"), "Europe/Atlantis", slot - timedelta(days=1), slot) is not None


def test_slots_strictly_inside_a_window_are_the_digests_that_did_not_go_out() -> None:
    at = schedule("06:00", "18:00")
    start = utc(2026, 9, 1, 6)
    counted = [slots_between(at, "UTC", start, start + timedelta(hours=hours)) for hours in (12, 24, 36, 72)]
    assert counted == [0, 1, 2, 5]
