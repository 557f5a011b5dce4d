from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from records import NOW
from tocsin.delivery import MAX_ATTEMPTS, SEND_SECONDS, Notice
from tocsin.errors import MailSetupError
from tocsin.models.deliveries import Deferred, Delivery, DeliveryKind, DeliveryState, Outcome, Refused, Sent
from tocsin.models.ids import DeliveryId
from tocsin.models.watchlist import ChannelKind
from tocsin.store import deliveries, tables
from tocsin.store.database import Database
from tocsin.store.deliveries import NewDelivery
from tocsin_worker.deliver import LEASE_FOR, Mailer
from tocsin_worker.messages import Gone, Message
from tocsin_worker.posts import Post


class PowerCut(BaseException):
    """The process ends in the middle of something."""


class Office:
    """A way out that does with each message as it is told, and remembers what left the house."""

    def __init__(self, *outcomes: Outcome) -> None:
        self.left: list[str] = []
        self.opened = 0
        self.closed = 0
        self._outcomes = list(outcomes)

    def open(self, stack: ExitStack, _: ChannelKind) -> Post:
        self.opened += 1
        stack.callback(self.close)
        return self.post

    def close(self) -> None:
        self.closed += 1

    def post(self, delivery: Delivery, message: Message) -> Outcome:
        assert isinstance(message, Notice)
        self.left.append(f"{delivery.target} {message.title}")
        return self._outcomes.pop(0) if self._outcomes else Sent("250 OK")


class DoomedOffice(Office):
    """A way out whose other side takes the message, whereupon the power fails."""

    def post(self, delivery: Delivery, message: Message) -> Outcome:
        super().post(delivery, message)
        raise PowerCut


def by_message_id(_: sa.Connection, delivery: Delivery) -> Message | Gone:
    return Notice(delivery.message_id, "")


def enter(database: Database, *keys: str) -> list[DeliveryId]:
    with database.write() as connection:
        new = [
            NewDelivery(key, DeliveryKind.ALERT, ChannelKind.MAIL, "desk@x.org", f"<{key}@x>", name="desk")
            for key in keys
        ]
        return deliveries.enter_deliveries(connection, new, NOW)


def row(database: Database) -> Delivery:
    """The one message there is."""
    with database.read() as connection:
        [delivery] = deliveries.list_deliveries(connection, limit=9)
    return delivery


def let_time_pass(database: Database, **values: object) -> None:
    """Let leases and waits run out; ``values`` change the rows besides."""
    table = tables.deliveries
    with database.write() as connection:
        connection.execute(sa.update(table).values(next_attempt_at=NOW, **values))
        connection.execute(sa.update(table).where(table.c.lease.is_not(None)).values(lease_until=NOW))


def test_messages_are_sent_one_by_one_and_settled(database: Database) -> None:
    ids = enter(database, "a", "b")
    office = Office()
    Mailer(database, by_message_id, office.open).run(list(ids))
    assert office.left == ["desk@x.org <a@x>", "desk@x.org <b@x>"]
    with database.read() as connection:
        ledger = deliveries.list_deliveries(connection, limit=9)
    assert [(one.state, one.attempts, one.lease, one.problem) for one in ledger] == [
        (DeliveryState.SENT, 1, None, None)
    ] * 2
    assert all(one.sent_at is not None for one in ledger)
    assert (office.opened, office.closed) == (1, 1)


def test_a_message_that_was_sent_is_not_sent_again(database: Database) -> None:
    ids = enter(database, "a")
    office = Office()
    for _ in range(2):
        Mailer(database, by_message_id, office.open).run(list(ids))
    assert len(office.left) == 1


def test_a_message_that_is_put_off_stays_where_it_is_until_its_time_has_come(database: Database) -> None:
    ids = enter(database, "a")
    office = Office(Deferred("450 greylisted", only_this=True))
    mailer = Mailer(database, by_message_id, office.open)
    mailer.run(list(ids))
    waiting = row(database)
    assert (waiting.state, waiting.problem, waiting.lease) == (DeliveryState.PENDING, "450 greylisted", None)
    assert timedelta(seconds=50) < waiting.next_attempt_at - datetime.now(UTC) < timedelta(seconds=70)
    mailer.run(list(ids))
    assert len(office.left) == 1
    let_time_pass(database)
    mailer.run(list(ids))
    assert office.left == ["desk@x.org <a@x>"] * 2
    sent = row(database)
    assert (sent.state, sent.attempts, sent.problem) == (DeliveryState.SENT, 2, None)


def test_a_message_that_is_refused_is_never_tried_again(database: Database) -> None:
    ids = enter(database, "a")
    office = Office(Refused("550 no such user"))
    mailer = Mailer(database, by_message_id, office.open)
    mailer.run(list(ids))
    let_time_pass(database)
    mailer.run(list(ids))
    failed = row(database)
    assert (failed.state, failed.attempts, failed.problem) == (DeliveryState.FAILED, 1, "550 no such user")
    assert len(office.left) == 1


def test_a_message_that_was_put_off_too_often_is_given_up_with_the_last_reason(database: Database) -> None:
    ids = enter(database, "a")
    let_time_pass(database, attempts=MAX_ATTEMPTS - 1)
    office = Office(Deferred("no answer in time"))
    Mailer(database, by_message_id, office.open).run(list(ids))
    failed = row(database)
    assert (failed.state, failed.problem) == (
        DeliveryState.FAILED,
        f"given up after {MAX_ATTEMPTS} attempts; the last one: no answer in time",
    )


def gone(_: sa.Connection, __: Delivery) -> Message | Gone:
    return Gone("there is nothing to alert of")


def misaddressed(_: sa.Connection, __: Delivery) -> Message | Gone:
    raise MailSetupError("'x' is not a mail address")


@pytest.mark.parametrize(
    ("compose", "state", "problem"),
    [
        (gone, DeliveryState.DROPPED, "there is nothing to alert of"),
        (misaddressed, DeliveryState.PENDING, "'x' is not a mail address"),
    ],
)
def test_a_message_that_cannot_be_written_is_not_sent_and_says_why(
    database: Database,
    compose: Callable[[sa.Connection, Delivery], Message | Gone],
    state: DeliveryState,
    problem: str,
) -> None:
    office = Office()
    Mailer(database, compose, office.open).run(list(enter(database, "a")))
    assert (row(database).state, row(database).problem, office.left) == (state, problem, [])


def test_a_mailer_that_dies_before_it_could_note_that_it_sent_sends_the_same_message_again(database: Database) -> None:
    ids = enter(database, "a")
    doomed = DoomedOffice()
    with pytest.raises(PowerCut):
        Mailer(database, by_message_id, doomed.open).run(list(ids))
    held = row(database)
    assert (held.state, held.attempts, doomed.closed) == (DeliveryState.PENDING, 1, 1)
    office = Office()
    mailer = Mailer(database, by_message_id, office.open)
    mailer.run(list(ids))
    assert office.left == []  # its lease still runs
    let_time_pass(database)
    mailer.run(list(ids))
    assert office.left == doomed.left == ["desk@x.org <a@x>"]
    assert (row(database).state, row(database).attempts) == (DeliveryState.SENT, 2)


def test_a_message_that_ends_its_mailer_each_time_is_given_up(database: Database) -> None:
    ids = enter(database, "a")
    doomed = DoomedOffice()
    for _ in range(MAX_ATTEMPTS):
        with pytest.raises(PowerCut):
            Mailer(database, by_message_id, doomed.open).run(list(ids))
        let_time_pass(database)
    Mailer(database, by_message_id, doomed.open).run(list(ids))
    failed = row(database)
    assert (failed.state, len(doomed.left)) == (DeliveryState.FAILED, MAX_ATTEMPTS)
    assert failed.problem is not None
    assert failed.problem.startswith(f"given up: begun {MAX_ATTEMPTS} times and never finished")


def test_an_attempt_that_outlived_its_lease_changes_nothing_of_the_next_one(database: Database) -> None:
    ids = enter(database, "a")

    class Overtaken(Office):
        """A way out so slow that another mailer takes the message over."""

        def post(self, delivery: Delivery, message: Message) -> Outcome:
            super().post(delivery, message)
            let_time_pass(database)
            Mailer(database, by_message_id, Office(Refused("550 no such user")).open).run(list(ids))
            return Deferred("no answer in time")

    with capture_logs() as log:
        Mailer(database, by_message_id, Overtaken().open).run(list(ids))
    assert (row(database).state, row(database).problem) == (DeliveryState.FAILED, "550 no such user")
    assert [(line["event"], line.get("outcome")) for line in log] == [
        ("refused", None),
        ("lease lost; it may have been sent twice", "deferred"),
    ]


def test_a_lease_outlasts_the_longest_send() -> None:
    assert timedelta(seconds=SEND_SECONDS + 15) < LEASE_FOR


def test_mailers_at_once_send_each_message_once(database: Database) -> None:
    ids = enter(database, *(f"{number}" for number in range(15)))
    office = Office()
    ready = threading.Barrier(3)

    def work() -> None:
        ready.wait()
        Mailer(database, by_message_id, office.open).run(list(ids))

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(office.left) == sorted(f"desk@x.org <{number}@x>" for number in range(15))


def test_a_message_that_is_not_there_is_no_work(database: Database) -> None:
    office = Office()
    Mailer(database, by_message_id, office.open).run([999])
    assert (office.left, office.opened) == ([], 0)
