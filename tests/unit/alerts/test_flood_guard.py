"""A feed or a watch gone mad is told to the operator, and what is merely lively is not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tocsin.alerts import Flood, Flow, Source, judge

NOW = datetime(2017, 9, 6, 14, 30, tzinfo=UTC)
LASTING = Flood(Source.FEED, "Agency", NOW, 300, 2.0, "as it began")


def flow(ten_minutes: int, hour: int, usual: float, source: Source = Source.FEED) -> Flow:
    """Make the flow of a feed named Agency."""
    return Flow(source, "Agency", ten_minutes, hour, usual)


@pytest.mark.parametrize(
    ("ten_minutes", "hour", "usual", "floods"),
    [
        pytest.param(39, 89, 0.0, False, id="below-the-floor"),
        pytest.param(40, 40, 0.1, True, id="many-at-once"),
        pytest.param(15, 90, 0.1, True, id="many-in-an-hour"),
        pytest.param(80, 80, 10.0, False, id="eight-hours-of-a-lively-feed-after-an-outage"),
        pytest.param(60, 300, 30.0, False, id="ten-times-a-lively-watch"),
        pytest.param(100, 500, 30.0, True, id="a-lively-one-gone-mad"),
    ],
)
def test_a_flood_begins_far_above_the_own_rhythm_and_a_floor(
    ten_minutes: int, hour: int, usual: float, *, floods: bool
) -> None:
    assert (judge(flow(ten_minutes, hour, usual), None, NOW) is not None) is floods


def test_the_operator_reads_what_floods_since_when_and_what_to_do() -> None:
    flood = judge(flow(50, 312, 1.54), None, NOW)
    assert flood == Flood(
        Source.FEED,
        "Agency",
        NOW,
        312,
        1.54,
        "The feed Agency has been flooding since Wed 6 Sep, 14:30 UTC: 312 matches in the last hour, where 1.5 an hour "
        "are usual. Its alerts are bundled by the hour meanwhile. See what it brings with `tocsin feeds test`, and "
        "take it out of the watchlist if it has gone mad.",
    )


def test_a_watch_that_floods_has_its_own_remedy() -> None:
    flood = judge(flow(50, 312, 1.5, Source.WATCH), None, NOW)
    assert flood is not None
    assert "`tocsin watch test` shows why an article meets it" in flood.text


def test_a_flood_lasts_as_it_began_until_an_hour_is_near_the_usual() -> None:
    assert judge(flow(0, 31, 2.0), LASTING, NOW) is LASTING
    assert judge(flow(0, 30, 2.0), LASTING, NOW) is None
    assert judge(flow(5, 91, 30.0), LASTING, NOW) is LASTING
    assert judge(flow(5, 90, 30.0), LASTING, NOW) is None
