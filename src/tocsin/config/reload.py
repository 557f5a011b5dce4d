"""Noticing that the watchlist was changed, without ever losing the last good one.

State only: the caller polls, and decides what a new watchlist means. No threads, no clock, no log.
"""

from __future__ import annotations

from pathlib import Path

from tocsin.config.own_regions import RegionCheck
from tocsin.config.queries import QueryCheck
from tocsin.config.watchlist import read_watchlist, unchecked
from tocsin.errors import Fault, WatchlistError
from tocsin.models.watchlist import Watchlist

_Stamp = tuple[int, int, int, int]


class WatchlistFile:
    """The watchlist as its file has it now, or as it last was when it was right.

    ``watchlist`` is the last good one, None before there was any; ``faults`` are those of the file as it is now, empty
    when it is well. ``last_good`` is what another process or an earlier run found good.
    """

    def __init__(
        self,
        path: Path,
        check_region: RegionCheck,
        *,
        check_queries: QueryCheck = unchecked,
        last_good: Watchlist | None = None,
    ) -> None:
        self.path = path
        self.watchlist = last_good
        self.faults: tuple[Fault, ...] = ()
        self._check_region = check_region
        self._check_queries = check_queries
        self._stamp: _Stamp | None = None
        self._read_once = False

    def poll(self) -> bool:
        """Look at the file, read it if it changed, and tell whether a new good version was taken.

        Costs one system call where nothing changed. A faulty or missing file becomes ``faults`` and is no exception.
        """
        # Taken before reading: a change while we read shows at the next poll.
        stamp = _stamp_of(self.path)
        if self._read_once and stamp == self._stamp:
            return False
        self._stamp, self._read_once = stamp, True
        return self._read()

    def _read(self) -> bool:
        try:
            fresh = read_watchlist(self.path, check_region=self._check_region, check_queries=self._check_queries)
        except WatchlistError as error:
            self.faults = error.faults
            return False
        known = self.watchlist.version if self.watchlist else None
        self.watchlist, self.faults = fresh, ()
        return fresh.version != known


def _stamp_of(path: Path) -> _Stamp | None:
    """Give what changes when a file is edited, replaced or made readable; None where there is no file."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino
