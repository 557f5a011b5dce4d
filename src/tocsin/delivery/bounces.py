"""Reading what comes back: a mail's bytes in, what it says out. Pure, and never raises, whatever the bytes are.

RFC 3464 (reports of delivery), RFC 5965 (complaints), RFC 3834 (automatic answers), bounces in plain words as qmail
and old gateways write them, and mails to the address that ends a subscription. Which message is meant stands in the
address that a mail came to (see `tocsin.delivery.verp`), and nothing is believed of a mail that does not have it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, message_from_string
from email.errors import MessageError
from email.message import Message

from tocsin.delivery.mail_replies import enhanced_code, is_address_fault
from tocsin.delivery.plain_bounces import read_plain
from tocsin.delivery.verp import Forged, OfDelivery, OfSubscription, Verp
from tocsin.models.ids import DeliveryId
from tocsin.models.mail_reports import Bounced, Complained, Delayed, Left, MailReport, Unused
from tocsin.rendering.clean import one_line

LARGEST = 1_000_000
"""Bytes that are looked at: what a report says stands before the message that it sends back."""

_MOST = 100
"""Parts, fields and addresses that are looked at."""
_WORDS_LIMIT = 300

_CAME_TO = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Delivered-To", "To", "Cc", "Resent-To")
_CAME_FROM = ("X-Postfix-Sender", "Original-Mail-From", "X-Original-Mail-From", "Return-Path", "List-Unsubscribe")
_ADDRESS = re.compile(r"[^\s<>,;:\"()\[\]?]{1,100}@[A-Za-z0-9.-]{1,253}")
_COMPLAINTS = frozenset({"abuse", "fraud", "opt-out", "opt-out-list"})
"""Kinds of RFC 5965 and its registry that a reader means; ``not-spam`` and ``auth-failure`` are not."""

_ARRIVED = frozenset({"delivered", "relayed", "expanded"})


def read_report(content: bytes, verp: Verp) -> MailReport:
    """Say what a mail means for us."""
    try:
        return _read(message_from_bytes(content[:LARGEST]), verp)
    except (MessageError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        # What strangers send finds the faults of the standard library's parser; each is a mail that cannot be read.
        return Unused(f"cannot be read ({type(error).__name__})", is_unclear=True)


def _read(mail: Message, verp: Verp) -> MailReport:
    parts = _parts(mail)
    status = next((part for part in parts if part.get_content_type().endswith("delivery-status")), None)
    complaint = next((part for part in parts if part.get_content_type() == "message/feedback-report"), None)
    said = [*_addresses(mail, _CAME_TO, verp)]
    if complaint is not None:
        return _complaint(complaint, [*said, *_of_original(parts, verp), *_told_in(complaint, verp)])
    if status is not None:
        return _status(status, [*said, *_told_in(status, verp)])
    return _other(mail, parts, said)


def _status(part: Message, said: list[_Said]) -> MailReport:
    delivery = next((one.delivery for one in said if isinstance(one, OfDelivery)), None)
    if delivery is None:
        return _nobody("a report on no message of ours", said)
    return _fate(delivery, [fields for fields in _blocks(part) if fields["Action"] or fields["Status"]])


def _fate(delivery: DeliveryId, recipients: list[Message]) -> MailReport:
    """Judge by all recipients: an address may be several behind it, and what one of them got has arrived."""
    actions = [_action(fields) for fields in recipients]
    failed = [fields for fields, action in zip(recipients, actions, strict=True) if action == "failed"]
    if any(action in _ARRIVED for action in actions):
        return Unused("it says that the message arrived")
    if failed:
        words, address_fault = _verdict(failed[0])
        return Bounced(delivery, words, address_fault and all(_verdict(fields)[1] for fields in failed))
    if "delayed" in actions:
        return Delayed(delivery, _verdict(recipients[actions.index("delayed")])[0])
    return Unused("a report that does not say what became of the message", is_unclear=True)


def _action(fields: Message) -> str:
    """Give the field, or what the class of the status says where there is none."""
    action = _text(fields, "Action").lower().split(" ")[0]
    by_class = {"2": "delivered", "4": "delayed", "5": "failed"}
    return action or by_class.get(enhanced_code(_text(fields, "Status"))[:1], "")


def _verdict(fields: Message) -> tuple[str, bool]:
    """Give the server's words, and whether it is the address. ``5.0.0`` says less than what the server itself said."""
    status = enhanced_code(_text(fields, "Status"))
    diagnostic = _text(fields, "Diagnostic-Code").partition(";")[2].strip() or _text(fields, "Diagnostic-Code")
    code = re.match(r"[45][0-9]{2}\b", diagnostic)
    words = diagnostic if enhanced_code(diagnostic) or status.endswith(".0.0") else f"{status} {diagnostic}".strip()
    told = one_line(words or status or "no reason given", _WORDS_LIMIT)
    return told, is_address_fault(words, code=int(code[0]) if code else None)


def _complaint(part: Message, said: list[_Said]) -> MailReport:
    kinds = {_text(fields, "Feedback-Type").lower() for fields in _blocks(part)} - {""}
    if not kinds & _COMPLAINTS:
        return Unused(f"feedback that is no complaint ({one_line(', '.join(sorted(kinds)), 50) or 'of no kind'})")
    for one in said:
        if isinstance(one, OfSubscription):
            return Complained(subscriber=one.subscriber)
        if isinstance(one, OfDelivery):
            return Complained(delivery=one.delivery)
    return _nobody("a complaint about no message of ours", said)


def _other(mail: Message, parts: list[Message], said: list[_Said]) -> MailReport:
    """Read a mail that no machine made for machines: a wish, an answer, or a bounce in plain words."""
    # Servers mark their bounces by the same word (RFC 3834 5); only readers answer with it.
    if _text(mail, "Auto-Submitted").lower().startswith("auto-replied") and not _is_from_daemon(mail):
        return Unused("an automatic answer")
    for one in said:
        if isinstance(one, OfSubscription):
            # Nothing of ours comes from that address, so bounces hardly go there; but a postmaster may be a reader.
            is_bounce = _is_from_daemon(mail) and _text(mail, "Subject").lower() != "unsubscribe"
            return Unused("a bounce to nobody") if is_bounce else Left(one.subscriber, one.epoch)
        if isinstance(one, OfDelivery):
            text = next((part for part in parts if part.get_content_type() == "text/plain"), None)
            if text is None or not _is_from_daemon(mail):
                return Unused("an answer, and no report", is_unclear=True)
            return read_plain(one.delivery, _decoded(text))
    return _nobody("not to an address that we gave", said)


_Said = OfDelivery | OfSubscription | Forged


def _nobody(reason: str, said: list[_Said]) -> Unused:
    return Unused("its address is forged", is_forged=True) if said else Unused(reason, is_unclear=True)


def _is_from_daemon(mail: Message) -> bool:
    return re.search(r"mailer.?daemon|postmaster|mail.?delivery", _text(mail, "From"), re.IGNORECASE) is not None


def _parts(mail: Message) -> list[Message]:
    """Give the parts, two levels deep; never what stands in a message that was sent back."""
    found: list[Message] = []
    for part in _children(mail) or [mail]:
        found += _children(part) if part.get_content_maintype() == "multipart" else [part]
    return found[:_MOST]


def _children(part: Message) -> list[Message]:
    payload = part.get_payload() if part.get_content_maintype() == "multipart" else None
    return [one for one in payload if isinstance(one, Message)][:_MOST] if isinstance(payload, list) else []


def _blocks(part: Message) -> list[Message]:
    """Give the groups of fields of a report; the parser has taken those of RFC 3464 apart, others it has not."""
    payload = part.get_payload()
    if not isinstance(payload, list):
        return _groups(str(payload))
    found: list[Message] = []
    for block in [one for one in payload if isinstance(one, Message)][:_MOST]:
        rest = block.get_payload()
        found += [block, *(_groups(rest) if isinstance(rest, str) else [])]
    return found[:_MOST]


def _groups(text: str) -> list[Message]:
    groups = re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n"), maxsplit=_MOST)
    return [message_from_string(group.lstrip("\n")) for group in groups[:_MOST] if group.strip()]


def _told_in(part: Message, verp: Verp) -> list[_Said]:
    return [one for fields in _blocks(part) for one in _addresses(fields, _CAME_FROM, verp)]


def _of_original(parts: list[Message], verp: Verp) -> list[_Said]:
    """Read the headers of the message that a complaint sends back."""
    found: list[_Said] = []
    for part in parts:
        if part.get_content_type() in {"message/rfc822", "message/global", "text/rfc822-headers"}:
            found += [one for fields in _blocks(part)[:1] for one in _addresses(fields, _CAME_FROM, verp)]
    return found


def _addresses(mail: Message, names: tuple[str, ...], verp: Verp) -> Iterator[_Said]:
    """Give what addresses in headers say, the genuine ones first."""
    texts = [str(value) for name in names for value in mail.get_all(name, [])[:_MOST]]
    found = [verp.read(address) for text in texts for address in _ADDRESS.findall(text[:10_000])[:_MOST]]
    yield from sorted((one for one in found if one is not None), key=lambda one: isinstance(one, Forged))


def _text(fields: Message, name: str) -> str:
    return " ".join(str(fields.get(name, "")).split())[:2_000]


def _decoded(part: Message) -> str:
    payload = part.get_payload(decode=True)
    return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else str(payload)
