"""The flood guard: a feed or a watch that brings far more matches than it ever does. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tocsin.alerts.records import Flood, Source
from tocsin.rendering.times import local_time

# So many begin a flood: at least these, and as many as usual in so many hours. An outage's articles come all at once
# and are no flood, so the hours are those of a long one.
_TEN_MINUTES, _TEN_MINUTES_WORTH = 40, 12.0
_HOUR, _HOUR_WORTH = 90, 16.0
# It lasts while an hour brings more than these.
_LASTS, _LASTS_WORTH = 30, 3.0
_REMEDY = {
    Source.FEED: "Its alerts are bundled by the hour meanwhile. See what it brings with `tocsin feeds test`, and take "
    "it out of the watchlist if it has gone mad.",
    Source.WATCH: "Its alerts are bundled by the hour meanwhile. Narrow it down if it catches what is not meant: "
    "`tocsin watch test` shows why an article meets it.",
}


@dataclass(frozen=True, slots=True)
class Flow:
    """The matches of a feed or a watch in the last 10 and 60 minutes, and how many an hour are usual for it.

    ``name`` is the feed's title or the watch's, for whom to tell.
    """

    source: Source
    name: str
    ten_minutes: int
    hour: int
    usual: float


def judge(flow: Flow, flood: Flood | None, now: datetime) -> Flood | None:
    """Give the flood that lasts: one that begins now, the one before unchanged, or None."""
    if flood is not None:
        return flood if flow.hour > max(_LASTS, _LASTS_WORTH * flow.usual) else None
    in_ten_minutes = flow.ten_minutes >= max(_TEN_MINUTES, _TEN_MINUTES_WORTH * flow.usual)
    in_an_hour = flow.hour >= max(_HOUR, _HOUR_WORTH * flow.usual)
    if not in_ten_minutes and not in_an_hour:
        return None
    return Flood(flow.source, flow.name, now, flow.hour, flow.usual, _text(flow, now))


def _text(flow: Flow, now: datetime) -> str:
    return (
        f"The {flow.source} {flow.name} has been flooding since {local_time(now, 'UTC')} UTC: {flow.hour} matches in "
        f"the last hour, where {flow.usual:.1f} an hour are usual. {_REMEDY[flow.source]}"
    )
