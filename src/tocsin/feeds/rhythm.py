"""The rhythm of a feed: how often it brings something new, learnt from its dates at first and from polls after that.

Pure: no clock and no I/O. What follows from a rhythm for the next poll is decided in `next_check`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from math import exp
from typing import Final

from tocsin.models.feeds import ParsedFeed, Rhythm

DAY: Final = timedelta(days=1)
UNKNOWN_PER_DAY: Final = 24.0
"""What a feed without dates is taken for at first: hourly. Its polls soon tell better."""

MOST_PER_DAY: Final = 10_000.0
MOST_GAPS: Final = 50
_SHORTEST_SPAN: Final = timedelta(minutes=1)
_MEMORY: Final = timedelta(days=3)
_LONGEST_MEMORY: Final = timedelta(days=30)
_EVENTS_REMEMBERED: Final = 10
_SAYS_LITTLE: Final = 3
"""Fewer dated entries than this tell no rate by themselves."""


def observe(rhythm: Rhythm | None, new: Sequence[datetime], document: ParsedFeed, now: datetime) -> Rhythm:
    """Learn from a document that was read at ``now`` and brought new entries of these times.

    The first document tells by its own dates; after that the rate is an average over time in which older observations
    fade, slowly for a feed that publishes rarely. What is much older than the last news (an archive that was put into
    the feed) is no sign of life and counts for nothing.
    """
    dated = sorted(min(entry.published_at, now) for entry in document.entries if entry.published_at is not None)
    window = dated[-1] - dated[0] if dated and dated[-1] > dated[0] else None
    if rhythm is None:
        return Rhythm(
            per_day=_rate_of_dates(dated, now),
            window=window,
            entries=len(document.entries),
            newest_at=dated[-1] if dated else (now if document.entries else None),
            since=now,
        )
    seen = replace(rhythm, window=window, entries=len(document.entries))
    recent = [at for at in new if rhythm.newest_at is None or at > rhythm.newest_at - DAY]
    return _with_news(seen, len(recent), now) if recent else seen


def _rate_of_dates(dated: Sequence[datetime], now: datetime) -> float:
    if not dated:
        return UNKNOWN_PER_DAY
    span = max(now - dated[0], _SHORTEST_SPAN)
    if len(dated) < _SAYS_LITTLE:
        # One entry of this minute does not make a feed that publishes each minute.
        span = max(span, timedelta(hours=2))
    return min(len(dated) * (DAY / span), MOST_PER_DAY)


def _with_news(rhythm: Rhythm, count: int, now: datetime) -> Rhythm:
    gap = max(now - (rhythm.newest_at or rhythm.since), _SHORTEST_SPAN)
    return replace(
        rhythm,
        per_day=min(_faded(rhythm.per_day, count * (DAY / gap), gap), MOST_PER_DAY),
        newest_at=now,
        gaps=(*rhythm.gaps, gap)[-MOST_GAPS:],
    )


def rate_now(rhythm: Rhythm, now: datetime) -> float:
    """Say how many new entries a day to expect at ``now``: while nothing comes, the rate falls by itself."""
    quiet = now - (rhythm.newest_at or rhythm.since)
    usual = rhythm.per_day
    if usual <= 0 or quiet <= _SHORTEST_SPAN or usual * (quiet / DAY) <= 1:
        return usual
    return _faded(usual, DAY / quiet, quiet)


def _faded(usual: float, seen: float, over: timedelta) -> float:
    """Blend the usual rate with one seen over a time, by how much of the memory that time is."""
    slow = DAY * (_EVENTS_REMEMBERED / usual) if usual > _EVENTS_REMEMBERED / _LONGEST_MEMORY.days else _LONGEST_MEMORY
    memory = min(max(_MEMORY, slow), _LONGEST_MEMORY)
    kept = exp(-(over / memory))
    return usual * kept + seen * (1 - kept)
