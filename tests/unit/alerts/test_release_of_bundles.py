"""Which waiting alerts leave as one message, and how they stand in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tocsin.alerts import Sent, Waiting, bundle, release
from tocsin.alerts.bundles import MOST_ENTRIES
from tocsin.alerts.limits import opens_at
from tocsin.models.ids import AlertId, DevelopmentId, StoryId, WatchId
from tocsin.models.watchlist import AlertRule, Channel, ChannelKind, QuietHours, Rate

NOW = datetime(2017, 9, 6, 7, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
SYRIA, YEMEN = WatchId("syria"), WatchId("yemen")
DESK = Channel("desk", ChannelKind.APPRISE, "DESK_URL")
RULES = {SYRIA: AlertRule(to=("desk",), at_most=Rate(2, HOUR)), YEMEN: AlertRule(to=("desk",))}


def waiting(number: int, watch: WatchId = SYRIA, *, story: int = 0, due_at: datetime = NOW) -> Waiting:
    """Make an alert; by its number the older, the higher."""
    development = DevelopmentId(number)
    return Waiting(AlertId(number), watch, StoryId(story or number), development, NOW - number * HOUR, due_at)


def ids(alerts: tuple[Waiting, ...]) -> list[int]:
    """Give the ids of alerts."""
    return [alert.id for alert in alerts]


def test_everything_that_is_due_leaves_in_one_message_and_the_rest_waits_on() -> None:
    alerts = [waiting(1), waiting(2, YEMEN), waiting(3, due_at=NOW + MINUTE)]
    leaving = release(alerts, Sent(), DESK, RULES, NOW)
    assert leaving is not None
    assert ids(leaving.alerts) == [1, 2]


def test_nothing_leaves_where_nothing_is_due() -> None:
    assert release([waiting(1, due_at=NOW + MINUTE)], Sent(), DESK, RULES, NOW) is None
    assert release([], Sent(), DESK, RULES, NOW) is None


def test_nothing_leaves_within_quiet_hours() -> None:
    quiet = replace(DESK, quiet_hours=QuietHours("22:00", "07:00"))
    assert release([waiting(1, due_at=NOW - HOUR)], Sent(), quiet, RULES, NOW - MINUTE) is None
    assert release([waiting(1, due_at=NOW - HOUR)], Sent(), quiet, RULES, NOW) is not None


def test_the_limit_of_the_channel_holds_all() -> None:
    limited = replace(DESK, at_most=Rate(1, HOUR))
    sent = Sent(channel=(NOW - 30 * MINUTE,))
    assert release([waiting(1), waiting(2, YEMEN)], sent, limited, RULES, NOW) is None
    assert release([waiting(1), waiting(2, YEMEN)], sent, limited, RULES, NOW + 30 * MINUTE) is not None


def test_the_limit_of_a_watch_holds_its_alerts_only() -> None:
    sent = Sent(watches={SYRIA: (NOW - 40 * MINUTE, NOW - MINUTE)})
    leaving = release([waiting(1), waiting(2, YEMEN)], sent, DESK, RULES, NOW)
    assert leaving is not None
    assert ids(leaving.alerts) == [2]


def test_a_watch_that_is_gone_has_no_limit() -> None:
    sent = Sent(watches={SYRIA: (NOW - 40 * MINUTE, NOW - MINUTE)})
    assert release([waiting(1)], sent, DESK, {}, NOW) is not None


def test_a_story_of_several_watches_stands_once() -> None:
    made = bundle([waiting(1, SYRIA, story=7), waiting(2, YEMEN), waiting(3, YEMEN, story=7)])
    assert [(entry.story, ids(entry.alerts), entry.watches) for entry in made.entries] == [
        (7, [1, 3], (SYRIA, YEMEN)),
        (2, [2], (YEMEN,)),
    ]


def test_the_story_with_the_newest_development_stands_first() -> None:
    made = bundle([waiting(5), waiting(1, story=9), waiting(8, story=9), waiting(3)])
    assert [entry.story for entry in made.entries] == [9, 3, 5]


def test_a_bundle_shows_so_many_stories_and_counts_the_others() -> None:
    made = bundle(waiting(number) for number in range(1, MOST_ENTRIES + 4))
    assert (len(made.entries), len(made.more), len(made.alerts)) == (MOST_ENTRIES, 3, MOST_ENTRIES + 3)


@pytest.mark.parametrize(
    ("minutes_ago", "opens_in"),
    [
        pytest.param([], 0, id="nothing-sent"),
        pytest.param([59], 0, id="one-left"),
        pytest.param([59, 10], 1, id="used-up"),
        pytest.param([10, 59, 30], 30, id="more-than-allowed-in-any-order"),
        pytest.param([60, 10], 0, id="out-of-the-stretch"),
        pytest.param([-5, -5], 65, id="clock-went-back"),
        pytest.param([-525600, -525600], 0, id="clock-was-a-year-ahead"),
    ],
)
def test_a_limit_opens_when_one_more_message_fits(minutes_ago: list[int], opens_in: int) -> None:
    sent = [NOW - minutes * MINUTE for minutes in minutes_ago]
    assert opens_at(sent, Rate(2, HOUR), NOW) == NOW + opens_in * MINUTE


def test_without_a_limit_it_is_always_open() -> None:
    assert opens_at([NOW] * 100, None, NOW) == NOW
