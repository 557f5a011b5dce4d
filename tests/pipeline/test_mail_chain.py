"""Digests through real servers: by Postfix over TLS, back over IMAP from Dovecot, and what comes back read by us."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import dkim
import pytest
import sqlalchemy as sa

from digest_house import DigestFilling, watchlist_text
from eventually import eventually
from mail_servers import MailServers, mail_servers, why_not
from tocsin.bootstrap import letterhead_of, verp_of
from tocsin.config import Settings, load_settings
from tocsin.delivery import Mail, SmtpSender
from tocsin.delivery.bounce_box import BounceBox, open_box
from tocsin.delivery.verp import Verp
from tocsin.errors import MailSetupError
from tocsin.models.deliveries import Delivery, DeliveryState, Outcome, Sent
from tocsin.models.ids import DeliveryId
from tocsin.models.subscribers import SubscriberState
from tocsin.store.database import Database, open_database
from tocsin.store.deliveries import list_deliveries
from tocsin.store.migrate import upgrade
from tocsin.store.subscribers import find_subscriber
from tocsin.store.tables import deliveries, digest_items, subscribers
from tocsin_scheduler.mailbox import Mailbox
from tocsin_worker.deliver import Mailer
from tocsin_worker.main import new_composer
from tocsin_worker.posts import PostOffice

ACCEPTED = 200
BUSY, FULL = "busy@large.example", "full@large.example"
NOBODY, SUSPICIOUS = "nobody@large.example", "suspicious@large.example"
GONE = "zoe@gone.example"
"""Accepted by our server, and refused by the next one."""

pytestmark = [
    pytest.mark.skipif(why_not() is not None and os.environ.get("CI") != "true", reason=str(why_not())),
    pytest.mark.timeout(240),
]


@dataclass(slots=True)
class Chain:
    """A house that mails by real servers; ``sent`` is what it handed over."""

    settings: Settings
    database: Database
    servers: MailServers
    sent: list[Mail] = field(default_factory=list)

    def deliver(self, ids: list[DeliveryId], filling: DigestFilling) -> None:
        office = PostOffice(
            lambda: _Keeping(SmtpSender(self.servers.smtp, context=self.servers.context), self.sent),
            {},
            lambda: filling.watchlist,
            lambda: datetime.now(UTC),
        )
        composer = new_composer(self.settings, lambda: filling.watchlist)
        with closing(office), closing(Mailer(self.database, composer.compose, office.open)) as mailer:
            mailer.run(list(ids))
            eventually(lambda: all(one.attempts for one in self.ledger().values()), seconds=150)

    def ledger(self) -> dict[str, Delivery]:
        with self.database.read() as connection:
            return {one.target: one for one in list_deliveries(connection, limit=1000)}

    def state_of(self, email: str) -> SubscriberState:
        with self.database.read() as connection:
            stored = find_subscriber(connection, email)
        assert stored is not None
        return stored.state

    def items_told(self, email: str) -> list[bool]:
        """Say of each match of a subscriber whether a digest holds it."""
        with self.database.read() as connection:
            query = sa.select(digest_items.c.digest_id).join(subscribers).where(subscribers.c.email == email)
            return [row.digest_id is not None for row in connection.execute(query)]

    @property
    def verp(self) -> Verp:
        found = verp_of(self.settings)
        assert found is not None
        return found

    def open_box(self) -> AbstractContextManager[BounceBox]:
        return open_box(self.servers.box_url("bounces"), self.servers.context)

    def read_box(self) -> Counter[str]:
        return Mailbox(self.database, self.verp, self.open_box).read()


@dataclass(frozen=True, slots=True)
class _Keeping:
    """Sends, and keeps what was sent."""

    sender: SmtpSender
    kept: list[Mail]

    def send(self, mail: Mail) -> Outcome:
        self.kept.append(mail)
        return self.sender.send(mail)

    def close(self) -> None:
        self.sender.close()


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chain]:
    """Give a chain through which the digests have gone: 200 to readers, and one for each way to fail."""
    home = tmp_path_factory.mktemp("chain")
    (home / "watchlist.yaml").write_text(watchlist_text())
    settings = load_settings(_environment(home))
    with mail_servers() as servers, closing(open_database(settings.database_url.get_secret_value())) as database:
        upgrade(database)
        filling = DigestFilling(settings, database)
        filling.tell()
        made = Chain(settings, database, servers)
        ids = filling.close_windows(ACCEPTED + 5)
        _readdress(database, dict(zip(ids, (BUSY, FULL, NOBODY, SUSPICIOUS, GONE), strict=False)))
        _vary(database)
        made.deliver(ids, filling)
        yield made


def _environment(home: Path) -> dict[str, str]:
    return {
        "TOCSIN_HOME": str(home),
        "TOCSIN_WATCHLIST": str(home / "watchlist.yaml"),
        "TOCSIN_MAIL_FROM": "Glöckchen <tocsin@news.example.org>",
        "TOCSIN_BASE_URL": "https://news.example.org",
        "TOCSIN_BOUNCES": "bounces@news.example.org",
        "TOCSIN_BOUNCE_BOX": "imap+plain://x:y@127.0.0.1/INBOX",  # the right one is known when the servers run
        "TOCSIN_DKIM_KEY_FILE": str(_key(home)),
        "TOCSIN_DKIM_SELECTOR": "mail2026",
    }


def _key(home: Path) -> Path:
    from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    path = home / "dkim.pem"
    path.write_bytes(generate_private_key(65537, 2048).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    path.chmod(0o600)
    return path


def _readdress(database: Database, addresses: dict[DeliveryId, str]) -> None:
    with database.write() as connection:
        for delivery_id, address in addresses.items():
            before = sa.select(deliveries.c.target).where(deliveries.c.id == delivery_id).scalar_subquery()
            connection.execute(sa.update(subscribers).where(subscribers.c.email == before).values(email=address))
            connection.execute(sa.update(deliveries).where(deliveries.c.id == delivery_id).values(target=address))


def _vary(database: Database) -> None:
    """Make most digests smaller, and all of them different."""
    is_spared = sa.or_(digest_items.c.digest_id % 5 == 0, digest_items.c.match_id % 5 == digest_items.c.digest_id % 5)
    with database.write() as connection:
        connection.execute(sa.delete(digest_items).where(~is_spared))


def _read(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, policy=default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def _said(message: EmailMessage) -> dict[str, str]:
    """Give the headers that we wrote; Postfix adds its own before them."""
    ours = {"from", "to", "subject", "date", "message-id", "list-id", "list-unsubscribe", "list-unsubscribe-post",
            "auto-submitted", "mime-version", "content-type"}  # fmt: skip
    return {name.lower(): str(value) for name, value in message.items() if name.lower() in ours}


def _parts(message: EmailMessage) -> list[tuple[str, str]]:
    return [(part.get_content_type(), part.get_content().replace("\r\n", "\n")) for part in message.iter_parts()]


def test_each_digest_arrives_as_it_was_written_part_by_part(chain: Chain) -> None:
    arrived = eventually(lambda: _all_arrived(chain), seconds=60)
    by_id = {str(message["Message-ID"]): message for message in map(_read, arrived)}
    written = {str(mail.message["Message-ID"]): mail for mail in chain.sent if mail.recipient not in _REFUSED | {GONE}}
    assert len(by_id) == len(arrived) == ACCEPTED
    assert by_id.keys() == written.keys()
    for message_id, message in by_id.items():
        mail = written[message_id]
        sent = _read(mail.content)
        assert _said(message) == _said(sent)
        assert _parts(message) == _parts(sent)
        assert [kind for kind, _ in _parts(message)] == ["text/plain", "text/html"]
        assert (message["Return-Path"], message["Delivered-To"]) == (f"<{mail.sender}>", mail.recipient)


_REFUSED = {BUSY, FULL, NOBODY, SUSPICIOUS}


def _all_arrived(chain: Chain) -> list[bytes]:
    arrived = chain.servers.mails("readers")
    return arrived if len(arrived) >= ACCEPTED else []


def test_each_has_a_sender_of_its_own_and_both_ways_to_end_it(chain: Chain) -> None:
    verp = chain.verp
    ids = {target: delivery.id for target, delivery in chain.ledger().items()}
    for mail in chain.sent:
        assert mail.sender == verp.sender_of(ids[mail.recipient])
        link, mailto = str(mail.message["List-Unsubscribe"]).split(", ")
        assert link.startswith("<https://news.example.org/unsubscribe/")
        assert mailto.startswith("<mailto:bounces+u")
        assert mail.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_signatures_hold_on_the_way(chain: Chain) -> None:
    signer = letterhead_of(chain.settings).signer
    assert signer is not None
    record = signer.record.encode()
    arrived = eventually(lambda: _all_arrived(chain), seconds=60)
    assert all(dkim.verify(content, dnsfunc=lambda _name, timeout=5: record) for content in arrived)  # noqa: ARG005


@pytest.mark.parametrize(
    ("to", "state", "words"),
    [
        (BUSY, DeliveryState.PENDING, "450 4.2.1"),
        (FULL, DeliveryState.PENDING, "452 4.2.2"),
        (NOBODY, DeliveryState.FAILED, "550 5.1.1"),
        (SUSPICIOUS, DeliveryState.FAILED, "550 5.7.1"),
    ],
)
def test_a_refusal_concerns_its_own_message_alone(chain: Chain, to: str, state: DeliveryState, words: str) -> None:
    delivery = chain.ledger()[to]
    assert delivery.state is state
    assert words in (delivery.problem or "")
    sent = [one for one in chain.ledger().values() if one.state is DeliveryState.SENT]
    assert len(sent) >= ACCEPTED


def test_only_an_address_that_is_none_is_given_up(chain: Chain) -> None:
    states = {email: chain.state_of(email) for email in sorted(_REFUSED)}
    assert states == {
        BUSY: SubscriberState.ACTIVE,
        FULL: SubscriberState.ACTIVE,
        NOBODY: SubscriberState.SUPPRESSED,
        SUSPICIOUS: SubscriberState.ACTIVE,
    }


def test_what_was_refused_for_good_is_owed_again(chain: Chain) -> None:
    for email in (NOBODY, SUSPICIOUS):
        assert not any(chain.items_told(email))
    assert all(chain.items_told(BUSY))


def test_a_wrong_password_and_a_foreign_certificate_are_told_without_the_password(chain: Chain) -> None:
    url = chain.servers.box_url("bounces")
    for wrong, context, words in (
        (url.replace("p%40ss", "wr%40ng"), chain.servers.context, "Authentication failed"),
        (url.replace("INBOX", "No%20such"), chain.servers.context, "the folder cannot be opened"),
        (url, None, "certificate that cannot be trusted"),
    ):
        with pytest.raises(MailSetupError, match=words) as refused, open_box(wrong, context):
            raise AssertionError("it was opened")
        assert "ng/word" not in str(refused.value)


def test_a_bounce_and_a_good_bye_come_back_over_imap_and_are_understood_once(chain: Chain) -> None:
    leaver = _say_good_bye(chain)
    eventually(lambda: len(chain.servers.mails("bounces")) == 2, seconds=60)
    for _ in range(2):  # whoever breaks off before they are marked finds them unread again
        with chain.open_box() as box:
            assert len(list(box.unread())) == 2
    assert chain.read_box() == {"bounced": 1, "left": 1}
    delivery = chain.ledger()[GONE]
    assert delivery.state is DeliveryState.FAILED
    assert "550 5.1.1" in (delivery.problem or "")
    assert (chain.state_of(GONE), chain.state_of(leaver)) == (SubscriberState.SUPPRESSED, SubscriberState.UNSUBSCRIBED)
    assert chain.items_told(GONE)
    assert not any(chain.items_told(GONE))
    assert not chain.read_box()
    assert len(chain.servers.mails("bounces")) == 2  # nothing is ever deleted


def _say_good_bye(chain: Chain) -> str:
    """Write to the address for it that stands in a digest, as a mail program does; gives who did."""
    mail = next(mail for mail in chain.sent if mail.recipient not in {*_REFUSED, GONE})
    address = str(mail.message["List-Unsubscribe"]).partition("<mailto:")[2].partition("?")[0]
    bye = f"From: {mail.recipient}\r\nTo: {address}\r\nSubject: unsubscribe\r\n\r\n".encode()
    with SmtpSender(chain.servers.smtp, context=chain.servers.context) as sender:
        assert isinstance(sender.send(Mail(mail.message, mail.recipient, address, bye)), Sent)
    return mail.recipient
