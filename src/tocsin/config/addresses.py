"""Mail and web addresses of a watchlist: each function takes one as written and gives it checked, or raises ValueError.

The error's text is the fault as the user reads it, remedy included. Nothing is looked up.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import SplitResult, urlsplit

from yarl import URL

from tocsin.config.wording import quoted

MAX_URL = 2_000

# RFC 5322 3.2.3 (atext), RFC 1035 2.3.4 and RFC 5321 4.5.3.1 (lengths); quoted local parts and address literals are
# left out on purpose: no newsreader has them and every attack on mail headers does; nor "%", a relic of routing.
_LOCAL_PART = re.compile(r"[A-Za-z0-9!#$&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.IGNORECASE)
_MAX_LOCAL_PART, _MAX_DOMAIN, _MAX_LABEL = 64, 253, 63


def mail_address(text: str, *, dotless: bool = False) -> str:
    """Check a mail address and give it with its domain in ASCII (A-labels); ``dotless`` allows ``localhost``."""
    local, _, domain = text.rpartition("@")
    ascii_domain = _ascii_domain(domain)
    fits = len(local) <= _MAX_LOCAL_PART and _LOCAL_PART.fullmatch(local) and ascii_domain
    if not fits or not (dotless or "." in ascii_domain):
        raise ValueError(f"{quoted(text)} is no mail address; write one such as zoe@example.org")
    return f"{local}@{ascii_domain}"


def mail_domain(text: str) -> str:
    """Check the domain of mail addresses and give it in lower-case ASCII (A-labels)."""
    domain = text.strip().removeprefix("*").rpartition("@")[2].lstrip(".")
    ascii_domain = _ascii_domain(domain).lower()
    if "." not in ascii_domain:
        raise ValueError(f"{quoted(text)} is no domain of mail addresses; write one such as example.org")
    if domain != text:
        raise ValueError(f"{quoted(text)} is more than a domain; write {quoted(ascii_domain)}, each domain by itself")
    return ascii_domain


def feed_url(text: str) -> str:
    """Check the address of a feed: http(s), with a host, without a password."""
    parts = _split(text)
    if parts is None or parts.scheme.lower() not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"{quoted(text)} is no web address; write one that begins with https://")
    if parts.username is not None or parts.password is not None:
        raise ValueError("an address with a user name or password in it is refused; this file is no place for secrets")
    if len(text) > MAX_URL or not _visible_url(text):
        raise ValueError("the address holds blanks or control characters, or is too long; copy it again")
    if not _has_proper_host(text):
        raise ValueError(f"{quoted(text)} names a host that cannot be; copy the address again")
    return text


def same_feed(url: str) -> str:
    """Give what two spellings of one feed's address have in common (RFC 3986 6.2.2, 6.2.3)."""
    parts = _split(url)
    if parts is None:
        return url
    usual = {"http": 80, "https": 443}.get(parts.scheme.lower())
    port = "" if parts.port in {None, usual} else f":{parts.port}"
    host = f"{(parts.hostname or '').lower()}{port}"
    return SplitResult(parts.scheme.lower(), host, parts.path or "/", parts.query, "").geturl()


def _ascii_domain(domain: str) -> str:
    """Give the domain in ASCII, or "" where it is none."""
    if len(domain) > _MAX_DOMAIN:
        return ""
    try:
        ascii_domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        return ""
    labels = ascii_domain.split(".")
    fits = len(ascii_domain) <= _MAX_DOMAIN and all(_LABEL.fullmatch(label) for label in labels)
    return ascii_domain if fits and not labels[-1].isdigit() else ""


def _split(url: str) -> SplitResult | None:
    """Take an address apart; None where it cannot be, or names a port that is none."""
    try:
        parts = urlsplit(url)
        unusable = parts.port == 0
    except ValueError:
        return None
    return None if unusable else parts


def _has_proper_host(url: str) -> bool:
    """Say whether the host can be asked for: the part between two dots has 1 to 63 letters (RFC 1035 2.3.4)."""
    try:
        host = URL(url).raw_host or ""
    except ValueError:
        return False
    labels = host.removesuffix(".").split(".")
    return ":" in host or all(1 <= len(label) <= _MAX_LABEL for label in labels)


def _visible_url(url: str) -> bool:
    if url.isprintable():
        return " " not in url
    return not any(char.isspace() or unicodedata.category(char) in {"Cc", "Cs", "Cf"} for char in url)
