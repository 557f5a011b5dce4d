"""How much a watch brings, against which a digest sets what it tells."""

from __future__ import annotations

from dataclasses import dataclass

CHART_DAYS = 14
"""So many days are shown beside each other."""


@dataclass(frozen=True, slots=True)
class WatchVolume:
    """What a watch brought before and until a digest was closed.

    ``days`` are the new articles of each of the last `CHART_DAYS` spans of 24 hours, the latest last; empty while the
    watch is younger than that. ``usual`` is how many it usually brings in as long a window at that time of the week;
    None while too little is known.
    """

    days: tuple[int, ...] = ()
    usual: int | None = None
