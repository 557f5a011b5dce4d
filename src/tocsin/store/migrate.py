"""Bringing a database to the version that this program needs, and saying so when it is not."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from tocsin.errors import StoreError
from tocsin.store.database import Database

_LOCK = 0x70C51  # any number; two programs that upgrade one PostgreSQL database at once wait for each other on it


def upgrade(database: Database) -> str:
    """Apply all missing migrations in one transaction and give the version reached.

    Raises:
        StoreError: The database cannot be reached or written, or was made by a newer Tocsin.

    """
    config = _config()
    with database.write() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        _refuse_newer(connection)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return head()


def require_current(database: Database) -> None:
    """Check that the database is at the version this program needs.

    Raises:
        StoreError: It is not, with the command that mends it.

    """
    with database.read() as connection:
        _refuse_newer(connection)
        version = _version(connection)
    if version != head():
        found = "empty" if version is None else f"at version {version}"
        raise StoreError(f"the database is {found}, this program needs version {head()}; run `tocsin db upgrade`")


def head() -> str:
    """Give the version that this program needs."""
    version = _scripts().get_current_head()
    if version is None:
        raise StoreError("the migrations are missing from this installation; install Tocsin anew")
    return version


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _version(connection: sa.Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _refuse_newer(connection: sa.Connection) -> None:
    version = _version(connection)
    known = {script.revision for script in _scripts().walk_revisions()}
    if version is not None and version not in known:
        raise StoreError(
            f"the database is at version {version}, which this program does not know: it was made by a newer Tocsin; "
            "upgrade the program, or point DATABASE_URL to another database"
        )
