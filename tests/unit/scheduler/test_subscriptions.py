from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa
from structlog.testing import capture_logs

from records import subscriber, watchlist
from subscribed import SECRET, named, reader, stored
from tocsin.models.ids import WatchId
from tocsin.models.subscribers import SubscriberState
from tocsin.models.watchlist import SelfService
from tocsin.store import tables
from tocsin.store.database import Database, database_now
from tocsin.store.signups import KEPT, enter_signup
from tocsin.store.subscriber_states import pause
from tocsin_scheduler import subscriptions
from tocsin_scheduler.subscriptions import follow_subscribers, keep_subscriptions

DAY = timedelta(days=1)
OMAR = subscriber("omar@example.org")


def test_a_pause_ends_by_itself(sqlite: Database) -> None:
    with sqlite.write() as connection:
        now = database_now(connection)
        pause(connection, named(connection, subscriber(), OMAR).id, now - DAY, now)
        pause(connection, stored(connection, OMAR.email).id, now - DAY, now + DAY)
    keep_subscriptions(sqlite)
    with sqlite.read() as connection:
        states = [stored(connection, email).state for email in ("zoe@example.org", OMAR.email)]
    assert states == [SubscriberState.ACTIVE, SubscriberState.PAUSED]


def test_all_old_sign_ups_go_at_one_tick_however_many_there_are(sqlite: Database) -> None:
    with sqlite.write() as connection:
        now = database_now(connection)
        for number in range(subscriptions.AT_ONCE + 1):
            enter_signup(connection, subscriber(f"{number}@example.org"), now - KEPT - DAY)
        fresh = enter_signup(connection, OMAR, now)
    keep_subscriptions(sqlite)
    with sqlite.read() as connection:
        assert connection.execute(sa.select(tables.signups.c.id)).scalars().all() == [fresh]


def test_the_log_tells_who_lost_a_watch_and_which_entries_do_not_hold(sqlite: Database) -> None:
    with sqlite.write() as connection, capture_logs() as log:
        reader(connection)
        closed = replace(watchlist(subscribers=(subscriber(), OMAR)), self_service=SelfService(watches=(WatchId("a"),)))
        follow_subscribers(connection, closed, database_now(connection), secret=SECRET)
    assert [(line["event"], line.get("subscriber")) for line in log] == [
        ("subscribers follow the watchlist", None),
        ("a reader's watches are no longer open to readers", "zoe@example.org"),
        ("an entry of the watchlist does not hold", "zoe@example.org"),
    ]
    assert (log[1]["log_level"], "choose them anew" in log[1]["remedy"]) == ("warning", True)
    assert "tocsin subscribers remove zoe@example.org" in log[2]["remedy"]
