"""The share of a domain: real Valkey, a real ledger."""

from __future__ import annotations

from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta

import redis
import sqlalchemy as sa

from tocsin.delivery import Notice
from tocsin.errors import QueueError
from tocsin.models.deliveries import Delivery, DeliveryKind, Outcome, Sent
from tocsin.models.ids import DeliveryId
from tocsin.models.watchlist import ChannelKind, Rate
from tocsin.store import deliveries, tables
from tocsin.store.database import Database, database_now
from tocsin.throttle import Throttle
from tocsin_worker.deliver import Mailer
from tocsin_worker.mail_rate import MailRate
from tocsin_worker.messages import Message
from tocsin_worker.posts import Post

MINUTE = timedelta(minutes=1)
THREE_A_MINUTE = Rate(3, MINUTE)


class Office:
    """A way out that remembers to whom messages went."""

    def __init__(self) -> None:
        self.left: list[str] = []

    def open(self, _: ExitStack, __: ChannelKind) -> Post:
        return self.post

    def post(self, delivery: Delivery, _: Message) -> Outcome:
        self.left.append(delivery.target)
        return Sent("250 OK")


def compose(_: sa.Connection, delivery: Delivery) -> Message:
    return Notice(delivery.key, "")


def enter(database: Database, *targets: str, kind: DeliveryKind = DeliveryKind.DIGEST) -> list[DeliveryId]:
    """Enter messages that belong to nothing; what they tell of does not matter here."""
    with database.write() as connection:
        now = database_now(connection)
        rows = [
            {
                "key": f"{kind}:{target}",
                "kind": kind.value,
                "channel": "mail",
                "target": target,
                "message_id": f"<{kind}:{target}>",
                "state": "pending",
                "created_at": now,
                "next_attempt_at": now,
                "enqueued_at": now,
                "name": "desk" if kind is DeliveryKind.ALERT else None,
            }
            for target in targets
        ]
        connection.execute(sa.text("PRAGMA ignore_check_constraints = ON"))
        found = connection.execute(sa.insert(tables.deliveries).returning(tables.deliveries.c.id), rows).all()
        connection.execute(sa.text("PRAGMA ignore_check_constraints = OFF"))
        return [DeliveryId(row.id) for row in found]


def run(database: Database, office: Office, rate: MailRate, ids: list[DeliveryId]) -> None:
    with closing(Mailer(database, compose, office.open, crowded=rate.crowded)) as mailer:
        mailer.run(list(ids))


def ledger(database: Database) -> dict[str, Delivery]:
    with database.read() as connection:
        return {one.target: one for one in deliveries.list_deliveries(connection, limit=99)}


def test_what_is_over_a_domain_s_share_waits_without_an_attempt_and_holds_up_nobody(
    sqlite: Database, valkey: redis.Redis
) -> None:
    many = [f"reader{number}@large.example" for number in range(6)]
    others = ["zoe@small.example", "ada@notlarge.example"]
    office = Office()
    run(sqlite, office, MailRate(Throttle(lambda: valkey, "mail"), THREE_A_MINUTE), enter(sqlite, *many, *others))
    assert sorted(office.left) == sorted([*many[:3], *others])
    late = [ledger(sqlite)[target] for target in many[3:]]
    assert {(one.state.value, one.attempts, one.lease, one.problem) for one in late} == {("pending", 0, None, None)}
    waits = {one.next_attempt_at - datetime.now(UTC) for one in late}
    assert all(timedelta(seconds=4) < wait <= MINUTE for wait in waits)


def test_all_mailers_count_together(sqlite: Database, valkey: redis.Redis) -> None:
    ids = enter(sqlite, *(f"reader{number}@large.example" for number in range(6)))
    office = Office()
    for some in (ids[:2], ids[2:]):
        run(sqlite, office, MailRate(Throttle(lambda: valkey, "mail"), THREE_A_MINUTE), some)
    assert len(office.left) == 3


def test_alerts_and_confirmations_count_and_never_wait(sqlite: Database, valkey: redis.Redis) -> None:
    rate = MailRate(Throttle(lambda: valkey, "mail"), THREE_A_MINUTE)
    office = Office()
    urgent = [
        *enter(sqlite, *(f"desk{number}@large.example" for number in range(4)), kind=DeliveryKind.ALERT),
        *enter(sqlite, *(f"new{number}@Large.example" for number in range(4)), kind=DeliveryKind.CONFIRMATION),
    ]
    run(sqlite, office, rate, urgent)
    assert len(office.left) == 8
    run(sqlite, office, rate, enter(sqlite, "reader@large.example"))
    assert len(office.left) == 8


def test_a_lost_redis_holds_no_mail_back_for_ever(sqlite: Database) -> None:
    def lost() -> redis.Redis:
        raise QueueError("Redis does not answer")

    office = Office()
    ids = enter(sqlite, *(f"reader{number}@large.example" for number in range(4)))
    run(sqlite, office, MailRate(Throttle(lost, "mail"), THREE_A_MINUTE), ids)
    assert len(office.left) == 3  # counted by this process alone
    run(sqlite, office, MailRate(Throttle(lost, "mail"), Rate(100, MINUTE)), enter(sqlite, "zoe@large.example"))
    assert len(office.left) == 4
