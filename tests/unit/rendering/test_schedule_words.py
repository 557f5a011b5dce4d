from __future__ import annotations

import pytest

from tocsin.models.watchlist import DigestSchedule, QuietPolicy
from tocsin.rendering.locales import locale_of
from tocsin.rendering.schedule_words import schedule_words


@pytest.mark.parametrize(
    ("days", "at", "words"),
    [
        ((1, 2, 3, 4, 5, 6, 7), ("06:00", "18:00"), "06:00 and 18:00 UTC every day"),
        ((1, 2, 3, 4, 5), ("07:30",), "07:30 UTC on weekdays"),
        ((6, 7), ("09:00",), "09:00 UTC at weekends"),
        ((1, 3, 5), ("07:30",), "07:30 UTC on Mon, Wed and Fri"),
    ],
)
def test_schedules_are_told_in_words(days: tuple[int, ...], at: tuple[str, ...], words: str) -> None:
    assert schedule_words(DigestSchedule(days, at, QuietPolicy.SKIP), "UTC") == words


def test_a_cron_expression_is_told_as_it_stands() -> None:
    schedule = DigestSchedule((), (), QuietPolicy.SKIP, "30 7 * * 1-5")
    assert schedule_words(schedule, "UTC") == "by the cron expression 30 7 * * 1-5, UTC"


def test_days_are_named_in_the_readers_language() -> None:
    schedule = DigestSchedule((1, 3), ("07:30",), QuietPolicy.SKIP)
    assert "Mo und Mi" in schedule_words(schedule, "UTC", locale=locale_of("de"))
