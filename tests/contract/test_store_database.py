from __future__ import annotations

import threading
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from records import MINUTE, NOW, add_feed
from tocsin.errors import StoreError
from tocsin.store import feeds, processes, watchlists
from tocsin.store.database import Database, database_now, open_database
from tocsin.store.migrate import head, require_current, upgrade
from tocsin.store.processes import Heartbeat
from tocsin.store.tables import metadata
from tocsin.store.watchlists import AcceptedWatchlist


def test_the_migrations_make_the_tables_that_the_code_names(database: Database) -> None:
    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_upgrading_twice_changes_nothing(database: Database) -> None:
    assert upgrade(database) == head()
    require_current(database)


def test_a_database_of_a_newer_program_is_refused(database: Database) -> None:
    with database.write() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="made by a newer Tocsin"):
        require_current(database)
    with pytest.raises(StoreError, match="made by a newer Tocsin"):
        upgrade(database)


def test_an_empty_database_names_the_command_that_makes_it(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/new.sqlite3")
    with pytest.raises(StoreError, match="run `tocsin db upgrade`"):
        require_current(database)
    database.close()


def test_programs_that_upgrade_at_once_do_not_disturb_each_other(tmp_path: Path) -> None:
    start = threading.Barrier(4)
    reached: list[str] = []

    def program() -> None:
        database = open_database(f"sqlite:///{tmp_path}/new.sqlite3")
        start.wait()
        reached.append(upgrade(database))
        database.close()

    threads = [threading.Thread(target=program) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert reached == [head()] * 4


def _fail_after_writing(database: Database) -> None:
    with database.write() as connection:
        add_feed(connection)
        raise ZeroDivisionError


def test_a_failed_transaction_leaves_nothing_behind(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        _fail_after_writing(database)
    with database.read() as connection:
        assert feeds.list_feeds(connection) == []


def test_times_come_back_as_utc_whatever_zone_they_went_in_with(database: Database) -> None:
    in_kathmandu = NOW.astimezone(timezone(timedelta(hours=5, minutes=45)))
    with database.write() as connection:
        processes.beat(connection, Heartbeat("web", in_kathmandu, "v1", None))
        [beat] = processes.heartbeats(connection)
    assert (beat.seen_at, beat.seen_at.utcoffset()) == (NOW, timedelta(0))


def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(sa.exc.StatementError, match="no time zone"), database.write() as connection:
        watchlists.accept_watchlist(connection, "v1", "version: 1", datetime(2026, 3, 10))  # noqa: DTZ001 -- the point


def test_the_databases_clock_is_aware_and_moves_on(database: Database) -> None:
    with database.read() as connection:
        first, second = database_now(connection), database_now(connection)
    assert first.utcoffset() == timedelta(0)
    assert timedelta(0) <= second - first < MINUTE


def test_the_watchlist_accepted_last_is_the_one_to_fall_back_to(database: Database) -> None:
    with database.write() as connection:
        assert watchlists.last_good(connection) is None
        watchlists.accept_watchlist(connection, "v1", "first", NOW)
        watchlists.accept_watchlist(connection, "v2", "second", NOW + MINUTE, [("a.opml", "<opml/>")])
        assert watchlists.last_good(connection) == AcceptedWatchlist("second", {"a.opml": "<opml/>"})
        watchlists.accept_watchlist(connection, "v1", "first", NOW + 2 * MINUTE)
        assert watchlists.last_good(connection) == AcceptedWatchlist("first", {})


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mysql://localhost/db", "SQLite or PostgreSQL"),
        ("no address", "is not a database address"),
    ],
)
def test_an_address_that_is_not_ours_is_refused_with_the_ones_that_are(url: str, words: str) -> None:
    with pytest.raises(StoreError, match=words):
        open_database(url)


def test_a_server_that_does_not_answer_is_named_without_its_password(postgres_url: str) -> None:
    url = sa.make_url(postgres_url).set(query={}, host="127.0.0.1", port=1, username="u", password="hidden")
    database = open_database(url.render_as_string(hide_password=False))
    with pytest.raises(StoreError, match="check DATABASE_URL") as caught, database.read():
        pass
    assert "hidden" not in str(caught.value)


def test_a_database_that_cannot_be_opened_says_so(tmp_path: Path) -> None:
    # Root may write anything, so a folder takes the place of the file's rights.
    (tmp_path / "tocsin.sqlite3").mkdir()
    database = open_database(f"sqlite:///{tmp_path}/tocsin.sqlite3")
    with pytest.raises(StoreError, match="check TOCSIN_HOME"), database.write():
        pass


def test_a_file_that_is_no_database_is_said_to_be_something_else(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("Not a database at all, but a text of more than a few bytes. " * 20)
    database = open_database(f"sqlite:///{path}")
    with pytest.raises(StoreError, match="something else"), database.read():
        pass


def test_a_missing_table_names_the_command_that_makes_it(database: Database) -> None:
    with pytest.raises(StoreError, match="run `tocsin db upgrade`"), database.read() as connection:
        connection.execute(sa.text("SELECT * FROM nothing_of_that_name"))


def test_no_connection_left_is_an_error_of_the_store(tmp_path: Path) -> None:
    database = Database(
        sa.create_engine(f"sqlite:///{tmp_path}/x.sqlite3", pool_size=1, max_overflow=0, pool_timeout=0)
    )
    with database.read(), pytest.raises(StoreError, match="all connections"), database.read():
        pass
    database.close()
