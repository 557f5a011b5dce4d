"""What of a feed's new entries is news, and what was there before Tocsin could see it: pure decisions.

Backlog is stored, classified and can be found; it is neither alerted nor digested.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from tocsin.models.feeds import Entry, Feed

GRACE: Final = timedelta(hours=24)
"""An entry may turn up this long after its date and be news among many others: editors date by the begin of writing."""

MASS: Final = 10
"""This many entries at once, if they are more than half of the document, look like an archive."""

SURPRISE: Final = 5
"""An undated document that is new from end to end is news if the feed's rhythm explains a fifth of it."""


@dataclass(frozen=True, slots=True)
class Backlog:
    """Which of the new entries are backlog, in their order; ``note`` says why in words where it is not plain."""

    flags: tuple[bool, ...]
    note: str | None = None


def backlog_of(feed: Feed, new: Sequence[Entry], shown: int, now: datetime, *, is_delta: bool = False) -> Backlog:
    """Tell news from backlog among the new entries of a document that shows so many in all.

    At first contact, what was published before the subscription less ``feed.backlog`` is backlog, and so is what bears
    no date of its own. Later new entries are news, unless an archive was emptied into the feed.
    """
    read_at = last_read_at(feed)
    if read_at is None or is_first_contact(feed):
        return _first_contact(feed, new, now)
    before = read_at - GRACE - feed.backlog
    old = tuple(entry.published_at is not None and entry.published_at < before for entry in new)
    if _is_mass(sum(old), shown):
        return Backlog(old, _note(sum(old), f"dated before {before:%d %B %Y}"))
    undated = tuple(entry.published_at is None for entry in new)
    if (
        len(new) == shown
        and not is_delta
        and _is_mass(sum(undated), shown)
        and _surprises(feed, sum(undated), now - read_at)
    ):
        return Backlog(undated, _note(sum(undated), "without dates, in place of all that was there"))
    return Backlog((False,) * len(new))


def _first_contact(feed: Feed, new: Sequence[Entry], now: datetime) -> Backlog:
    # Without dates there is no telling the news from the history: better silent once than ringing for years of it. What
    # lies ahead is the date of an event, and what most entries share since we came is that of the document.
    since, ahead = feed.added_at - feed.backlog, now + GRACE
    dates = Counter(entry.published_at for entry in new if entry.published_at and entry.published_at >= feed.added_at)
    shared = {date for date, times in dates.items() if _is_mass(times, len(new))}
    return Backlog(
        tuple(
            entry.published_at is None or not since <= entry.published_at <= ahead or entry.published_at in shared
            for entry in new
        )
    )


def is_first_contact(feed: Feed) -> bool:
    """Tell whether nothing of the feed was read since it came, or came back, to the watchlist."""
    return feed.succeeded_at is None or feed.succeeded_at < feed.added_at


def last_read_at(feed: Feed) -> datetime | None:
    """Give the time when a feed last showed what it holds: a server may say "not modified" for long, and be wrong."""
    return feed.polling.read_at or feed.succeeded_at


def _is_mass(some: int, shown: int) -> bool:
    return some >= MASS and some * 2 > shown


def _surprises(feed: Feed, count: int, since_read: timedelta) -> bool:
    """Tell whether so many new entries in a time are far beyond the feed's rhythm, as far as it is known."""
    rhythm = feed.polling.rhythm
    return rhythm is not None and count > MASS + SURPRISE * rhythm.per_day * (since_read / timedelta(days=1))


def _note(count: int, kind: str) -> str:
    return f"{count} new entries at once {kind}: kept as backlog, without alerts"
