"""A house that people join and leave, with the clock in the test's hand: the real store, windows and mailer on a real
SQLite, whose own clock says what the test sets. The outside world is a server that writes down what it took.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from tocsin.models.deliveries import Delivery, Outcome, Sent
from tocsin.models.ids import MatchId
from tocsin.models.watchlist import ChannelKind
from tocsin.store.database import Database, open_database
from tocsin_worker.deliver import Mailer
from tocsin_worker.lanes import WORTH_A_THREAD
from tocsin_worker.messages import Compose, Gone, Message

SECRET = b"s" * 32
STOP_SECONDS = 60.0
DOMAIN = "news.example.org"


@dataclass(slots=True)
class Clock:
    """What SQLite's own clock says; a connection that is opened before it is set up keeps the machine's."""

    now: datetime

    def set_up(self, database: Database) -> None:
        """Let all connections to a database go by this clock, and wait for no disk."""

        def connected(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
            connection.create_function("strftime", 2, self._strftime)
            connection.execute("PRAGMA synchronous = OFF")

        sa.event.listen(database.engine, "connect", connected)

    def _strftime(self, pattern: str, _: str) -> str:
        assert pattern == "%Y-%m-%d %H:%M:%f"
        return self.now.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.000")


_STATE = sa.text(
    "SELECT state FROM subscribers JOIN digests ON digests.subscriber_id = subscribers.id WHERE digests.id = :digest"
)
_TOLD = sa.text(
    "SELECT match_id FROM digest_items JOIN matches ON matches.id = match_id "
    "WHERE digest_id = :digest AND withdrawn_at IS NULL"
)


class Killed(Exception):  # noqa: N818 -- nothing is wrong: a mailer was killed
    """The mailer's process ends here."""


@dataclass(slots=True)
class Queue:
    """Wake-ups, and nothing else: what is lost here is lost for seconds, not for ever."""

    ids: list[int] = field(default_factory=list)

    def send(self, _: str, ids: list[int], *, first: bool = False) -> None:
        """Take ids as the queue does."""
        self.ids = [*ids, *self.ids] if first else [*self.ids, *ids]

    def take(self) -> list[int]:
        """Give all that wait, and forget them."""
        taken, self.ids = self.ids, []
        return taken


@dataclass(slots=True)
class Server:
    """The other side: answers as it is told to, once, and takes everything otherwise. ``took`` are the deliveries that
    it said 250 to, in their order; ``meanwhile`` happens while it thinks about one, with
    the address it is for.
    """

    took: list[Delivery] = field(default_factory=list)
    dies_before: bool = False
    dies_after: bool = False
    answer: Outcome | None = None
    meanwhile: Callable[[str], None] | None = None

    def open(self, _: ExitStack, kind: ChannelKind) -> Callable[[Delivery, Message], Outcome]:
        """Open the way out."""
        assert kind is ChannelKind.MAIL
        return self._post

    def _post(self, delivery: Delivery, _: Message) -> Outcome:
        if self.dies_before:
            raise Killed
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            meanwhile(delivery.target)
        answer, self.answer = self.answer, None
        if answer is not None:
            return answer
        self.took.append(delivery)
        if self.dies_after:
            raise Killed
        return Sent("250 2.0.0 queued")


@dataclass(slots=True)
class SubscribedHouse:
    """The database, its clock, the queue and the mailer; ``look`` is a connection that only reads. ``told`` are the
    matches that messages told when they were last written, by Message-ID.
    """

    template: Path
    database: Database
    clock: Clock
    compose: Compose
    queue: Queue = field(default_factory=Queue)
    server: Server = field(default_factory=Server)
    told: dict[str, list[MatchId]] = field(default_factory=dict)
    look: sqlite3.Connection | None = None

    def begin(self, now: datetime) -> None:
        """Begin at that time, with nothing in the database. The engine stays: it knows the statements already."""
        self.close()
        path = Path(self.database.engine.url.database or "")
        for leftover in path.parent.glob(f"{path.name}*"):
            leftover.unlink()
        shutil.copy(self.template, path)
        self.clock.now = now
        self.queue, self.server, self.told = Queue(), Server(), {}
        self.look = sqlite3.connect(path, check_same_thread=False)
        self.look.isolation_level = None

    def work(self) -> None:
        """Let a new mailer work the queue off; one that is killed leaves the rest to the sweeper."""
        mailer = Mailer(self.database, self._composed, self.server.open)
        waiting = self.queue.take()
        with suppress(Killed):
            # So few at once have one connection, and so one order, whatever threads do.
            for start in range(0, len(waiting), WORTH_A_THREAD):
                mailer.run(waiting[start : start + WORTH_A_THREAD])
        mailer.close(STOP_SECONDS)  # on a busy machine it may be at it still

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask the database as it is."""
        assert self.look is not None
        return self.look.execute(query, values).fetchall()

    def close(self) -> None:
        """Close all connections."""
        if self.look is not None:
            self.look.close()
            self.look = None
        self.database.close()

    def _composed(self, connection: sa.Connection, delivery: Delivery) -> Message | Gone:
        message = self.compose(connection, delivery)
        if not isinstance(message, Gone):
            [state] = connection.execute(_STATE, {"digest": delivery.digest_id}).scalars()
            assert state == "active", f"a mail was begun to somebody who is {state}"
            self.told[delivery.message_id] = list(connection.execute(_TOLD, {"digest": delivery.digest_id}).scalars())
        return message


def subscribed_house(template: Path, folder: Path, compose: Compose) -> SubscribedHouse:
    """Build a house in a folder; ``template`` is an empty database with all tables."""
    database = open_database(f"sqlite:///{folder / 'tocsin.sqlite3'}")
    clock = Clock(datetime.now(UTC))
    clock.set_up(database)
    return SubscribedHouse(template, database, clock, compose)
