from __future__ import annotations

import sqlalchemy as sa

from records import NOW, add_feed
from tocsin.store.database import Database
from tocsin.store.feeds import list_feeds
from tocsin.store.tables import hosts
from tocsin_scheduler.housekeeping import keep_house


def test_once_an_hour_matches_are_counted_anew_and_hosts_without_feeds_forgotten(database: Database) -> None:
    with database.write() as connection:
        add_feed(connection)
        connection.execute(sa.text("UPDATE feeds SET matches = 5, host = 'wire.example'"))
        connection.execute(sa.insert(hosts), [{"key": "wire.example"}, {"key": "gone.example", "wait_until": NOW}])
    keep_house(database)
    with database.read() as connection:
        assert [feed.matches for feed in list_feeds(connection)] == [0]
        assert connection.execute(sa.select(hosts.c.key)).scalars().all() == ["wire.example"]
