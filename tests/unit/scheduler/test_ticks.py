from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import redis
import sqlalchemy as sa

from tocsin.bootstrap import WatchlistDesk
from tocsin.config import load_settings
from tocsin.errors import QueueError, StoreError
from tocsin.models.alerts import NoticeKind
from tocsin.models.deliveries import DeliveryKind
from tocsin.models.watchlist import ChannelKind
from tocsin.queueing import DELIVER, Wakeups
from tocsin.store import tables
from tocsin.store.database import Database, database_now
from tocsin.store.deliveries import NewDelivery, enter_deliveries, list_deliveries
from tocsin.store.feeds import list_feeds
from tocsin.store.notices import open_notice
from tocsin.store.subscribers import active_subscribers
from tocsin.store.watchlists import last_good
from tocsin_scheduler.main import FIRST_POLLS, Ticks

WATCHLIST = """\
version: 1
feeds:
  - {url: "https://wire.example/rss", title: Wire}
  - https://port.example/rss
watches:
  siege: {keywords: [siege]}
subscribers:
  - {email: zoe@example.org, timezone: Europe/Berlin, watches: all}
"""


@dataclass(frozen=True, slots=True)
class Office:
    """A scheduler's ticks on a watchlist that can be rewritten."""

    path: Path
    database: Database
    ticks: Ticks

    def rewrite(self, text: str) -> None:
        self.path.write_text(text, encoding="utf-8")

    def feeds(self) -> list[str]:
        with self.database.read() as connection:
            return sorted(feed.url for feed in list_feeds(connection))

    def subscribers(self) -> list[str]:
        with self.database.read() as connection:
            return [stored.subscriber.email for stored in active_subscribers(connection)]

    def last_good(self) -> str | None:
        with self.database.read() as connection:
            accepted = last_good(connection)
        return accepted.source if accepted else None


@pytest.fixture
def office(database: Database, wakeups: Wakeups, tmp_path: Path) -> Office:
    path = tmp_path / "watchlist.yaml"
    path.write_text(WATCHLIST, encoding="utf-8")
    settings = load_settings({"TOCSIN_HOME": str(tmp_path), "TOCSIN_WATCHLIST": str(path)})
    desk = WatchlistDesk(settings, database)
    return Office(path, database, Ticks(database, wakeups, desk, timedelta(minutes=30), "news.example.org", b"s" * 32))


def test_the_watchlists_feeds_and_subscribers_become_the_active_ones(office: Office) -> None:
    office.ticks.sync()
    assert office.feeds() == ["https://port.example/rss", "https://wire.example/rss"]
    assert office.subscribers() == ["zoe@example.org"]
    assert office.last_good() == WATCHLIST


def test_new_feeds_are_first_polled_within_a_minute_and_not_all_at_once(office: Office) -> None:
    with office.database.read() as connection:
        before = database_now(connection)
    office.ticks.sync()
    with office.database.read() as connection:
        after = database_now(connection)
        due = [feed.next_check_at for feed in list_feeds(connection)]
    assert all(before <= at <= after + FIRST_POLLS for at in due)
    assert len(set(due)) == 2


def test_a_changed_watchlist_is_taken_over_by_the_next_tick(office: Office) -> None:
    office.ticks.sync()
    changed = WATCHLIST.replace("  - https://port.example/rss\n", "").replace("zoe@", "omar@")
    office.rewrite(changed)
    office.ticks.follow_watchlist()
    assert (office.feeds(), office.subscribers()) == (["https://wire.example/rss"], ["omar@example.org"])
    assert office.last_good() == changed


def test_a_faulty_change_leaves_everything_as_it_was(office: Office) -> None:
    office.ticks.sync()
    office.rewrite(WATCHLIST.replace("keywords:", "keyword:"))
    office.ticks.follow_watchlist()
    assert len(office.feeds()) == 2
    assert office.last_good() == WATCHLIST


def test_a_watchlist_that_is_taken_back_to_an_earlier_version_is_the_last_good_one(office: Office) -> None:
    office.ticks.sync()
    for text in (WATCHLIST.replace("zoe@", "omar@"), WATCHLIST):
        office.rewrite(text)
        office.ticks.follow_watchlist()
    assert office.last_good() == WATCHLIST


def test_closed_windows_wake_the_mailer(office: Office) -> None:
    office.ticks.sync()
    with office.database.write() as connection:
        earlier = database_now(connection) - timedelta(days=2)
        connection.execute(sa.update(tables.subscribers).values(closed_until=earlier, slots_from=earlier))
    office.ticks.close_windows()
    assert office.ticks.wakeups.waiting(DELIVER) == 1
    office.ticks.close_windows()
    assert office.ticks.wakeups.waiting(DELIVER) == 1


def test_a_digest_is_entered_although_redis_is_gone_and_the_sweep_sends_it_when_it_is_back(
    office: Office, dead_wakeups: Wakeups, valkey: redis.Redis
) -> None:
    office.ticks.sync()
    with office.database.write() as connection:
        earlier = database_now(connection) - timedelta(days=2)
        connection.execute(sa.update(tables.subscribers).values(closed_until=earlier, slots_from=earlier))
    alive = office.ticks.wakeups
    office.ticks.wakeups = dead_wakeups
    with pytest.raises(QueueError):
        office.ticks.close_windows()
    office.ticks.wakeups = alive
    with office.database.write() as connection:
        connection.execute(sa.text("UPDATE deliveries SET enqueued_at = '2000-01-01 00:00:00'"))
    office.ticks.sweep()
    assert valkey.llen(f"rq:queue:{DELIVER}") == 1


def test_a_watchlist_that_could_not_be_taken_over_is_taken_over_by_the_next_tick(office: Office) -> None:
    office.ticks.sync()
    with office.database.write() as connection:
        connection.execute(sa.text("ALTER TABLE subscribers RENAME TO elsewhere"))
    office.rewrite(WATCHLIST.replace("https://port.example/rss", "https://harbour.example/rss"))
    with pytest.raises(StoreError):
        office.ticks.follow_watchlist()
    with office.database.write() as connection:
        connection.execute(sa.text("ALTER TABLE elsewhere RENAME TO subscribers"))
    office.ticks.follow_watchlist()
    assert office.feeds() == ["https://harbour.example/rss", "https://wire.example/rss"]


def test_what_waited_and_what_the_operator_should_know_is_entered_and_enqueued(office: Office) -> None:
    office.rewrite(
        WATCHLIST
        + "channels:\n  desk: {mail: desk@example.org}\n  night: {mail: night@example.org}\noperator: [night]\n"
    )
    office.ticks.follow_watchlist()
    with office.database.write() as connection:
        open_notice(connection, "channel:desk", NoticeKind.CHANNEL_FAILS, "It fails.", database_now(connection))
    office.ticks.send_bundles()
    office.ticks.send_bundles()
    with office.database.read() as connection:
        [message] = list_deliveries(connection, limit=9)
    assert (message.kind, message.name) == (DeliveryKind.NOTICE, "night")
    assert office.ticks.wakeups.waiting(DELIVER) == 1


def test_what_waits_for_a_channel_goes_to_where_the_changed_watchlist_has_it(office: Office) -> None:
    with office.database.write() as connection:
        now = database_now(connection)
        waits = NewDelivery("a", DeliveryKind.ALERT, ChannelKind.APPRISE, "OLD_CHAT", "<a@x>", name="desk")
        enter_deliveries(connection, [waits], now)
    office.rewrite(WATCHLIST + "channels: {desk: {mail: desk@example.org}}\n")
    office.ticks.follow_watchlist()
    with office.database.read() as connection:
        [message] = list_deliveries(connection, limit=9)
    assert (message.channel, message.target) == (ChannelKind.MAIL, "desk@example.org")
