"""A house that does nothing but mail digests: the real mailer as a process that may be killed, a real Valkey, SQLite,
and a mail server of its own.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, nullcontext, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

import sqlalchemy as sa

from digest_house import DigestFilling, watchlist_text
from mail_sink import Event, MailSink
from records import NOW
from tocsin.bootstrap import mail_opener
from tocsin.config import load_settings, secret_of
from tocsin.delivery import Mail
from tocsin.models.deliveries import DeliveryState, Sent
from tocsin.models.ids import DeliveryId
from tocsin.queueing import DELIVER, Wakeups
from tocsin.store.database import database_now, open_database
from tocsin.store.deliveries import claim_delivery, count_deliveries, settle_sent
from tocsin.store.migrate import upgrade
from tocsin.store.tables import deliveries
from tocsin_scheduler.sweeps import sweep_deliveries
from tocsin_worker.main import new_composer
from valkey_server import Valkey

PATIENCE_SECONDS = 120.0
"""Without a single digest sent."""

SWEEP_SECONDS = 2.0
HELD_SECONDS = 0.1
"""So long the database is held before a kill that is to fall between the server's yes and the commit."""


@dataclass(frozen=True, slots=True)
class Accounts:
    """What became of digests: ``sent`` by the ledger; ``lost`` never reached the server; ``twice`` reached it more than
    once, of which ``unexplained`` are those whose earlier copies were not the last thing that a killed mailer sent on
    its connection, or that the ledger had noted before the kill.
    """

    digests: int
    sent: int
    lost: int
    foreign: int
    twice: int
    unexplained: int
    kills: int
    longest_window_ms: float
    connections: int
    kilobytes: float

    @property
    def is_kept(self) -> bool:
        """Whether the promise is kept."""
        return self.sent == self.digests and not (self.lost or self.foreign or self.unexplained)


Timed = Callable[[], AbstractContextManager[None]]
"""Opens a block whose time is counted."""


class MailingHouse:
    """Sends digests, kills the mailer meanwhile, and keeps the accounts; ``used`` is CPU seconds and most megabytes of
    the mailers of the last run.
    """

    def __init__(self, home: Path, *, seed: int = 7) -> None:
        self.home = home
        self.used = 0.0, 0
        self._random = random.Random(seed)
        self._stack = ExitStack()
        self._mailer: subprocess.Popen[bytes] | None = None
        self._kills: list[float] = []

    def __enter__(self) -> Self:
        (self.home / "watchlist.yaml").write_text(watchlist_text())
        self.sink = self._stack.enter_context(MailSink(self.home))
        self.settings = load_settings(self._environment())
        self.database = open_database(self.settings.database_url.get_secret_value())
        self._stack.callback(self.database.close)
        upgrade(self.database)
        self.filling = DigestFilling(self.settings, self.database)
        self.filling.tell()
        self._redis = self._stack.enter_context(Valkey(self.home))
        self._log = self._stack.enter_context((self.home / "log").open("ab"))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end_mailer()
        self._stack.close()

    def deliver_apart(self, number: int, compose: Timed, send: Timed, commit: Timed) -> list[Mail]:
        """Deliver so many digests by one thread of this process, step by step, as the mailer does; gives the mails."""
        composer = new_composer(self.settings, lambda: self.filling.watchlist)
        mails = []
        with closing(mail_opener(self.settings)()) as sender:
            for one in self.filling.close_windows(number):
                with commit(), self.database.write() as connection:
                    now = database_now(connection)
                    delivery = claim_delivery(connection, one, now, lease="a lease", lease_for=timedelta(minutes=1))
                assert delivery is not None
                with compose(), self.database.read() as connection:
                    mail = composer.compose(connection, delivery)
                assert isinstance(mail, Mail), mail
                with send():
                    assert isinstance(sender.send(mail), Sent)
                with commit(), self.database.write() as connection:
                    assert settle_sent(connection, delivery, database_now(connection))
                mails.append(mail)
        return mails

    def send(self, ids: Sequence[DeliveryId], *, kills: int = 0) -> None:
        """Have digests sent by the mailer, and kill it so often meanwhile, every other time in the window."""
        self._kills, self.used = [], (0.0, 0)
        self._wakeups().send(DELIVER, ids)
        self._start_mailer()
        for turn in range(kills):
            due = len(ids) * (turn + 1) // (kills + 1)
            self._sweep_until(left=len(ids) - due)
            self._kill(in_window=turn % 2 == 0)
        self._sweep_until(left=0)
        self._end_mailer()

    def accounts(self, ids: Sequence[DeliveryId]) -> Accounts:
        """Hold the ledger against the server's log."""
        with self.database.read() as connection:
            rows = connection.execute(sa.select(deliveries).where(deliveries.c.id.between(ids[0], ids[-1]))).all()
        ledger = {row.message_id: row for row in rows}
        events = self.sink.events()
        accepted: dict[str, list[Event]] = {}
        for event in events:
            if event.what == "accepted":
                accepted.setdefault(event.words[0], []).append(event)
        ours = {one: copies for one, copies in accepted.items() if one in ledger}
        twice = {one: copies for one, copies in ours.items() if len(copies) > 1}
        windows = [self._window(copy, events, ledger[one].sent_at) for one, all_ in twice.items() for copy in all_[:-1]]
        known = [window for window in windows if window is not None]
        connections = {copy.connection for copies in ours.values() for copy in copies}
        return Accounts(
            digests=len(ids),
            sent=sum(row.state == "sent" for row in rows),
            lost=len(ledger.keys() - ours.keys()),
            foreign=sum(copy.words[2] != ledger[one].target for one, copies in ours.items() for copy in copies),
            twice=len(twice),
            unexplained=len(windows) - len(known),
            kills=len(self._kills),
            longest_window_ms=round(max(known, default=0.0) * 1000, 1),
            connections=len(connections),
            kilobytes=sum(int(copy.words[1]) for copies in ours.values() for copy in copies) / 1000,
        )

    def _window(self, copy: Event, events: Sequence[Event], noted_at: datetime) -> float | None:
        """Say how long before a kill a copy was accepted that was sent again; None where no kill explains it.

        One does where it came after the copy and before the ledger's note, and the copy was the last message of its
        connection, which ended with the kill and without a goodbye.
        """
        kill = next((at for at in self._kills if at >= copy.at), None)
        if kill is None or noted_at.timestamp() <= kill:
            return None
        after = [event for event in events if event.connection == copy.connection and event.at > copy.at]
        if any(event.what in {"accepted", "quit"} for event in after):
            return None
        return kill - copy.at

    def _start_mailer(self) -> None:
        command = [sys.executable, "-m", "tocsin", "worker", "deliver"]
        self._mailer = subprocess.Popen(command, env=self._environment(), stdout=self._log, stderr=self._log)

    def _kill(self, *, in_window: bool) -> None:
        """Kill -9 the mailer, at any moment or while it waits for the database, and start another."""
        assert self._mailer is not None
        time.sleep(self._random.uniform(0, 0.1))  # so that kills fall on all parts of the work
        with self.database.write() if in_window else nullcontext():
            if in_window:
                time.sleep(HELD_SECONDS)
            self._note_use(self._mailer)
            self._mailer.kill()
            self._mailer.wait()
            self._kills.append(time.time())
        self._let_time_pass()
        self._start_mailer()

    def _end_mailer(self) -> None:
        mailer, self._mailer = self._mailer, None
        if mailer is not None and mailer.poll() is None:
            self._note_use(mailer)
            mailer.send_signal(signal.SIGTERM)
            mailer.wait(20)

    def _note_use(self, mailer: subprocess.Popen[bytes]) -> None:
        """Add what a mailer used until now, as Linux counts it."""
        folder = Path("/proc") / str(mailer.pid)
        with suppress(FileNotFoundError, ProcessLookupError):
            user, system = (folder / "stat").read_text().rpartition(")")[2].split()[11:13]
            [peak] = [line for line in (folder / "status").read_text().splitlines() if line.startswith("VmHWM:")]
            cpu, most = self.used
            seconds = (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
            self.used = cpu + seconds, max(most, int(peak.split()[1]) // 1024)

    def _sweep_until(self, *, left: int) -> None:
        """Do what the scheduler does until no more digests are left to be sent."""
        moved = swept = time.monotonic()
        before = self._pending()
        while (pending := self._pending()) > left:
            now = time.monotonic()
            if pending < before:
                before, moved = pending, now
            if now - moved > PATIENCE_SECONDS:
                raise TimeoutError(f"still {pending} to send\n{(self.home / 'log').read_text()[-3000:]}")
            if now - swept > SWEEP_SECONDS:
                sweep_deliveries(self.database, self._wakeups())
                swept = now
            if self._mailer is not None and self._mailer.poll() is not None:
                raise RuntimeError(f"the mailer ended by itself\n{(self.home / 'log').read_text()[-3000:]}")
            time.sleep(0.05)

    def _let_time_pass(self) -> None:
        """Make leases and jobs old at once, instead of waiting for them."""
        with self.database.write() as connection:
            connection.execute(sa.update(deliveries).where(deliveries.c.state == "pending").values(enqueued_at=None))
            leased = deliveries.c.lease_until.is_not(None)
            connection.execute(sa.update(deliveries).where(leased).values(lease_until=NOW))
        client = self._redis.client()
        for key in client.scan_iter("rq:job:*"):
            client.delete(key)
        client.close()
        sweep_deliveries(self.database, self._wakeups())

    def _pending(self) -> int:
        with self.database.read() as connection:
            return count_deliveries(connection)[DeliveryState.PENDING]

    def _wakeups(self) -> Wakeups:
        return Wakeups(self._redis.client(), secret_of(self.settings))

    def _environment(self) -> dict[str, str]:
        return dict(os.environ) | {
            "TOCSIN_HOME": str(self.home),
            "TOCSIN_WATCHLIST": str(self.home / "watchlist.yaml"),
            "TOCSIN_LOG_FORMAT": "json",
            "TOCSIN_MAIL_RATE": "off",
            "SMTP_URL": f"smtp+plain://127.0.0.1:{self.sink.port}",
        }
