"""What stands above a page when something in the house needs a person: faults of the watchlist, a silent scheduler."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePath

from tocsin.errors import Fault
from tocsin.models.watchlist import Watchlist
from tocsin.rendering.clean import one_line
from tocsin.rendering.words import count
from tocsin.store.processes import Heartbeat

SCHEDULER = "scheduler"
SILENT_AFTER = timedelta(seconds=60)
SHOWN_FAULTS = 10
_FAULT_LIMIT = 300


@dataclass(frozen=True, slots=True)
class Banner:
    """A message with details, one a line; fit to be shown, not escaped."""

    heading: str
    words: str
    lines: tuple[str, ...] = ()


def watchlist_banner(watchlist: Watchlist | None, faults: Sequence[Fault]) -> Banner | None:
    """Say that the watchlist's file is faulty and what is in force instead; None while all is well."""
    if watchlist is None and not faults:
        return Banner("No watchlist yet", "Nothing is watched. `tocsin init` writes a small watchlist to begin with.")
    if not faults:
        return None
    return Banner(
        f"The watchlist has {count('fault', len(faults))}",
        _in_force(watchlist),
        (*map(_line, faults[:SHOWN_FAULTS]), *_more(len(faults) - SHOWN_FAULTS)),
    )


def _in_force(watchlist: Watchlist | None) -> str:
    if watchlist is None:
        return "There is no good version yet, so nothing is watched. Mend the file; it is read again by itself."
    return (
        f"The last good version of {watchlist.path.name} ({watchlist.version}) stays in force. "
        "Mend the file; it is read again by itself."
    )


def _line(fault: Fault) -> str:
    # Readers of a page need the file's name; its folder is the machine's business.
    place = f":{fault.line}:{fault.column}" if fault.line else ""
    return one_line(f"{PurePath(fault.path).name}{place}: {fault.message}", _FAULT_LIMIT)


def _more(number: int) -> tuple[str, ...]:
    return (f"and {number} more; `tocsin check` lists them all",) if number > 0 else ()


@dataclass(frozen=True, slots=True)
class SchedulerState:
    """When the scheduler was last seen, None for never, and whether that is too long ago."""

    seen_at: datetime | None
    silent: bool


def scheduler_state(heartbeats: Sequence[Heartbeat], now: datetime) -> SchedulerState:
    """Find the latest sign of life of any scheduler."""
    seen = [beat.seen_at for beat in heartbeats if beat.name.partition("@")[0] == SCHEDULER]
    seen_at = max(seen, default=None)
    return SchedulerState(seen_at, silent=seen_at is None or now - seen_at > SILENT_AFTER)
