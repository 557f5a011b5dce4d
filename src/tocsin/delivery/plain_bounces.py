"""Bounces in plain words, by servers that write no report for machines: qmail (its "QSBMF"), gateways, old ones. Pure.

They are read with care: what is no failure for good in plain sight is left alone, since a wrong guess would end
somebody's digests.
"""

from __future__ import annotations

import re

from tocsin.delivery.mail_replies import enhanced_code, is_address_fault
from tocsin.models.ids import DeliveryId
from tocsin.models.mail_reports import Bounced, Delayed, Unused
from tocsin.rendering.clean import one_line

_LONGEST = 8_000
_WORDS_LIMIT = 300

# What follows is the message itself, which may say anything.
_COPY = re.compile(
    r"^.{0,20}(?:below this line is a copy|copy of the message|original message|undelivered message follows).*$",
    re.IGNORECASE | re.MULTILINE,
)
_WAITS = re.compile(
    r"\bdelay(?:ed)?\b|\bwarning\b|will (?:continue|keep|be retried)|still trying|not yet been delivered|temporar",
    re.IGNORECASE,
)
_GAVE_UP = re.compile(r"permanent error|giv(?:en|ing) (?:it )?up|not going to try again", re.IGNORECASE)
_SMTP_CODE = re.compile(r"(?<![\w.])([45][0-9]{2})(?=[ -])(?! *(?:bytes|kb))", re.IGNORECASE)


def read_plain(delivery: DeliveryId, text: str) -> Bounced | Delayed | Unused:
    """Say what a text by a mailer-daemon means: that of its paragraph with a code."""
    told = _COPY.split(text[:_LONGEST].replace("\r\n", "\n"), maxsplit=1)[0]
    for paragraph in re.split(r"\n[ \t]*\n", told):
        enhanced, code = enhanced_code(paragraph), _SMTP_CODE.search(paragraph)
        kind = enhanced[:1] or (code[1][0] if code else "")
        words = one_line(paragraph, _WORDS_LIMIT)
        if kind and not _GAVE_UP.search(told) and (kind == "4" or _WAITS.search(told)):
            return Delayed(delivery, words)
        if kind:
            return Bounced(delivery, words, is_address_fault(paragraph, code=int(code[1]) if code else None))
    return Unused("words by a mail server, without a code that says what they mean", is_unclear=True)
