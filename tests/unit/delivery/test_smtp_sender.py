"""The sender against real servers on loopback: aiosmtpd, and a bare socket where a server must misbehave."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from tocsin.delivery.letterhead import Letterhead, Mail
from tocsin.delivery.smtp import SmtpSender
from tocsin.delivery.smtp_address import SmtpAddress, TlsMode
from tocsin.models.deliveries import Deferred, DeliveryKind, Refused, Sent
from tocsin.rendering.rendered import Rendered

Serve = Callable[..., SmtpAddress]


class Inbox:
    """Keeps what it accepts; ``replies`` are given to the recipients of messages in turn, then 250."""

    def __init__(self, *replies: str, data_reply: str = "250 OK", sender_reply: str = "250 OK") -> None:
        self.replies = list(replies)
        self.sender_reply = sender_reply
        self.data_reply = data_reply
        self.sessions: list[Session] = []
        self.accepted: list[EmailMessage] = []

    async def handle_MAIL(  # noqa: N802 - aiosmtpd calls it by this name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.sender_reply.startswith("250"):
            envelope.mail_from = address
        return self.sender_reply

    async def handle_RCPT(  # noqa: N802 - aiosmtpd calls it by this name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        reply = self.replies.pop(0) if self.replies else "250 OK"
        if reply.startswith("250"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - see above
        if self.data_reply.startswith("250"):
            assert isinstance(envelope.content, bytes)
            message = message_from_bytes(envelope.content, policy=default)
            assert isinstance(message, EmailMessage)
            self.accepted.append(message)
            self.sessions.append(session)
        return self.data_reply


@pytest.fixture
def serve() -> Iterator[Serve]:
    running: list[Controller] = []

    def start(inbox: Inbox, tls: TlsMode = TlsMode.NONE, **options: Any) -> SmtpAddress:
        controller = Controller(inbox, hostname="127.0.0.1", port=_free_port(), **options)
        controller.start()
        running.append(controller)
        return SmtpAddress("127.0.0.1", controller.port, tls)

    yield start
    for controller in running:
        controller.stop()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


def a_message(subject: str = "Siege broken", number: int = 1, to: str = "zoe@example.org") -> Mail:
    return Letterhead("Tocsin <tocsin@example.org>").mail(
        Rendered(subject, "", "<p>Über داعش</p>", ".dots\n..and Über داعش\n"),
        kind=DeliveryKind.DIGEST,
        to=to,
        message_id=f"<{number}@example.org>",
        date=datetime(2026, 9, 6, tzinfo=UTC),
    )


def test_a_message_arrives_as_it_was_written(serve: Serve) -> None:
    inbox = Inbox()
    address = serve(inbox)
    with SmtpSender(address) as sender:
        outcome = sender.send(a_message("Title\r\nBcc: x@example.org\u2028 داعش\x00"))
    assert outcome == Sent(f"accepted by {address}")
    (message,) = inbox.accepted
    assert (message["Subject"], message["Message-ID"], message["Bcc"]) == (
        "Title Bcc: x@example.org داعش",
        "<1@example.org>",
        None,
    )
    body = message.get_body(("plain",))
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == ".dots\n..and Über داعش\n"


def test_messages_of_one_job_share_a_connection(serve: Serve) -> None:
    inbox = Inbox()
    with SmtpSender(serve(inbox)) as sender:
        for number in range(3):
            assert isinstance(sender.send(a_message(number=number)), Sent)
    assert len({session.peer for session in inbox.sessions}) == 1


def test_4xx_puts_a_message_off_and_the_connection_goes_on(serve: Serve) -> None:
    inbox = Inbox("450 4.2.1 Mailbox busy")
    address = serve(inbox)
    with SmtpSender(address) as sender:
        assert sender.send(a_message()) == Deferred(f"mail server {address}: 450 4.2.1 Mailbox busy", only_this=True)
        assert sender.send(a_message()) == Sent(f"accepted by {address}")


def test_5xx_refuses_a_message_and_the_connection_goes_on(serve: Serve) -> None:
    inbox = Inbox("550 5.1.1 No such user", "550 5.7.1 Spam")
    address = serve(inbox)
    with SmtpSender(address) as sender:
        no_such_user = Refused(f"mail server {address}: 550 5.1.1 No such user", address_fault=True)
        assert sender.send(a_message()) == no_such_user
        assert sender.send(a_message()) == Refused(f"mail server {address}: 550 5.7.1 Spam")
        assert sender.send(a_message()) == Sent(f"accepted by {address}")


def test_5xx_after_the_data_refuses_and_4xx_puts_off(serve: Serve) -> None:
    outcomes = []
    for reply in ("554 5.7.1 Looks like spam", "452 4.3.1 Disk full"):
        address = serve(Inbox(data_reply=reply))
        with SmtpSender(address) as sender:
            outcomes.append(sender.send(a_message()))
    assert [type(outcome) for outcome in outcomes] == [Refused, Deferred]


def test_a_sender_that_the_server_does_not_take_is_no_fault_of_the_message(serve: Serve) -> None:
    address = serve(Inbox(sender_reply="553 5.7.1 Sender not owned by user"))
    with SmtpSender(address) as sender:
        outcome = sender.send(a_message())
    assert outcome == Deferred(
        f"mail server {address} takes no mail from us; check SMTP_URL and TOCSIN_MAIL_FROM "
        "(553 5.7.1 Sender not owned by user)"
    )


def test_a_server_that_closes_down_puts_off_and_the_next_message_opens_a_new_connection(serve: Serve) -> None:
    inbox = Inbox("250 OK", "421 4.3.2 Shutting down")
    with SmtpSender(serve(inbox)) as sender:
        outcomes = [sender.send(a_message(number=number)) for number in range(3)]
    assert [type(outcome) for outcome in outcomes] == [Sent, Deferred, Sent]
    assert [message["Message-ID"] for message in inbox.accepted] == ["<0@example.org>", "<2@example.org>"]
    assert len({session.peer for session in inbox.sessions}) == 2


def test_a_server_that_is_not_there_puts_off() -> None:
    address = SmtpAddress("127.0.0.1", _free_port(), TlsMode.NONE)
    outcome = SmtpSender(address).send(a_message())
    assert isinstance(outcome, Deferred)
    assert outcome.message.startswith(f"mail server {address} cannot be used: ")
    assert "refused" in outcome.message


@contextmanager
def scripted(*lines: bytes) -> Iterator[SmtpAddress]:
    """Serve one connection with fixed replies, one a command (the data is one), and then hang up."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def run() -> None:
            connection, _ = listener.accept()
            with connection, connection.makefile("rb") as stream:
                for line in lines:
                    connection.sendall(line)
                    if line.startswith(b"354"):
                        while stream.readline() not in {b".\r\n", b""}:
                            pass
                    else:
                        stream.readline()

        thread = threading.Thread(target=run)
        thread.start()
        yield SmtpAddress("127.0.0.1", listener.getsockname()[1], TlsMode.NONE)
        thread.join()


def test_a_reply_lost_after_the_data_puts_off_and_says_that_the_outcome_is_open() -> None:
    with scripted(b"220 hi\r\n", b"250 hi\r\n", b"250 from\r\n", b"250 to\r\n", b"354 go\r\n") as address:
        outcome = SmtpSender(address).send(a_message())
    assert outcome == Deferred(
        f"mail server {address}: connection lost (Connection unexpectedly closed); it may have taken the message, "
        "which goes out again under the same Message-ID"
    )


def test_a_silent_server_puts_off_after_the_timeout() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = SmtpAddress("127.0.0.1", listener.getsockname()[1], TlsMode.NONE)
        outcome = SmtpSender(address, timeout=0.05).send(a_message())
    assert outcome == Deferred(f"mail server {address} did not answer within 0.05 s")


@contextmanager
def dripping(*replies: bytes) -> Iterator[SmtpAddress]:
    """Serve one connection with replies, and then an endless one, a byte at a time, never silent for long."""
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def run() -> None:
            connection, _ = listener.accept()
            with connection, connection.makefile("rb") as stream, suppress(OSError):
                for reply in replies:
                    connection.sendall(reply)
                    stream.readline()
                while not ended.wait(0.01):
                    connection.sendall(b"2")

        thread = threading.Thread(target=run)
        thread.start()
        yield SmtpAddress("127.0.0.1", listener.getsockname()[1], TlsMode.NONE)
        ended.set()
        thread.join()


def test_a_message_that_takes_too_long_as_a_whole_is_put_off_however_lively_the_server_is() -> None:
    began = time.monotonic()
    with dripping() as address:
        greeted = SmtpSender(address, send_seconds=0.2).send(a_message())
    with dripping(b"220 hi\r\n", b"250 hi\r\n", b"250 from\r\n") as address:
        begun = SmtpSender(address, send_seconds=0.2).send(a_message())
    assert time.monotonic() - began < 10
    assert isinstance(greeted, Deferred)
    assert isinstance(begun, Deferred)
    assert greeted.message.endswith(" took longer than 0.2 s")
    assert "took longer than 0.2 s; it may have taken the message" in begun.message


def test_each_message_has_its_own_time(serve: Serve) -> None:
    with SmtpSender(serve(Inbox()), send_seconds=1.0) as sender:
        ends_at = time.monotonic() + 1.5
        outcomes = []
        while time.monotonic() < ends_at:
            outcomes.append(sender.send(a_message()))
    assert {type(outcome) for outcome in outcomes} == {Sent}


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning")
@pytest.mark.parametrize(
    ("host", "password"), [("127.0.0.1", "p\u00e4ss"), ("mail..example.org", "pass")], ids=["password", "host"]
)
def test_what_cannot_be_said_to_a_server_puts_off_and_shows_nothing_of_the_password(
    serve: Serve, host: str, password: str
) -> None:
    bare = serve(Inbox(), authenticator=_only_zoe, auth_required=True, auth_require_tls=False)
    address = SmtpAddress(host, bare.port, TlsMode.NONE, "zoe", password)
    assert SmtpSender(address).send(a_message()) == Deferred(
        f"mail server {address} cannot be used: host, user and password in SMTP_URL must be ASCII"
    )


def test_something_that_is_no_mail_server_puts_off() -> None:
    with scripted(b"554 go away\r\n") as address:
        outcome = SmtpSender(address).send(a_message())
    assert outcome == Deferred(f"mail server {address} cannot be used: 554 go away")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed, so there is no certificate to serve")
    folder = tmp_path_factory.mktemp("tls")
    key, public = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost "
        f"-addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout {key.name} -out {public.name}".split(),
        cwd=folder,
        check=True,
        capture_output=True,
    )
    return key, public


@pytest.fixture
def tls(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    key, public = certificate
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(public, key)
    return context


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(serve: Serve, tls: ssl.SSLContext) -> None:
    inbox = Inbox()
    address = serve(inbox, TlsMode.STARTTLS, tls_context=tls)
    outcome = SmtpSender(address).send(a_message())
    assert isinstance(outcome, Deferred)
    assert "certificate that cannot be trusted: self-signed certificate" in outcome.message
    assert inbox.accepted == []


def test_starttls_with_a_trusted_certificate_is_used(
    serve: Serve, tls: ssl.SSLContext, certificate: tuple[Path, Path]
) -> None:
    inbox = Inbox()
    address = serve(inbox, TlsMode.STARTTLS, tls_context=tls, require_starttls=True)
    trusting = ssl.create_default_context(cafile=str(certificate[1]))
    with SmtpSender(address, context=trusting) as sender:
        assert isinstance(sender.send(a_message()), Sent)
    assert inbox.sessions[0].ssl is not None


def test_tls_from_the_start_is_used_with_a_trusted_certificate_only(
    serve: Serve, tls: ssl.SSLContext, certificate: tuple[Path, Path]
) -> None:
    inbox = Inbox()
    address = serve(inbox, TlsMode.IMPLICIT, ssl_context=tls)
    untrusting = SmtpSender(address).send(a_message())
    assert isinstance(untrusting, Deferred)
    assert "certificate that cannot be trusted: self-signed certificate" in untrusting.message
    with SmtpSender(address, context=ssl.create_default_context(cafile=str(certificate[1]))) as sender:
        assert [sender.send(a_message(number=number)) for number in range(2)] == [Sent(f"accepted by {address}")] * 2
    assert len(inbox.accepted) == 2


def test_a_server_without_starttls_gets_nothing_in_the_clear(serve: Serve) -> None:
    inbox = Inbox()
    address = serve(inbox, TlsMode.STARTTLS)
    assert SmtpSender(address).send(a_message()) == Deferred(
        f"mail server {address} does not offer STARTTLS, so nothing was sent in the clear; try smtps:// in SMTP_URL"
    )
    assert inbox.accepted == []


def _only_zoe(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: object) -> AuthResult:
    return AuthResult(success=getattr(data, "password", b"") == b"right", handled=False)


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning")
@pytest.mark.parametrize(("password", "kind"), [("right", Sent), ("wrong", Deferred)])
def test_user_and_password_are_given_and_a_wrong_one_is_no_fault_of_the_message(
    serve: Serve, password: str, kind: type
) -> None:
    bare = serve(Inbox(), authenticator=_only_zoe, auth_required=True, auth_require_tls=False)
    address = SmtpAddress(bare.host, bare.port, TlsMode.NONE, "zoe", password)
    with SmtpSender(address) as sender:
        outcome = sender.send(a_message())
    assert isinstance(outcome, kind)
    assert isinstance(outcome, Sent) or "refused the user name or password; check SMTP_URL" in outcome.message
    assert password not in str(outcome)


def test_an_address_beyond_ascii_needs_a_server_that_takes_it(serve: Serve) -> None:
    inbox = Inbox()
    knowing = serve(inbox, enable_SMTPUTF8=True)
    with SmtpSender(knowing) as sender:
        assert isinstance(sender.send(a_message(to="zoë@example.org")), Sent)
    with SmtpSender(serve(inbox, enable_SMTPUTF8=False)) as sender:
        outcome = sender.send(a_message(to="zoë@example.org"))
        assert isinstance(outcome, Refused)
        assert "SMTPUTF8" in outcome.message
        assert isinstance(sender.send(a_message()), Sent)
