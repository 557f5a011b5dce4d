"""Mail into a folder of ``.eml`` files, for when no mail server is set; any mail program opens them."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import tempfile
from datetime import UTC
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from tocsin.delivery.letterhead import Mail
from tocsin.models.deliveries import Deferred, Outcome, Sent

_UNFIT = re.compile(r"[^A-Za-z0-9._-]+")
_NAME_LIMIT = 80


class FolderSender:
    """Writes each message into a file of its own: wholly or not at all, and once, however often it is sent."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, mail: Mail) -> Outcome:
        """Write one message, without its envelope; what the file system refuses is put off."""
        path = self._folder / file_name(mail.message)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            _write(path, mail.content)
        except OSError as error:
            return Deferred(
                f"mail folder {self._folder}: {error.strerror or error}; make room or give Tocsin the right to write "
                "there, or name a mail server in SMTP_URL"
            )
        return Sent(f"written to {path}")

    def close(self) -> None:
        """Do nothing: no file stays open."""


def file_name(message: EmailMessage) -> str:
    """Give a name made of the message's Date and Message-ID, the same for the same message, and sorted by time."""
    date = parsedate_to_datetime(str(message["Date"])).astimezone(UTC)
    message_id = str(message["Message-ID"])
    readable = _UNFIT.sub("-", message_id).strip("-.")
    if len(readable) > _NAME_LIMIT:
        readable = hashlib.sha256(message_id.encode(errors="replace")).hexdigest()
    return f"{date:%Y%m%dT%H%M%SZ}-{readable}.eml"


def _write(path: Path, content: bytes) -> None:
    """Write beside the place, to the disk, then rename, so that no reader sees half a message."""
    handle, temporary = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise
