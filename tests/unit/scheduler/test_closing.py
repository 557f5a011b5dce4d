from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import sqlalchemy as sa

from records import SIEGE, add_articles, add_feed, entry, receipt, subscriber
from tocsin.models.deliveries import DeliveryKind, DeliveryState
from tocsin.models.digests import Digest
from tocsin.models.ids import MatchId
from tocsin.models.subscribers import StoredSubscriber
from tocsin.models.watchlist import QuietPolicy, Subscriber
from tocsin.store import deliveries, digests, matches, owed, subscribers
from tocsin.store.database import Database, database_now
from tocsin.store.subscriber_changes import sync_subscribers
from tocsin_scheduler.windows import close_due_windows, close_window_now

DAY = timedelta(days=1)
DOMAIN = "news.example.org"


def joined(database: Database, *wanted: Subscriber, ago: timedelta) -> list[StoredSubscriber]:
    with database.write() as connection:
        sync_subscribers(connection, wanted, database_now(connection) - ago)
        return subscribers.active_subscribers(connection)


def quiet(policy: QuietPolicy, email: str = "zoe@example.org") -> Subscriber:
    one = subscriber(email)
    return replace(one, digest=replace(one.digest, quiet=policy))


def owe(database: Database, *, ago: timedelta) -> MatchId:
    with database.write() as connection:
        [article_id] = add_articles(connection, add_feed(connection).id, entry())
        at = database_now(connection) - ago
        [match] = matches.save_matches(connection, [(article_id, receipt(SIEGE))], at)
        owed.owe(connection, [match.id])
        return match.id


def closed(database: Database) -> list[Digest]:
    with database.read() as connection:
        return digests.latest_digests(connection, limit=99)


def test_a_window_whose_slot_has_come_is_closed_once_and_its_digest_entered(database: Database) -> None:
    [stored] = joined(database, subscriber(), ago=DAY + timedelta(hours=1))
    match = owe(database, ago=DAY)
    [delivery_id] = close_due_windows(database, DOMAIN)
    assert close_due_windows(database, DOMAIN) == []
    [digest] = closed(database)
    assert (digest.window.start_at, digest.window.slot) == (stored.closed_until, "07:30")
    with database.read() as connection:
        assert [one.id for one in matches.matches_of_digest(connection, digest.id)] == [match]
        [delivery] = deliveries.list_deliveries(connection, limit=9)
    assert (delivery.id, delivery.kind, delivery.target) == (delivery_id, DeliveryKind.DIGEST, "zoe@example.org")
    assert (delivery.state, delivery.digest_id) == (DeliveryState.PENDING, digest.id)
    assert delivery.message_id.endswith(f"@{DOMAIN}>")


def test_a_subscriber_who_joined_after_the_slot_waits_for_the_next(database: Database) -> None:
    joined(database, subscriber(), ago=timedelta())
    assert close_due_windows(database, DOMAIN) == []
    assert closed(database) == []


def test_a_quiet_window_is_closed_and_mailed_only_to_those_who_want_that(database: Database) -> None:
    joined(database, quiet(QuietPolicy.SKIP, "a@x.org"), quiet(QuietPolicy.SHORT, "b@x.org"), ago=DAY)
    [delivery_id] = close_due_windows(database, DOMAIN)
    assert sorted(digest.email for digest in closed(database)) == ["a@x.org", "b@x.org"]
    with database.read() as connection:
        delivered = deliveries.list_deliveries(connection, limit=9)
        ends = {one.closed_until for one in subscribers.active_subscribers(connection)}
    assert [(one.id, one.target) for one in delivered] == [(delivery_id, "b@x.org")]
    assert ends == {digest.window.end_at for digest in closed(database)}


def test_skipping_quiet_windows_skips_no_other(database: Database) -> None:
    joined(database, quiet(QuietPolicy.SKIP), ago=DAY + timedelta(hours=1))
    owe(database, ago=DAY)
    assert len(close_due_windows(database, DOMAIN)) == 1


def test_a_match_that_was_withdrawn_before_the_window_closed_makes_it_a_quiet_one(database: Database) -> None:
    joined(database, quiet(QuietPolicy.SKIP), ago=DAY + timedelta(hours=1))
    owe(database, ago=DAY)
    with database.write() as connection:
        connection.execute(sa.text("UPDATE matches SET withdrawn_at = matched_at"))
    assert close_due_windows(database, DOMAIN) == []


def test_after_days_of_silence_one_digest_covers_all(database: Database) -> None:
    [stored] = joined(database, subscriber(), ago=9 * DAY)
    assert len(close_due_windows(database, DOMAIN)) == 1
    [digest] = closed(database)
    assert digest.window.start_at == stored.closed_until
    assert digest.window.end_at - digest.window.start_at > 7 * DAY


def test_two_schedulers_at_once_make_one_digest_a_subscriber(database: Database) -> None:
    emails = [f"reader{number}@x.org" for number in range(5)]
    joined(database, *map(subscriber, emails), ago=DAY)
    ready = threading.Barrier(3)
    entered: list[int] = []

    def close() -> None:
        ready.wait()
        entered.extend(close_due_windows(database, DOMAIN))

    threads = [threading.Thread(target=close) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(digest.email for digest in closed(database)) == emails
    with database.read() as connection:
        ledger = deliveries.list_deliveries(connection, limit=99)
    assert sorted(one.target for one in ledger) == emails
    assert sorted(entered) == sorted(one.id for one in ledger)


def test_a_window_can_be_closed_at_any_time_and_the_next_begins_where_it_ended(database: Database) -> None:
    [stored] = joined(database, quiet(QuietPolicy.SKIP), ago=timedelta(minutes=5))
    assert len(close_window_now(database, stored, DOMAIN)) == 1
    with database.read() as connection:
        [after] = subscribers.active_subscribers(connection)
    again = close_window_now(database, after, DOMAIN)
    windows = sorted((digest.window for digest in closed(database)), key=lambda window: window.start_at)
    # The second falls into the same minute, and so the same slot, unless a minute has just ended.
    assert len(again) == len({window.slot for window in windows}) - 1
    assert windows[0].start_at == stored.closed_until
    assert all(earlier.end_at == later.start_at for earlier, later in pairwise(windows))


def test_closing_windows_by_hand_and_by_the_clock_never_covers_a_time_twice(database: Database) -> None:
    [stored] = joined(database, subscriber(), ago=DAY)
    close_window_now(database, stored, DOMAIN)
    assert close_due_windows(database, DOMAIN) == []
    assert len(closed(database)) == 1
