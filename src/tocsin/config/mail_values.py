"""Settings of mail, one by one: bounces, DKIM, the rate, templates.

As in `setting_values`, each function takes a variable's text and gives its value checked, or raises ValueError with
fault and remedy, and a text that may hold a password is never repeated.
"""

from __future__ import annotations

import re
from pathlib import Path

from tocsin.config import rates
from tocsin.config.addresses import mail_address
from tocsin.config.setting_values import folder, is_loopback, path, secret, url_parts
from tocsin.config.wording import Suggestions, UnknownWord, quoted
from tocsin.models.watchlist import Rate

MAX_LOCAL_PART = 24
"""Of the address of bounces: what is added to it, a plus, two ids and a tag, must fit into 64 characters with it
(RFC 5321 4.5.3.1.1).
"""

_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.IGNORECASE)
_BOX_FORMS = "imaps://user:password@host/INBOX, or maildir:///path/of/folder"


def bounces(text: str | None) -> str | None:
    """Check the address that bounces come back to; one that plus addresses can be made of (RFC 5233)."""
    if text is None:
        return None
    example = "write one such as bounces@news.example.org"
    try:
        address = mail_address(text, dotless=True)
    except ValueError as error:
        raise ValueError(f"{quoted(text)} is no mail address; {example}") from error
    local = address.rpartition("@")[0]
    if "+" in local:
        raise ValueError(f"{quoted(text)} has a plus, which Tocsin adds itself; {example}")
    if len(local) > MAX_LOCAL_PART:
        raise ValueError(f"{quoted(text)} has more than {MAX_LOCAL_PART} characters before the @; {example}")
    return address


def bounce_box(value: object) -> object:
    """Check where bounces are read: an IMAP mailbox, without TLS on this machine only, or a Maildir."""
    if not isinstance(value, str):
        return value
    parts = url_parts(value)
    if parts.query or parts.fragment:
        raise ValueError("nothing may follow the folder; percent-encode / ? # in the password (%2F %3F %23)")
    if parts.scheme == "maildir":
        if parts.netloc or not parts.path.strip("/"):
            raise ValueError("the address names no folder; write maildir:///absolute/path")
        return value
    if parts.scheme not in {"imaps", "imap+plain"} or not parts.hostname:
        raise ValueError(f"write {_BOX_FORMS}")
    if not parts.username or not parts.password:
        raise ValueError(f"the address names no user or no password; write {_BOX_FORMS}")
    if parts.scheme == "imap+plain" and not is_loopback(parts.hostname):
        raise ValueError("imap+plain:// has no TLS and is for this machine only; use imaps://")
    return value


def bounce_token(value: object) -> object:
    """Check the word that a mail service shows when it reports a bounce: long, and fit for a header (RFC 6750 2.1)."""
    if isinstance(value, str) and not re.fullmatch(r"[A-Za-z0-9._~+/-]+=*", value):
        raise ValueError("only letters, digits and . _ ~ + / - may stand in it; make one with `openssl rand -hex 32`")
    return secret(value)


def dkim_key_file(text: str | None) -> Path | None:
    """Take the path of a key; who signs with it finds out whether it is one."""
    return None if text is None else path(text)


def dkim_selector(text: str | None) -> str | None:
    """Check the name under which the DKIM key is published (RFC 6376 3.1): labels as in a domain."""
    if text is None or all(_LABEL.fullmatch(label) for label in text.split(".")):
        return text
    raise ValueError(f"{quoted(text)} is no selector; write the word before ._domainkey in your DNS, such as mail2026")


def mail_rate(value: str | Rate | None) -> Rate | None:
    """Check how many messages one domain gets; None, written ``off``, for any number."""
    if not isinstance(value, str):
        return value
    if value.lower() == "off":
        return None
    try:
        return rates.rate(value)
    except UnknownWord as error:
        raise ValueError(Suggestions().complete(error)) from error


def templates(text: str | None) -> Path | None:
    """Check the folder of one's own templates."""
    if text is None:
        return None
    found = folder(text)
    if not found.is_dir():
        raise ValueError(f"{quoted(str(found))} is no folder; make it, or unset the variable to use Tocsin's templates")
    return found
