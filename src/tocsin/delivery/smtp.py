"""Mail by SMTP: the server's address, and a sender that keeps its connection for as long as it is used."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from enum import StrEnum
from ipaddress import ip_address
from types import TracebackType
from typing import Self
from urllib.parse import SplitResult, unquote, urlsplit

from tocsin.errors import MailSetupError
from tocsin.models.deliveries import Deferred, Outcome, Refused, Sent
from tocsin.rendering.clean import one_line

TIMEOUT = 30.0
_REPLY_LIMIT = 300
_PERMANENT = range(500, 600)


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
    host = parts.hostname or ""
    _check(parts, host, tls)
    return SmtpAddress(host, port or usual, tls, _unquoted(parts.username), _unquoted(parts.password))


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


class SmtpSender:
    """Sends over one connection, opened for the first message and again after a fault; use it as a context manager.

    Certificates are verified. ``context`` may bring own authorities. Not for several threads.
    """

    def __init__(
        self, address: SmtpAddress, *, context: ssl.SSLContext | None = None, timeout: float = TIMEOUT
    ) -> None:
        self._address = address
        # smtplib's own default context verifies nothing.
        self._context = context or ssl.create_default_context()
        self._timeout = timeout
        self._connection: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def send(self, message: EmailMessage) -> Outcome:
        """Hand one message to the server; 5xx refuses it, all other faults put it off.

        A connection lost after the end of the data leaves it open whether the server took the message: it is put off,
        and sent again under the same Message-ID.
        """
        try:
            connection = self._connected()
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            return Deferred(self._set_up_fault(error))
        try:
            refused = connection.send_message(message)
        except (smtplib.SMTPException, OSError) as error:
            return self._outcome(error)
        # With one recipient smtplib raises when it is refused, so that nothing is left to be looked at.
        return Sent(f"accepted by {self._address}") if not refused else Refused(f"refused by {self._address}")

    def close(self) -> None:
        """Say goodbye and close the connection, if there is one."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            connection.quit()
        except (smtplib.SMTPException, OSError):
            connection.close()  # it is gone already, and all that was accepted was answered

    def _connected(self) -> smtplib.SMTP:
        if self._connection is None:
            self._connection = self._open()
        return self._connection

    def _open(self) -> smtplib.SMTP:
        address = self._address
        if address.tls is TlsMode.IMPLICIT:
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                address.host, address.port, timeout=self._timeout, context=self._context
            )
        else:
            connection = smtplib.SMTP(address.host, address.port, timeout=self._timeout)
        try:
            if address.tls is TlsMode.STARTTLS:
                connection.starttls(context=self._context)
            if address.user is not None and address.password is not None:
                connection.login(address.user, address.password)
        except (smtplib.SMTPException, OSError):
            connection.close()
            raise
        return connection

    def _set_up_fault(self, error: Exception) -> str:
        """Say why there is no connection. Never the message's fault, so it waits until the server is mended."""
        place = f"mail server {self._address}"
        match error:
            case smtplib.SMTPAuthenticationError():
                return f"{place} refused the user name or password; check SMTP_URL ({_reply(error)})"
            case ssl.SSLCertVerificationError():
                return f"{place} shows a certificate that cannot be trusted: {error.verify_message}"
            case smtplib.SMTPNotSupportedError() if "STARTTLS" in str(error):
                return f"{place} does not offer STARTTLS, so nothing was sent in the clear; try smtps:// in SMTP_URL"
            case _ if _timed_out(error):
                return f"{place} did not answer within {self._timeout:g} s"
            case _:
                return f"{place} cannot be used: {_reply(error)}"

    def _outcome(self, error: Exception) -> Outcome:
        place = f"mail server {self._address}"
        if isinstance(error, smtplib.SMTPNotSupportedError):
            self._reset()
            return Refused(f"{place} does not take addresses beyond ASCII (SMTPUTF8); use another address or server")
        code, reply = _code(error), _reply(error)
        if code is None or code == 421:  # noqa: PLR2004 - RFC 5321 4.2.2: the server closes the connection
            self.close()
            return Deferred(f"{place}: {reply}, and the connection was lost" if code else f"{place}: {_lost(error)}")
        return Refused(f"{place}: {reply}") if code in _PERMANENT else Deferred(f"{place}: {reply}")

    def _reset(self) -> None:
        """Begin anew; smtplib has sent no RSET where it refused a message by itself."""
        if self._connection is not None:
            try:
                self._connection.rset()
            except (smtplib.SMTPException, OSError):
                self.close()


def _code(error: Exception) -> int | None:
    """Give the server's reply code; None where there was no reply."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return next(iter(error.recipients.values()))[0]
    return error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else None


def _reply(error: Exception) -> str:
    """Give code and words of the server's reply on one line."""
    words: bytes | str
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        words = next(iter(error.recipients.values()))[1]
    elif isinstance(error, smtplib.SMTPResponseException):
        words = error.smtp_error
    else:
        return _words(error)
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    return one_line(f"{_code(error)} {text}", _REPLY_LIMIT)


def _lost(error: Exception) -> str:
    what = "no answer in time" if _timed_out(error) else f"connection lost ({_words(error)})"
    return f"{what}; it may have taken the message, which goes out again under the same Message-ID"


def _timed_out(error: Exception) -> bool:
    """Tell a silent server from one that hung up; smtplib makes both a lost connection."""
    return isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)


def _words(error: Exception) -> str:
    return one_line(str(error), _REPLY_LIMIT) or type(error).__name__
