"""The job `classify`: articles in, matches out, with the alerts and what digests owe, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
import structlog

from tocsin.bootstrap import Desk
from tocsin.delivery import new_message_id
from tocsin.errors import QueueError, StoreError
from tocsin.matching import Matcher
from tocsin.models.alerts import Decision, Rule
from tocsin.models.articles import Article, document_of
from tocsin.models.deliveries import DeliveryKind
from tocsin.models.ids import ArticleId, DeliveryId, DevelopmentId, MatchId, StoryId, SubscriberId, WatchId
from tocsin.models.matches import Classification
from tocsin.models.receipts import Receipt
from tocsin.models.watchlist import Watchlist
from tocsin.queueing import DELIVER, Wakeups
from tocsin.store.alerts import NewAlert, enter_alerts
from tocsin.store.articles import (
    Classified,
    begin_classifying,
    give_attempt_back,
    lock_unclassified,
    mark_classified,
)
from tocsin.store.database import Database, database_now
from tocsin.store.deliveries import NewDelivery, enter_deliveries, take_up_alerts
from tocsin.store.feeds import tags_of
from tocsin.store.matches import NewMatch, owe, save_matches, standing_watches, withdraw_matches
from tocsin.store.stories import open_stories
from tocsin.store.subscribers import active_subscribers
from tocsin.text.language import detect_language

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Classifier:
    """Runs the job; ``desk`` gives the watchlist in force at the moment."""

    database: Database
    wakeups: Wakeups
    desk: Callable[[], Desk]
    mail_domain: str

    def run(self, ids: list[int]) -> None:
        """Classify those of the articles that still need it.

        Raises:
            StoreError: The database failed; nothing was recorded, and the sweeper sends the articles again.

        """
        with self.database.write() as connection:
            waiting = begin_classifying(connection, [ArticleId(one) for one in ids])
            tags = tags_of(connection, {article.feed_id for article in waiting})
            held = standing_watches(connection, [article.id for article in waiting if article.revision > 1])
        if not waiting:
            return
        desk = self.desk()
        found = [
            classify(article, desk.matcher, tags.get(article.feed_id, ()), held.get(article.id, ()))
            for article in waiting
        ]
        try:
            with self.database.write() as connection:
                alerts = record(connection, found, desk.watchlist, self.mail_domain)
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
            self.wakeups.send(DELIVER, alerts)
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
    connection: sa.Connection, found: Sequence[Classification], watchlist: Watchlist, mail_domain: str
) -> list[DeliveryId]:
    """Store what was found, with the alerts and what subscribers are owed; gives the alerts to be enqueued."""
    now = database_now(connection)
    ours = lock_unclassified(connection, [one.article for one in found])
    found = [one for one in found if one.article.id in ours]
    stories = open_stories(connection, [one.article for one in found], now)
    marked = [Classified(one.article, one.language, *stories[one.article.id]) for one in found]
    mark_classified(connection, marked, now)
    new = _save(connection, found, now)
    fresh = {one.article.id for one in found if not (one.article.backlog or one.article.quiet)}
    news = [match for match in new if match.article_id in fresh]
    owe(connection, _owed(connection, news))
    alerts = _ring(connection, news, watchlist, stories, mail_domain, now)
    # What an edit took back before it was told, and another one restored, was news, and is.
    restored = [match.id for match in new if match.article_id not in fresh]
    return alerts + take_up_alerts(connection, restored, now)


def _save(connection: sa.Connection, found: Sequence[Classification], now: datetime) -> list[NewMatch]:
    changed = [one for one in found if one.article.revision > 1]
    kept = [(one.article.id, [receipt.watch for receipt in one.receipts]) for one in changed]
    because = {(one.article.id, unmet.watch): _because(one.article, unmet) for one in changed for unmet in one.unmet}
    withdraw_matches(connection, kept, now, because)
    return save_matches(connection, [(one.article.id, receipt) for one in found for receipt in one.receipts], now)


def _because(article: Article, unmet: Receipt) -> str:
    whole = article.page is not None and article.page.starts_at is not None
    return f"{'with the full text of its page' if whole else 'with its changed text'}: {unmet.reason}"


def _owed(connection: sa.Connection, news: Sequence[NewMatch]) -> list[tuple[SubscriberId, MatchId]]:
    if not news:
        return []
    return [
        (stored.id, match.id)
        for stored in active_subscribers(connection)
        for match in news
        if match.watch in stored.subscriber.watches
    ]


def _ring(
    connection: sa.Connection,
    news: Sequence[NewMatch],
    watchlist: Watchlist,
    stories: dict[ArticleId, tuple[StoryId, DevelopmentId]],
    mail_domain: str,
    now: datetime,
) -> list[DeliveryId]:
    channels = {channel.name: channel for channel in watchlist.channels}
    rules = {watch.id: watch.alert for watch in watchlist.watches}
    entered: list[DeliveryId] = []
    for match in news:
        for name in rules[match.watch].to if match.watch in rules else ():
            channel = channels[name]
            story, development = stories[match.article_id]
            message = NewDelivery(
                # One alert a story, watch and channel, however many articles the story gets.
                key=f"alert:{match.watch}:{story}:{channel.name}",
                kind=DeliveryKind.ALERT,
                channel=channel.kind,
                target=channel.target,
                message_id=new_message_id(mail_domain),
                name=name,
            )
            for delivery in enter_deliveries(connection, [message], now):
                told = NewAlert(
                    match.id, match.watch, name, story, development, Decision.RING, Rule.NEW_STORY, "", None, delivery
                )
                enter_alerts(connection, [told], now)
                entered.append(delivery)
    return entered
