from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa

from records import NOW, SIEGE, add_articles, add_feed, entry, receipt
from tocsin.models.digests import Window
from tocsin.models.ids import WatchId
from tocsin.models.volumes import CHART_DAYS, WatchVolume
from tocsin.store.database import Database
from tocsin.store.matches import save_matches, withdraw_matches
from tocsin.store.tables import watch_hours
from tocsin.store.volumes import articles_between, last_matches, watch_volumes

END = datetime(2026, 3, 10, 6, 30, tzinfo=UTC)
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
WINDOW = Window(END - DAY, END, date(2026, 3, 10), "07:30")
OTHER = WatchId("other")


def brought(database: Database, hours: Mapping[datetime, int], watch: WatchId = SIEGE) -> None:
    rows = [
        {"watch": watch, "hour_at": at.replace(minute=0), "stories": 1, "articles": number}
        for at, number in hours.items()
    ]
    with database.write() as connection:
        connection.execute(sa.insert(watch_hours), rows)


def volume(database: Database, window: Window = WINDOW) -> WatchVolume:
    with database.read() as connection:
        return watch_volumes(connection, [SIEGE, OTHER], window)[SIEGE]


def test_usual_is_the_median_of_the_same_window_in_the_weeks_before(database: Database) -> None:
    weeks = {1: 4, 2: 6, 3: 40, 4: 6, 5: 7, 6: 0, 7: 6, 8: 9}
    brought(database, {END - week * WEEK - HOUR: number for week, number in weeks.items()})
    brought(database, {END - 8 * WEEK - 2 * DAY: 1, END - 3 * DAY: 500, END - HOUR: 70})
    assert volume(database).usual == 6


def test_a_watch_that_has_not_been_there_for_three_such_windows_has_nothing_usual(database: Database) -> None:
    brought(database, {END - 3 * WEEK - HOUR: 5, END - 2 * WEEK - HOUR: 5, END - WEEK - HOUR: 5})
    assert volume(database).usual is None
    brought(database, {END - 3 * WEEK - 2 * DAY: 1})
    assert volume(database).usual == 5


def test_a_watch_that_came_rarely_usually_brings_nothing(database: Database) -> None:
    brought(database, {END - 8 * WEEK: 3, END - HOUR: 2})
    assert volume(database).usual == 0


def test_a_window_longer_than_a_week_is_compared_with_nothing(database: Database) -> None:
    brought(database, {END - week * WEEK: 3 for week in range(9)})
    assert volume(database, Window(END - WEEK - HOUR, END, date(2026, 3, 10), "07:30")).usual is None
    assert volume(database, Window(END - WEEK, END, date(2026, 3, 10), "07:30")).usual == 3


def test_each_of_the_last_days_ends_at_the_hour_of_the_window_s_end(database: Database) -> None:
    brought(database, {END - 20 * DAY: 9, END - 14 * DAY: 1, END - DAY - HOUR: 2, END - DAY: 3, END - HOUR: 4, END: 50})
    assert volume(database).days == (1, *(CHART_DAYS - 3) * (0,), 2, 7)


def test_a_watch_younger_than_the_chart_has_no_days(database: Database) -> None:
    brought(database, {END - 13 * DAY: 1})
    assert volume(database).days == ()


def test_watches_do_not_share_their_volumes(database: Database) -> None:
    brought(database, {END - 20 * DAY: 1, END - HOUR: 5})
    brought(database, {END - 20 * DAY: 1, END - HOUR: 8}, OTHER)
    with database.read() as connection:
        found = watch_volumes(connection, [SIEGE, OTHER, WatchId("never")], WINDOW)
        assert {watch: one.days[-1] for watch, one in found.items()} == {SIEGE: 5, OTHER: 8}
        assert watch_volumes(connection, [], WINDOW) == {}


def test_the_last_match_before_a_time_is_the_latest_that_stands(database: Database) -> None:
    with database.write() as connection:
        ids = add_articles(connection, add_feed(connection).id, *(entry(f"{number}") for number in range(3)))
        for turn, article in enumerate(ids):
            save_matches(connection, [(article, receipt())], NOW + turn * HOUR)
        withdraw_matches(connection, [(ids[1], [])], NOW)
        assert last_matches(connection, [SIEGE, OTHER], NOW + 9 * HOUR) == {SIEGE: NOW + 2 * HOUR}
        assert last_matches(connection, [SIEGE, OTHER], NOW + 2 * HOUR) == {SIEGE: NOW}
        assert last_matches(connection, [SIEGE], NOW) == {}


def test_what_came_in_is_counted_from_the_start_to_before_the_end(database: Database) -> None:
    with database.write() as connection:
        add_articles(connection, add_feed(connection).id, entry("one"), entry("two"))
        assert articles_between(connection, NOW, NOW + HOUR) == 2
        assert articles_between(connection, NOW - HOUR, NOW) == 0
