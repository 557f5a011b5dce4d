"""Headers and parts of a mail, by the rules that its receivers apply.

RFC 5322 (format), 2046 (alternatives), 2369 and 8058 (List-Unsubscribe), 2919 (List-Id), 3834 (Auto-Submitted), 6532
(addresses beyond ASCII).
"""

from __future__ import annotations

import hashlib
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
from tocsin.models.subscribers import SubscriptionLinks
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
_BOUNDARY_LENGTH = 24
_PLAIN = bytes({*range(32, 127), *b"\t\r\n"} - {*b"="})


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
    links: SubscriptionLinks | None = None,
) -> EmailMessage:
    """Write a rendered message as a mail.

    ``sender`` is a mailbox such as ``Tocsin <tocsin@example.org>``, ``to`` a bare address, ``message_id`` as given by
    `new_message_id`, ``date`` the delivery's creation, so that each attempt sends the same. Answers go to ``contact``
    where that is a mail address. ``thread`` is the Message-ID of the first mail on the same, so that they are shown
    together (RFC 5322 3.6.4). ``links`` are those by which mail programs offer to end the subscription.

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
    if kind is not DeliveryKind.CONFIRMATION:  # that goes to one who is on no list yet
        message["List-Id"] = f"Tocsin {kind}s <{kind}.tocsin.{author.domain}>"
    if links is not None:
        _add_unsubscribe(message, links)
    message["Auto-Submitted"] = "auto-generated"
    message["MIME-Version"] = "1.0"
    message.make_alternative(boundary=_boundary(message_id))
    message.attach(_part(rendered.text, "plain"))
    message.attach(_part(rendered.html, "html"))
    return message


def _add_unsubscribe(message: EmailMessage, links: SubscriptionLinks) -> None:
    """Offer the link, and the address where there is one; one click without a page is for HTTPS alone (RFC 8058 3.1).

    Over plain HTTP the link shows a page with a button, which is what a header without the second one promises.
    """
    ways = [f"<{links.unsubscribe}>", *([f"<mailto:{links.mailto}?subject=unsubscribe>"] if links.mailto else [])]
    message["List-Unsubscribe"] = ", ".join(ways)
    if links.unsubscribe.startswith("https://"):
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def _boundary(message_id: str) -> str:
    """Give what parts the parts: the same in each attempt, and with ``=_``, which neither encoding of a part has."""
    return f"=_{hashlib.sha256(message_id.encode(errors='replace')).hexdigest()[:_BOUNDARY_LENGTH]}"


def new_message_id(domain: str) -> str:
    """Make a Message-ID that is unique everywhere (RFC 5322 3.6.4); to be stored with the delivery, once."""
    return f"<{secrets.token_hex(16)}@{domain}>"


def mail_domain(sender: str) -> str:
    """Give the domain of a mailbox, in ASCII, for Message-IDs; raises MailSetupError."""
    return _mailbox(sender).domain


def bare_address(mailbox: str) -> str:
    """Give the address of a mailbox for the envelope, its domain in ASCII; raises MailSetupError."""
    return _mailbox(mailbox).addr_spec


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
    """Make a text part in the shorter of the two encodings that pass every server.

    Base64 takes a third more than the text; the other one two bytes more for each that it has to write as ``=C3``.
    """
    data = text.encode(errors="replace")
    escaped = len(data.translate(None, _PLAIN))
    text, cte = data.decode(), "base64" if 6 * escaped > len(data) else "quoted-printable"
    part = EmailMessage(policy=_PARTS)
    part.set_content(text, subtype=subtype, charset="utf-8", cte=cte)
    del part["MIME-Version"]  # only the whole message has one (RFC 2045 4)
    return part
