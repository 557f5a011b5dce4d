"""What a mail server's reply to a message means: is it the address, this message, or the sender as a whole? Pure.

Reply codes as RFC 5321 4.2 has them, enhanced codes as RFC 3463 and the IANA's registry of them.
"""

from __future__ import annotations

import re
from enum import Enum

_ADDRESS_FAULTS = frozenset({"1.1", "1.2", "1.3", "1.6", "1.10", "2.1"})
"""Bad mailbox, bad system, bad syntax, moved without a new address, a domain that takes no mail (RFC 7505), disabled.

Not 1.0, 1.4, 1.5, 1.7, 1.8 and 1.9, of which some are about the sender; not 2.2, a full mailbox; not 7.x, policy.
"""

_NO_MAIL_HERE = 556
"""RFC 7504: the domain takes no mail at all."""

_MAY_NAME_AN_ADDRESS = frozenset({550, 551, 553})
"""Those with which a server without enhanced codes says that there is no such mailbox, and much else."""

_MESSAGE_TOO_LARGE = 552
_MESSAGE_FAULTS = ("2.3", "3.4", "6.")
"""Too large for the mailbox or the server, or of a kind that the server cannot take."""

_ENHANCED = re.compile(r"(?<![\d.])([245])\.(\d{1,3}\.\d{1,3})(?![\d.])")

# Addresses and links are not the server's words: a reader may be called spam@example.org.
_QUOTED = re.compile(r"<[^<>]*>|\S+@\S+|\S+://\S+")

_NO_SUCH_MAILBOX = re.compile(
    r"\b(?:no such (?:user|mailbox|recipient|person|account|address)"
    r"|(?:user|recipient|mailbox|account|address) (?:is )?(?:unknown|not found|not known)"
    r"|unknown (?:user|recipient|mailbox|account|local part)"
    r"|(?:no|not a) (?:valid )?mailbox (?:here|by that name)"
    r"|(?:user|recipient|mailbox|account|address)[\w ]{0,30} (?:does not|doesn'?t) exist"
    r"|invalid (?:mailbox|recipient))\b",
    re.IGNORECASE,
)

_POLICY = re.compile(
    r"spam|block(?:ed|ing|list)|black ?list|\brbl\b|\bdnsbl\b|reputation|policy|relay|\bspf\b|\bdkim\b|\bdmarc\b"
    r"|gr[ae]y ?list|\brate\b|too many|quota|\bfull\b|tempora|try (?:again|later)|denied|authenticat",
    re.IGNORECASE,
)


class Reply(Enum):
    """What a refusal with a code of 5xx lies with."""

    ADDRESS = "address"
    """Nothing will ever reach it."""
    MESSAGE = "message"
    """This message to this address: policy, size, a full mailbox, or words that leave it open."""
    SENDER = "sender"
    """All that we send: the server wants a login first, or does not take our address as a sender."""


def meaning_of(code: int, words: str, *, of_sender: bool = False) -> Reply:
    """Say what a refusal lies with; ``of_sender`` where it answered the sender's address (MAIL FROM).

    In doubt it is the message: an address is given up only where the server says plainly that there is none.

    >>> meaning_of(550, "5.1.1 <zoe@example.org>: user unknown"), meaning_of(550, "5.7.1 looks like spam")
    (<Reply.ADDRESS: 'address'>, <Reply.MESSAGE: 'message'>)
    """
    enhanced = enhanced_code(words)
    if code in {530, 534, 535, 538}:
        return Reply.SENDER  # RFC 4954 6: authentication
    if of_sender:
        about_message = code == _MESSAGE_TOO_LARGE or enhanced[2:].startswith(_MESSAGE_FAULTS)
        return Reply.MESSAGE if about_message else Reply.SENDER
    return Reply.ADDRESS if is_address_fault(words, code=code) else Reply.MESSAGE


def is_address_fault(words: str, *, code: int | None = None) -> bool:
    """Tell whether a reply says that there is no such address, by its enhanced code, or else by its words.

    ``code`` is the reply's own, None where there is none, as in a report. A reply that speaks of spam, lists or policy
    beside such a code is about the sender, whatever the code.

    >>> is_address_fault("550 5.1.1 blocked by a list of spammers"), is_address_fault("no such user here", code=550)
    (False, True)
    """
    said = _QUOTED.sub(" ", words)
    if _POLICY.search(said):
        return False
    enhanced = enhanced_code(said)
    if enhanced:
        return enhanced.startswith("5.") and enhanced[2:] in _ADDRESS_FAULTS
    if code == _NO_MAIL_HERE:
        return True
    return code in _MAY_NAME_AN_ADDRESS and _NO_SUCH_MAILBOX.search(said) is not None


def enhanced_code(words: str) -> str:
    """Give the first enhanced code in a reply, "" where there is none.

    >>> enhanced_code("5.1.1 no such user"), enhanced_code("sorry (#5.1.1)"), enhanced_code("from 5.1.1.7")
    ('5.1.1', '5.1.1', '')
    """
    found = _ENHANCED.search(words)
    return found.group(0) if found else ""
