"""When a watch comes thicker than its own rhythm: learned by hour and weekday, begun, grown and ended."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from tocsin.alerts import Burst, Measure, Pulse, Rhythms, Sighting, WatchHour, learn_rhythms, measure, step
from tocsin.alerts.chances import chance_of
from tocsin.alerts.rhythm import learn
from tocsin.models.ids import StoryId

NOW = datetime(2026, 3, 4, 15, 30, tzinfo=UTC)  # a Wednesday
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SINCE = NOW.replace(minute=0) - 56 * DAY


def hours_of(day: float, night: float, seed: int = 1) -> list[WatchHour]:
    """Make eight weeks with so many articles an hour by day, from 6 to 22, and by night; each a story of its own."""
    draw = random.Random(seed)
    made = []
    for place in range(56 * 24):
        at = SINCE + place * HOUR
        rate = day if 6 <= at.hour < 22 else night
        number = sum(draw.random() < rate / 20 for _ in range(20))
        made.append(WatchHour(at, number, number))
    return made


def sightings(stories: int, outlets: int, *, over: timedelta = HOUR, each: int = 1) -> list[Sighting]:
    """Make stories found in the last stretch of time, each told ``each`` times, by outlets in turn."""
    reports = stories * each
    return [
        Sighting(NOW - over * place / reports, StoryId(place // each), f"outlet {place % outlets}", place % each == 0)
        for place in range(reports)
    ]


@pytest.fixture(scope="module")
def steady() -> Rhythms:
    """Give the rhythm of a watch with two articles an hour by day, hardly any by night."""
    return learn_rhythms(hours_of(2.0, 0.2), SINCE, NOW)


def test_a_rhythm_knows_day_from_night_and_says_what_an_hour_brings() -> None:
    rhythm = learn([(hour.hour_at, hour.articles) for hour in hours_of(2.0, 0.2)], SINCE, NOW, (1, 6))
    assert rhythm.usual(3, NOW) == pytest.approx(6.0, rel=0.25)
    assert rhythm.usual(3, NOW.replace(hour=4)) == pytest.approx(0.6, rel=0.5)
    assert rhythm.mean == pytest.approx((16 * 2.0 + 8 * 0.2) / 24, rel=0.1)


def test_a_burst_of_last_week_hardly_raises_what_is_usual() -> None:
    hours = hours_of(2.0, 0.2)
    before = learn_rhythms(hours, SINCE, NOW)
    last_week = NOW.replace(minute=0) - 7 * DAY
    thick = [WatchHour(hour.hour_at, 50, 50) if hour.hour_at == last_week else hour for hour in hours]
    after = learn_rhythms(thick, SINCE, NOW)
    assert after.reports.expected(1, NOW).mean < 1.5 * before.reports.expected(1, NOW).mean


def test_a_watch_that_came_thicker_for_days_has_a_new_usual() -> None:
    hours = hours_of(2.0, 0.2)
    thick = [
        WatchHour(hour.hour_at, 3 * hour.stories, 3 * hour.articles) if hour.hour_at > NOW - 3 * DAY else hour
        for hour in hours
    ]
    before, after = learn_rhythms(hours, SINCE, NOW), learn_rhythms(thick, SINCE, NOW)
    assert after.reports.expected(3, NOW).mean > 1.6 * before.reports.expected(3, NOW).mean


def test_what_is_usual_begins_no_burst(steady: Rhythms) -> None:
    pulse = measure(steady, sightings(6, 5, over=3 * HOUR), NOW)
    assert not pulse.begins
    assert step(None, pulse, NOW) is None


def test_many_stories_of_several_outlets_begin_a_burst_with_its_figures(steady: Rhythms) -> None:
    pulse = measure(steady, sightings(20, 5), NOW)
    burst = step(None, pulse, NOW)
    assert burst is not None
    assert (burst.began_at, burst.called_at, burst.found, burst.outlets) == (NOW, NOW, 20, 5)
    assert burst.usual < 20 / 2


def test_one_story_that_many_outlets_tell_begins_a_burst(steady: Rhythms) -> None:
    pulse = measure(steady, sightings(1, 20, each=20), NOW)
    assert (pulse.begins, pulse.measure, pulse.found) == (True, Measure.REPORTS, 20)


def test_one_outlet_alone_begins_none_however_much_it_brings(steady: Rhythms) -> None:
    alone = sightings(40, 1)
    assert not measure(steady, alone, NOW).begins
    beside_the_usual = [
        *alone,
        *(Sighting(NOW - MINUTE, StoryId(100 + n), f"other {n}", is_new=True) for n in range(3)),
    ]
    assert not measure(steady, beside_the_usual, NOW).begins


def test_copies_by_one_outlet_count_once(steady: Rhythms) -> None:
    copies = [Sighting(NOW - n * MINUTE, StoryId(1), f"outlet {n % 2}", is_new=n == 0) for n in range(40)]
    pulse = measure(steady, copies, NOW)
    assert not pulse.begins
    assert pulse.found <= 2


def test_what_was_published_before_the_windows_or_dated_ahead_does_not_count(steady: Rhythms) -> None:
    outage = [Sighting(NOW - 7 * HOUR, StoryId(n), f"outlet {n}", is_new=True) for n in range(40)]
    ahead = [Sighting(NOW + HOUR, StoryId(n), f"outlet {n}", is_new=True) for n in range(40)]
    assert measure(steady, [*outage, *ahead], NOW).found == 0


def test_by_night_less_is_much() -> None:
    rhythms = learn_rhythms(hours_of(2.0, 0.2), SINCE, NOW)
    night = NOW.replace(hour=3)
    few = [Sighting(night - 5 * n * MINUTE, StoryId(n), f"outlet {n}", is_new=True) for n in range(9)]
    by_day = [Sighting(one.at + (NOW - night), one.story, one.outlet, is_new=True) for one in few]
    assert measure(rhythms, few, night).begins
    assert not measure(rhythms, by_day, NOW).begins


def test_a_young_watch_is_slow_to_believe_in_a_burst() -> None:
    hours = [WatchHour(NOW.replace(minute=0) - n * HOUR, 1, 1) for n in range(7, 25)]
    young = learn_rhythms(hours, NOW - DAY, NOW)
    assert not measure(young, sightings(6, 5), NOW).begins
    assert measure(young, sightings(60, 5), NOW).begins


def test_a_watch_without_any_past_can_be_measured() -> None:
    nothing = learn_rhythms([], NOW, NOW)
    assert measure(nothing, [], NOW) == Pulse(Measure.STORIES, HOUR, 0, nothing.stories.expected(1, NOW).mean, 0, 1.0)


BURST = Burst(NOW - HOUR, NOW - HOUR, Measure.REPORTS, HOUR, 12, 2.0, 5)


def pulse(found: int, chance: float, *, begins: bool) -> Pulse:
    """Make a pulse of the last three hours, in which six are usual."""
    return Pulse(Measure.REPORTS, 3 * HOUR, found, 6.0, 5, chance, begins)


def test_a_burst_goes_on_though_what_is_found_would_begin_none() -> None:
    assert step(BURST, pulse(10, 0.04, begins=False), NOW) is BURST


def test_a_burst_ends_when_what_is_found_is_near_the_usual() -> None:
    assert step(BURST, pulse(9, 0.06, begins=False), NOW) is None


def test_a_burst_is_called_again_when_it_has_grown_to_a_multiple() -> None:
    assert step(BURST, pulse(35, 1e-9, begins=True), NOW) is BURST
    assert step(BURST, pulse(36, 1e-9, begins=True), NOW) == Burst(
        BURST.began_at, NOW, Measure.REPORTS, 3 * HOUR, 36, 6.0, 5
    )


@pytest.mark.parametrize(
    ("found", "mean", "variance", "chance"),
    [
        pytest.param(0, 1.0, 2.0, 1.0, id="nothing"),
        pytest.param(3, 0.0, 0.0, 0.0, id="nothing-expected"),
        pytest.param(1, 2.0, 2.0, 0.8646647, id="poisson"),
        pytest.param(5, 2.0, 2.0, 0.0526530, id="poisson-tail"),
        pytest.param(1, 2.0, 4.0, 0.75, id="negative-binomial-of-size-two"),
        pytest.param(3, 2.0, 4.0, 0.3125, id="negative-binomial-tail"),
        pytest.param(2, 1000.0, 1000.0, 1.0, id="far-below-the-mean"),
    ],
)
def test_the_chance_of_a_count_is_that_of_the_distribution(
    found: int, mean: float, variance: float, chance: float
) -> None:
    assert chance_of(found, mean, variance) == pytest.approx(chance, abs=1e-6)
