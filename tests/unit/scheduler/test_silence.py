from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import sqlalchemy as sa
from structlog.testing import capture_logs

from records import NOW, add_feed, entry
from tocsin.feeds.silence import alarm_at
from tocsin.models.feeds import Feed, Polling, Rhythm
from tocsin.store import tables
from tocsin.store.articles import NewArticle, insert_articles
from tocsin.store.database import Database
from tocsin.store.feed_health import get_feed
from tocsin.store.feeds import polling_json
from tocsin_scheduler.silence import SilenceWatch

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SINCE = NOW - 30 * DAY
SEEN = [SINCE + hours * HOUR for hours in range(0, 20 * 24, 2)]
"""An article every two hours for twenty days, then none."""


def read_until(
    database: Database, succeeded_at: datetime, *, newest_at: datetime = SEEN[-1], failures: int = 0
) -> Feed:
    """Note that the feed was read last at that time, and brought something last at the other."""
    gaps = tuple(second - first for first, second in pairwise(SEEN))[-50:]
    polling = polling_json(Polling(rhythm=Rhythm(12.0, None, 20, newest_at, SINCE, gaps)))
    with database.write() as connection:
        feed = add_feed(connection)
        values = {"added_at": SINCE, "succeeded_at": succeeded_at, "polling": polling, "failures": failures}
        connection.execute(sa.update(tables.feeds).where(tables.feeds.c.id == feed.id).values(**values))
        return _feed(connection, feed)


def fill(database: Database) -> None:
    with database.write() as connection:
        feed = add_feed(connection)
        for at in SEEN:
            insert_articles(connection, feed.id, [NewArticle(entry(str(at)), "en", at, backlog=False)], at)


def _feed(connection: sa.Connection, feed: Feed) -> Feed:
    found = get_feed(connection, feed.id)
    assert found is not None
    return found


def silent_since(database: Database, feed: Feed) -> datetime | None:
    with database.read() as connection:
        return _feed(connection, feed).silent_since


def test_a_feed_falls_silent_when_its_rhythm_no_longer_explains_the_quiet_and_speaks_again(sqlite: Database) -> None:
    fill(sqlite)
    told_at = alarm_at(SEEN, SINCE)
    assert told_at is not None
    watch = SilenceWatch(sqlite)
    feed = read_until(sqlite, told_at - timedelta(minutes=1))
    assert (watch.tick(), silent_since(sqlite, feed)) == (0, None)
    read_until(sqlite, told_at)
    with capture_logs() as logs:
        assert (watch.tick(), silent_since(sqlite, feed)) == (1, SEEN[-1])
        assert watch.tick() == 0, "a silence is told once"
        read_until(sqlite, told_at + DAY, newest_at=told_at + DAY)
        assert (watch.tick(), silent_since(sqlite, feed)) == (1, None)
    assert [line["event"] for line in logs] == ["feed fell silent", "feed speaks again"]
    assert logs[0]["nothing_new_since"] == SEEN[-1]


def test_a_feed_that_fails_or_that_nobody_asked_is_not_silent(sqlite: Database) -> None:
    fill(sqlite)
    feed = read_until(sqlite, NOW, failures=1)
    assert (SilenceWatch(sqlite).tick(), silent_since(sqlite, feed)) == (0, None)
    read_until(sqlite, SEEN[-1] + HOUR)
    assert (SilenceWatch(sqlite).tick(), silent_since(sqlite, feed)) == (0, None)


def test_a_process_that_starts_anew_finds_the_same(sqlite: Database) -> None:
    fill(sqlite)
    feed = read_until(sqlite, NOW)
    assert SilenceWatch(sqlite).tick() == 1
    assert SilenceWatch(sqlite).tick() == 0
    assert silent_since(sqlite, feed) == SEEN[-1]


def test_where_the_articles_are_gone_the_gaps_still_tell(sqlite: Database) -> None:
    feed = read_until(sqlite, NOW)
    assert (SilenceWatch(sqlite).tick(), silent_since(sqlite, feed)) == (1, SEEN[-1])


def test_an_empty_house_has_nothing_to_tell(sqlite: Database) -> None:
    assert SilenceWatch(sqlite).tick() == 0
