"""Which of the alerts that wait for a channel leave now, as one message, and in which order they stand in it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tocsin.alerts.limits import opens_at
from tocsin.alerts.quiet import quiet_until
from tocsin.models.ids import AlertId, DevelopmentId, StoryId, WatchId
from tocsin.models.watchlist import AlertRule, Channel

MOST_ENTRIES = 25
"""How many stories a bundle shows; the others are counted, and stand on the page of its alerts."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An alert that waits. ``opened_at`` is when its development was opened; story and development are resolved."""

    id: AlertId
    watch: WatchId
    story: StoryId
    development: DevelopmentId
    opened_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Sent:
    """When messages to one channel were entered, and those in which each watch stood; as in `Past`."""

    channel: tuple[datetime, ...] = ()
    watches: Mapping[WatchId, tuple[datetime, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """One story of a bundle with all its alerts, of whatever watches; the newest development first."""

    story: StoryId
    alerts: tuple[Waiting, ...]

    @property
    def watches(self) -> tuple[WatchId, ...]:
        """The watches that it met, each once."""
        return tuple(dict.fromkeys(alert.watch for alert in self.alerts))


@dataclass(frozen=True, slots=True)
class Bundle:
    """One message: ``entries`` are shown, ``more`` are counted. All of both are told by it."""

    entries: tuple[Entry, ...]
    more: tuple[Entry, ...] = ()

    @property
    def alerts(self) -> tuple[Waiting, ...]:
        """All alerts that it tells, in the order of the message."""
        return tuple(alert for entry in (*self.entries, *self.more) for alert in entry.alerts)


def release(
    waiting: Sequence[Waiting], sent: Sent, channel: Channel, rules: Mapping[WatchId, AlertRule], now: datetime
) -> Bundle | None:
    """Give what leaves a channel now: everything that is due, as one message; None while nothing may.

    The channel's quiet hours and limit hold all of it; the limit of a watch holds that watch's alerts. A watch that is
    no longer in ``rules`` has no limit left.
    """
    if channel.quiet_hours is not None and quiet_until(channel.quiet_hours, channel.timezone, now) is not None:
        return None
    if opens_at(sent.channel, channel.at_most, now) > now:
        return None
    free = {alert.watch for alert in waiting if _is_free(alert.watch, sent, rules, now)}
    leaving = [alert for alert in waiting if alert.due_at <= now and alert.watch in free]
    return bundle(leaving) if leaving else None


def bundle(alerts: Iterable[Waiting]) -> Bundle:
    """Put alerts into the order of a message: a story once, that with the newest development first."""
    by_story: dict[StoryId, list[Waiting]] = {}
    for alert in sorted(alerts, key=lambda alert: (-alert.opened_at.timestamp(), alert.id)):
        by_story.setdefault(alert.story, []).append(alert)
    entries = tuple(Entry(story, tuple(same)) for story, same in by_story.items())
    return Bundle(entries[:MOST_ENTRIES], entries[MOST_ENTRIES:])


def _is_free(watch: WatchId, sent: Sent, rules: Mapping[WatchId, AlertRule], now: datetime) -> bool:
    at_most = rules[watch].at_most if watch in rules else None
    return opens_at(sent.watches.get(watch, ()), at_most, now) <= now
