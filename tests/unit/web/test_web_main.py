from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from page_reader import shown
from tocsin.bootstrap import WatchlistDesk, open_store
from tocsin.config import Settings, load_settings
from tocsin.errors import PortTakenError, SettingsError, StoreError
from tocsin.store.database import open_database
from tocsin.store.migrate import upgrade
from tocsin.store.processes import heartbeats
from tocsin_web.app import build_app
from tocsin_web.main import Upkeep, listen, serve, web_house
from web_client import ask

pytestmark = pytest.mark.timeout(30)

WATCHLIST = "feeds: [https://wire.example/rss]\nwatches:\n  siege:\n    keywords: [siege]\n"
SERVE = """
from tocsin.config import load_settings
from tocsin.logs import configure_logging
from tocsin_web.main import serve
configure_logging("json", "INFO")
serve(load_settings())
"""


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """A home with an empty database and a watchlist, and a port that was free a moment ago."""
    (tmp_path / "watchlist.yaml").write_text(WATCHLIST, encoding="utf-8")
    database = open_database(f"sqlite:///{tmp_path / 'tocsin.sqlite3'}")
    upgrade(database)
    database.close()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    return {
        "TOCSIN_HOME": str(tmp_path),
        "TOCSIN_WATCHLIST": str(tmp_path / "watchlist.yaml"),
        "TOCSIN_WEB_PORT": str(port),
    }


@pytest.fixture
def settings(environ: dict[str, str]) -> Settings:
    return load_settings(environ)


@contextmanager
def process(environ: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run the web process until it listens."""
    command = [sys.executable, "-W", "error", "-c", SERVE]
    with subprocess.Popen(command, env=os.environ | environ, stderr=subprocess.PIPE) as running:
        try:
            assert running.stderr is not None
            for line in running.stderr:
                if b"web pages are served" in line:
                    break
            yield running
        finally:
            running.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_process_serves_pages_lives_in_the_database_and_stops_when_told(
    settings: Settings, environ: dict[str, str], number: signal.Signals
) -> None:
    with process(environ) as running:
        # A connection that stays open must not keep the process.
        idle = socket.create_connection(("127.0.0.1", settings.web_port))
        with urllib.request.urlopen(f"{settings.base_url}/healthz", timeout=10) as answer:  # noqa: S310 -- our own
            told = answer.status, answer.read(), answer.headers.get("server")
        running.send_signal(number)
        code = running.wait(timeout=10)
        idle.close()
    assert told == (200, b"ok\n", None)
    assert code == 0
    database = open_store(settings)
    with database.read() as connection:
        assert [beat.name for beat in heartbeats(connection)] == ["web"]
    database.close()


def test_a_head_request_gets_the_headers_alone(settings: Settings, environ: dict[str, str]) -> None:
    request = urllib.request.Request(f"{settings.base_url}/", method="HEAD")  # noqa: S310 -- our own server
    with process(environ), urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 -- our own server
        assert answer.status == 200
        assert int(answer.headers["content-length"]) > 1000
        assert answer.read() == b""


def test_the_addresses_that_are_asked_for_are_not_logged(settings: Settings, environ: dict[str, str]) -> None:
    request = urllib.request.Request(  # noqa: S310 -- our own server
        f"{settings.base_url}/alerts/mute/an-unguessable-token", data=b"", method="POST"
    )
    with process(environ) as running:
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request, timeout=10)  # noqa: S310 -- our own server
        refused.value.close()
        running.send_signal(signal.SIGTERM)
        assert running.stderr is not None
        log = running.stderr.read()
    assert refused.value.code == 404
    assert b"unguessable" not in log


def test_a_port_in_use_is_told_with_the_remedy() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(PortTakenError) as error:
            listen("127.0.0.1", port)
    assert str(error.value) == (
        f"port {port} is used by another program; set TOCSIN_WEB_PORT to a free one, or end that program"
    )


def test_a_host_that_is_not_this_machine_is_told_with_the_remedy() -> None:
    with pytest.raises(SettingsError, match=r"cannot listen at 192\.0\.2\.1 port 8080 .*set TOCSIN_WEB_HOST"):
        listen("192.0.2.1", 8080)


def test_a_database_that_was_never_made_is_told_before_anything_is_served(settings: Settings) -> None:
    (settings.home / "tocsin.sqlite3").unlink()
    with pytest.raises(StoreError, match="run `tocsin db upgrade`"):
        serve(settings)


def test_a_change_of_the_watchlist_is_on_the_page_after_a_turn(settings: Settings) -> None:
    database = open_store(settings)
    desk = WatchlistDesk(settings, database)
    app = build_app(web_house(settings, database, desk))
    upkeep = Upkeep(desk.poll, lambda: None)
    before = shown(ask(app, "/").text)
    settings.watchlist.write_text(WATCHLIST.replace("keywords", "keyword"), encoding="utf-8")
    upkeep.turn()
    faulty = shown(ask(app, "/").text)
    settings.watchlist.write_text(WATCHLIST.replace("siege", "blockade"), encoding="utf-8")
    upkeep.turn()
    after = shown(ask(app, "/").text)
    database.close()
    assert ("siege — no match" in before, "fault" in before) == (True, False)
    assert ("siege — no match" in faulty, "The watchlist has 1 fault." in faulty) == (True, True)
    assert ("blockade — no match" in after, "fault" in after) == (True, False)


def test_every_turn_looks_at_the_watchlist_and_every_fifth_tells_that_we_live() -> None:
    done: list[str] = []
    upkeep = Upkeep(lambda: done.append("follow"), lambda: done.append("beat"))
    for _ in range(6):
        upkeep.turn()
    assert done == ["follow", "beat", *["follow"] * 5, "beat"]


def test_a_turn_that_fails_is_tried_again_by_the_next() -> None:
    faults = iter([StoreError("locked"), None])
    done: list[str] = []

    def beat() -> None:
        fault = next(faults)
        if fault is not None:
            raise fault
        done.append("beat")

    upkeep = Upkeep(lambda: None, beat)
    upkeep.turn()
    upkeep.turn()
    assert done == ["beat"]


def test_a_changed_watchlist_is_told_at_once() -> None:
    news = iter([False, True])  # not asked at the first turn, which tells anyway
    done: list[str] = []
    upkeep = Upkeep(lambda: done.append("follow"), lambda: done.append("beat"), lambda: next(news))
    for _ in range(3):
        upkeep.turn()
    assert done == ["follow", "beat", "follow", "follow", "beat"]


def test_upkeep_outlives_what_nobody_foresaw_and_tells_of_it() -> None:
    turned = threading.Event()
    done: list[str] = []

    def follow() -> None:
        done.append("follow")
        if len(done) == 1:
            raise RecursionError("a watchlist like a staircase")
        turned.set()

    with capture_logs() as log, Upkeep(follow, lambda: None, every_seconds=0.01).running():
        assert turned.wait(10)
    assert [(line["event"], line["log_level"], line["exc_info"]) for line in log] == [
        ("upkeep failed for a reason that nobody foresaw; the next turn tries again", "error", True)
    ]


def test_upkeep_turns_at_once_and_ends_with_its_block() -> None:
    done: list[str] = []
    upkeep = Upkeep(lambda: None, lambda: done.append("beat"), every_seconds=3600)
    with upkeep.running():
        pass
    assert done == ["beat"]
