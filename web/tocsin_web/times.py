"""Times on pages: in UTC, since a page cannot know its reader's zone; the day's year only where it is another one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from markupsafe import Markup

from tocsin.rendering.times import local_day, local_time, rough_length

ZONE = "UTC"


@dataclass(frozen=True, slots=True)
class Clock:
    """The moment for which a page is made."""

    now: datetime

    def moment(self, at: datetime) -> Markup:
        """Give the ``<time>`` element of an aware time: "Tue 5 Sep, 14:42".

        >>> Clock(datetime(2017, 9, 6, tzinfo=UTC)).moment(datetime(2017, 9, 5, 14, 42, tzinfo=UTC))
        Markup('<time datetime="2017-09-05T14:42:00Z">Tue 5 Sep, 14:42</time>')
        """
        return Markup('<time datetime="{}">{}</time>').format(machine_time(at), self.words(at))

    def words(self, at: datetime) -> str:
        """Give day and wall time in UTC, with the year where it is not this one."""
        at = at.astimezone(UTC)
        if at.year == self.now.astimezone(UTC).year:
            return local_time(at, ZONE)
        return f"{local_day(at, ZONE)} {at.year}, {at:%H:%M}"

    def ago(self, at: datetime) -> str:
        """Say how long ago, or in how long, that time is: "3 days ago", "in 20 minutes", "now"."""
        seconds = (self.now - at).total_seconds()
        if abs(seconds) < 30:  # noqa: PLR2004 -- half of the smallest unit that is told
            return "now"
        length = rough_length(abs(self.now - at))
        return f"{length} ago" if seconds > 0 else f"in {length}"


def machine_time(at: datetime) -> str:
    """Give an aware time as HTML's ``datetime`` attribute takes it, to the second."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
