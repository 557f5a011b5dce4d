"""Single settings: each function takes a variable's text and gives its value checked, or raises ValueError.

The error's text names fault and remedy; the variable's name is put before it in `settings`. A text that may hold a
password is never repeated in an error. Values that are no text (the defaults) pass unchanged.
"""

from __future__ import annotations

import contextlib
import ipaddress
import math
import re
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from tocsin.config.addresses import mail_address
from tocsin.config.wording import nearest, quoted

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

MIN_SECRET = 32
MAX_PORT = 65_535
MAX_MINUTES = 1_440
MIN_MINUTES = 0.01
POSTGRES = "postgresql+psycopg"

_FORM_OF_SENDER = re.compile(r"(?P<name>[^<>\x00-\x1f\x7f]*)<(?P<address>[^<>]*)>")


def path(value: str | Path) -> Path:
    """Take a path; ``~`` is the user's home."""
    try:
        return Path(value).expanduser()
    except RuntimeError as error:
        raise ValueError(f"{quoted(str(value))} names a user unknown here; write the path in full") from error


def folder(value: str | Path) -> Path:
    """Take a folder's path and make it absolute, so that it stays the same wherever a process runs."""
    return path(value).absolute()


def database_url(value: object) -> object:
    """Check a database's address; PostgreSQL's usual ones become SQLAlchemy's for psycopg 3."""
    if not isinstance(value, str):
        return value
    parts = url_parts(value)
    if parts.scheme in {"postgres", "postgresql", POSTGRES}:
        if not parts.hostname and "host=" not in parts.query:
            raise ValueError("the address names no host; write postgresql://user:password@host/name")
        return f"{POSTGRES}{value[len(parts.scheme) :]}"
    if parts.scheme != "sqlite":
        raise ValueError("the address must begin with postgresql:// or sqlite:///")
    if parts.netloc or not parts.path.strip("/"):
        raise ValueError("the address names no file; write sqlite:///relative/path or sqlite:////absolute/path")
    return value


def redis_url(value: object) -> object:
    """Check a Redis server's address."""
    if not isinstance(value, str):
        return value
    parts = url_parts(value)
    wanted = {"redis": parts.hostname, "rediss": parts.hostname, "unix": parts.path}
    if not wanted.get(parts.scheme):
        raise ValueError("write redis://host:6379/0, rediss://host:6379/0 (TLS) or unix:///path/of/socket")
    return value


def smtp_url(value: object) -> object:
    """Check a mail server's address; without TLS it must be on this machine."""
    if not isinstance(value, str):
        return value
    parts = url_parts(value)
    if parts.scheme not in {"smtp", "smtps", "smtp+plain"} or not parts.hostname:
        raise ValueError("write smtp://user:password@host:587 (STARTTLS) or smtps://user:password@host:465 (TLS)")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError("nothing may follow host and port; percent-encode / ? # in the password (%2F %3F %23)")
    if parts.scheme == "smtp+plain" and not is_loopback(parts.hostname):
        raise ValueError("smtp+plain:// has no TLS and is for this machine only; use smtp:// or smtps://")
    return value


def sender(text: str) -> str:
    """Check the sender of mails: an address, or ``Name <address>``."""
    form = _FORM_OF_SENDER.fullmatch(text)
    address = form["address"] if form else text
    try:
        checked = mail_address(address, dotless=True)
    except ValueError as error:
        raise ValueError(f"{quoted(text)} is no sender; write one such as 'Tocsin <tocsin@example.org>'") from error
    name = form["name"].strip() if form else ""
    return f"{name} <{checked}>" if name else checked


def contact(text: str | None) -> str | None:
    """Check how to reach the operator: a mail address, or a web address."""
    if text is None:
        return None
    if "@" in text and "/" not in text:
        return mail_address(text)
    if _web_address(text) is None:
        raise ValueError(f"{quoted(text)} is neither a mail address nor a web address; write one of them")
    return text


def base_url(text: str) -> str:
    """Check under which address the pages are reached from outside; a slash at its end is dropped."""
    parts = _web_address(text)
    if parts is None or parts.query or parts.fragment:
        raise ValueError(f"{quoted(text)} is no address for pages; write one such as https://tocsin.example.org")
    return text.rstrip("/")


def host(text: str) -> str:
    """Check a host's name or address to listen on."""
    if not re.fullmatch(r"[A-Za-z0-9.:_-]{1,253}", text):
        raise ValueError(f"{quoted(text)} is no host; write 127.0.0.1 (this machine) or 0.0.0.0 (all)")
    return text


def port(value: str | int) -> int:
    """Check a TCP port."""
    text = str(value)
    if not re.fullmatch("[0-9]{1,5}", text) or not 1 <= int(text) <= MAX_PORT:
        raise ValueError(f"{quoted(text)} is no port; write a number from 1 to {MAX_PORT}")
    return int(text)


def secret(value: object) -> object:
    """Check the length of the secret."""
    if isinstance(value, str) and len(value) < MIN_SECRET:
        raise ValueError(f"shorter than {MIN_SECRET} characters; make one with `openssl rand -hex 32`")
    return value


def networks(value: str | tuple[Network, ...]) -> tuple[Network, ...]:
    """Check networks in CIDR notation, separated by commas."""
    if not isinstance(value, str):
        return value
    return tuple(_network(part.strip()) for part in value.split(",") if part.strip())


def minutes(value: str | float) -> float:
    """Check the shortest time between two polls of a feed, in minutes; fractions are for trying things out."""
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not MIN_MINUTES <= number <= MAX_MINUTES:
        raise ValueError(f"{quoted(str(value))} is no interval; write minutes from 1 to {MAX_MINUTES}")
    return number


def switch(value: str | bool) -> bool:
    """Check whether something is wanted."""
    return value if isinstance(value, bool) else _choice(value, ("on", "off")) == "on"


def log_format(text: str) -> str:
    """Check how the log is written."""
    return _choice(text, ("console", "json"))


def log_level(text: str) -> str:
    """Check from which level on the log is written."""
    return _choice(text, ("debug", "info", "warning", "error"))


def _choice(text: str, known: tuple[str, ...]) -> str:
    if text.lower() in known:
        return text.lower()
    near = nearest(text, known)
    raise ValueError(
        f"{quoted(text)} is unknown; " + (f"did you mean {near}?" if near else f"write {' or '.join(known)}")
    )


def _network(text: str) -> Network:
    try:
        return ipaddress.ip_network(text)
    except ValueError as error:
        remedy = "write networks such as 127.0.0.0/8, separated by commas"
        with contextlib.suppress(ValueError):
            remedy = f"write {ipaddress.ip_network(text, strict=False)}"
        raise ValueError(f"{quoted(text)} is no network; {remedy}") from error


def url_parts(url: str) -> SplitResult:
    """Take an address apart without ever repeating it: it may hold a password."""
    try:
        parts = urlsplit(url)
        unusable = parts.port == 0
    except ValueError:
        unusable = True
    if unusable or any(char.isspace() or not char.isprintable() for char in url):
        raise ValueError("the address cannot be read; check the port, and percent-encode @ : / ? # in the password")
    return parts


def _web_address(text: str) -> SplitResult | None:
    try:
        parts = url_parts(text)
    except ValueError:
        return None
    fits = parts.scheme in {"http", "https"} and parts.hostname and parts.username is None and text.isascii()
    return parts if fits else None


def is_loopback(name: str) -> bool:
    """Say whether the host is this machine."""
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"
