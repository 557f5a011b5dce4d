"""What a classifier remembers of the last days' articles, and how that stays true to the database.

Each classifier process keeps a `tocsin.stories.Shelf` of its own. Before it decides, it catches up with what others
placed and moved meanwhile; what a transaction that failed had put there is taken out again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa
import structlog

from tocsin.models.ids import ArticleId, DevelopmentId, StoryId
from tocsin.models.stories import Placement
from tocsin.store.articles import get_articles
from tocsin.store.database import Database, database_now
from tocsin.store.feeds import urls_of
from tocsin.store.placements import Remembered, last_row, remembered_after, remembered_since, renew_signatures
from tocsin.stories import MOST_ARTICLES, WINDOW, Shelf, Signature, UnknownSignatureError
from tocsin_worker.newcomers import newcomer

RENEWED = 20_000
"""So many articles at most are read again when a new version of Tocsin remembers them otherwise: half a minute."""

AT_ONCE = 200

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Shelved:
    """A signature and where its article is."""

    signature: Signature
    story_id: StoryId
    development_id: DevelopmentId


@dataclass(slots=True)
class StoryShelf:
    """The memory of one classifier, read when it is first needed.

    Articles are compared with those published up to ``window`` before, ``most`` of them at most, the latest.
    ``_row`` is the last row of placements that it knows, ``_undo`` leads back from what is on trial: articles to
    take out, or to put back as they were.
    """

    window: timedelta = WINDOW
    most: int = MOST_ARTICLES
    _shelf: Shelf | None = None
    _row: int = 0
    _row_before: int = 0
    _undo: list[tuple[int, _Shelved | None]] = field(default_factory=list)
    _is_rearranged: bool = False

    def prepare(self, database: Database, now: datetime | None = None) -> None:
        """Read the last days if that was not done yet: before a transaction that writes, which would make all wait.

        ``now`` is what the database's clock says, unless it is given.

        Raises:
            StoreError: The database failed; the next call tries again.

        """
        if self._shelf is None:
            with database.read() as connection:
                unread = self._read(connection, now or database_now(connection))
            if unread:
                self._renew(database, unread[-RENEWED:])

    @contextmanager
    def on_trial(self) -> Iterator[None]:
        """Keep what the block puts here only if it ends well; the transaction is to begin and to end inside."""
        try:
            yield
        except BaseException:
            self.take_back()
            raise
        finally:
            self._undo.clear()
            self._is_rearranged = False

    def catch_up(self, connection: sa.Connection, now: datetime) -> None:
        """Learn what others have placed and moved; the stories must be locked."""
        if self._shelf is None:
            self._read(connection, now)
        self._take_in(remembered_after(connection, self._row))
        self._live.forget_before(now - self.window)
        self._row_before = self._row

    def learn_merges(self, connection: sa.Connection) -> None:
        """Learn what this transaction itself has moved."""
        self._is_rearranged = True
        self._take_in(remembered_after(connection, self._row))

    def place(self, signature: Signature) -> Placement:
        """Decide where an article goes; nothing is changed."""
        return self._live.place(signature)

    def put(self, signature: Signature, story_id: StoryId, development_id: DevelopmentId) -> None:
        """Remember an article that this transaction places."""
        self._undo.append((signature.key, None))
        self._live.put(signature, story_id, development_id)

    def take_out(self, remembered: Remembered) -> Signature | None:
        """Forget an article as it was, and give its signature, None if that cannot be read any more."""
        signature = unpacked(remembered)
        self._live.remove(remembered.article_id)
        if signature is not None:
            before = _Shelved(signature, remembered.story_id, remembered.development_id)
            self._undo.append((remembered.article_id, before))
        return signature

    def forget(self, key: ArticleId) -> None:
        """Forget an article for good: it is no longer in the database."""
        self._live.remove(key)

    def passed(self, row: int) -> None:
        """Note the last row that this transaction wrote: it is known here."""
        self._row = max(self._row, row)

    def take_back(self) -> None:
        """Go back to what is committed."""
        if self._is_rearranged:
            self._shelf = None  # read anew: this is rare
        elif self._shelf is not None:
            for key, before in reversed(self._undo):
                self._shelf.remove(key)
                if before is not None:
                    self._shelf.put(before.signature, before.story_id, before.development_id)
        self._row = self._row_before
        self._undo.clear()

    @property
    def _live(self) -> Shelf:
        assert self._shelf is not None  # noqa: S101 -- each transaction begins by catching up
        return self._shelf

    def _read(self, connection: sa.Connection, now: datetime) -> list[Remembered]:
        self._shelf = Shelf(self.most, self.window)
        last = last_row(connection)
        unread = self._take_in(remembered_since(connection, now - self.window, limit=self.most))
        self._row = self._row_before = last  # what was older than the window is passed over
        return unread

    def _renew(self, database: Database, unread: Sequence[Remembered]) -> None:
        """Read articles again whose signatures are of another version of Tocsin: running stories go on."""
        _log.info("signatures of another version are made anew", articles=len(unread))
        for start in range(0, len(unread), AT_ONCE):
            rows = {row.article_id: row for row in unread[start : start + AT_ONCE]}
            with database.read() as connection:
                told = get_articles(connection, rows)
                urls = urls_of(connection, {one.feed_id for one in told})
            signed = {one.id: newcomer(one, one.language, urls[one.feed_id]).signature for one in told}
            with database.write() as connection:
                renew_signatures(connection, {one: signature.pack() for one, signature in signed.items()})
            for one, signature in signed.items():
                self._live.put(signature, rows[one].story_id, rows[one].development_id)

    def _take_in(self, rows: Iterable[Remembered]) -> list[Remembered]:
        """Put articles where they are; gives those whose signatures cannot be read."""
        unread = []
        for row in rows:
            self._row = row.row
            self._live.remove(row.article_id)
            signature = unpacked(row)
            if signature is None:
                unread.append(row)
            else:
                self._live.put(signature, row.story_id, row.development_id)
        return unread


def unpacked(remembered: Remembered) -> Signature | None:
    """Read a stored signature; None if it is of another version, or damaged."""
    try:
        return Signature.unpack(remembered.signature)
    except UnknownSignatureError:
        return None
