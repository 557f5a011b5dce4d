"""The envelope: headers and parts of a mail, by the rules that its receivers apply.

RFC 5322 (format), 2046 (alternatives), 2919 (List-Id), 3834 (Auto-Submitted), 6532 (addresses beyond ASCII).
"""

from __future__ import annotations

import re
import secrets
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from tocsin.errors import MailSetupError
from tocsin.models.deliveries import DeliveryKind
from tocsin.rendering.clean import one_line
from tocsin.rendering.rendered import Rendered

# The plain SMTP policy turns a long address in a header into an encoded word, which breaks links there.
_HEADERS = SMTP.clone(max_line_length=998)
# By that policy the parts would come in lines of 998 characters, and by the plain one of 78, where quoted-printable and
# base64 may have 76 (RFC 2045 6.7 and 6.8).
_PARTS = SMTP.clone(max_line_length=76)
# What stands in addresses without quotes (RFC 5322 3.2.3), in any script (RFC 6532).
_WORD = r"[^\s@<>()\[\],;:\\\"\x00-\x20\x7f]+"
_MAILBOX = re.compile(rf"\"?(?P<name>[^\"<>]*?)\"?\s*<(?P<spec>{_WORD}@{_WORD})>|(?P<bare>{_WORD}@{_WORD})")
SUBJECT_LIMIT = 200


def mail_message(
    rendered: Rendered,
    *,
    kind: DeliveryKind,
    sender: str,
    to: str,
    message_id: str,
    date: datetime,
    contact: str | None = None,
    thread: str | None = None,
) -> EmailMessage:
    """Put a rendered message into its envelope.

    ``sender`` is a mailbox such as ``Tocsin <tocsin@example.org>``, ``to`` a bare address, ``message_id`` as given by
    `new_message_id`, ``date`` the delivery's creation, so that each attempt sends the same. Answers go to ``contact``
    where that is a mail address. ``thread`` is the Message-ID of the first mail on the same, so that they are shown
    together (RFC 5322 3.6.4).

    Raises MailSetupError for an address that cannot stand in a header.
    """
    author, reader = _mailbox(sender), _mailbox(to)
    ascii_only = all(address.addr_spec.isascii() for address in (author, reader))
    message = EmailMessage(policy=_HEADERS if ascii_only else _HEADERS.clone(utf8=True))
    message["From"] = author
    message["To"] = reader
    message["Subject"] = one_line(rendered.subject, SUBJECT_LIMIT)
    message["Date"] = format_datetime(date)
    message["Message-ID"] = message_id
    if thread:
        message["In-Reply-To"] = thread
        message["References"] = thread
    if contact and "@" in contact and "://" not in contact:
        message["Reply-To"] = _mailbox(contact)
    message["List-Id"] = f"<{kind}.tocsin.{author.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message["MIME-Version"] = "1.0"
    message.make_alternative()
    message.attach(_part(rendered.text, "plain"))
    message.attach(_part(rendered.html, "html"))
    return message


def new_message_id(domain: str) -> str:
    """Make a Message-ID that is unique everywhere (RFC 5322 3.6.4); to be stored with the delivery, once."""
    return f"<{secrets.token_hex(16)}@{domain}>"


def mail_domain(sender: str) -> str:
    """Give the domain of a mailbox, in ASCII, for Message-IDs; raises MailSetupError."""
    return _mailbox(sender).domain


def _mailbox(text: str) -> Address:
    """Read a mailbox; its domain is turned into ASCII (IDNA), its local part stays as it is."""
    found = _MAILBOX.fullmatch(text)
    spec = found and (found["spec"] or found["bare"])
    if not found or not spec or one_line(spec) != spec:
        raise _bad(text)
    local, _, domain = spec.partition("@")
    try:
        return Address(one_line(found["name"] or ""), local, domain.encode("idna").decode("ascii"))
    except (HeaderParseError, ValueError, IndexError) as error:
        raise _bad(text) from error


def _bad(text: str) -> MailSetupError:
    return MailSetupError(f"{one_line(text, 100)!r} is not a mail address; write name@example.org")


def _part(text: str, subtype: str) -> EmailMessage:
    """Make a text part in the shorter of the two encodings that pass every server."""
    text = text.encode(errors="replace").decode()
    return min((_encoded(text, subtype, cte) for cte in ("quoted-printable", "base64")), key=_size)


def _encoded(text: str, subtype: str, cte: str) -> EmailMessage:
    part = EmailMessage(policy=_PARTS)
    part.set_content(text, subtype=subtype, charset="utf-8", cte=cte)
    del part["MIME-Version"]  # only the whole message has one (RFC 2045 4)
    return part


def _size(part: EmailMessage) -> int:
    return len(part.as_bytes())
