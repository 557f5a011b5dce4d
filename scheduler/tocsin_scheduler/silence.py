"""Watching for silence: feeds that answer and bring nothing new for longer than their own rhythm explains.

Nothing is decided here; see `tocsin.feeds.silence`. A walk over all feeds is cheap (what each needs stands in its row),
and the histories of the few that are quiet for long are read once for each silence: when one would be told is then
known, and remembered by the process.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from tocsin.feeds.silence import HISTORY, SHORTEST, alarm_at, may_be_silent
from tocsin.models.ids import FeedId
from tocsin.store.database import Database
from tocsin.store.feed_health import QuietFeed, arrivals, quiet_feeds, set_silent

EVERY = timedelta(minutes=10)
AT_ONCE = 1_000
"""So many feeds are walked at a time, and so many histories read at most in one walk."""

_HISTORIES = 100
_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class SilenceWatch:
    """Finds the feeds that fell silent, and those that speak again."""

    database: Database
    _told_at: dict[FeedId, tuple[datetime, datetime | None]] = field(default_factory=dict)

    def tick(self) -> int:
        """Walk over all feeds once, note and log what changed, and give the number of changes.

        Raises:
            StoreError: The database failed; the next walk finds the same.

        """
        quiet = [feed for batch in self._walk() for feed in batch]
        spoke: dict[FeedId, datetime | None] = {feed.id: None for feed in quiet if _speaks_again(feed)}
        fell = self._fallen_silent([feed for feed in quiet if feed.silent_since is None])
        changes = spoke | fell
        if changes:
            with self.database.write() as connection:
                set_silent(connection, changes)
        for feed in quiet:
            _tell(feed, changes)
        return len(changes)

    def _walk(self) -> Iterator[list[QuietFeed]]:
        """Give, batch by batch, the feeds that are silent or may be."""
        after: FeedId | None = FeedId(0)
        while after is not None:
            with self.database.read() as connection:
                found, after = quiet_feeds(connection, after, least=SHORTEST, limit=AT_ONCE)
            yield [feed for feed in found if feed.silent_since is not None or may_be_silent(_quiet(feed), feed.gaps)]

    def _fallen_silent(self, quiet: Sequence[QuietFeed]) -> dict[FeedId, datetime | None]:
        self._forget_all_but(quiet)
        unknown = [feed for feed in quiet if self._told_at.get(feed.id, (None,))[0] != feed.newest_at]
        # Those that are quiet for longest by their own measure come first, should there be too many for one walk.
        unknown.sort(key=lambda feed: _quiet(feed) / max(feed.gaps), reverse=True)
        for start in range(0, min(len(unknown), AT_ONCE), _HISTORIES):
            self._learn(unknown[start : start + _HISTORIES])
        return {feed.id: feed.newest_at for feed in quiet if self._is_told(feed)}

    def _forget_all_but(self, quiet: Sequence[QuietFeed]) -> None:
        kept = {feed.id for feed in quiet}
        self._told_at = {feed_id: told for feed_id, told in self._told_at.items() if feed_id in kept}

    def _learn(self, quiet: Sequence[QuietFeed]) -> None:
        since = min(feed.newest_at for feed in quiet) - HISTORY
        with self.database.read() as connection:
            found = arrivals(connection, [feed.id for feed in quiet], since)
        for feed in quiet:
            self._told_at[feed.id] = feed.newest_at, alarm_at(_seen(feed, found[feed.id]), feed.added_at, feed.gaps)

    def _is_told(self, feed: QuietFeed) -> bool:
        newest_at, told_at = self._told_at.get(feed.id, (None, None))
        return newest_at == feed.newest_at and told_at is not None and feed.succeeded_at >= told_at


def _quiet(feed: QuietFeed) -> timedelta:
    """Give how long it is known to have brought nothing: until it was read last, not until now.

    A feed that fails, or that nobody asked while Tocsin stood still, is not silent.
    """
    return feed.succeeded_at - feed.newest_at


def _speaks_again(feed: QuietFeed) -> bool:
    return feed.silent_since is not None and feed.newest_at > feed.silent_since


def _seen(feed: QuietFeed, times: dict[datetime, int]) -> list[datetime]:
    """Give the arrivals up to the latest, which counts even if its articles are gone."""
    return [*(at for at in times if at < feed.newest_at), feed.newest_at]


def _tell(feed: QuietFeed, changes: dict[FeedId, datetime | None]) -> None:
    if feed.id not in changes:
        return
    if changes[feed.id] is None:
        _log.info("feed speaks again", feed=feed.url, silent_since=feed.silent_since)
    else:
        _log.warning("feed fell silent", feed=feed.url, nothing_new_since=feed.newest_at)
