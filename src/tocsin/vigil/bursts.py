"""Bursts: a watch that comes thicker than its own rhythm. One that lasts is an open row of `bursts`."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa

from tocsin.alerts import HISTORY, LOOK_BACK, Burst, Measure, Pulse, Rhythms, Sighting, WatchHour, learn_rhythms, step
from tocsin.alerts import measure as pulse_of
from tocsin.models.ids import WatchId
from tocsin.store.bursts import (
    RecentMatch,
    StoredBurst,
    end_burst,
    first_hour,
    hours_of_watch,
    open_bursts,
    recent_matches,
    save_burst,
)

LEARNED_FOR = timedelta(hours=1)
"""How long a rhythm that was learned is good."""

Felt = dict[WatchId, tuple[Pulse, Burst | None]]


@dataclass(slots=True)
class Pulses:
    """Measures watches; keeps their rhythms between batches, since these take thousands of rows to learn."""

    _learned: dict[WatchId, tuple[datetime, Rhythms]] = field(default_factory=dict)

    def feel(self, connection: sa.Connection, watches: Collection[WatchId], now: datetime) -> Felt:
        """Measure watches, and begin, go on with, or end their bursts; gives each's pulse and the burst that lasts."""
        if not watches:
            return {}
        lasting = {burst.watch: _burst_of(burst) for burst in open_bursts(connection, watches)}
        seen = recent_matches(connection, watches, now - LOOK_BACK)
        felt: Felt = {}
        for watch in sorted(watches):
            of_watch = [match for match in seen if match.watch == watch]
            pulse = pulse_of(self._rhythms(connection, watch, now), _sightings(of_watch), now)
            felt[watch] = pulse, _stepped(connection, watch, lasting.get(watch), pulse, now)
        return felt

    def _rhythms(self, connection: sa.Connection, watch: WatchId, now: datetime) -> Rhythms:
        known = self._learned.get(watch)
        if known is None or now - known[0] > LEARNED_FOR:
            rows = hours_of_watch(connection, watch, now - HISTORY)
            hours = [WatchHour(row.hour_at, row.stories, row.articles) for row in rows]
            known = now, learn_rhythms(hours, first_hour(connection, watch) or now, now)
            self._learned[watch] = known
        return known[1]


def end_bursts(connection: sa.Connection, pulses: Pulses, now: datetime) -> list[WatchId]:
    """End the bursts that are over, and give their watches."""
    lasting = {burst.watch for burst in open_bursts(connection)}
    return [watch for watch, (_, burst) in pulses.feel(connection, lasting, now).items() if burst is None]


def _stepped(
    connection: sa.Connection, watch: WatchId, before: Burst | None, pulse: Pulse, now: datetime
) -> Burst | None:
    burst = step(before, pulse, now)
    if burst is None and before is not None:
        end_burst(connection, watch, now)
    elif burst is not None and burst != before:
        save_burst(connection, _row_of(watch, burst))
    return burst


def _sightings(seen: Iterable[RecentMatch]) -> list[Sighting]:
    return [Sighting(one.published_at, one.story_id, one.outlet, one.is_new) for one in seen]


def _burst_of(row: StoredBurst) -> Burst:
    figures = (row.found, row.usual, row.outlets)
    return Burst(row.began_at, row.called_at, Measure(row.measure), row.span, *figures)


def _row_of(watch: WatchId, burst: Burst) -> StoredBurst:
    figures = (burst.found, burst.usual, burst.outlets)
    return StoredBurst(watch, burst.began_at, burst.called_at, burst.measure.value, burst.window, *figures)
