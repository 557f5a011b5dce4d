from __future__ import annotations

from datetime import date

import pytest
import redis
import sqlalchemy as sa

from records import MINUTE, NOW, add_articles, add_feed, entry, subscriber
from tocsin.errors import QueueError
from tocsin.models.deliveries import DeliveryKind
from tocsin.models.digests import Window
from tocsin.models.ids import ArticleId, DeliveryId
from tocsin.models.watchlist import ChannelKind
from tocsin.queueing import CLASSIFY, DELIVER, QueueWorker, Wakeups
from tocsin.store import articles, deliveries
from tocsin.store.articles import MAX_ATTEMPTS
from tocsin.store.database import Database, database_now
from tocsin.store.deliveries import NewDelivery
from tocsin.store.digests import close_window
from tocsin.store.subscriber_changes import sync_subscribers
from tocsin.store.subscribers import active_subscribers
from tocsin_scheduler.sweeps import sweep_articles, sweep_deliveries

SECRET = b"s" * 32


def batches(valkey: redis.Redis, function: str) -> list[list[int]]:
    """Take what waits on the queue."""
    found: list[list[int]] = []
    QueueWorker(valkey, SECRET, function, found.append, lambda: None).run_waiting()
    return found


def add_old_articles(database: Database, *keys: str) -> list[ArticleId]:
    """Store articles that were enqueued long ago."""
    with database.write() as connection:
        return add_articles(connection, add_feed(connection).id, *map(entry, keys))


def add_messages(database: Database, *keys: str) -> list[DeliveryId]:
    """Enter messages, with an article that waits beside them, that were enqueued long ago."""
    add_old_articles(database, "alerted")
    with database.write() as connection:
        new = [
            NewDelivery(key, DeliveryKind.ALERT, ChannelKind.MAIL, "desk@example.org", f"<{key}@x>", name="desk")
            for key in keys
        ]
        return deliveries.enter_deliveries(connection, new, NOW)


def make_old(database: Database, table: str) -> None:
    with database.write() as connection:
        connection.execute(sa.text(f"UPDATE {table} SET enqueued_at = '2000-01-01 00:00:00'"))  # noqa: S608 -- a literal


def test_articles_whose_job_is_gone_are_enqueued_in_one_batch_and_then_left_alone(
    database: Database, valkey: redis.Redis, wakeups: Wakeups
) -> None:
    ids = add_old_articles(database, "one", "two")
    assert sweep_articles(database, wakeups) == 2
    assert batches(valkey, CLASSIFY) == [ids]
    assert sweep_articles(database, wakeups) == 0


def test_articles_are_swept_again_when_their_job_evaporated(
    database: Database, valkey: redis.Redis, wakeups: Wakeups
) -> None:
    ids = add_old_articles(database, "one")
    sweep_articles(database, wakeups)
    valkey.flushall()
    make_old(database, "articles")
    assert sweep_articles(database, wakeups) == 1
    assert batches(valkey, CLASSIFY) == [ids]


def test_articles_that_were_enqueued_just_now_are_left_to_their_job(database: Database, wakeups: Wakeups) -> None:
    ids = add_old_articles(database, "one")
    with database.write() as connection:
        articles.mark_enqueued(connection, ids, database_now(connection))
    assert sweep_articles(database, wakeups) == 0
    assert wakeups.waiting(CLASSIFY) == 0


def test_an_article_that_was_begun_and_not_finished_goes_alone(
    database: Database, valkey: redis.Redis, wakeups: Wakeups
) -> None:
    one, two, three, four = add_old_articles(database, "one", "two", "three", "four")
    with database.write() as connection:
        articles.begin_classifying(connection, [two, three])
    assert sweep_articles(database, wakeups) == 4
    assert batches(valkey, CLASSIFY) == [[one, four], [two], [three]]


def test_an_article_that_was_begun_too_often_is_put_aside_and_the_others_go_on(
    database: Database, valkey: redis.Redis, wakeups: Wakeups
) -> None:
    poison, well = add_old_articles(database, "poison", "well")
    with database.write() as connection:
        for _ in range(MAX_ATTEMPTS):
            articles.begin_classifying(connection, [poison])
    assert sweep_articles(database, wakeups) == 1
    assert batches(valkey, CLASSIFY) == [[well]]
    with database.read() as connection:
        assert [article.id for article in articles.quarantined(connection)] == [poison]


def test_what_a_lost_redis_did_not_take_is_enqueued_as_soon_as_it_is_back(
    database: Database, valkey: redis.Redis, wakeups: Wakeups, dead_wakeups: Wakeups
) -> None:
    ids = add_messages(database, "one", "two")
    for sweep in (sweep_articles, sweep_deliveries):
        with pytest.raises(QueueError, match="Redis is lost"):
            sweep(database, dead_wakeups)
    assert (sweep_articles(database, wakeups), sweep_deliveries(database, wakeups)) == (1, 2)
    assert batches(valkey, DELIVER) == [ids]


def test_messages_whose_job_is_gone_are_enqueued_and_then_left_alone(
    database: Database, valkey: redis.Redis, wakeups: Wakeups
) -> None:
    ids = add_messages(database, "one", "two")
    assert [sweep_deliveries(database, wakeups) for _ in range(2)] == [2, 0]
    assert batches(valkey, DELIVER) == [ids]


def test_messages_that_are_held_put_off_or_done_are_not_swept(
    database: Database, valkey: redis.Redis, wakeups: Wakeups
) -> None:
    held, put_off, sent, failed, left = add_messages(database, "held", "put off", "sent", "failed", "left")
    with database.write() as connection:
        now = database_now(connection)
        claims = [
            deliveries.claim_delivery(connection, one, now, lease="a lease", lease_for=2 * MINUTE)
            for one in (held, put_off, sent, failed)
        ]
        assert None not in claims
        _, second, third, fourth = (claim for claim in claims if claim is not None)
        deliveries.settle_deferred(connection, second, "450 busy", now + MINUTE)
        deliveries.settle_sent(connection, third, now)
        deliveries.settle_failed(connection, fourth, "550 nobody")
    assert sweep_deliveries(database, wakeups) == 1
    assert batches(valkey, DELIVER) == [[left]]


def test_alerts_are_swept_to_the_front_of_the_queue_and_digests_to_its_end(
    database: Database, valkey: redis.Redis, wakeups: Wakeups
) -> None:
    with database.write() as connection:
        sync_subscribers(connection, [subscriber()], NOW - MINUTE)
        [stored] = active_subscribers(connection)
        window = Window(NOW - MINUTE, NOW, date(2026, 3, 10), "13:00")
        digest_id = close_window(connection, stored, window, token="t", coverage=None, now=NOW)
        mail = ("digest:1", DeliveryKind.DIGEST, ChannelKind.MAIL, stored.subscriber.email, "<digest@x>")
        digests = deliveries.enter_deliveries(connection, [NewDelivery(*mail, digest_id=digest_id)], NOW)
    wakeups.send(DELIVER, [901])
    alerts = add_messages(database, "a", "b")
    make_old(database, "deliveries")
    assert sweep_deliveries(database, wakeups) == 3
    assert batches(valkey, DELIVER) == [alerts, [901], digests]
