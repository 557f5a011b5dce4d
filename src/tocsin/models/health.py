"""How a feed does: the states that a publisher or an analyst could act on, and how much it publishes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class HealthState(StrEnum):
    """How a feed does, the worst first; also its class in the style sheet.

    ``stopped``: its publisher ended it, and it is no longer asked. ``blocked``: the publisher's protection does not
    let Tocsin in. ``not-a-feed``: something else is at its address. ``failing``: it cannot be read for another reason.
    ``silent``: it answers, but brings nothing new for longer than its own rhythm allows. ``waiting``: its host asked
    to be left alone for a while. ``moved``: its address changed for good. ``remark``: it is read, with faults.
    ``new``: it was not asked yet.
    """

    STOPPED = "stopped"
    BLOCKED = "blocked"
    NOT_A_FEED = "not-a-feed"
    FAILING = "failing"
    SILENT = "silent"
    WAITING = "waiting"
    MOVED = "moved"
    REMARK = "remark"
    NEW = "new"
    WELL = "well"

    @property
    def is_trouble(self) -> bool:
        """Whether news may be missed and a person should look."""
        return self in _TROUBLE

    @property
    def is_well(self) -> bool:
        """Whether its news come in: neither in trouble, nor put off by its host, nor still to be read."""
        return self in _WELL


_TROUBLE = frozenset(
    {HealthState.STOPPED, HealthState.BLOCKED, HealthState.NOT_A_FEED, HealthState.FAILING, HealthState.SILENT}
)
_WELL = frozenset({HealthState.MOVED, HealthState.REMARK, HealthState.WELL})


VOLUME_DAYS = 28
"""What a feed brought is told for so long: the last week, and three to compare it with."""


@dataclass(frozen=True, slots=True)
class Volume:
    """How many new articles a feed brought in each of the last days, the latest day last.

    A day is 24 hours back from the time of asking. Days before the feed was first watched are not in it, so a volume
    has 1 to VOLUME_DAYS days.
    """

    days: tuple[int, ...]

    @property
    def day(self) -> int:
        """The articles of the last 24 hours."""
        return sum(self.days[-1:])

    @property
    def week(self) -> int:
        """The articles of the last seven days."""
        return sum(self.days[-7:])

    @property
    def earlier(self) -> tuple[int, ...]:
        """The days before the last seven."""
        return self.days[:-7]


@dataclass(frozen=True, slots=True)
class FeedHealth:
    """A feed as it stands.

    ``since`` is when its state began, as far as that is known: the last success of a failing feed, the last new article
    of a silent one. ``until`` is when a waiting host may be asked again. ``per_day`` is how many articles it usually
    brings a day, None while too little is known; ``has_fallen`` tells that the last seven days brought so few that it
    cannot be chance. ``every`` is the wait between two polls that the last one chose.
    """

    state: HealthState
    since: datetime | None = None
    until: datetime | None = None
    per_day: float | None = None
    has_fallen: bool = False
    every: timedelta | None = None
