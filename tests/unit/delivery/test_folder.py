from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path

from tocsin.delivery.folder import FolderSender
from tocsin.delivery.letterhead import Letterhead, Mail
from tocsin.models.deliveries import Deferred, DeliveryKind, Sent
from tocsin.rendering.rendered import Rendered


def a_message(message_id: str = "<1a@example.org>") -> Mail:
    return Letterhead("tocsin@localhost").mail(
        Rendered("Siege broken: داعش", "", "<p>x</p>", "x\n"),
        kind=DeliveryKind.ALERT,
        to="zoe@example.org",
        message_id=message_id,
        date=datetime(2026, 9, 6, 5, 30, tzinfo=UTC),
    )


def test_a_message_becomes_a_file_that_mail_programs_read(tmp_path: Path) -> None:
    folder = tmp_path / "mail"
    path = folder / "20260906T053000Z-1a-example.org.eml"
    assert FolderSender(folder).send(a_message()) == Sent(f"written to {path}")
    read = message_from_bytes(path.read_bytes(), policy=default)
    assert (read["Subject"], read["List-Id"]) == ("Siege broken: داعش", "Tocsin alerts <alert.tocsin.localhost>")
    assert list(folder.iterdir()) == [path]


def test_the_same_message_sent_twice_is_one_file(tmp_path: Path) -> None:
    sender = FolderSender(tmp_path)
    for _ in range(2):
        assert isinstance(sender.send(a_message()), Sent)
    assert len(list(tmp_path.iterdir())) == 1


def test_a_message_id_never_leads_out_of_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "mail"
    for message_id in ("<../../evil@x>", "<" + "long" * 60 + "@x>"):
        assert isinstance(FolderSender(folder).send(a_message(message_id)), Sent)
    assert len(list(folder.glob("*.eml"))) == 2
    assert list(tmp_path.iterdir()) == [folder]


def test_a_folder_that_cannot_be_made_puts_off_and_says_what_to_do(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    assert FolderSender(blocked / "mail").send(a_message()) == Deferred(
        f"mail folder {blocked / 'mail'}: Not a directory; make room or give Tocsin the right to write there, or name "
        "a mail server in SMTP_URL"
    )


def test_a_file_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "20260906T053000Z-1a-example.org.eml").mkdir()
    assert isinstance(FolderSender(tmp_path).send(a_message()), Deferred)
    assert [path.name for path in tmp_path.iterdir()] == ["20260906T053000Z-1a-example.org.eml"]


def test_a_full_disk_puts_off() -> None:
    outcome = FolderSender(Path("/dev/full")).send(a_message())
    assert isinstance(outcome, Deferred)
