"""Noticing that the watchlist was changed, without ever losing the last good one.

State only: the caller polls, and decides what a new watchlist means. No threads, no clock, no log.
"""

from __future__ import annotations

from pathlib import Path

from tocsin.config.feed_lists import beside, text_of
from tocsin.config.files import FileFault
from tocsin.config.opml_survey import OpmlFault
from tocsin.config.own_regions import RegionCheck
from tocsin.config.queries import QueryCheck
from tocsin.config.watchlist import read_watchlist, unchecked
from tocsin.errors import Fault, WatchlistError
from tocsin.models.watchlist import Watchlist

_Stamp = tuple[int, int, int, int]


class WatchlistFile:
    """The watchlist as its file, and the lists that it names, have it now, or as it last was when it was right.

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
        self._stamps: dict[Path, _Stamp | None] | None = None

    def poll(self) -> bool:
        """Look at the files, read them if one changed, and tell whether a new good version was taken.

        Costs one system call a file where nothing changed. A faulty or missing file becomes ``faults`` and is no
        exception.
        """
        # Taken before reading: a change while we read shows at the next poll.
        stamps = {path: _stamp_of(path) for path in self._stamps or (self.path,)}
        if stamps == self._stamps:
            return False
        lists, is_new = self._read()
        known = {path: stamps[path] if path in stamps else _stamp_of_list(path, text) for path, text in lists.items()}
        self._stamps = {self.path: stamps[self.path], **known}
        return is_new

    def _read(self) -> tuple[dict[Path, str | None], bool]:
        """Read the watchlist; give the lists that it names with their texts, and whether it is a new good version."""
        try:
            fresh = read_watchlist(self.path, check_region=self._check_region, check_queries=self._check_queries)
        except WatchlistError as error:
            self.faults = error.faults
            return dict.fromkeys(error.files), False
        known = self.watchlist.version if self.watchlist else None
        if fresh.version != known:
            self.watchlist = fresh
        self.faults = ()
        return {beside(self.path, name): text for name, text in fresh.files}, fresh.version != known


def _stamp_of(path: Path) -> _Stamp | None:
    """Give what changes when a file is edited, replaced or made readable; None where there is no file."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino


def _stamp_of_list(path: Path, text: str | None) -> _Stamp | None:
    """Stamp a list that was just read for the first time; None, which reads it again, if it was changed since."""
    stamp = _stamp_of(path)
    try:
        return stamp if text is not None and text_of(path) == text else None
    except (FileFault, OpmlFault):
        return None
