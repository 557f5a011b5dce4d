"""Which window of a subscriber is due. Pure: the clock is a parameter, the ledger of windows is kept by the caller.

A slot is a wall time (``HH:MM``) on a nominal date in the subscriber's zone. Its instant is the first moment at which
the wall clock shows that time; in a gap (the spring night; the day that Pacific/Apia skipped in 2011) the moment when
the gap ends; in a fold (the autumn night) the first of the two. So every slot comes once.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import takewhile
from typing import NamedTuple
from zoneinfo import ZoneInfo

from cronsim import CronSim

from tocsin.models.digests import Window
from tocsin.models.watchlist import DigestSchedule

# The wall clock can stand up to a day away from where counting in UTC would put it: so far do zones jump when they
# change sides of the date line.
_LARGEST_JUMP = timedelta(days=2)


class _Slot(NamedTuple):
    """A slot, ordered by its instant; of two at one instant (both inside one gap) the nominally later one wins."""

    at: datetime
    local_date: date
    clock: str


def due_window(
    schedule: DigestSchedule,
    timezone: str,
    closed_until: datetime,
    now: datetime,
    *,
    last_slot: tuple[date, str] | None = None,
) -> Window | None:
    """Give the window that the latest slot not after ``now`` closes, or None if no slot lies after ``closed_until``.

    ``closed_until`` is the end of the last window, or the time the subscriber joined. After downtime one window covers
    all of it. ``last_slot`` is the (local date, slot) of the last window: only later ones count, so that none is used
    twice when a subscriber moves to a zone further west. All times are aware UTC.
    """
    zone = ZoneInfo(timezone)
    slot = max((_latest(schedule, at, zone, now) for at in schedule.at), default=None)
    if slot is None or slot.at <= closed_until:
        return None
    if last_slot is not None and (slot.local_date, slot.clock) <= last_slot:
        return None
    return Window(closed_until, slot.at, slot.local_date, slot.clock)


def next_slot(schedule: DigestSchedule, timezone: str, after: datetime) -> datetime:
    """Give the instant (UTC) of the first slot after an aware time."""
    zone = ZoneInfo(timezone)
    return min(next(_following(schedule, at, zone, after)) for at in schedule.at).at


def slots_between(schedule: DigestSchedule, timezone: str, start: datetime, end: datetime) -> int:
    """Count the slots strictly inside (start, end): digests that were due in a window and did not go out."""
    zone = ZoneInfo(timezone)
    inside = (takewhile(lambda slot: slot.at < end, _following(schedule, at, zone, start)) for at in schedule.at)
    return len({slot.at for slots in inside for slot in slots})


def _latest(schedule: DigestSchedule, clock: str, zone: ZoneInfo, now: datetime) -> _Slot:
    ahead = _wall(now, zone) + _LARGEST_JUMP
    return next(slot for slot in _slots(schedule, clock, zone, ahead, reverse=True) if slot.at <= now)


def _following(schedule: DigestSchedule, clock: str, zone: ZoneInfo, after: datetime) -> Iterator[_Slot]:
    behind = _wall(after, zone) - _LARGEST_JUMP
    return (slot for slot in _slots(schedule, clock, zone, behind) if slot.at > after)


def _slots(
    schedule: DigestSchedule, clock: str, zone: ZoneInfo, start: datetime, *, reverse: bool = False
) -> Iterator[_Slot]:
    """Walk the slots of one wall time. cronsim gets naive times: given a zone it moves a slot out of a gap itself,
    and the nominal date, by which a digest is unique, would be lost where a gap reaches over midnight.
    """
    hour, minute = map(int, clock.split(":"))
    expression = f"{minute} {hour} * * {','.join(map(str, schedule.days))}"
    for nominal in CronSim(expression, start, reverse=reverse):
        yield _Slot(_instant(nominal, zone), nominal.date(), clock)


def _instant(nominal: datetime, zone: ZoneInfo) -> datetime:
    """Give the first moment (UTC) at which clocks in the zone show ``nominal``, or the end of the gap it lies in."""
    while True:
        at = nominal.replace(tzinfo=zone, fold=0).astimezone(UTC)
        if _wall(at, zone) == nominal:
            return at
        nominal += timedelta(minutes=1)


def _wall(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None)
