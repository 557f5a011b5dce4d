"""Digests to a mail server that answers each reader in its own way: what becomes of mails and subscriptions."""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from structlog.testing import capture_logs

from records import NOW, add_article, receipt, subscriber, watchlist
from tocsin.delivery import Letterhead, SmtpSender, parse_smtp_url
from tocsin.models.alerts import NoticeKind
from tocsin.models.deliveries import Delivery, DeliveryKind
from tocsin.models.digests import Window
from tocsin.models.ids import DeliveryId
from tocsin.models.subscribers import SubscriberState
from tocsin.models.watchlist import ChannelKind
from tocsin.rendering.rendered import Rendered
from tocsin.store import deliveries, tables
from tocsin.store.database import Database, database_now
from tocsin.store.deliveries import NewDelivery
from tocsin.store.digests import close_window
from tocsin.store.matches import matches_owed, save_matches
from tocsin.store.notices import open_notices
from tocsin.store.owed import owe
from tocsin.store.refusals import end_refusals
from tocsin.store.subscriber_changes import sync_subscribers
from tocsin.store.subscribers import find_subscriber, list_subscribers
from tocsin_worker.deliver import Mailer
from tocsin_worker.messages import Message
from tocsin_worker.posts import PostOffice

REPLIES = {
    "gone": "550 5.1.1 no such user",
    "moved": "551 user unknown",
    "nullmx": "556 5.1.10 takes no mail",
    "strict": "550 5.7.1 looks like spam",
    "wary": "550 blocked, see https://lists.example",
    "full": "552 5.2.2 over quota",
    "busy": "450 4.2.1 try later",
    "crowded": "452 4.5.3 too many recipients",
}


class Server:
    """Answers by what stands before the @ of the recipient, and counts who was asked for and whose mail it took."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.taken: list[str] = []
        self.sessions: set[int] = set()
        self.closes = False

    async def handle_RCPT(  # noqa: N802 - aiosmtpd calls it by this name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        name = address.partition("@")[0]
        self.asked[name] += 1
        if self.closes:
            return "421 4.3.2 shutting down"
        if name in REPLIES:
            return REPLIES[name]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - see above
        self.taken.append(envelope.rcpt_tos[0].partition("@")[0])
        self.sessions.add(id(session))
        return "250 OK"


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def office(server: Server) -> Iterator[PostOffice]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    address = parse_smtp_url(f"smtp+plain://127.0.0.1:{port}")
    office = PostOffice(lambda: SmtpSender(address), {}, watchlist, lambda: datetime.now(UTC))
    yield office
    office.close()
    controller.stop()


def compose(_: sa.Connection, delivery: Delivery) -> Message:
    return Letterhead("Tocsin <tocsin@x.org>").mail(
        Rendered(delivery.key, "", "<p>news</p>", "news\n"),
        kind=delivery.kind,
        to=delivery.target,
        message_id=delivery.message_id,
        date=delivery.created_at,
    )


def digests_for(database: Database, *names: str, slot: str = "07:30") -> list[DeliveryId]:
    """Close a window of each reader, with one match."""
    with database.write() as connection:
        now = database_now(connection)
        known = [one.subscriber for one in list_subscribers(connection)]
        new = [subscriber(f"{name}@example.org") for name in names]
        sync_subscribers(connection, [*known, *(one for one in new if one not in known)], NOW)
        if not connection.execute(sa.select(tables.matches.c.id)).first():
            article = add_article(connection)
            save_matches(connection, [(article.id, receipt())], now - timedelta(hours=1))
        owe(connection, list(connection.execute(sa.select(tables.matches.c.id)).scalars()))
        entered: list[DeliveryId] = []
        for name in names:
            stored = find_subscriber(connection, f"{name}@example.org")
            assert stored is not None
            window = Window(stored.closed_until, now, now.date(), slot)
            digest_id = close_window(connection, stored, window, token=name + slot, coverage=None, now=now)
            assert digest_id is not None
            digest = NewDelivery(
                key=f"digest:{name}:{slot}",
                kind=DeliveryKind.DIGEST,
                channel=ChannelKind.MAIL,
                target=f"{name}@example.org",
                message_id=f"<{name}{slot}@x.org>",
                digest_id=digest_id,
            )
            entered += deliveries.enter_deliveries(connection, [digest], now)
    return entered


def delivered(database: Database) -> dict[str, tuple[str, str]]:
    """The state of each digest and of its reader, by the reader."""
    with database.read() as connection:
        ledger = deliveries.list_deliveries(connection, limit=99)
        states = {one.subscriber.email: one.state.value for one in list_subscribers(connection)}
    return {one.target.partition("@")[0]: (one.state.value, states[one.target]) for one in ledger}


def owed(database: Database, name: str) -> int:
    with database.read() as connection:
        stored = find_subscriber(connection, f"{name}@example.org")
        assert stored is not None
        return len(matches_owed(connection, stored.id))


def run(database: Database, office: PostOffice, ids: list[DeliveryId]) -> None:
    with closing(Mailer(database, compose, office.open)) as mailer:
        mailer.run(list(ids))


def test_each_reply_has_its_own_outcome_and_only_a_dead_address_ends_digests(
    sqlite: Database, server: Server, office: PostOffice
) -> None:
    run(sqlite, office, digests_for(sqlite, *REPLIES, "fine", "zoe"))
    assert delivered(sqlite) == {
        "gone": ("failed", "suppressed"),
        "moved": ("failed", "suppressed"),
        "nullmx": ("failed", "suppressed"),
        "strict": ("failed", "active"),
        "wary": ("failed", "active"),
        "full": ("failed", "active"),
        "busy": ("pending", "active"),
        "crowded": ("pending", "active"),
        "fine": ("sent", "active"),
        "zoe": ("sent", "active"),
    }
    assert sorted(server.taken) == ["fine", "zoe"]
    assert server.asked == Counter([*REPLIES, "fine", "zoe"])


def test_what_was_refused_is_owed_again_and_what_waits_is_not(sqlite: Database, office: PostOffice) -> None:
    run(sqlite, office, digests_for(sqlite, "gone", "strict", "busy", "fine"))
    assert {name: owed(sqlite, name) for name in ("gone", "strict", "busy", "fine")} == {
        "gone": 1,
        "strict": 1,
        "busy": 0,
        "fine": 0,
    }


def test_a_dead_address_is_told_in_the_log_and_kept_with_the_server_s_words(
    sqlite: Database, office: PostOffice
) -> None:
    with capture_logs() as log:
        run(sqlite, office, digests_for(sqlite, "gone"))
    with sqlite.read() as connection:
        stored = find_subscriber(connection, "gone@example.org")
    assert stored is not None
    assert (stored.state, "550 5.1.1 no such user" in stored.because) == (SubscriberState.SUPPRESSED, True)
    [line] = [line for line in log if line["log_level"] == "error"]
    assert (line["event"], line["to"]) == ("no such address; nothing more goes there", "gone@example.org")
    assert line["remedy"].endswith("tocsin subscribers resume gone@example.org")


def test_the_operator_is_told_when_three_readers_were_refused_and_not_before(
    sqlite: Database, office: PostOffice
) -> None:
    def told() -> list[NoticeKind]:
        with sqlite.read() as connection:
            return [notice.kind for notice in open_notices(connection)]

    run(sqlite, office, digests_for(sqlite, "strict", "full", "gone", "moved", "nullmx", "zoe", "fine"))
    assert told() == []
    run(sqlite, office, digests_for(sqlite, "strict", slot="12:00"))
    assert told() == []  # the same reader again
    run(sqlite, office, digests_for(sqlite, "wary"))
    assert told() == [NoticeKind.MAIL_REFUSED]
    with sqlite.write() as connection:
        now = database_now(connection)
        assert end_refusals(connection, now) is False
        assert end_refusals(connection, now + timedelta(days=1)) is True
    assert told() == []


def test_where_there_are_fewer_readers_than_that_the_operator_is_told_when_none_is_reached(
    sqlite: Database, office: PostOffice
) -> None:
    run(sqlite, office, digests_for(sqlite, "gone", "strict"))
    with sqlite.read() as connection:
        [notice] = open_notices(connection)
    assert notice.text.startswith("The digests of one subscriber were refused within a day, the last one with: ")


def test_one_reader_who_is_refused_again_and_again_is_told_until_a_digest_gets_through(
    sqlite: Database, office: PostOffice
) -> None:
    told: list[list[str]] = []
    for slot in ("07:30", "12:00", "18:00"):
        others = ("zoe", "fine", "omar") if slot == "07:30" else ()
        run(sqlite, office, digests_for(sqlite, "strict", *others, slot=slot))
        with sqlite.write() as connection:
            assert end_refusals(connection, database_now(connection)) is False
            told.append([notice.text for notice in open_notices(connection)])
    assert told[:2] == [[], []]
    [text] = told[2]
    assert text.startswith("The last 3 digests of one subscriber were refused, the last one with: ")
    with sqlite.write() as connection:
        connection.execute(sa.text("UPDATE deliveries SET state = 'sent' WHERE key = 'digest:strict:18:00'"))
        assert end_refusals(connection, database_now(connection)) is True
        assert open_notices(connection) == []


def test_digests_that_were_given_up_after_days_are_told_as_well(sqlite: Database, office: PostOffice) -> None:
    ids = digests_for(sqlite, "strict", "full", "wary")
    with sqlite.write() as connection:
        entered = database_now(connection) - timedelta(days=3)
        connection.execute(sa.update(tables.deliveries).values(created_at=entered))
    run(sqlite, office, ids)
    with sqlite.read() as connection:
        assert [notice.kind for notice in open_notices(connection)] == [NoticeKind.MAIL_REFUSED]


def test_a_server_that_goes_down_has_all_digests_wait_and_no_reader_pays_for_it(
    sqlite: Database, server: Server, office: PostOffice
) -> None:
    server.closes = True
    run(sqlite, office, digests_for(sqlite, "gone", "fine", "zoe"))
    assert set(delivered(sqlite).values()) == {("pending", "active")}
    assert sum(server.asked.values()) == 1  # one tells how things are


def test_jobs_share_a_connection_for_some_seconds(sqlite: Database, server: Server, office: PostOffice) -> None:
    for slot in ("07:30", "12:00"):
        run(sqlite, office, digests_for(sqlite, "fine", slot=slot))
    assert len(server.sessions) == 1
    office.tidy(keep=60)
    run(sqlite, office, digests_for(sqlite, "fine", slot="18:00"))
    assert len(server.sessions) == 1
    office.tidy(keep=0)
    run(sqlite, office, digests_for(sqlite, "fine", slot="19:00"))
    assert (len(server.sessions), server.taken) == (2, ["fine"] * 4)


def test_many_digests_go_over_two_connections_and_one_is_left_to_others(
    sqlite: Database, server: Server, office: PostOffice
) -> None:
    names = [f"reader{number}" for number in range(40)]
    run(sqlite, office, digests_for(sqlite, *names))
    assert (sorted(server.taken), len(server.sessions)) == (sorted(names), 2)
