"""The demo's mailbox, spoken to by smtplib and by hand."""

from __future__ import annotations

import asyncio
import smtplib
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tocsin.demo.mailbox import DemoMailbox, ReceivedMail
from tocsin.errors import PortTakenError

HELLO = "EHLO tester\r\n"
ENVELOPE = "MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\n"


def port_of(box: DemoMailbox) -> int:
    port = urlsplit(box.url).port
    assert port is not None
    return port


def deliver(folder: Path, send: Callable[[smtplib.SMTP], object]) -> tuple[ReceivedMail, ...]:
    """Run ``send`` with a client of a running mailbox and return what was received."""

    async def main() -> tuple[ReceivedMail, ...]:
        async with DemoMailbox(folder) as box:
            await asyncio.to_thread(talk, port_of(box))
            return tuple(box.mails)

    def talk(port: int) -> None:
        with smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
            send(client)

    return asyncio.run(main())


def converse(folder: Path, said: str, *, max_bytes: int = 1_000) -> list[str]:
    """Send ``said`` in one go and return the reply lines until the server hangs up, without the greeting."""

    async def main() -> list[str]:
        async with DemoMailbox(folder, max_bytes=max_bytes) as box:
            reader, writer = await asyncio.open_connection("127.0.0.1", port_of(box))
            writer.write(said.encode())
            writer.write_eof()
            replies = (await reader.read()).decode().splitlines()
            writer.close()
            await writer.wait_closed()
            return replies[1:]

    return asyncio.run(main())


def codes(replies: list[str]) -> list[str]:
    return [reply[:3] for reply in replies if reply[3] == " "]


def message() -> EmailMessage:
    mail = EmailMessage(policy=SMTP.clone(max_line_length=998))
    mail["From"] = "Tocsin <tocsin@example.org>"
    mail["To"] = "zoe@example.org"
    mail["Subject"] = "دير الزور: die Belagerung ist zu Ende"
    mail["Message-ID"] = "<1@tocsin.example>"
    mail.set_content(".\n..\n.hidden\nGrüße aus Köln, à bientôt, دير الزور\n.\n", cte="8bit")
    return mail


def test_a_message_with_dots_and_many_scripts_arrives_intact(tmp_path: Path) -> None:
    sent = message()
    (mail,) = deliver(tmp_path / "mail", lambda client: client.send_message(sent))
    assert (mail.sender, mail.recipients) == ("tocsin@example.org", ("zoe@example.org",))
    assert mail.message["Subject"] == sent["Subject"]
    assert mail.message["Message-ID"] == "<1@tocsin.example>"
    assert mail.message.get_content().splitlines() == sent.get_content().splitlines()
    assert mail.path == tmp_path / "mail" / "0001.eml"


def test_the_file_holds_the_very_bytes_that_were_sent(tmp_path: Path) -> None:
    content = message().as_bytes()
    (mail,) = deliver(tmp_path, lambda client: client.sendmail("a@example.org", ["b@example.org"], content))
    assert mail.path.read_bytes() == content


def test_an_address_in_another_script_is_taken_with_smtputf8(tmp_path: Path) -> None:
    (mail,) = deliver(
        tmp_path,
        lambda client: client.sendmail("a@example.org", ["زوي@example.org"], b"Subject: x\r\n\r\n", ["SMTPUTF8"]),
    )
    assert mail.recipients == ("زوي@example.org",)


def test_several_messages_of_one_connection_are_kept_in_order(tmp_path: Path) -> None:
    def send(client: smtplib.SMTP) -> None:
        for recipient in ("one@example.org", "two@example.org"):
            client.sendmail("a@example.org", [recipient, "all@example.org"], b"Subject: x\r\n\r\nbody\r\n")

    mails = deliver(tmp_path, send)
    assert [(mail.path.name, mail.recipients) for mail in mails] == [
        ("0001.eml", ("one@example.org", "all@example.org")),
        ("0002.eml", ("two@example.org", "all@example.org")),
    ]


def test_waiting_ends_when_enough_messages_are_there(tmp_path: Path) -> None:
    async def main() -> int:
        async with DemoMailbox(tmp_path) as box, asyncio.timeout(10):
            waiting = asyncio.create_task(box.received(2))
            for _ in range(2):
                await asyncio.to_thread(send_one, port_of(box))
            return len(await waiting)

    def send_one(port: int) -> None:
        with smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
            client.send_message(message())

    assert asyncio.run(main()) == 2


def test_the_null_reverse_path_is_a_sender(tmp_path: Path) -> None:
    said = HELLO + "mail from:<> BODY=8BITMIME\r\nrcpt to:<b@example.org>\r\nDATA\r\nhello\r\n.\r\nQUIT\r\n"
    assert codes(converse(tmp_path, said)) == ["250", "250", "250", "354", "250", "221"]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("BDAT 1\r\n", ["500"]),
        ("NOOP\r\nVRFY zoe\r\nRSET\r\nHELO x\r\n", ["250", "252", "250", "250"]),
        ("RCPT TO:<b@example.org>\r\n", ["503"]),
        ("DATA\r\n", ["503"]),
        ("MAIL FROM:<a@example.org>\r\nDATA\r\n", ["250", "503"]),
        ("MAIL FROM:<a@example.org>\r\nMAIL FROM:<a@example.org>\r\n", ["250", "503"]),
        ("MAIL TO:<a@example.org>\r\n", ["501"]),
        ("MAIL FROM:a@example.org\r\n", ["501"]),
        ("MAIL FROM:<a@example.org>\r\nRCPT TO:<>\r\n", ["250", "501"]),
        ("MAIL FROM:<a@example.org> SIZE=1001\r\n", ["552"]),
        ("MAIL FROM:<a@example.org> BODY=8BITMIME SIZE=1000\r\n", ["250"]),
        (ENVELOPE + "RSET\r\nDATA\r\n", ["250", "250", "250", "503"]),
        (ENVELOPE + "EHLO again\r\nDATA\r\n", ["250", "250", "250", "503"]),
    ],
)
def test_commands_out_of_order_or_shape_are_refused(tmp_path: Path, said: str, expected: list[str]) -> None:
    assert codes(converse(tmp_path, HELLO + said + "QUIT\r\n")) == ["250", *expected, "221"]


def test_a_bare_line_feed_around_a_dot_does_not_end_the_message(tmp_path: Path) -> None:
    said = HELLO + ENVELOPE + "DATA\r\nSubject: x\r\n\r\none\n.\nMAIL FROM:<smuggler@example.org>\r\n.\r\nQUIT\r\n"
    assert codes(converse(tmp_path, said)) == ["250", "250", "250", "354", "250", "221"]
    assert [path.name for path in tmp_path.iterdir()] == ["0001.eml"]
    assert b"one\n.\nMAIL FROM:" in (tmp_path / "0001.eml").read_bytes()


def test_a_client_that_leaves_in_the_middle_leaves_nothing_behind(tmp_path: Path) -> None:
    assert codes(converse(tmp_path, HELLO + ENVELOPE + "DATA\r\nhalf a mess")) == ["250", "250", "250", "354"]
    assert list(tmp_path.iterdir()) == []


def test_a_message_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    said = HELLO + ENVELOPE + "DATA\r\n" + "x" * 60 + "\r\n" + "y" * 60 + "\r\n.\r\nQUIT\r\n"
    assert codes(converse(tmp_path, said, max_bytes=100))[-2:] == ["552", "221"]
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_a_passing_failure(tmp_path: Path) -> None:
    folder = tmp_path / "mail"
    (folder / "0001.eml").mkdir(parents=True)
    said = HELLO + ENVELOPE + "DATA\r\nhello\r\n.\r\nQUIT\r\n"
    assert codes(converse(folder, said))[-2:] == ["451", "221"]


def test_the_block_ends_though_a_client_is_still_connected(tmp_path: Path) -> None:
    async def main() -> bytes:
        async with DemoMailbox(tmp_path) as box, asyncio.timeout(10):
            reader, writer = await asyncio.open_connection("127.0.0.1", port_of(box))
            await reader.readline()
        rest = await reader.read()
        writer.close()
        await writer.wait_closed()
        return rest

    assert asyncio.run(main()) == b""


def test_a_taken_mail_port_is_named(tmp_path: Path) -> None:
    async def main() -> None:
        async with DemoMailbox(tmp_path) as box:
            with pytest.raises(PortTakenError, match=f"{port_of(box)}; choose another port"):
                await DemoMailbox(tmp_path, port=port_of(box)).__aenter__()

    asyncio.run(main())
