"""Spans of time as a watchlist writes them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tocsin.config.spans import backlog, every, retention, written


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("1m", timedelta(minutes=1)),
        ("90m", timedelta(hours=1.5)),
        ("24h", timedelta(days=1)),
        ("30d", timedelta(days=30)),
        ("2w", timedelta(days=14)),
        (" 5m ", timedelta(minutes=5)),
    ],
)
def test_a_number_and_a_unit_are_a_span(text: str, span: timedelta) -> None:
    assert every(text) == span


def test_nothing_is_a_backlog_but_no_interval_and_no_retention() -> None:
    assert backlog("0") == timedelta()
    with pytest.raises(ValueError, match="'0' is no span of time"):
        every("0")
    with pytest.raises(ValueError, match="'0' is no span of time"):
        retention("0")


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("30 min", "write '30m'"),
        ("2 hours", "write '2h'"),
        ("1.5 days", "write '36h'"),
        ("1 year", "the longest is '30d'"),
        ("2W", "write '14d'"),
        ("7", r"write the unit too: 7m \(minutes\), 7h \(hours\), 7d \(days\) or 7w \(weeks\)"),
        ("1h30m", "write a number with m, h, d or w, such as 30m"),
        ("-5m", "write a number with m, h, d or w, such as 30m"),
        ("30s", "write a number with m, h, d or w, such as 30m"),
        ("٣m", "write a number with m, h, d or w, such as 30m"),
        ("0.001h", "write a number with m, h, d or w, such as 30m"),
    ],
)
def test_what_is_probably_meant_is_told(text: str, remedy: str) -> None:
    with pytest.raises(ValueError, match=f"is no span of time; {remedy}$"):
        every(text)


@pytest.mark.parametrize("value", [True, None, [], {}, ""])
def test_what_is_no_text_is_told(value: object) -> None:
    with pytest.raises(ValueError, match="a span of time is missing here; write one such as 90d"):
        retention(value)


@pytest.mark.parametrize("minutes", [0, 1, 59, 60, 90, 1440, 1441, 10_080, 525_600])
def test_what_is_written_is_read_again(minutes: int) -> None:
    span = timedelta(minutes=minutes)
    assert backlog(written(span)) == span
