"""The database as a thing to open: engine, transactions, and the one clock that all processes share.

SQLite runs in WAL mode with a busy timeout and foreign keys; a writing transaction takes its lock at the start (BEGIN
IMMEDIATE), since a reader that turns writer half-way is refused at once, without waiting
(https://sqlite.org/lang_transaction.html, section 2.2).
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.pool import ConnectionPoolEntry

from tocsin.errors import StoreError

BUSY_TIMEOUT = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Database:
    """An engine with the two kinds of transaction that the house knows."""

    engine: sa.Engine

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """Open a transaction that sees one state of the database and writes nothing."""
        with _faults_named(self.engine), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """Open a transaction that writes; all of it is committed at the end of the block, or nothing is."""
        writer = self.engine.execution_options(tocsin_writes=True)
        with _faults_named(self.engine), writer.begin() as connection:
            yield connection

    def close(self) -> None:
        """Close all pooled connections."""
        self.engine.dispose()


def open_database(url: str) -> Database:
    """Open the database at a SQLAlchemy URL; nothing is connected until the first transaction.

    Raises: StoreError: The URL is not one of SQLite or PostgreSQL, its driver is missing, or its folder cannot be
    made.
    """
    parsed = _parse(url)
    if parsed.get_backend_name() == "sqlite":
        return Database(_sqlite_engine(parsed))
    try:
        return Database(sa.create_engine(parsed, pool_pre_ping=True))
    except ModuleNotFoundError as error:
        raise StoreError(
            "DATABASE_URL names PostgreSQL, whose driver is missing: pip install 'tocsin[postgres]'"
        ) from error


def database_now(connection: sa.Connection) -> datetime:
    """Read the database's clock, aware UTC: leases of several machines must be measured by one clock."""
    if connection.dialect.name == "sqlite":
        text: str = connection.execute(sa.text("SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')")).scalar_one()
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    now: datetime = connection.execute(sa.text("SELECT clock_timestamp()")).scalar_one()
    return now.astimezone(UTC)


def fault_of_data(error: StoreError) -> Exception | None:
    """Give the cause where the database works and refused what was to be written, such as a value that no column
    takes.
    """
    kinds = (sa.exc.DataError, sa.exc.IntegrityError, sa.exc.InterfaceError, sa.exc.ProgrammingError)
    return error.__cause__ if isinstance(error.__cause__, kinds) else None


def _parse(url: str) -> sa.URL:
    try:
        parsed = sa.make_url(url)
        backend = parsed.get_backend_name()
    except sa.exc.ArgumentError as error:
        raise StoreError(
            "DATABASE_URL is not a database address; try sqlite:///path or postgresql://host/db"
        ) from error
    if backend not in {"sqlite", "postgresql"}:
        raise StoreError(f"DATABASE_URL names {backend}; Tocsin keeps its data in SQLite or PostgreSQL")
    return parsed


def _sqlite_engine(url: sa.URL) -> sa.Engine:
    if url.database:
        _make_folder(Path(url.database).parent)
    engine = sa.create_engine(url, connect_args={"timeout": BUSY_TIMEOUT.total_seconds()})
    sa.event.listen(engine, "connect", _set_up_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise StoreError(
            f"cannot make the folder {folder} ({error.strerror}); set TOCSIN_HOME to one you may write"
        ) from error


def _set_up_sqlite(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    # The driver must not begin transactions of its own: see _begin_sqlite.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {int(BUSY_TIMEOUT.total_seconds() * 1000)}")
    _switch_to_wal(cursor)
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _switch_to_wal(cursor: DBAPICursor) -> None:
    """Switch a new database over, once for all: SQLite does not wait for others here, so we do."""
    ends_at = time.monotonic() + BUSY_TIMEOUT.total_seconds()
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() >= ends_at:
                raise
            time.sleep(0.05)
        else:
            return


def _begin_sqlite(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("tocsin_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def _faults_named(engine: sa.Engine) -> Iterator[None]:
    try:
        yield
    except (sa.exc.DBAPIError, sa.exc.TimeoutError) as error:
        # All kinds: PostgreSQL tells a missing table as a fault of programming, a failover as an internal one.
        raise StoreError(f"{_address(engine)}: {_remedy(error)}") from error


def _address(engine: sa.Engine) -> str:
    return engine.url.render_as_string(hide_password=True)


def _remedy(error: sa.exc.DBAPIError | sa.exc.TimeoutError) -> str:
    cause = str(error.orig if isinstance(error, sa.exc.DBAPIError) else error).strip()
    remedies = {
        "read-only": "the database may not be written now; if it was switched over, wait, or check DATABASE_URL",
        "QueuePool limit": "all connections to the database are in use; it answers too slowly, or too much is asked",
        "readonly": "the database may not be written; check the owner and mode of its file and folder",
        "disk is full": "the disk is full; free some space, nothing that was committed is lost",
        "disk I/O": "the disk failed or is full; free some space and check it",
        "not a database": "the file is something else; point DATABASE_URL to another one",
        "malformed": "the file is damaged; put a backup in its place, or see SQLite's `.recover`",
        "unable to open": "the file cannot be opened; check TOCSIN_HOME and its owner",
        "no such table": "the database is empty or too old; run `tocsin db upgrade`",
        "does not exist": "the database is empty, too old, or of another name; run `tocsin db upgrade`",
        "locked": f"another program holds the database for more than {int(BUSY_TIMEOUT.total_seconds())} s",
    }
    for sign, remedy in remedies.items():
        if sign in cause:
            return f"{remedy} ({cause})"
    return f"the database did not answer; check DATABASE_URL and that the server runs ({cause})"
