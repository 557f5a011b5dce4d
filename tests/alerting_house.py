"""A house that alerts, hour by hour: articles are placed by the test, and everything after that is real."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from records import NOW, SIEGE, add_feed, entry, receipt, watchlist
from story_filling import place
from tocsin.models.alerts import Alert, FeedbackLinks
from tocsin.models.deliveries import Delivery, DeliveryState
from tocsin.models.ids import ArticleId, DeliveryId, MatchId, WatchId
from tocsin.models.stories import Join
from tocsin.models.watchlist import AlertRule, Channel, ChannelKind, Rate, Watch, Watchlist
from tocsin.store import deliveries
from tocsin.store.alerts import alerts_of_matches
from tocsin.store.articles import NewArticle, begin_classifying, insert_articles
from tocsin.store.database import Database
from tocsin.store.matches import save_matches, withdraw_matches
from tocsin.store.placements import Placed
from tocsin_worker.bells import Bells

DOMAIN = "news.example.org"
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
DESK = Channel("desk", ChannelKind.MAIL, "desk@example.org")
WATCH = Watch(SIEGE, "Sieges of the world", keywords=("siege",), alert=AlertRule(to=("desk",)))


def alerting(*channels: Channel, watches: tuple[Watch, ...] = (WATCH,), operator: tuple[str, ...] = ()) -> Watchlist:
    """A watchlist with these channels; the desk's without any."""
    return replace(watchlist(watches=watches), channels=channels or (DESK,), operator=operator)


def ruled_once_an_hour() -> Watchlist:
    """A watchlist whose watch alerts the desk once an hour; the rest waits."""
    return alerting(watches=(replace(WATCH, alert=AlertRule(to=("desk",), at_most=Rate(1, HOUR))),))


def no_links(alert: Alert, target: str) -> FeedbackLinks:
    root = f"https://{DOMAIN}/alerts"
    return FeedbackLinks(f"{root}/mute/{alert.id}.{target}", f"{root}/dismiss/{alert.id}.{target}")


@dataclass(slots=True)
class Told:
    """An article, where it was placed, its match, and when it was found."""

    article_id: ArticleId
    placed: Placed
    match_id: MatchId
    watch: WatchId


@dataclass(slots=True)
class AlertHouse:
    """Publishes articles that match, and rings for them."""

    database: Database
    watchlist: Watchlist = field(default_factory=alerting)
    bells: Bells = field(default_factory=lambda: Bells(DOMAIN))
    _count: int = 0

    def publish(
        self,
        at: datetime = NOW,
        *,
        of: Told | None = None,
        join: Join | None = None,
        outlet: str = "wire",
        watch: WatchId = SIEGE,
        rings: bool = True,
        **changes: Any,
    ) -> Told:
        """Find an article at that time; it opens a story, or is one ``of`` a story that is there."""
        return self.publish_all(at, 1, of=of, join=join, outlet=outlet, watch=watch, rings=rings, **changes)[0]

    def publish_all(
        self,
        at: datetime,
        number: int,
        *,
        of: Told | None = None,
        join: Join | None = None,
        outlet: str = "wire",
        watch: WatchId = SIEGE,
        rings: bool = True,
        backlog: bool = False,
        title: str = "The siege is broken",
        text: str = "Troops broke the siege.",
        news: Iterable[str] = (),
    ) -> list[Told]:
        """Find many articles in one batch, each a story of its own unless they are ``of`` one."""
        join = join or (Join.NEAR_COPY if of else Join.OPENED)
        found = []
        with self.database.write() as connection:
            feed = add_feed(connection, f"https://{outlet}.example/rss")
            for _ in range(number):
                self._count += 1
                told = entry(f"{outlet}-{self._count}", title, text)
                new = replace(told, url=f"https://{outlet}.example/{self._count}", published_at=at)
                [article_id] = insert_articles(connection, feed.id, [NewArticle(new, "en", at, backlog=backlog)], at)
                [article] = begin_classifying(connection, [article_id])
                second = 2 if join is Join.DEVELOPMENT else 1
                into = of.placed if of else None
                placed = place(connection, article, at, into=into, join=join, number=second, news=tuple(news))
                [match] = save_matches(connection, [(article_id, receipt(watch))], at)
                found.append((Told(article_id, placed, match.id, watch), match))
            if rings:
                self.bells.ring(connection, [match for _, match in found], self.watchlist, at)
        return [told for told, _ in found]

    def withdraw(self, told: Told, at: datetime) -> None:
        """Change the article so that it no longer meets its watch."""
        with self.database.write() as connection:
            withdraw_matches(connection, [(told.article_id, [])], at)

    def restore(self, told: Told, at: datetime, *, quietly: bool = False) -> list[DeliveryId]:
        """Change the article back; gives the messages that ring."""
        with self.database.write() as connection:
            change = sa.text("UPDATE articles SET revision = revision + 1, quiet = :quiet WHERE id = :id")
            connection.execute(change, {"quiet": quietly, "id": told.article_id})
            new = save_matches(connection, [(told.article_id, receipt(told.watch))], at)
            return self.bells.ring(connection, new, self.watchlist, at)

    def alert(self, told: Told, channel: str = "desk") -> Alert:
        """What was decided of a match on a channel."""
        with self.database.read() as connection:
            [alert] = [one for one in alerts_of_matches(connection, [told.match_id]) if one.channel == channel]
        return alert

    def alerts(self) -> list[tuple[str, str]]:
        """Decision and rule of all alerts, in their order."""
        with self.database.read() as connection:
            rows = connection.execute(sa.text("SELECT decision, rule FROM alerts ORDER BY id"))
            return [(row.decision, row.rule) for row in rows]

    def messages(self) -> list[Delivery]:
        """The rows of the ledger, the oldest first."""
        with self.database.read() as connection:
            return deliveries.list_deliveries(connection, limit=999)[::-1]

    def settle(self, state: DeliveryState, *, which: DeliveryId | None = None) -> None:
        """Let the mailer have ended with all messages that wait, or one."""
        with self.database.write() as connection:
            waiting = "state = 'pending' AND (CAST(:id AS BIGINT) IS NULL OR id = :id)"
            sent_at = "created_at" if state is DeliveryState.SENT else "NULL"
            change = sa.text(f"UPDATE deliveries SET state = :state, sent_at = {sent_at} WHERE {waiting}")  # noqa: S608 -- literals
            connection.execute(change, {"state": state.value, "id": which})
