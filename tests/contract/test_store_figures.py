from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from records import NOW, add_articles, add_feed, claimed, entry
from tocsin.models.deliveries import DeliveryState
from tocsin.models.health import HealthState
from tocsin.models.ids import FeedId
from tocsin.store import tables
from tocsin.store.articles import MAX_ATTEMPTS, begin_classifying, quarantine_hopeless
from tocsin.store.database import Database
from tocsin.store.feeds import list_feeds
from tocsin.store.figures import Backlog, FeedFigures, Figures, read_figures
from web_filling import fill

HOUR = timedelta(hours=1)
NOTHING = Backlog(0, timedelta())


def test_an_empty_house_has_figures(database: Database) -> None:
    with database.read() as connection:
        assert read_figures(connection, NOW) == Figures(
            feeds=FeedFigures(dict.fromkeys(HealthState, 0), 0, 0, 0, timedelta()),
            hosts_waiting=0,
            articles=0,
            matches=0,
            unclassified=NOTHING,
            quarantined=0,
            pages=NOTHING,
            deliveries=dict.fromkeys(DeliveryState, 0),
            undelivered=NOTHING,
            alive={},
        )


def test_a_house_full_of_news_is_counted(database: Database) -> None:
    fill(database)
    with database.write() as connection:
        aside, waits = add_articles(connection, _any_feed(connection), entry("aside"), entry("waits"))
        for _ in range(MAX_ATTEMPTS):
            begin_classifying(connection, [aside])
        quarantine_hopeless(connection, NOW)
        wanted = sa.update(tables.articles).where(tables.articles.c.id == waits)
        connection.execute(wanted.values(page_state="wanted", page_due_at=NOW + HOUR))
        found = read_figures(connection, NOW + 2 * HOUR)
    assert found.feeds.states == dict.fromkeys(HealthState, 0) | {
        HealthState.FAILING: 1,
        HealthState.REMARK: 1,
        HealthState.NEW: 1,
        HealthState.WELL: 3,
    }
    assert (found.articles, found.quarantined) == (12, 1)
    assert (found.unclassified, found.pages) == (Backlog(1, 2 * HOUR), Backlog(1, HOUR))
    assert found.deliveries[DeliveryState.PENDING] == 2
    assert found.undelivered == Backlog(2, 3 * HOUR)
    assert found.alive == {"scheduler": 2 * HOUR + timedelta(seconds=5)}


def _any_feed(connection: sa.Connection) -> FeedId:
    return list_feeds(connection)[0].id


def test_a_feed_is_late_while_nobody_asks_it_and_nothing_holds_it_back(database: Database) -> None:
    with database.write() as connection:
        feed = add_feed(connection)
        late = read_figures(connection, NOW + HOUR)
        connection.execute(sa.insert(tables.hosts).values(key=feed.host, wait_until=NOW + 3 * HOUR))
        held = read_figures(connection, NOW + HOUR)
        connection.execute(sa.update(tables.hosts).values(wait_until=NOW))
        claimed(connection, at=NOW + HOUR)
        leased = read_figures(connection, NOW + HOUR)
    assert [(found.feeds.due, found.feeds.latest) for found in (late, held, leased)] == [
        (1, HOUR),
        (0, timedelta()),
        (0, timedelta()),
    ]
    assert (late.hosts_waiting, held.hosts_waiting, held.feeds.states[HealthState.WAITING]) == (0, 1, 1)


def test_feeds_asked_and_read_are_those_of_the_last_hour(database: Database) -> None:
    with database.write() as connection:
        for number, (asked, read) in enumerate([(NOW, NOW), (NOW, NOW - 2 * HOUR), (NOW - 2 * HOUR, None)]):
            feed = add_feed(connection, f"https://wire.example/{number}")
            row = sa.update(tables.feeds).where(tables.feeds.c.id == feed.id)
            connection.execute(row.values(asked_at=asked, succeeded_at=read))
        found = read_figures(connection, NOW)
    assert (found.feeds.asked, found.feeds.read) == (2, 1)
