"""The job `classify`: articles in, matches out, with the alerts and what digests owe, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
import structlog

from tocsin.bootstrap import Desk
from tocsin.errors import QueueError, StoreError
from tocsin.matching import Matcher
from tocsin.models.articles import Article, document_of
from tocsin.models.ids import ArticleId, DeliveryId, WatchId
from tocsin.models.matches import Classification
from tocsin.models.receipts import Receipt
from tocsin.models.watchlist import Watchlist
from tocsin.queueing import DELIVER, Wakeups
from tocsin.store.articles import (
    Classified,
    begin_classifying,
    give_attempt_back,
    lock_unclassified,
    mark_classified,
)
from tocsin.store.database import Database, database_now
from tocsin.store.feeds import tags_of, urls_of
from tocsin.store.matches import NewMatch, save_matches, standing_watches, withdraw_matches
from tocsin.store.owed import owe
from tocsin.store.placements import Placed, lock_stories
from tocsin.text.language import detect_language
from tocsin_worker.bells import Bells
from tocsin_worker.newcomers import Newcomer, newcomer
from tocsin_worker.placing import place_articles
from tocsin_worker.shelf import StoryShelf

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Classifier:
    """Runs the job; ``desk`` gives the watchlist in force at the moment, ``shelf`` remembers the last days' stories."""

    database: Database
    wakeups: Wakeups
    desk: Callable[[], Desk]
    bells: Bells
    shelf: StoryShelf = field(default_factory=StoryShelf)

    def run(self, ids: list[int]) -> None:
        """Classify those of the articles that still need it.

        Raises:
            StoreError: The database failed; nothing was recorded, and the sweeper sends the articles again.

        """
        with self.database.write() as connection:
            waiting = begin_classifying(connection, [ArticleId(one) for one in ids])
            tags = tags_of(connection, {article.feed_id for article in waiting})
            urls = urls_of(connection, {article.feed_id for article in waiting})
            held = standing_watches(connection, [article.id for article in waiting if article.revision > 1])
        if not waiting:
            return
        desk = self.desk()
        found = [
            classify(article, desk.matcher, tags.get(article.feed_id, ()), held.get(article.id, ()))
            for article in waiting
        ]
        newcomers = {one.article.id: newcomer(one.article, one.language, urls[one.article.feed_id]) for one in found}
        try:
            self.shelf.prepare(self.database)
            with self.shelf.on_trial(), self.database.write() as connection:
                alerts = record(
                    connection, found, newcomers, shelf=self.shelf, watchlist=desk.watchlist, bells=self.bells
                )
        except StoreError:
            self._give_back([article.id for article in waiting])
            raise
        matches = sum(len(one.receipts) for one in found)
        _log.info("classified", articles=len(found), matches=matches, alerts=len(alerts))
        self._wake(alerts)

    def _give_back(self, ids: list[ArticleId]) -> None:
        """Do not let the articles pay for a database that fails: five attempts put an article aside."""
        with suppress(StoreError), self.database.write() as connection:
            give_attempt_back(connection, ids)

    def _wake(self, alerts: list[DeliveryId]) -> None:
        try:
            self.wakeups.send(DELIVER, alerts, first=True)
        except QueueError as error:
            _log.warning("not enqueued; the sweeper sends them again", alerts=len(alerts), reason=str(error))


def classify(
    article: Article, matcher: Matcher, tags: tuple[str, ...] = (), held: Sequence[WatchId] = ()
) -> Classification:
    """Decide which watches an article meets, and why no longer those that an earlier revision met (``held``); pure but
    for the language model, which is read on first use.
    """
    language = detect_language(article.title, article.text, article.language)
    document = document_of(article, language, tags)
    receipts = matcher.match(document)
    met = {receipt.watch for receipt in receipts}
    lost = (watch for watch in held if watch not in met)
    unmet = tuple(matcher.explain(document, watch) for watch in lost if watch in matcher)
    return Classification(article, language, receipts, unmet)


def record(
    connection: sa.Connection,
    found: Sequence[Classification],
    newcomers: Mapping[ArticleId, Newcomer],
    *,
    shelf: StoryShelf,
    watchlist: Watchlist,
    bells: Bells,
) -> list[DeliveryId]:
    """Store what was found, with the stories, the alerts and what subscribers are owed; gives the alerts to be
    enqueued. The ``newcomers`` are the articles as their stories see them; the ``shelf`` is to be on trial.
    """
    lock_stories(connection)
    now = database_now(connection)
    ours = lock_unclassified(connection, [one.article for one in found])
    found = [one for one in found if one.article.id in ours]
    placed = place_articles(connection, shelf, [newcomers[one.article.id] for one in found], now)
    marked = [_classified(one, newcomers[one.article.id], placed[one.article.id]) for one in found]
    mark_classified(connection, marked, now)
    new = _save(connection, found, now)
    fresh = {one.article.id for one in found if not (one.article.backlog or one.article.quiet)}
    owe(connection, [match.id for match in new if match.article_id in fresh])
    unread = {one.article.id for one in found if one.article.story_id is None}
    return bells.ring(connection, new, watchlist, now, unread=unread)


def _classified(one: Classification, newcomer: Newcomer, placed: Placed) -> Classified:
    return Classified(one.article, one.language, placed.story_id, placed.development_id, newcomer.outlet)


def _save(connection: sa.Connection, found: Sequence[Classification], now: datetime) -> list[NewMatch]:
    changed = [one for one in found if one.article.revision > 1]
    kept = [(one.article.id, [receipt.watch for receipt in one.receipts]) for one in changed]
    because = {(one.article.id, unmet.watch): _because(one.article, unmet) for one in changed for unmet in one.unmet}
    withdraw_matches(connection, kept, now, because)
    return save_matches(connection, [(one.article.id, receipt) for one in found for receipt in one.receipts], now)


def _because(article: Article, unmet: Receipt) -> str:
    whole = article.page is not None and article.page.starts_at is not None
    return f"{'with the full text of its page' if whole else 'with its changed text'}: {unmet.reason}"
