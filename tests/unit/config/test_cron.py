from __future__ import annotations

from datetime import datetime
from itertools import islice, pairwise

import pytest
from cronsim import CronSim
from hypothesis import given
from hypothesis import strategies as st

from tocsin.config.cron import MOST_CHARACTERS, cron_fault

numbers = st.sampled_from(
    ["*", "0", "7", "30", "1-5", "*/3", "8,20", "MON", "mon-fri", "L", "5L", "2#3", "60", "x", "-1"]
)
expressions = st.one_of(st.lists(numbers, min_size=4, max_size=6).map(" ".join), st.text(max_size=30))


@pytest.mark.parametrize(
    "expression",
    ["30 7 * * 1-5", "0 */4 * * *", "0 7 1,15 * *", "0 7 L * *", "15 18 * * FRI", "0 7 1-7 * mon", "5 * * * *"],
)
def test_an_expression_that_comes_at_most_once_an_hour_and_every_year_can_be_kept(expression: str) -> None:
    assert cron_fault(expression) is None


@pytest.mark.parametrize(
    ("expression", "fault"),
    [
        ("", "is no cron expression; write five fields (minute, hour, day-of-month, month, day-of-week)"),
        ("@daily", "is no cron expression; write five fields"),
        ("0 30 7 * * *", "is no cron expression; write five fields"),
        ("0 25 * * *", "the hour '25' cannot be"),
        ("0 7 * * 1-x", "the day-of-week '1-x' cannot be"),
        ("0 7 31 2 *", "the day-of-month '31' cannot be"),
        (
            "*/20 7 * * *",
            "comes 3 times an hour; digests are at least an hour apart: write one minute, such as '0 7 * * *'",
        ),
        ("* * * * *", "comes 60 times an hour"),
        ("0 7 29 2 *", "does not come every year"),
        ("0 7 * 2 MON#5", "does not come every year"),
        ("0 7 * * *" + " " * MOST_CHARACTERS, "is no cron expression"),
    ],
)
def test_a_fault_names_the_field_and_the_remedy(expression: str, fault: str) -> None:
    found = cron_fault(expression)
    assert found is not None
    assert fault in found
    assert "such as '" in found


@given(expressions)
def test_whatever_is_written_it_has_a_fault_or_slots_an_hour_apart(expression: str) -> None:
    if cron_fault(expression) is None:
        slots = list(islice(CronSim(expression, datetime(2026, 1, 1)), 50))  # noqa: DTZ001 -- in no zone
        assert all((later - earlier).total_seconds() >= 3600 for earlier, later in pairwise(slots))
