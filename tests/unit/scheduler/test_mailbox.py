from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from structlog.testing import capture_logs

import returned_mails
from eventually import eventually
from records import NOW
from returned_mails import FORGED, VERP, recipient, report
from subscribed import claimed, close, mail, match, named, stored
from tocsin.delivery.bounce_box import BounceBox, open_box
from tocsin.errors import MailSetupError, StoreError
from tocsin.models.subscribers import SubscriberState
from tocsin.store.database import Database
from tocsin.store.deliveries import settle_sent
from tocsin_scheduler.mailbox import Mailbox


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    folder = tmp_path / "box"
    for name in ("new", "cur", "tmp"):
        (folder / name).mkdir(parents=True)
    return folder


@pytest.fixture
def digest(sqlite: Database) -> str:
    """Give the address that a digest to Zoe came from."""
    with sqlite.write() as connection:
        named(connection)
        match(connection)
        delivery_id = mail(connection, close(connection))
        assert settle_sent(connection, claimed(connection, delivery_id), NOW)
    return VERP.sender_of(delivery_id)


def mailbox(database: Database, maildir: Path) -> Mailbox:
    return Mailbox(database, VERP, partial(open_box, f"maildir://{maildir}"))


def files(maildir: Path) -> list[str]:
    return sorted(str(path.relative_to(maildir)) for path in maildir.rglob("*") if path.is_file())


def state(database: Database) -> SubscriberState:
    with database.read() as connection:
        return stored(connection).state


def test_what_came_back_is_carried_out_and_marked_as_read(sqlite: Database, maildir: Path, digest: str) -> None:
    (maildir / "new/1").write_bytes(report(recipient("5.1.1"), to=digest))
    (maildir / "new/2").write_bytes(returned_mails.VACATION)
    (maildir / "new/3").write_bytes(b"From: zoe@example.org\r\n\r\nWho are you?")
    (maildir / "new/4").write_bytes(b"\xff" * 1000)
    box = mailbox(sqlite, maildir)
    assert box.read() == {"bounced": 1, "unused": 3}
    assert state(sqlite) is SubscriberState.SUPPRESSED
    assert files(maildir) == ["cur/1:2,S", "cur/2:2,S", "cur/3:2,FS", "cur/4:2,FS"]
    assert not box.read()


def test_who_forges_is_told_in_the_log_and_changes_nothing(sqlite: Database, maildir: Path, digest: str) -> None:
    del digest
    (maildir / "new/1").write_bytes(report(recipient("5.1.1"), to=FORGED))
    with capture_logs() as log:
        assert mailbox(sqlite, maildir).read() == {"forged": 1}
    assert {
        "event": "mail that came back is not used",
        "reason": "its address is forged",
        "log_level": "warning",
    } in log
    assert state(sqlite) is SubscriberState.ACTIVE


def test_a_mail_is_read_again_when_we_broke_off_before_it_was_marked(
    sqlite: Database, maildir: Path, digest: str
) -> None:
    content = report(recipient("5.1.1"), to=digest)
    for name in ("new/1", "new/2"):  # the second stands for the first, read once more
        (maildir / name).write_bytes(content)
    with capture_logs() as log:
        assert mailbox(sqlite, maildir).read() == {"bounced": 2}
    assert [one["event"] for one in log] == ["mail came back", "mail that came back changes nothing"]


def test_nothing_is_marked_that_was_not_committed(maildir: Path, tmp_path: Path, digest: str) -> None:
    from tocsin.store.database import open_database

    (maildir / "new/1").write_bytes(report(recipient("5.1.1"), to=digest))
    with pytest.raises(StoreError):
        mailbox(open_database(f"sqlite:///{tmp_path / 'empty.sqlite3'}"), maildir).read()
    assert files(maildir) == ["new/1"]


def test_a_box_that_hangs_holds_up_nobody_and_is_not_asked_twice_at_once(sqlite: Database) -> None:
    opened: list[int] = []
    released = threading.Event()

    @contextmanager
    def hangs() -> Iterator[BounceBox]:
        opened.append(1)
        released.wait(20)
        raise MailSetupError("it hung up")
        yield  # type: ignore[unreachable]  # what makes it a context manager

    box = Mailbox(sqlite, VERP, hangs)
    with capture_logs() as log:
        asyncio.run(box.tick())
        eventually(lambda: opened)
        asyncio.run(box.tick())
        assert opened == [1]
        released.set()
        eventually(lambda: log)
    assert log[0]["reason"] == "it hung up"
    eventually(lambda: _reopened(box, opened))


def _reopened(box: Mailbox, opened: list[int]) -> bool:
    asyncio.run(box.tick())
    return len(opened) > 1
