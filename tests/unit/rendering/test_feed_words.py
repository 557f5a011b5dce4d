from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from match_records import a_feed
from records import NOW
from tocsin.models.feeds import Polling
from tocsin.models.health import FeedHealth, HealthState, Volume
from tocsin.rendering.feed_words import (
    articles_a_day,
    feed_title,
    reason_words,
    rhythm_words,
    state_name,
    state_words,
    volume_words,
)

HOUR = timedelta(hours=1)
WELL = FeedHealth(HealthState.WELL)


def of(state: HealthState, **fields: float | bool) -> FeedHealth:
    return replace(FeedHealth(state), **fields)  # type: ignore[arg-type]  # fields are named by the test


def test_every_state_has_a_name_of_its_own() -> None:
    assert len({state_name(state) for state in HealthState}) == len(HealthState)


def test_a_failing_feed_is_told_with_how_often_it_failed() -> None:
    feeds = [a_feed(1, failures=number) for number in (1, 1_200)]
    assert [state_words(feed, of(HealthState.FAILING)) for feed in feeds] == [
        "Failed once",
        "Failed 1,200 times in a row",
    ]
    assert [state_words(feed, of(HealthState.BLOCKED)) for feed in feeds] == [
        "Blocked",
        "Blocked, 1,200 times in a row",
    ]
    assert state_words(a_feed(1), WELL) == "Well"


def test_a_problem_is_the_reason_on_one_line() -> None:
    feed = a_feed(1, problem="no answer\nfor 30 s;\u202e wait")
    assert reason_words(feed, of(HealthState.FAILING)) == "no answer for 30 s; wait"
    assert reason_words(feed, of(HealthState.WAITING)) == "no answer for 30 s; wait"


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (HealthState.STOPPED, "take it off the watchlist"),
        (HealthState.SILENT, "see on the publisher's site whether the feed was given up or moved"),
        (HealthState.WAITING, "Tocsin asks again by itself"),
        (HealthState.MOVED, "put that address into the watchlist"),
    ],
    ids=lambda value: value.value if isinstance(value, HealthState) else "",
)
def test_a_state_without_a_problem_says_what_to_do(state: HealthState, words: str) -> None:
    moved = a_feed(1, polling=Polling(fetch_url="https://new.example/rss"))
    assert words in reason_words(moved, of(state))


def test_a_silence_is_told_with_what_is_usual() -> None:
    words = reason_words(a_feed(1), of(HealthState.SILENT, per_day=12.2))
    assert "though it usually brings about 12 articles a day" in words


def test_a_feed_that_is_well_but_brings_far_less_says_so() -> None:
    assert reason_words(a_feed(1), WELL) == ""
    fallen = of(HealthState.WELL, per_day=12.0, has_fallen=True)
    assert reason_words(a_feed(1), fallen).startswith("Far fewer articles in the last week than the usual 84;")


def test_a_rhythm_is_told_as_far_as_it_is_known() -> None:
    assert rhythm_words(WELL) == ""
    assert rhythm_words(replace(WELL, every=HOUR)) == "asked every 60 minutes"
    assert rhythm_words(replace(WELL, per_day=0.3)) == "about 2 articles a week"


@pytest.mark.parametrize(
    ("per_day", "words"),
    [
        (1_234.5, "about 1,234 articles a day"),
        (1.2, "about 1 article a day"),
        (0.4, "about 3 articles a week"),
        (0.05, "about 2 articles a month"),
        (0.001, "hardly any articles"),
    ],
)
def test_a_rate_is_told_in_a_unit_in_which_it_is_at_least_one(per_day: float, words: str) -> None:
    assert articles_a_day(per_day) == words


def test_the_last_week_is_set_against_what_is_usual() -> None:
    volume = Volume((100, 1, 2, 3, 4, 5, 6, 7))
    assert volume_words(volume, WELL) == "28 in 7 days"
    assert volume_words(volume, replace(WELL, per_day=200.0)) == "28 in 7 days, usually about 1,400"


def test_a_feed_without_a_title_goes_by_its_host() -> None:
    feed = a_feed(1, "Example\nGazette", added_at=NOW)
    assert feed_title(feed) == "Example Gazette"
    assert feed_title(replace(feed, title=feed.url)) == "wire.example"
