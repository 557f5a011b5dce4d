"""From a taken-in teaser over the page to the alert: the scheduler's sweep, real queues, reader and classifier."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest
import redis
import sqlalchemy as sa

from feed_publisher import LOOPBACK, Publisher, answer, publishing
from records import NOW, SIEGE, add_feed, entry, subscriber, watchlist
from tocsin.bootstrap import Desk
from tocsin.feeds.fetch import Fetcher
from tocsin.feeds.pages.extractor import Extractor
from tocsin.feeds.pages.politeness import page_host
from tocsin.matching import compile_watchlist
from tocsin.models.deliveries import DeliveryKind
from tocsin.models.ids import ArticleId
from tocsin.models.matches import Match
from tocsin.models.watchlist import AlertRule, Channel, ChannelKind, Watch
from tocsin.queueing import CLASSIFY, READ, QueueWorker, Wakeups
from tocsin.regions import load_gazetteer
from tocsin.store import articles, deliveries, matches, subscribers
from tocsin.store.articles import NewArticle
from tocsin.store.database import Database, database_now
from tocsin.store.subscriber_changes import sync_subscribers
from tocsin.store.tables import articles as article_rows
from tocsin_scheduler.sweeps import sweep_articles, sweep_pages
from tocsin_worker.bells import Bells
from tocsin_worker.classify import Classifier
from tocsin_worker.read import Reader
from tocsin_worker.robots_shelf import RobotsShelf

SECRET = b"s" * 32
WATCHES = (Watch(SIEGE, "Siege", keywords=("siege",), none=("chess",), alert=AlertRule(to=("desk",))),)
ZOE = subscriber("zoe@example.org", (SIEGE,))
THE_WATCHLIST = replace(
    watchlist(watches=WATCHES, subscribers=(ZOE,)), channels=(Channel("desk", ChannelKind.MAIL, "desk@example.org"),)
)
OPENING = "Troops entered the town on Tuesday, the government said, and the first lorries came in at noon. "
WITH_SIEGE = OPENING + "For three years the siege had kept out food, and planes of the United Nations dropped it."
WITH_CHESS = OPENING + "The siege is what players of chess call the move that decided the match on the ninth board."


@dataclass(slots=True)
class House:
    """Scheduler, classifier and reader of one database and queue, to be moved by hand."""

    database: Database
    valkey: redis.Redis
    publisher: Publisher
    classify: Classifier
    read: Callable[[list[int]], None]

    @property
    def wakeups(self) -> Wakeups:
        return Wakeups(self.valkey, SECRET)

    def take_in(self, title: str, text: str) -> ArticleId:
        """Store an article whose page is to be read, and wake the classifier, as the scheduler does."""
        url = f"http://127.0.0.1:{self.publisher.port}/1"
        one = replace(entry("1", title, text), url=url)
        with self.database.write() as connection:
            now = database_now(connection)
            new = NewArticle(one, language="en", published_at=NOW, backlog=False, page_host=page_host(url))
            [article_id] = articles.insert_articles(connection, add_feed(connection).id, [new], now)
        self.wakeups.send(CLASSIFY, [article_id])
        return article_id

    def work(self) -> None:
        """Work off what waits in both queues."""
        for function, handler in ((CLASSIFY, self.classify.run), (READ, self.read), (CLASSIFY, self.classify.run)):
            QueueWorker(self.valkey, SECRET, function, handler, lambda: None).run_waiting()

    def matches(self, article_id: ArticleId) -> list[Match]:
        with self.database.read() as connection:
            return matches.matches_of_article(connection, article_id)

    def alerts(self) -> int:
        with self.database.read() as connection:
            found = deliveries.list_deliveries(connection, limit=10)
        return sum(one.kind is DeliveryKind.ALERT for one in found)

    def owed(self) -> int:
        with self.database.read() as connection:
            [zoe] = subscribers.active_subscribers(connection)
            return len(matches.matches_owed(connection, zoe.id))


@pytest.fixture
def house(sqlite: Database, valkey: redis.Redis) -> Iterator[House]:
    desk = Desk(THE_WATCHLIST, compile_watchlist(THE_WATCHLIST, load_gazetteer()))
    wakeups = Wakeups(valkey, SECRET)
    with sqlite.write() as connection:
        sync_subscribers(connection, THE_WATCHLIST.subscribers, NOW)
    with asyncio.Runner() as runner:
        publisher_up = publishing(answer(b"", status="404 Not Found"))
        fetcher = Fetcher(None, allowed=[LOOPBACK])
        extractor = Extractor()
        publisher = runner.run(publisher_up.__aenter__())
        runner.run(fetcher.__aenter__())
        reader = Reader(sqlite, wakeups, fetcher, RobotsShelf(fetcher), extractor)
        classifier = Classifier(sqlite, wakeups, lambda: desk, Bells("news.example.org"))
        yield House(sqlite, valkey, publisher, classifier, lambda ids: runner.run(reader.run(ids)))
        runner.run(extractor.close())
        runner.run(fetcher.__aexit__(None, None, None))
        runner.run(publisher_up.__aexit__(None, None, None))


def page(text: str) -> bytes:
    html = f"<html><body><article><h1>News</h1><p>{text}</p></article></body></html>"
    return answer(html.encode(), "Content-Type: text/html; charset=utf-8")


def test_a_match_that_only_the_page_shows_alerts_once_and_is_owed_once(house: House) -> None:
    house.publisher.answers["/1"] = page(WITH_SIEGE)
    one = house.take_in("Troops enter the town", "The first lorries came in at noon.")
    house.work()
    assert (house.matches(one), house.alerts()) == ([], 0)
    for _ in range(2):
        assert sweep_pages(house.database, house.wakeups) in {0, 1}
        house.work()
        house.valkey.flushall()
        sweep_articles(house.database, house.wakeups)
    [match] = house.matches(one)
    assert (match.watch, match.withdrawn_at, house.alerts(), house.owed()) == (SIEGE, None, 1, 1)
    [hit] = match.receipt.hits
    assert match.article.text[hit.span.start : hit.span.end] == "siege"


def test_a_match_of_the_teaser_that_the_page_excludes_is_withdrawn_with_the_reason(house: House) -> None:
    house.publisher.answers["/1"] = page(WITH_CHESS)
    one = house.take_in("The siege is broken", "The first lorries came in at noon.")
    house.work()
    assert [match.withdrawn_at for match in house.matches(one)] == [None]
    assert (house.alerts(), house.owed()) == (1, 1)
    sweep_pages(house.database, house.wakeups)
    house.work()
    [match] = house.matches(one)
    assert match.withdrawn_at is not None
    assert match.withdrawn_because is not None
    assert match.withdrawn_because.startswith("with the full text of its page: ")
    assert "chess" in match.withdrawn_because
    assert (house.alerts(), house.owed()) == (1, 0)


def test_a_match_that_teaser_and_page_show_alerts_once(house: House) -> None:
    house.publisher.answers["/1"] = page(WITH_SIEGE)
    one = house.take_in("The siege is broken", "The first lorries came in at noon.")
    house.work()
    sweep_pages(house.database, house.wakeups)
    house.work()
    [match] = house.matches(one)
    assert (match.withdrawn_at, match.article.revision, house.alerts(), house.owed()) == (None, 2, 1, 1)


def test_a_page_survives_an_emptied_redis(house: House) -> None:
    house.publisher.answers["/1"] = page(WITH_SIEGE)
    one = house.take_in("Troops enter the town", "The first lorries came in at noon.")
    house.valkey.flushall()
    with house.database.write() as connection:
        connection.execute(sa.update(article_rows).values(enqueued_at=None))
    assert (sweep_articles(house.database, house.wakeups), sweep_pages(house.database, house.wakeups)) == (1, 1)
    house.work()
    assert [match.watch for match in house.matches(one)] == [SIEGE]


def test_the_sweep_hands_out_no_more_while_the_readers_have_enough(house: House) -> None:
    house.take_in("Troops enter the town", "The first lorries came in at noon.")
    for number in range(100, 110):
        house.wakeups.send(READ, [number])
    assert sweep_pages(house.database, house.wakeups) == 0
