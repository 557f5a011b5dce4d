from __future__ import annotations

import pytest

from tocsin.feeds.volume import has_fallen, usual_per_day
from tocsin.models.health import Volume

OFFICE = (12, 10, 11, 13, 12, 0, 0)


@pytest.mark.parametrize(
    ("days", "fallen"),
    [
        ((*OFFICE, *OFFICE, *OFFICE, 1, 0, 2, 1, 0, 0, 0), True),
        ((*OFFICE, *OFFICE, *OFFICE, 8, 7, 8, 9, 8, 0, 0), False),
        ((*OFFICE, *OFFICE, *OFFICE, *OFFICE), False),
        ((*OFFICE, *OFFICE, *OFFICE, 0, 0, 0, 0, 0, 0, 0), True),
        ((*OFFICE, 1, 0, 2, 1, 0, 0, 0), False),
        ((*(0, 0, 0, 0, 30, 0, 0), *(0, 25, 0, 0, 0, 0, 0), *(0, 0, 0, 0, 0, 40, 0), *(0, 0, 0, 2, 0, 0, 0)), False),
        ((*(1, 0, 0, 0, 1, 0, 0) * 3, *(0, 0, 0, 0, 0, 0, 0)), False),
        ((0,) * 28, False),
        ((5,), False),
        ((*(200,) * 21, *(90,) * 7), True),
        ((*(10_000,) * 21, *(4_999,) * 7), True),
    ],
    ids=[
        "a tenth",
        "two thirds",
        "the same",
        "nothing",
        "too young",
        "bursts",
        "too few",
        "never any",
        "one day",
        "hundreds",
        "thousands",
    ],
)
def test_a_volume_has_fallen_when_chance_cannot_explain_it(days: tuple[int, ...], fallen: bool) -> None:
    assert has_fallen(Volume(days)) is fallen


def test_what_is_usual_is_the_mean_of_the_days_before_the_last_week() -> None:
    assert usual_per_day(Volume((*(10,) * 14, *(0,) * 7))) == 10.0
    assert usual_per_day(Volume((*(10,) * 13, *(0,) * 7))) is None


def test_a_volume_tells_its_last_day_and_its_last_week() -> None:
    volume = Volume((100, 1, 2, 3, 4, 5, 6, 7))
    assert (volume.day, volume.week, volume.earlier) == (7, 28, (100,))
