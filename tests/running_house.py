"""The whole service as real processes on a home of its own, with sample feeds to poll, to be watched and shot at."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tocsin.demo.server import DemoFeeds
from tocsin.demo.watchlist import demo_watchlist
from tocsin.store.database import Database, open_database
from tocsin.store.processes import Heartbeat, heartbeats
from tocsin.store.progress import Progress, progress

OURS = ("TOCSIN_", "DATABASE_URL", "REDIS_URL", "SMTP_URL")
PROCESSES = {
    "valkey": "redis",
    "scheduler": "scheduler",
    "classify": "classifier",
    "deliver": "mailer",
    "read": "reader",
    "web": "web",
}
"""What stands in each process's command line, and what we call it."""


@dataclass(frozen=True, slots=True)
class RunningHouse:
    """A service that runs: ``process`` is the one that was started, the others are its children."""

    home: Path
    port: int
    process: subprocess.Popen[bytes]
    database: Database

    @property
    def watchlist(self) -> Path:
        return self.home / "watchlist.yaml"

    def rewrite(self, text: str) -> None:
        """Replace the watchlist as editors do, whole."""
        beside = self.home / "new.yaml"
        beside.write_text(text, encoding="utf-8")
        beside.replace(self.watchlist)

    def get(self, path: str) -> tuple[int, str]:
        """Ask for a page; status 0 where nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def ready(self) -> bool:
        return self.get("/readyz")[0] == 200

    def children(self) -> dict[str, int]:
        """The processes that run, by name."""
        return {name: pid for pid in _children(self.process.pid) if (name := _name(pid))}

    def heartbeats(self) -> dict[str, Heartbeat]:
        with self.database.read() as connection:
            return {beat.name: beat for beat in heartbeats(connection)}

    def progress(self) -> Progress:
        with self.database.read() as connection:
            return progress(connection)

    def all_done(self) -> bool:
        """Whether all feeds were asked, all articles classified and all messages sent."""
        now = self.progress()
        return now.feeds_asked == 9 and now.classified == now.articles > 0 and now.pending == 0

    def log(self) -> str:
        return (self.home / "log").read_text(encoding="utf-8", errors="replace")

    def logged(self, level: str) -> list[dict[str, Any]]:
        """The lines of the log at a level."""
        lines = [json.loads(line) for line in self.log().splitlines() if line.startswith("{")]
        return [line for line in lines if line.get("level") == level]

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(10)


def environment(home: Path, port: int) -> dict[str, str]:
    """Variables for a house that polls often and mails into a folder; nothing of the machine's own settings."""
    foreign = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return foreign | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "TOCSIN_HOME": str(home),
        "TOCSIN_WATCHLIST": str(home / "watchlist.yaml"),
        "TOCSIN_POLL_MINUTES": "0.05",
        "TOCSIN_ALLOW_NETWORKS": "127.0.0.0/8",
        "TOCSIN_WEB_PORT": str(port),
        "TOCSIN_LOG_FORMAT": "json",
    }


@contextmanager
def running(
    home: Path, *command: str, cwd: Path | None = None, more: Mapping[str, str] | None = None
) -> Iterator[RunningHouse]:
    """Run a command that starts the whole service, and stop it at the end, by force if need be; ``more`` are variables
    beside the usual ones.
    """
    now = datetime.now(UTC)
    home.mkdir(exist_ok=True)
    port = free_port()
    with _sample_feeds(now) as base_url, (home / "log").open("wb") as log:
        text = demo_watchlist(base_url, digest_at=now + timedelta(minutes=15))
        (home / "watchlist.yaml").write_text(text, encoding="utf-8")
        variables = environment(home, port) | dict(more or {})
        database = _database(variables)
        process = subprocess.Popen(command, env=variables, cwd=cwd or home, stdout=log, stderr=log)
        house = RunningHouse(home, port, process, database)
        try:
            yield house
        finally:
            _end(house)
            database.close()


def _end(house: RunningHouse) -> None:
    children = _children(house.process.pid)
    house.process.terminate()
    try:
        house.process.wait(15)
    except subprocess.TimeoutExpired:
        house.process.kill()
        house.process.wait()
    for pid in filter(alive, children):
        os.kill(pid, signal.SIGKILL)


def _database(variables: Mapping[str, str]) -> Database:
    subprocess.run([sys.executable, "-m", "tocsin", "db", "upgrade", "--quiet"], env=variables, check=True, timeout=60)
    return open_database(f"sqlite:///{Path(variables['TOCSIN_HOME']) / 'tocsin.sqlite3'}")


@contextmanager
def _sample_feeds(now: datetime) -> Iterator[str]:
    """Serve the sample feeds from a thread, and give their address."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    site = DemoFeeds(now)
    asyncio.run_coroutine_threadsafe(site.__aenter__(), loop).result(30)
    try:
        yield site.base_url
    finally:
        asyncio.run_coroutine_threadsafe(site.__aexit__(None, None, None), loop).result(30)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


def alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and waits for its parent does not."""
    return _stat(pid)[:1] not in ([], ["Z"])


def _children(parent: int) -> list[int]:
    everyone = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return [pid for pid in everyone if _stat(pid)[1:2] == [str(parent)] and alive(pid)]


def _stat(pid: int) -> list[str]:
    """The fields of a process from its state on: state, parent ...; none if there is no such process."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _name(pid: int) -> str | None:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
    except OSError:
        return None
    last = "valkey" if any("valkey" in word for word in words[:1]) else words[-2] if len(words) > 1 else ""
    return PROCESSES.get(last)
