"""A house to be shot at: real workers as processes, a real Valkey, a real mail server, in a folder of its own.

Used by the chaos test in small and by benchmarks/bench_kills.py in full.
"""

from __future__ import annotations

import asyncio
import os
import random
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

import sqlalchemy as sa
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from records import NOW, add_feed, entry
from tocsin.bootstrap import WatchlistDesk
from tocsin.config import Settings, load_settings, secret_of
from tocsin.models.feeds import Entry
from tocsin.queueing import CLASSIFY, DELIVER, Wakeups
from tocsin.store import articles
from tocsin.store.articles import NewArticle
from tocsin.store.bundles import waiting_bundles
from tocsin.store.database import Database, database_now, open_database
from tocsin.store.migrate import upgrade
from tocsin.store.progress import Progress, progress
from tocsin.store.tables import alerts, deliveries
from tocsin.supervision import STOP_SECONDS
from tocsin_scheduler.bundles import send_due_bundles
from tocsin_scheduler.sweeps import sweep_articles, sweep_deliveries
from valkey_server import Valkey

PATIENCE_SECONDS = 240.0
SWEEP_SECONDS = 2.0
OUTLETS = ("wire", "gazette", "herald")
SCHEDULER = "scheduler"
WATCHLIST = """\
version: 1
feeds: [https://wire.example/rss, https://gazette.example/rss, https://herald.example/rss]
watches:
  siege:
    keywords: [siege]
    alert: {to: [desk]}
  flood:
    keywords: [flood]
    alert: {to: [desk], at_most: 1/minute}
channels:
  desk: {mail: desk@example.org}
"""


_UNTOLD = """
SELECT count(*) FROM alerts LEFT JOIN deliveries ON deliveries.id = alerts.delivery_id
WHERE alerts.decision <> 'suppress' AND COALESCE(deliveries.state, '') <> 'sent'
"""


class Mailbox:
    """Counts what the mail server accepted, by Message-ID; each message takes it some milliseconds."""

    def __init__(self, seconds: float) -> None:
        self.accepted: Counter[str] = Counter()
        self._seconds = seconds

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 -- aiosmtpd's
        lines = (envelope.original_content or b"").splitlines()
        [message_id] = [line for line in lines if line.lower().startswith(b"message-id:")]
        self.accepted[message_id.partition(b":")[2].strip().decode()] += 1
        # The kill that hurts comes between this and our commit.
        await asyncio.sleep(self._seconds)
        return "250 OK"


@dataclass(frozen=True, slots=True)
class Audit:
    """What became of it all: ``decisions`` were made on alerts; ``untold`` were to be told and were in no message."""

    articles: int
    unclassified: int
    matching: int
    matches: int
    decisions: int
    untold: int
    messages: int
    lost: int
    duplicates: int


class ChaosHouse:
    """Stores articles, runs workers on them, kills them, and audits the outcome.

    ``variables`` go into the workers' environment besides.
    """

    def __init__(
        self,
        home: Path,
        *,
        mail_seconds: float = 0.01,
        seed: int = 7,
        watchlist: str = WATCHLIST,
        variables: Mapping[str, str] | None = None,
    ) -> None:
        self.home = home
        self._watchlist = watchlist
        self._variables = dict(variables or {})
        self.mailbox = Mailbox(mail_seconds)
        self.redis = Valkey(home)
        self._port = _free_port()
        self._smtp = Controller(self.mailbox, hostname="127.0.0.1", port=self._port)
        self._random = random.Random(seed)
        self._workers: dict[str, subprocess.Popen[bytes]] = {}
        self.kills: Counter[str] = Counter()
        self._matching = self._published = 0

    def __enter__(self) -> Self:
        (self.home / "watchlist.yaml").write_text(self._watchlist)
        self._smtp.start()
        self.settings: Settings = load_settings(self._environment())
        self.database: Database = open_database(self.settings.database_url.get_secret_value())
        upgrade(self.database)
        desk = WatchlistDesk(self.settings, self.database)
        desk.accept()
        self._in_force = desk.watchlist
        self.redis.start()
        self._log = (self.home / "log").open("wb")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._workers.values():
            worker.terminate()
        for worker in self._workers.values():
            worker.wait(10)
        self._smtp.stop()
        self.redis.stop()
        self.database.close()
        self._log.close()

    def publish(self, number: int, *, matching: int) -> None:
        """Store articles, of which some match one watch or the other, each a story of its own; wake the classifier."""
        new = [self._made_up("siege" if one % 2 else "flood") for one in range(matching)]
        new += [self._made_up("tram") for _ in range(number - matching)]
        self._random.shuffle(new)
        self._matching += matching
        ids = []
        with self.database.write() as connection:
            now = database_now(connection)
            for turn, outlet in enumerate(OUTLETS):
                feed = add_feed(connection, f"https://{outlet}.example/rss")
                ours = [replace(one, url=f"https://{outlet}.example/{one.key}") for one in new[turn :: len(OUTLETS)]]
                rows = [NewArticle(one, language="en", published_at=now, backlog=False) for one in ours]
                ids += articles.insert_articles(connection, feed.id, rows, now)
        self.wakeups().send(CLASSIFY, ids)

    def _made_up(self, word: str) -> Entry:
        """Write an article that has nothing in common with any other but one word."""
        self._published += 1
        words = ["".join(self._random.choices("bdfgklmnprstvz", k=6)) for _ in range(60)]
        title = " ".join([*words[:3], word, *words[3:5]]).capitalize()
        return entry(str(self._published), title, " ".join([*words[5:], word]))

    def wakeups(self) -> Wakeups:
        return Wakeups(self.redis.client(), secret_of(self.settings))

    def start(self, function: str) -> None:
        what = ["scheduler"] if function == SCHEDULER else ["worker", function]
        command = [sys.executable, "-m", "tocsin", *what]
        self._workers[function] = subprocess.Popen(command, env=self._environment(), stdout=self._log, stderr=self._log)

    def kill(self, function: str, *, time_passes: bool) -> None:
        """Kill -9 a process in the middle of its work, and start another."""
        before = self._done(function)
        self._work_until(lambda: self._done(function) > before, f"{function} to be at work", time_passes=time_passes)
        time.sleep(self._random.uniform(0, 0.05))  # so that kills fall on all parts of the work
        self._workers[function].kill()
        self._workers[function].wait()
        self.kills[function] += 1
        self.start(function)

    def stop(self, function: str) -> int:
        """Tell a worker to end, as the supervisor does; gives its exit code."""
        worker = self._workers.pop(function)
        worker.terminate()
        return worker.wait(STOP_SECONDS)

    def flush_redis(self) -> None:
        self.redis.client().flushall()

    def sweep(self) -> None:
        """Do what the scheduler's ticks do: bundles leave, and what is undone is enqueued."""
        wakeups = self.wakeups()
        wakeups.send(DELIVER, send_due_bundles(self.database, self._in_force, "chaos.example"))
        sweep_articles(self.database, wakeups)
        sweep_deliveries(self.database, wakeups)

    def let_time_pass(self) -> None:
        """Make all leases, jobs, messages and bundles old at once, instead of waiting for them."""
        with self.database.write() as connection:
            connection.execute(sa.text("UPDATE articles SET enqueued_at = NULL"))
            connection.execute(sa.update(deliveries).values(enqueued_at=None, created_at=NOW))
            waits = sa.and_(alerts.c.due_at.is_not(None), alerts.c.delivery_id.is_(None))
            connection.execute(sa.update(alerts).where(waits).values(due_at=NOW))
            leased = deliveries.c.lease_until.is_not(None)
            connection.execute(sa.update(deliveries).where(leased).values(lease_until=NOW))
        for key in self.redis.client().scan_iter("rq:job:*"):
            self.redis.client().delete(key)

    def progress(self) -> Progress:
        with self.database.read() as connection:
            return progress(connection)

    def work_off(self, *, time_passes: bool) -> None:
        """Let the workers end what there is to do."""

        def done() -> bool:
            now = self.progress()
            return now.classified == now.articles and now.pending == 0 and self._waiting() == 0

        self._work_until(done, "all work to be done", time_passes=time_passes)

    def _work_until(self, happened: Callable[[], bool], what: str, *, time_passes: bool) -> None:
        started = swept = time.monotonic()
        while not happened():
            now = time.monotonic()
            if now - started > PATIENCE_SECONDS:
                raise TimeoutError(f"waited for {what}: {self.progress()}\n{(self.home / 'log').read_text()[-3000:]}")
            if now - swept > SWEEP_SECONDS:
                if time_passes:
                    self.let_time_pass()
                self.sweep()
                swept = now
            time.sleep(0.005)

    def _waiting(self) -> int:
        with self.database.read() as connection:
            return sum(bundle.alerts for bundle in waiting_bundles(connection))

    def _done(self, function: str) -> int:
        if function == SCHEDULER:
            return self._scalar("SELECT count(*) FROM deliveries WHERE key LIKE 'bundle:%'")
        now = self.progress()
        return now.classified if function == CLASSIFY else now.sent

    def audit(self) -> Audit:
        with self.database.read() as connection:
            now = progress(connection)
            ids = set(connection.execute(sa.text("SELECT message_id FROM deliveries")).scalars())
        return Audit(
            articles=now.articles,
            unclassified=now.articles - now.classified,
            matching=self._matching,
            matches=now.matches,
            decisions=self._scalar("SELECT count(*) FROM alerts"),
            untold=self._scalar(_UNTOLD),
            messages=len(ids),
            lost=len(ids - self.mailbox.accepted.keys()) + len(self.mailbox.accepted.keys() - ids),
            duplicates=sum(count - 1 for count in self.mailbox.accepted.values()),
        )

    def _scalar(self, query: str) -> int:
        with self.database.read() as connection:
            number: int = connection.execute(sa.text(query)).scalar_one()
            return number

    def _environment(self) -> dict[str, str]:
        return dict(os.environ) | {
            "TOCSIN_HOME": str(self.home),
            "TOCSIN_WATCHLIST": str(self.home / "watchlist.yaml"),
            "TOCSIN_LOG_FORMAT": "json",
            "SMTP_URL": f"smtp+plain://127.0.0.1:{self._port}",
            **self._variables,
        }


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port
