"""Ticks of a clock, at any intervals and over both DST nights, must cut time into windows without gap or overlap."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.digests.windows import due_window, next_slot, slots_between
from tocsin.models.digests import Window
from tocsin.models.watchlist import DigestSchedule, QuietPolicy

ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Asia/Beirut",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "America/Nuuk",
    "Africa/Casablanca",
    "UTC",
    "Europe/Atlantis",  # gone; counts as UTC
)
# Shortly before a night on which some zone changes its clocks: both ways, and the day that Pacific/Apia skipped.
EVES = (
    datetime(2026, 3, 7, 12, tzinfo=UTC),
    datetime(2026, 3, 27, 12, tzinfo=UTC),
    datetime(2026, 4, 3, 12, tzinfo=UTC),
    datetime(2026, 10, 2, 12, tzinfo=UTC),
    datetime(2026, 10, 23, 12, tzinfo=UTC),
    datetime(2026, 10, 30, 12, tzinfo=UTC),
    datetime(2011, 12, 28, 12, tzinfo=UTC),
)

clocks = st.one_of(
    st.sampled_from(("00:00", "00:30", "01:30", "02:00", "02:15", "02:30", "03:00", "07:30", "23:30", "23:59")),
    st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59)),
)
half_hours = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.sampled_from((0, 30)))


def schedules_of(at: st.SearchStrategy[str]) -> st.SearchStrategy[DigestSchedule]:
    """Draw schedules with up to four of these wall times on any days of the week."""
    return st.builds(
        DigestSchedule,
        days=st.sets(st.integers(1, 7), min_size=1).map(lambda days: tuple(sorted(days))),
        at=st.sets(at, min_size=1, max_size=4).map(lambda drawn: tuple(sorted(drawn))),
        quiet=st.just(QuietPolicy.SHORT),
    )


by_cron = st.builds(
    lambda minute, hours, days: DigestSchedule((), (), QuietPolicy.SHORT, f"{minute} {hours} {days}"),
    st.sampled_from((0, 15, 30, 59)),
    st.sampled_from(("*", "*/3", "0,2,23", "1-3")),
    st.sampled_from(("* * *", "* * mon-fri", "1-7 * *", "* * 7#1", "L * *")),
)
schedules = st.one_of(schedules_of(clocks), by_cron)
half_hourly = schedules_of(half_hours)
intervals = st.one_of(
    st.integers(1, 120).map(lambda minutes: timedelta(minutes=minutes)),
    st.integers(1, 60).map(lambda hours: timedelta(hours=hours)),
    st.integers(-90, -1).map(lambda minutes: timedelta(minutes=minutes)),
)


def ticked(schedule: DigestSchedule, zones: list[str], start: datetime, steps: list[timedelta]) -> list[Window]:
    """Let the clock tick, the subscriber moving from zone to zone, and close what is due as the ledger does."""
    now = closed_until = start
    last: tuple[date, str] | None = None
    windows = []
    for number, step in enumerate(steps):
        now += step
        zone = zones[number * len(zones) // len(steps)]
        window = due_window(schedule, zone, closed_until, now, last_slot=last)
        if window is not None:
            assert window.end_at <= now
            windows.append(window)
            closed_until, last = window.end_at, (window.local_date, window.slot)
    return windows


@settings(deadline=None, max_examples=50)
@given(
    schedules,
    st.lists(st.sampled_from(ZONES), min_size=1, max_size=3),
    st.sampled_from(EVES),
    st.lists(intervals, min_size=20, max_size=150),
)
def test_windows_are_contiguous_half_open_and_each_slot_is_used_once(
    schedule: DigestSchedule, zones: list[str], start: datetime, steps: list[timedelta]
) -> None:
    windows = ticked(schedule, zones, start, steps)
    assert [window.start_at for window in windows[:1]] == [start][: len(windows)]
    assert all(before.end_at == after.start_at for before, after in pairwise(windows))
    assert all(window.start_at < window.end_at for window in windows)
    slots = [(window.local_date, window.slot) for window in windows]
    assert len(set(slots)) == len(slots)
    if not schedule.cron:
        assert all(window.local_date.isoweekday() in schedule.days and window.slot in schedule.at for window in windows)


@settings(deadline=None, max_examples=50)
@given(
    schedules, st.sampled_from(ZONES), st.sampled_from(EVES), st.lists(st.integers(0, 20_000), min_size=2, max_size=9)
)
def test_slots_up_to_a_change_close_nothing_and_none_after_it_is_passed_over(
    schedule: DigestSchedule, zone: str, start: datetime, minutes: list[int]
) -> None:
    changed_at, *later = (start + timedelta(minutes=minute) for minute in sorted(minutes))
    slot = next_slot(schedule, zone, changed_at)
    for now in later:
        window = due_window(schedule, zone, start, now, slots_from=changed_at)
        assert (window is not None) == (slot <= now)
        assert window is None or (window.start_at, window.end_at > changed_at) == (start, True)


@settings(deadline=None, max_examples=30)
@given(half_hourly, st.sampled_from(ZONES), st.sampled_from(EVES))
def test_a_clock_that_ticks_often_misses_no_slot(schedule: DigestSchedule, zone: str, start: datetime) -> None:
    windows = ticked(schedule, [zone], start, [timedelta(minutes=29)] * 200)
    assert [slots_between(schedule, zone, window.start_at, window.end_at) for window in windows] == [0] * len(windows)
    assert [next_slot(schedule, zone, window.start_at) for window in windows] == [window.end_at for window in windows]


@settings(deadline=None, max_examples=50)
@given(schedules, st.sampled_from(ZONES), st.sampled_from(EVES), st.lists(st.integers(0, 20_000), max_size=20))
def test_every_instant_that_was_closed_lies_in_exactly_one_window(
    schedule: DigestSchedule, zone: str, start: datetime, minutes: list[int]
) -> None:
    windows = ticked(schedule, [zone], start, [timedelta(hours=5)] * 80)
    closed_until = windows[-1].end_at if windows else start
    for minute in minutes:
        at = start + timedelta(minutes=minute)
        holders = [window for window in windows if window.start_at <= at < window.end_at]
        assert len(holders) == (1 if at < closed_until else 0)


@settings(deadline=None, max_examples=50)
@given(schedules, st.sampled_from(ZONES), st.sampled_from(EVES), st.integers(0, 20_000))
def test_the_next_slot_closes_a_window_the_moment_it_comes(
    schedule: DigestSchedule, zone: str, start: datetime, minute: int
) -> None:
    at = start + timedelta(minutes=minute)
    slot = next_slot(schedule, zone, at)
    assert slot > at
    assert due_window(schedule, zone, at, slot - timedelta(seconds=1)) is None
    window = due_window(schedule, zone, at, slot)
    assert window is not None
    assert (window.start_at, window.end_at) == (at, slot)
