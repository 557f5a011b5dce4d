"""The address of a mail server, as SMTP_URL says it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import SplitResult, unquote, urlsplit

from tocsin.errors import MailSetupError
from tocsin.rendering.clean import one_line

_HOST_LIMIT = 100


class TlsMode(StrEnum):
    """How the connection is protected (RFC 8314)."""

    IMPLICIT = "implicit"
    STARTTLS = "starttls"
    NONE = "none"


_SCHEMES = {
    "smtps": (TlsMode.IMPLICIT, 465),
    "smtp": (TlsMode.STARTTLS, 587),
    "smtp+plain": (TlsMode.NONE, 25),
}


@dataclass(frozen=True, slots=True)
class SmtpAddress:
    """A mail server. ``user`` and ``password`` are None where it asks for none; the password is never shown."""

    host: str
    port: int
    tls: TlsMode
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


def parse_smtp_url(url: str) -> SmtpAddress:
    """Read ``smtps://user:password@host`` (TLS from the start), ``smtp://`` (STARTTLS, required) or
    ``smtp+plain://127.0.0.1:2525`` (no TLS, this machine only).

    Raises MailSetupError, which never repeats the address, since it may hold a password.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError as error:
        raise MailSetupError(f"SMTP_URL: {_without_values(error)}; write smtps://user:password@host:465") from error
    if parts.scheme not in _SCHEMES:
        raise MailSetupError("SMTP_URL must begin with smtps://, smtp:// or, on this machine only, smtp+plain://")
    tls, usual = _SCHEMES[parts.scheme]
    host, user, password = parts.hostname or "", _unquoted(parts.username), _unquoted(parts.password)
    _check(parts, host, tls)
    _check_words(host, user, password)
    return SmtpAddress(host, port or usual, tls, user, password)


def _check(parts: SplitResult, host: str, tls: TlsMode) -> None:
    if not host:
        raise MailSetupError("SMTP_URL names no host; write smtps://user:password@host:465")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise MailSetupError(
            "SMTP_URL goes on after the port; write / ? # @ and : in a password as %2F %3F %23 %40 %3A"
        )
    if (parts.username is None) != (parts.password is None):
        raise MailSetupError("SMTP_URL must name both user and password, or neither")
    if tls is TlsMode.NONE and not _is_loopback(host):
        raise MailSetupError(
            f"SMTP_URL: smtp+plain:// is for this machine only, not for {host}; use smtps:// or smtp://, with TLS"
        )


def _check_words(host: str, user: str | None, password: str | None) -> None:
    """Refuse what could be said to no server: names that cannot be looked up, and logins beyond ASCII."""
    try:
        host.encode("idna")
    except UnicodeError as error:
        raise MailSetupError(
            f"SMTP_URL: {one_line(host, _HOST_LIMIT)!r} is no host name, since parts between dots have 1 to 63 "
            "characters; write one such as mail.example.org"
        ) from error
    if not all(word is None or word.isascii() for word in (user, password)):
        raise MailSetupError(
            "SMTP_URL: user and password can have ASCII characters only when a mail server is logged in to; "
            "set another password, such as one for this program alone"
        )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _unquoted(value: str | None) -> str | None:
    return None if value is None else unquote(value)


def _without_values(error: ValueError) -> str:
    """Say which part is wrong; the library's own words quote it."""
    return "the port is not a number up to 65535" if "port" in str(error).lower() else "it is not an address"
