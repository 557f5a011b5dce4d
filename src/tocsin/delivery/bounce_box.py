"""Mailboxes in which we read what comes back: IMAP (RFC 9051), or a Maildir on this machine.

Both work by the flags that mail programs show: what is unread is taken, and marked as read when what follows from it
is committed; what a person should look at is starred as well. So nothing is lost when we break off in between, and
nothing is ever deleted.
"""

from __future__ import annotations

import contextlib
import imaplib
import itertools
import os
import re
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from tocsin.delivery.bounces import LARGEST
from tocsin.errors import MailSetupError
from tocsin.rendering.clean import one_line

SECONDS = 30.0
"""For each wait on the network."""

AT_ONCE = 500
"""Mails that one look at a box takes; the others wait for the next."""

_PORT, _TLS_PORT = 143, 993
_SEARCHED_AT_ONCE = 10_000
_WORDS_LIMIT = 200
_LITERAL_PARTS = 2


class BounceBox(Protocol):
    """A mailbox. ``unread`` gives names and the first `LARGEST` bytes of mails, the oldest first."""

    def unread(self) -> Iterator[tuple[str, bytes]]:
        """Give unread mails one by one; each is to be marked before the next is asked for."""
        ...

    def mark_read(self, name: str, *, star: bool) -> None:
        """Note that a mail was dealt with, and whether a person should look at it."""
        ...


@contextlib.contextmanager
def open_box(url: str, context: ssl.SSLContext | None = None) -> Iterator[BounceBox]:
    """Open the box that TOCSIN_BOUNCE_BOX names; ``context`` may bring own authorities.

    Raises:
        MailSetupError: It cannot be reached or read, now or while it is used; never with the password in its words.

    """
    parts = urlsplit(url)
    if parts.scheme == "maildir":
        yield MaildirBox(Path(unquote(parts.path)))
        return
    address = ImapAddress(
        host=parts.hostname or "",
        port=parts.port,
        has_tls=parts.scheme == "imaps",
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        folder=unquote(parts.path.lstrip("/")) or "INBOX",
    )
    try:
        with _connected(address, context) as (connection, mails):
            yield ImapBox(address, connection, mails)
    except (imaplib.IMAP4.error, OSError, UnicodeError) as error:
        raise _fault(address, _words(error)) from error


@dataclass(frozen=True, slots=True)
class ImapAddress:
    """A folder of an IMAP server; ``port`` None is the usual one."""

    host: str
    port: int | None
    has_tls: bool
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"

    def __str__(self) -> str:
        return f"{self.user} at {self.host}, folder {self.folder}"


class ImapBox:
    """A folder of an IMAP server, logged in to and selected."""

    def __init__(self, address: ImapAddress, connection: imaplib.IMAP4, mails: int) -> None:
        self._address = address
        self._connection = connection
        self._mails = mails

    def unread(self) -> Iterator[tuple[str, bytes]]:
        """Give unread mails, by their UIDs."""
        for uid in itertools.islice(self._found(), AT_ONCE):
            # PEEK leaves it unread; a part of it is enough, and all that a large one may cost us.
            answer = self._asked("FETCH", uid.decode("ascii"), f"(BODY.PEEK[]<0.{LARGEST}>)")
            content = next((one[1] for one in answer if isinstance(one, tuple) and len(one) == _LITERAL_PARTS), None)
            if content is not None:  # it may have been deleted since
                yield uid.decode("ascii"), content

    def _found(self) -> Iterator[bytes]:
        """Find unread mails, some thousands at a time: imaplib takes no answer of more than a megabyte."""
        for first in range(1, self._mails + 1, _SEARCHED_AT_ONCE):
            last = min(first + _SEARCHED_AT_ONCE - 1, self._mails)
            answer = self._asked("SEARCH", f"{first}:{last}", "UNSEEN", "UNDELETED")
            yield from b" ".join(piece for piece in answer if isinstance(piece, bytes)).split()

    def mark_read(self, name: str, *, star: bool) -> None:
        """Set the flags that mail programs show."""
        self._asked("STORE", name, "+FLAGS.SILENT", r"(\Seen \Flagged)" if star else r"(\Seen)")

    def _asked(self, command: str, *arguments: str) -> list[bytes | tuple[bytes, bytes] | None]:
        status, answer = self._connection.uid(command, *arguments)
        if status != "OK":
            raise _fault(self._address, f"{command} was refused: {_words(answer)}")
        return list(answer)


@contextlib.contextmanager
def _connected(address: ImapAddress, context: ssl.SSLContext | None) -> Iterator[tuple[imaplib.IMAP4, int]]:
    """Log in and open the folder; gives how many mails are in it, too."""
    connection = _dialled(address, context)
    try:
        connection.login(address.user, address.password)
        status, answer = connection.select(_quoted(address.folder))
        if status != "OK":
            raise _fault(address, f"the folder cannot be opened: {_words(answer)}")
        yield connection, int(answer[0] or b"0")
    finally:
        with contextlib.suppress(imaplib.IMAP4.error, OSError):
            connection.logout()


def _dialled(address: ImapAddress, context: ssl.SSLContext | None) -> imaplib.IMAP4:
    if not address.has_tls:
        return imaplib.IMAP4(address.host, address.port or _PORT, timeout=SECONDS)
    # imaplib's own default context verifies nothing.
    context = context or ssl.create_default_context()
    return imaplib.IMAP4_SSL(address.host, address.port or _TLS_PORT, ssl_context=context, timeout=SECONDS)


class MaildirBox:
    """A Maildir (https://cr.yp.to/proto/maildir.html), which another program delivers into."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def unread(self) -> Iterator[tuple[str, bytes]]:
        """Give mails in ``new``, and those in ``cur`` that no program has marked as read."""
        for path in self._waiting()[:AT_ONCE]:
            try:
                with path.open("rb") as file:
                    content = file.read(LARGEST)
            except FileNotFoundError:
                continue  # another program has moved it
            except OSError as error:
                raise self._fault(error) from error
            yield f"{path.parent.name}/{path.name}", content

    def mark_read(self, name: str, *, star: bool) -> None:
        """Move a mail to ``cur``, with its flags in the order that the format wants."""
        path = self._folder / name
        base, _, flags = path.name.partition(":2,")
        flags = "".join(sorted({*flags, "S", *("F" if star else "")}))
        try:
            path.rename(self._folder / "cur" / f"{base}:2,{flags}")
        except FileNotFoundError:
            return
        except OSError as error:
            raise self._fault(error) from error

    def _waiting(self) -> list[Path]:
        try:
            new = [Path(one.path) for one in os.scandir(self._folder / "new") if one.is_file()]
            seen = [Path(one.path) for one in os.scandir(self._folder / "cur") if one.is_file()]
        except OSError as error:
            raise self._fault(error) from error
        unread = [path for path in seen if "S" not in path.name.partition(":2,")[2]]
        return sorted((path for path in [*new, *unread] if not path.name.startswith(".")), key=lambda path: path.name)

    def _fault(self, error: OSError) -> MailSetupError:
        return MailSetupError(
            f"TOCSIN_BOUNCE_BOX: the Maildir {self._folder} cannot be used ({error.strerror}); it needs the folders "
            "new and cur, and Tocsin's user the right to write there"
        )


def _quoted(folder: str) -> str:
    """Quote a folder's name (RFC 9051 4.3); one beyond ASCII is refused by imaplib, with words."""
    return '"' + re.sub(r'(["\\])', r"\\\1", folder) + '"'


def _fault(address: ImapAddress, words: str) -> MailSetupError:
    return MailSetupError(f"TOCSIN_BOUNCE_BOX: {address}: {words}")


def _words(said: object) -> str:
    """Say what went wrong without what imaplib repeats of a command."""
    if isinstance(said, ssl.SSLCertVerificationError):
        return f"shows a certificate that cannot be trusted: {said.verify_message}"
    if isinstance(said, UnicodeError):
        return "user, password and folder can have ASCII characters only"
    text = said[0] if isinstance(said, list) and said else said
    text = text.decode(errors="replace") if isinstance(text, bytes) else str(text)
    text = re.sub(r"^b'(.*)'$", r"\1", text)
    return one_line(text, _WORDS_LIMIT) or type(said).__name__
