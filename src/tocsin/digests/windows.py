"""Which window of a subscriber is due. Pure: the clock is a parameter, the ledger of windows is kept by the caller.

A slot is a wall time (``HH:MM``) on a nominal date in the subscriber's zone. Its instant is the first moment at which
the wall clock shows that time; in a gap (the spring night; the day that Pacific/Apia skipped in 2011) the moment when
the gap ends; in a fold (the autumn night) the first of the two. So every slot comes once, those of a cron expression
too. In a zone that nobody knows any more slots are those of UTC.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from heapq import merge
from itertools import takewhile
from typing import NamedTuple
from zoneinfo import ZoneInfo

from cronsim import CronSim

from tocsin.models.digests import Window
from tocsin.models.watchlist import DigestSchedule
from tocsin.models.zones import zone_of

# The wall clock can stand up to a day away from where counting in UTC would put it: so far do zones jump when they
# change sides of the date line.
_LARGEST_JUMP = timedelta(days=2)
_DAY = timedelta(days=1)


class Slot(NamedTuple):
    """A slot, ordered by its instant (UTC); of two at one instant, both inside one gap, the nominally later wins."""

    at: datetime
    local_date: date
    clock: str


def due_window(
    schedule: DigestSchedule,
    timezone: str,
    closed_until: datetime,
    now: datetime,
    *,
    slots_from: datetime | None = None,
    last_slot: tuple[date, str] | None = None,
) -> Window | None:
    """Give the window that the latest slot not after ``now`` closes, or None if no slot lies after ``closed_until``.

    ``closed_until`` is the end of the last window, or the time the subscriber joined. After downtime one window covers
    all of it. Slots up to ``slots_from`` close nothing: those before a pause ended, or before the schedule was changed.
    ``last_slot`` is the (local date, slot) of the last window: only later ones count, so that none is used twice when a
    subscriber moves to a zone further west. All times are aware UTC.
    """
    slot = latest_slot(schedule, timezone, now)
    if slot is None or slot.at <= max(closed_until, slots_from or closed_until):
        return None
    if last_slot is not None and (slot.local_date, slot.clock) <= last_slot:
        return None
    return Window(closed_until, slot.at, slot.local_date, slot.clock)


def latest_slot(schedule: DigestSchedule, timezone: str, now: datetime) -> Slot | None:
    """Give the latest slot not after an aware time; None for a schedule that has had none for years."""
    slots = _slots_until_midnight(schedule, timezone, now.astimezone(UTC).date())
    passed = bisect_right(slots, now, key=lambda slot: slot.at)
    return slots[passed - 1] if passed else None


def next_slot(schedule: DigestSchedule, timezone: str, after: datetime) -> datetime:
    """Give the instant (UTC) of the first slot after an aware time."""
    return next(_following(schedule, zone_of(timezone), after)).at


def slots_between(schedule: DigestSchedule, timezone: str, start: datetime, end: datetime) -> int:
    """Count the slots strictly inside (start, end): digests that were due in a window and did not go out."""
    inside = takewhile(lambda slot: slot.at < end, _following(schedule, zone_of(timezone), start))
    return len({slot.at for slot in inside})


@lru_cache(maxsize=4096)
def _slots_until_midnight(schedule: DigestSchedule, timezone: str, day: date) -> tuple[Slot, ...]:
    """Give the slots of a day of UTC, after the last one before it.

    Kept, since ticks ask every few seconds, and for all subscribers with one schedule and zone alike.
    """
    zone = zone_of(timezone)
    start = datetime.combine(day, time(), UTC)
    ahead = _wall(start, zone) + _LARGEST_JUMP
    each = (_slots(expression, zone, ahead, reverse=True) for expression in _expressions(schedule))
    # Of one expression the first that is not in the future: nominal order is that of instants.
    past = (next((slot for slot in slots if slot.at <= start), None) for slots in each)
    before = sorted(slot for slot in past if slot is not None)
    of_day = takewhile(lambda slot: slot.at < start + _DAY, _following(schedule, zone, start))
    return (*before[-1:], *of_day)


def _following(schedule: DigestSchedule, zone: ZoneInfo, after: datetime) -> Iterator[Slot]:
    behind = _wall(after, zone) - _LARGEST_JUMP
    each = (_slots(expression, zone, behind) for expression in _expressions(schedule))
    return (slot for slot in merge(*each) if slot.at > after)


def _expressions(schedule: DigestSchedule) -> Iterator[str]:
    """Give a schedule as cron expressions, whose slots are its slots."""
    if schedule.cron:
        yield schedule.cron
        return
    days = ",".join(map(str, schedule.days))
    for clock in schedule.at:
        hour, minute = map(int, clock.split(":"))
        yield f"{minute} {hour} * * {days}"


def _slots(expression: str, zone: ZoneInfo, start: datetime, *, reverse: bool = False) -> Iterator[Slot]:
    """Walk the slots of a cron expression. cronsim gets naive times: given a zone it moves a slot out of a gap itself,
    and the nominal date, by which a digest is unique, would be lost where a gap reaches over midnight; and it gives
    hourly slots twice in a fold.
    """
    for nominal in CronSim(expression, start, reverse=reverse):
        yield Slot(_instant(nominal, zone), nominal.date(), f"{nominal:%H:%M}")


def _instant(nominal: datetime, zone: ZoneInfo) -> datetime:
    """Give the first moment (UTC) at which clocks in the zone show ``nominal``, or the end of the gap it lies in."""
    while True:
        at = nominal.replace(tzinfo=zone, fold=0).astimezone(UTC)
        if _wall(at, zone) == nominal:
            return at
        nominal += timedelta(minutes=1)


def _wall(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None)
