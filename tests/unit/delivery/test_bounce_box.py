"""The mailboxes that bounces are read from; a real IMAP server is asked in tests/pipeline/test_mail_chain.py."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tocsin.delivery.bounce_box import open_box
from tocsin.delivery.bounces import LARGEST
from tocsin.errors import MailSetupError


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    folder = tmp_path / "a box"
    for name in ("new", "cur", "tmp"):
        (folder / name).mkdir(parents=True)
    return folder


def url(folder: Path) -> str:
    return f"maildir://{str(folder).replace(' ', '%20')}"


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_unread_mails_of_a_maildir_are_given_the_oldest_first(maildir: Path) -> None:
    for name in ("cur/1:2,", "new/3", "cur/2:2,S", "new/0", "tmp/4", "new/.hidden", "cur/5:2,F"):
        (maildir / name).write_bytes(name.encode())
    with open_box(url(maildir)) as box:
        assert [content.decode() for _, content in box.unread()] == ["new/0", "cur/1:2,", "new/3", "cur/5:2,F"]


def test_a_mail_is_marked_as_read_and_a_star_calls_a_person(maildir: Path) -> None:
    for name in ("new/1", "new/2", "cur/3:2,F", "cur/4:2,R"):
        (maildir / name).touch()
    with open_box(url(maildir)) as box:
        for name, _ in list(box.unread()):
            box.mark_read(name, star=name == "new/2")
        assert list(box.unread()) == []
    assert files(maildir) == ["cur/1:2,S", "cur/2:2,FS", "cur/3:2,FS", "cur/4:2,RS"]


def test_a_mail_that_another_program_moved_is_left_to_it(maildir: Path) -> None:
    (maildir / "new/1").touch()
    with open_box(url(maildir)) as box:
        for name, _ in box.unread():
            (maildir / "new/1").rename(maildir / "cur/1:2,S")
            box.mark_read(name, star=False)
    assert files(maildir) == ["cur/1:2,S"]


def test_of_a_huge_mail_only_the_beginning_is_read(maildir: Path) -> None:
    (maildir / "new/1").write_bytes(b"x" * (LARGEST + 1))
    with open_box(url(maildir)) as box:
        assert [len(content) for _, content in box.unread()] == [LARGEST]


def test_what_is_no_maildir_is_told_with_what_it_needs(tmp_path: Path) -> None:
    with pytest.raises(MailSetupError) as refused, open_box(url(tmp_path)) as box:
        list(box.unread())
    assert str(refused.value) == (
        f"TOCSIN_BOUNCE_BOX: the Maildir {tmp_path} cannot be used (No such file or directory); it needs the folders "
        "new and cur, and Tocsin's user the right to write there"
    )


@contextmanager
def answering(*answers: bytes) -> Iterator[int]:
    """Stand in for an IMAP server that says so much, line by line, and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection, connection.makefile("rwb") as lines:
                for answer in answers:
                    lines.write(answer)
                    lines.flush()
                    tag = lines.readline().split(b" ")[0]
                    if not tag:
                        return

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1]
        thread.join(10)


def fault(port: int, folder: str = "INBOX") -> str:
    with (
        pytest.raises(MailSetupError) as refused,
        open_box(f"imap+plain://zoe:p%40ss@127.0.0.1:{port}/{folder}") as box,
    ):
        list(box.unread())
    told = str(refused.value)
    assert "p@ss" not in told
    return told


def test_a_server_that_does_not_answer_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert fault(port) == "TOCSIN_BOUNCE_BOX: zoe at 127.0.0.1, folder INBOX: [Errno 111] Connection refused"


def test_a_server_that_refuses_or_hangs_up_is_told() -> None:
    with answering(b"* BYE not now\r\n") as port:
        assert "not now" in fault(port)
    with answering(b"* OK hello\r\n") as port:
        assert fault(port).startswith("TOCSIN_BOUNCE_BOX: zoe at 127.0.0.1, folder INBOX: ")


def test_a_server_without_tls_is_not_told_the_password() -> None:
    with (
        answering(b"* OK hello\r\n") as port,
        pytest.raises(MailSetupError) as refused,
        open_box(f"imaps://zoe:p%40ss@127.0.0.1:{port}/INBOX"),
    ):
        raise AssertionError("it was opened")
    assert "SSL" in str(refused.value)
    assert "p@ss" not in str(refused.value)
