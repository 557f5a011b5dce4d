from __future__ import annotations

import itertools
import random
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress as ignore
from datetime import date

import pytest
import sqlalchemy as sa

from records import MINUTE, NOW, SIEGE, add_article, receipt, subscriber
from subscribed import DAY, SECRET, claimed, close, mail, match, named, owed_to, state_of, stored
from tocsin.errors import LeaseLostError
from tocsin.models.deliveries import DeliveryKind, DeliveryState
from tocsin.models.digests import Window
from tocsin.models.ids import ArticleId, DeliveryId, SubscriberId
from tocsin.models.subscribers import SubscriberState
from tocsin.models.watchlist import ChannelKind
from tocsin.store import deliveries, digests, matches, owed, subscribers, tables
from tocsin.store.database import Database
from tocsin.store.deliveries import NewDelivery, enter_deliveries, lock_deliveries, mark_deliveries_enqueued
from tocsin.store.placements import lock_stories
from tocsin.store.subscriber_changes import sync_subscribers
from tocsin.store.subscriber_deletion import delete_subscriber
from tocsin.store.subscriber_states import pause, resume, suppress, unsubscribe

OPEN = tables.digest_items.c.digest_id.is_(None)
CHANGES: dict[str, Callable[[sa.Connection, SubscriberId], bool]] = {
    "unsubscribe": lambda connection, who: unsubscribe(connection, who, NOW, because="by a mail"),
    "delete": lambda connection, who: delete_subscriber(connection, who, NOW, secret=SECRET),
    "remove": lambda connection, _: bool(sync_subscribers(connection, [], NOW, secret=SECRET).removed),
}


def beside(database: Database, first: Callable[[sa.Connection], object], second: Callable[[], object]) -> None:
    """Do the second while the transaction of the first is still open: it has to wait, or goes its own way."""
    begun, is_open = threading.Event(), threading.Event()

    def run() -> None:
        with database.write() as connection:
            first(connection)
            begun.set()
            is_open.wait(0.2)

    with ThreadPoolExecutor(2) as threads:
        one = threads.submit(run)
        begun.wait()
        other: Future[object] = threads.submit(second)
        one.result()
        other.result()


@pytest.mark.parametrize("change", sorted(CHANGES))
def test_nothing_is_left_owed_to_one_who_leaves_while_a_match_is_entered(database: Database, change: str) -> None:
    with database.write() as connection:
        zoe = named(connection)

    def leave() -> None:
        with database.write() as connection:
            CHANGES[change](connection, zoe.id)

    beside(database, _classify, leave)
    with database.read() as connection:
        assert connection.execute(sa.select(tables.digest_items)).all() == []


@pytest.mark.parametrize("change", sorted(CHANGES))
def test_nothing_is_entered_for_one_who_leaves_meanwhile(database: Database, change: str) -> None:
    with database.write() as connection:
        zoe = named(connection)

    def classify() -> None:
        with database.write() as connection:
            _classify(connection)

    beside(database, lambda connection: CHANGES[change](connection, zoe.id), classify)
    with database.read() as connection:
        assert connection.execute(sa.select(tables.digest_items)).all() == []


def _classify(connection: sa.Connection) -> None:
    lock_stories(connection)
    match(connection)


@pytest.mark.parametrize("change", sorted(CHANGES))
def test_a_digest_that_is_closed_while_its_reader_leaves_is_dropped(database: Database, change: str) -> None:
    with database.write() as connection:
        zoe = named(connection)
        match(connection)

    def leave() -> None:
        with database.write() as connection:
            CHANGES[change](connection, zoe.id)

    beside(database, _close_and_mail, leave)
    with database.read() as connection:
        assert _pending(connection) == []
        assert connection.execute(sa.select(tables.digest_items).where(OPEN)).all() == []


def _close_and_mail(connection: sa.Connection) -> None:
    [zoe] = subscribers.active_subscribers(connection)
    assert subscribers.lock_active(connection, [zoe.id]) == [zoe]
    mail(connection, close(connection))


def _pending(connection: sa.Connection) -> list[DeliveryId]:
    found = deliveries.list_deliveries(connection, DeliveryState.PENDING, limit=99)
    return [one.id for one in found]


@pytest.mark.parametrize("change", sorted(CHANGES))
def test_no_window_is_closed_of_one_who_leaves_meanwhile(database: Database, change: str) -> None:
    with database.write() as connection:
        zoe = named(connection)
        match(connection)

    def close_it() -> None:
        with database.write() as connection:
            for one in subscribers.lock_active(connection, [zoe.id]):
                mail(connection, close(connection, email=one.subscriber.email))

    beside(database, lambda connection: CHANGES[change](connection, zoe.id), close_it)
    with database.read() as connection:
        assert digests.latest_digests(connection, limit=9) == []
        assert deliveries.list_deliveries(connection, limit=9) == []


def test_a_pause_beside_a_closing_window_takes_the_digest_back(database: Database) -> None:
    with database.write() as connection:
        zoe, found = named(connection), match(connection)

    def rest() -> None:
        with database.write() as connection:
            pause(connection, zoe.id, NOW)

    beside(database, _close_and_mail, rest)
    with database.read() as connection:
        assert owed_to(connection) == [found]
        assert _pending(connection) == []


def test_a_pause_leaves_a_digest_to_the_mailer_that_claims_it_at_this_moment(database: Database) -> None:
    with database.write() as connection:
        zoe = named(connection)
        match(connection)
        message = mail(connection, close(connection))

    def rest() -> None:
        with database.write() as connection:
            pause(connection, zoe.id, NOW)

    beside(database, lambda connection: claimed(connection, message), rest)
    with database.read() as connection:
        assert state_of(connection, message) == (DeliveryState.PENDING, None)
        assert owed_to(connection) == []


PEOPLE = [subscriber(f"{number}@example.org") for number in range(12)]
STEPS = 25


def test_all_that_happens_at_once_ends_in_order(database: Database) -> None:
    """Classifiers, schedulers, mailers and readers, each in two threads; the ones who stay get each match once."""
    with database.write() as connection:
        named(connection, *PEOPLE)
        articles = [add_article(connection, f"article {number}").id for number in range(2 * STEPS)]
    work = [_classifier(database, articles), _scheduler(database), _mailer(database), _reader(database)]
    with ThreadPoolExecutor(8) as threads:
        running = [threads.submit(_again_and_again, step, seed) for seed in (1, 2) for step in work]
        for ended in running:
            ended.result()
    with database.read() as connection:
        staying = [stored(connection, one.email) for one in PEOPLE[6:]]
        leaving = [stored(connection, one.email) for one in PEOPLE[:6]]
        standing = set(connection.execute(sa.select(tables.matches.c.id)).scalars())
        items = connection.execute(sa.select(tables.digest_items)).all()
        undelivered = _digests_without_mail(connection)
    for one in staying:
        assert {row.match_id for row in items if row.subscriber_id == one.id} == standing
    gone = {one.id for one in leaving if not one.state.is_owed}
    assert [row for row in items if row.subscriber_id in gone and row.digest_id is None] == []
    stayed = {one.id for one in staying}
    assert [row for row in items if row.digest_id in undelivered and row.subscriber_id in stayed] == []


Step = Callable[[random.Random], None]


def _again_and_again(step: Step, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(STEPS):
        step(chance)


def _classifier(database: Database, articles: list[ArticleId]) -> Step:
    def step(chance: random.Random) -> None:
        with database.write() as connection:
            lock_stories(connection)
            article = articles.pop()
            [new] = matches.save_matches(connection, [(article, receipt(SIEGE))], NOW + MINUTE)
            owed.owe(connection, [new.id])
            if chance.random() < 0.3:
                matches.withdraw_matches(connection, [(article, [])], NOW)
                matches.save_matches(connection, [(article, receipt(SIEGE))], NOW)

    return step


def _scheduler(database: Database) -> Step:
    numbers = itertools.count()

    def step(chance: random.Random) -> None:
        with database.read() as connection:
            everyone = [one.id for one in subscribers.active_subscribers(connection)]
        with ignore(LeaseLostError), database.write() as connection:
            for one in subscribers.lock_active(connection, chance.sample(everyone, min(5, len(everyone)))):
                number = next(numbers)
                end, token = NOW + DAY + number * MINUTE, f"digest {number}"
                window = Window(one.closed_until, end, date(2026, 3, 10), str(number))
                digest = digests.close_window(connection, one, window, token=token, coverage=None, now=end)
                assert digest is not None
                to = one.subscriber.email
                new = NewDelivery(token, DeliveryKind.DIGEST, ChannelKind.MAIL, to, f"<{token}>", digest_id=digest)
                enter_deliveries(connection, [new], NOW)
        with database.write() as connection:
            waiting = _pending(connection)
            lock_deliveries(connection, tables.deliveries.c.id.in_(waiting))
            mark_deliveries_enqueued(connection, waiting, NOW)

    return step


def _mailer(database: Database) -> Step:
    def step(chance: random.Random) -> None:
        with database.read() as connection:
            waiting = _pending(connection)
        for one in chance.sample(waiting, min(3, len(waiting))):
            lease = f"{chance.random()}"
            with database.write() as connection:
                held = deliveries.claim_delivery(connection, one, NOW, lease=lease, lease_for=2 * MINUTE)
            if held is None:
                continue
            with database.write() as connection:
                if chance.random() < 0.5:
                    deliveries.settle_sent(connection, held, NOW)
                else:
                    deliveries.settle_failed(connection, held, "550")
            if chance.random() < 0.2:
                with database.write() as connection:
                    deliveries.settle_bounced(connection, one, "550")

    return step


def _reader(database: Database) -> Step:
    def step(chance: random.Random) -> None:
        with database.write() as connection:
            leaving = stored(connection, chance.choice(PEOPLE[:6]).email).id
            staying = stored(connection, chance.choice(PEOPLE[6:]).email).id
        changes = [
            lambda connection: unsubscribe(connection, leaving, NOW, because="by a mail"),
            lambda connection: resume(connection, leaving, NOW),
            lambda connection: pause(connection, staying, NOW),
            lambda connection: suppress(connection, staying, NOW, because="550"),
            lambda connection: resume(connection, staying, NOW),
        ]
        with database.write() as connection:
            chance.choice(changes)(connection)

    return step


def _digests_without_mail(connection: sa.Connection) -> set[int]:
    """Give the digests whose mail failed or was dropped: nobody who is still there may have anything in them."""
    over = tables.deliveries.c.state.in_([DeliveryState.FAILED.value, DeliveryState.DROPPED.value])
    return set(connection.execute(sa.select(tables.deliveries.c.digest_id).where(over)).scalars())


def test_every_state_is_of_some_kind() -> None:
    assert {state for state in SubscriberState if not state.is_owed} == {
        SubscriberState.UNSUBSCRIBED,
        SubscriberState.REMOVED,
    }


def test_no_mailer_takes_a_digest_while_a_match_is_taken_out_of_it(database: Database) -> None:
    with database.write() as connection:
        named(connection)
        found = match(connection)
        delivery_id = mail(connection, close(connection))
        article_id = connection.execute(sa.select(tables.matches.c.article_id)).scalar_one()
    told: list[list[object]] = []

    def write() -> None:
        with database.write() as connection:
            digest_id = claimed(connection, delivery_id).digest_id
        with database.read() as connection:
            assert digest_id is not None
            told.append([one.id for one in matches.matches_of_digest(connection, digest_id)])

    beside(database, lambda connection: matches.withdraw_matches(connection, [(article_id, [])], NOW), write)
    with database.write() as connection:
        matches.save_matches(connection, [(article_id, receipt(SIEGE))], NOW)
        assert (told, owed_to(connection)) == ([[]], [found])
