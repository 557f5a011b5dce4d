"""Channels that hang, refuse or talk nonsense beside channels that work: real servers, a real ledger."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from eventually import eventually
from records import watchlist
from tocsin.delivery import FolderSender, Mail, SmtpSender, parse_smtp_url
from tocsin.models.alerts import NoticeKind
from tocsin.models.deliveries import Delivery, DeliveryKind, DeliveryState
from tocsin.models.watchlist import Channel, ChannelKind
from tocsin.store import deliveries, tables
from tocsin.store.database import Database, database_now
from tocsin.store.deliveries import NewDelivery
from tocsin.store.notices import open_notices
from tocsin_worker.deliver import Mailer
from tocsin_worker.messages import Message
from tocsin_worker.posts import PostOffice
from webhook_receiver import SECRET, Answer, Receiver, drips, hangs, receiving, says, writes

HOOKS = ("bad", "good")
CHANNELS = tuple(
    Channel(name, ChannelKind.WEBHOOK, f"{name.upper()}_HOOK", secret=f"{name.upper()}_KEY") for name in HOOKS
)
WATCHLIST = replace(watchlist(), channels=CHANNELS)
FAST = 5.0
"""Seconds that are plenty for what is not held up, and far from what a hanging receiver would cost."""


@pytest.fixture
def receivers() -> Iterator[tuple[Receiver, Receiver]]:
    with receiving(says(200)) as bad, receiving(says(200)) as good:
        yield bad, good


@pytest.fixture
def bad(receivers: tuple[Receiver, Receiver]) -> Receiver:
    """The receiver of the channel ``bad``, which each test spoils in its own way."""
    return receivers[0]


@pytest.fixture
def good(receivers: tuple[Receiver, Receiver]) -> Receiver:
    return receivers[1]


def compose(_: sa.Connection, delivery: Delivery) -> Message:
    if delivery.channel is ChannelKind.WEBHOOK:
        return {"key": delivery.key}
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Message-ID"] = "tocsin@x.org", delivery.target, delivery.message_id
    mail["Date"] = delivery.created_at
    mail.set_content(delivery.key)
    return Mail(mail, "tocsin@x.org", delivery.target, mail.as_bytes())


@pytest.fixture
def mailer(sqlite: Database, bad: Receiver, good: Receiver, tmp_path: Path) -> Iterator[Mailer]:
    variables = {"BAD_HOOK": bad.url, "GOOD_HOOK": good.url, "BAD_KEY": SECRET, "GOOD_KEY": SECRET}
    office = PostOffice(lambda: FolderSender(tmp_path), variables, lambda: WATCHLIST, lambda: datetime.now(UTC))
    made = Mailer(sqlite, compose, office.open)
    yield made
    bad.released.set()
    made.close()


def enter(database: Database, *keys: str, kind: ChannelKind = ChannelKind.WEBHOOK) -> list[int]:
    """Enter messages; what stands before the colon is the channel."""
    with database.write() as connection:
        new = [
            NewDelivery(key, DeliveryKind.ALERT, kind, f"{name}@x.org", f"<{key}@x>", name=name)
            for key in keys
            for name in [key.split(":")[0]]
        ]
        return list(deliveries.enter_deliveries(connection, new, database_now(connection)))


def ledger(database: Database) -> dict[str, Delivery]:
    with database.read() as connection:
        return {one.key: one for one in deliveries.list_deliveries(connection, limit=99)}


def states(database: Database) -> dict[str, str]:
    return {key: one.state.value for key, one in sorted(ledger(database).items())}


def problem(database: Database, key: str) -> str:
    return ledger(database)[key].problem or ""


def waits(database: Database, key: str) -> timedelta:
    """How long a message still waits."""
    return ledger(database)[key].next_attempt_at - datetime.now(UTC)


def notices(database: Database) -> list[tuple[NoticeKind, str]]:
    with database.read() as connection:
        return [(notice.kind, notice.key) for notice in open_notices(connection)]


def end_rests(database: Database, mailer: Mailer) -> None:
    """Let time pass until no lane rests and every message is due."""
    with database.write() as connection:
        connection.execute(sa.update(tables.deliveries).values(next_attempt_at=datetime(2026, 1, 1, tzinfo=UTC)))
    for breaker in mailer._breakers.values():  # noqa: SLF001 -- a clock of our own would have to reach into the database
        breaker.rests_until = None


def test_a_channel_that_hangs_delays_no_other(sqlite: Database, mailer: Mailer, bad: Receiver, good: Receiver) -> None:
    bad.answer = hangs
    begun_at = time.monotonic()
    mailer.run(enter(sqlite, "bad:1", "good:1", "bad:2", "good:2"))
    mailer.run(enter(sqlite, "good:3", "bad:3"))
    assert time.monotonic() - begun_at < FAST
    assert states(sqlite) == {
        "bad:1": "pending",
        "bad:2": "pending",
        "bad:3": "pending",
        "good:1": "sent",
        "good:2": "sent",
        "good:3": "sent",
    }
    assert [taken.json()["key"] for taken in good.taken] == ["good:1", "good:2", "good:3"]
    assert len(bad.taken) == 1


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (says(200, b'{"ok": false}'), 'pending: the webhook in BAD_HOOK answered 200, but with an error: "ok": false'),
        (says(503), "pending: the webhook in BAD_HOOK answered 503"),
        (
            writes(b"220 ready\r\n"),
            "pending: the webhook in BAD_HOOK cannot be used: what answers does not speak HTTP",
        ),
        (
            writes(b""),
            "pending: the webhook in BAD_HOOK cannot be used: it closed the connection without an answer",
        ),
        (says(410), "failed: the webhook in BAD_HOOK answered 410 (gone for ever); take the channel out"),
        (says(403), "failed: the webhook in BAD_HOOK answered 403"),
    ],
    ids=["error", "503", "nonsense", "closes", "410", "403"],
)
def test_a_channel_that_refuses_or_talks_nonsense_delays_no_other(
    sqlite: Database, mailer: Mailer, bad: Receiver, answer: Answer, found: str
) -> None:
    bad.answer = answer
    begun_at = time.monotonic()
    mailer.run(enter(sqlite, "bad:1", "good:1"))
    assert time.monotonic() - begun_at < FAST
    assert states(sqlite)["good:1"] == "sent"
    assert f"{states(sqlite)['bad:1']}: {problem(sqlite, 'bad:1')}".startswith(found)


def test_a_channel_that_answers_in_drops_delays_no_other(sqlite: Database, mailer: Mailer, bad: Receiver) -> None:
    bad.answer = drips
    begun_at = time.monotonic()
    mailer.run(enter(sqlite, "bad:1", "good:1"))
    assert time.monotonic() - begun_at < FAST
    assert states(sqlite) == {"bad:1": "pending", "good:1": "sent"}


def test_a_channel_that_failed_rests_and_what_waits_for_it_is_not_tried_meanwhile(
    sqlite: Database, mailer: Mailer, bad: Receiver
) -> None:
    bad.answer = says(503)
    mailer.run(enter(sqlite, "bad:1", "bad:2", "bad:3"))
    mailer.run(enter(sqlite, "bad:4", "good:1"))
    assert len(bad.taken) == 1
    assert [ledger(sqlite)[f"bad:{number}"].attempts for number in (1, 2, 3, 4)] == [1, 0, 0, 0]
    assert all(timedelta(seconds=45) < waits(sqlite, f"bad:{number}") for number in (1, 2, 3, 4))
    assert states(sqlite)["good:1"] == "sent"


def test_what_waits_for_a_channel_leaves_at_once_when_it_works_again(
    sqlite: Database, mailer: Mailer, bad: Receiver
) -> None:
    bad.answer = says(503)
    mailer.run(enter(sqlite, "bad:1", "bad:2", "bad:3"))
    end_rests(sqlite, mailer)
    bad.answer = says(200)
    with sqlite.write() as connection:
        late = sa.update(tables.deliveries).where(tables.deliveries.c.key == "bad:3")
        connection.execute(late.values(next_attempt_at=datetime.now(UTC) + timedelta(hours=2)))
    mailer.run([ledger(sqlite)["bad:1"].id])
    assert states(sqlite) == {"bad:1": "sent", "bad:2": "pending", "bad:3": "pending"}
    assert waits(sqlite, "bad:3") < timedelta()


def test_a_wish_to_be_left_in_peace_is_obeyed_for_the_whole_channel(
    sqlite: Database, mailer: Mailer, bad: Receiver
) -> None:
    bad.answer = says(429, Retry_After="1800")
    mailer.run(enter(sqlite, "bad:1", "bad:2"))
    mailer.run(enter(sqlite, "bad:3"))
    assert len(bad.taken) == 1
    for number in (1, 2, 3):
        assert timedelta(minutes=28) < waits(sqlite, f"bad:{number}") <= timedelta(minutes=30)


def test_the_operator_is_told_of_a_channel_that_fails_again_and_again_until_it_works(
    sqlite: Database, mailer: Mailer, bad: Receiver
) -> None:
    bad.answer = says(503)
    ids = enter(sqlite, "bad:1")
    seen = []
    for _ in range(3):
        mailer.run(ids)
        seen.append(notices(sqlite))
        end_rests(sqlite, mailer)
    assert seen == [[], [], [(NoticeKind.CHANNEL_FAILS, "channel:bad")]]
    with sqlite.read() as connection:
        [notice] = open_notices(connection)
    assert notice.text == (
        "The channel bad fails: the webhook in BAD_HOOK answered 503. Its messages are tried again in growing "
        "intervals, and wait meanwhile. Mend it, and try it with: tocsin channels test bad"
    )
    bad.answer = says(200)
    mailer.run(ids)
    assert (states(sqlite), notices(sqlite)) == ({"bad:1": "sent"}, [])


def test_what_rested_before_a_restart_leaves_when_a_message_gets_through_after_it(
    sqlite: Database, mailer: Mailer, good: Receiver
) -> None:
    rested, fresh = enter(sqlite, "good:1"), enter(sqlite, "good:2")
    with sqlite.write() as connection:
        now = database_now(connection)
        late = sa.update(tables.deliveries).where(tables.deliveries.c.key == "good:1")
        connection.execute(late.values(next_attempt_at=now + timedelta(days=1)))
    mailer.run(fresh)
    mailer.run(rested)
    assert [taken.json()["key"] for taken in good.taken] == ["good:2", "good:1"]


def test_the_operator_is_told_at_once_of_what_is_refused_for_good(
    sqlite: Database, mailer: Mailer, bad: Receiver
) -> None:
    bad.answer = says(410)
    mailer.run(enter(sqlite, "bad:1"))
    assert notices(sqlite) == [(NoticeKind.CHANNEL_FAILS, "channel:bad")]


def test_each_attempt_has_the_same_id_and_a_new_time(sqlite: Database, mailer: Mailer, bad: Receiver) -> None:
    bad.answer = says(503)
    ids = enter(sqlite, "bad:1")
    for _ in range(2):
        mailer.run(ids)
        end_rests(sqlite, mailer)
    assert [taken.fields["webhook-id"] for taken in bad.taken] == ["bad:1", "bad:1"]


def test_a_webhook_that_has_left_the_watchlist_gets_nothing(sqlite: Database, mailer: Mailer) -> None:
    mailer.run(enter(sqlite, "gone:1"))
    assert (states(sqlite), problem(sqlite, "gone:1")) == (
        {"gone:1": "failed"},
        "the channel gone is no webhook of the watchlist any more",
    )


class SlowForOne:
    """A mail server's handler that hangs at one recipient, and knows who got something."""

    def __init__(self) -> None:
        self.got: list[str] = []

    async def handle_RCPT(  # noqa: N802 -- aiosmtpd calls it by this name
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address.startswith("slow"):
            await server.loop.create_future()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 -- as above
        self.got += envelope.rcpt_tos
        return "250 OK"


def test_a_mailbox_that_holds_up_the_mail_server_delays_no_other_mailbox(sqlite: Database) -> None:
    handler = SlowForOne()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(handler, hostname="127.0.0.1", port=port)
    server.start()
    address = parse_smtp_url(f"smtp+plain://127.0.0.1:{port}")
    office = PostOffice(lambda: SmtpSender(address), {}, watchlist, lambda: datetime.now(UTC))
    with closing(office), closing(Mailer(sqlite, compose, office.open)) as mailer:
        begun_at = time.monotonic()
        mailer.run(enter(sqlite, "slow:1", "fast:1", kind=ChannelKind.MAIL))
        mailer.run(enter(sqlite, "fast:2", kind=ChannelKind.MAIL))
        assert time.monotonic() - begun_at < FAST
        assert handler.got == ["fast@x.org", "fast@x.org"]
        server.stop()
        eventually(lambda: problem(sqlite, "slow:1"))
    assert ledger(sqlite)["slow:1"].state is DeliveryState.PENDING


def test_an_end_leaves_what_hangs_to_its_lease_and_begins_nothing(
    sqlite: Database, mailer: Mailer, bad: Receiver
) -> None:
    bad.answer = hangs
    mailer.run(enter(sqlite, "bad:1", "bad:2"))
    begun_at = time.monotonic()
    mailer.close(0.2)
    assert time.monotonic() - begun_at < FAST
    mailer.run(enter(sqlite, "good:1"))
    found = ledger(sqlite)
    assert [found[key].lease is None for key in ("bad:1", "bad:2", "good:1")] == [False, True, True]
    assert states(sqlite) == dict.fromkeys(("bad:1", "bad:2", "good:1"), "pending")
