"""Sending mail by SMTP, over a connection that is kept for as long as it is used."""

from __future__ import annotations

import smtplib
import ssl
import time
from types import TracebackType
from typing import Self

from tocsin.delivery.letterhead import Mail
from tocsin.delivery.mail_replies import Reply, meaning_of
from tocsin.delivery.smtp_address import SmtpAddress
from tocsin.delivery.smtp_client import SMTP_FAULTS, TimeLimit, open_smtp
from tocsin.models.deliveries import Deferred, Outcome, Refused, Sent
from tocsin.rendering.clean import one_line

TIMEOUT = 30.0
"""Seconds for each wait on the network."""

SEND_SECONDS = 60.0
"""For a message as a whole, with all its waits; what leases a message must do so for longer."""

QUIT_SECONDS = 5.0
"""For the answer to a goodbye, on which nothing depends."""

ASKED_AFTER = 1.0
"""Seconds that a connection was not used, after which the server is asked whether it is still there."""

_REPLY_LIMIT = 300
_PERMANENT = range(500, 600)
_WELL = 250


class SmtpSender:
    """Sends over one connection, opened for the first message and again after a fault; use it as a context manager.

    Certificates are verified. ``context`` may bring own authorities. Not for several threads.
    """

    def __init__(
        self,
        address: SmtpAddress,
        *,
        context: ssl.SSLContext | None = None,
        timeout: float = TIMEOUT,
        send_seconds: float = SEND_SECONDS,
    ) -> None:
        self._address = address
        # smtplib's own default context verifies nothing.
        self._context = context or ssl.create_default_context()
        self._timeout = timeout
        self._send_seconds = send_seconds
        self._limit = TimeLimit()
        self._connection: smtplib.SMTP | None = None
        self._used_at = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def send(self, mail: Mail) -> Outcome:
        """Hand one message to the server; 5xx to the address or the message refuses it, all other faults put it off.

        A connection lost after the end of the data leaves it open whether the server took the message: it is put off,
        and sent again under the same Message-ID.
        """
        with self._limit.of(self._send_seconds):
            try:
                connection = self._connected()
            except SMTP_FAULTS as error:
                self.close()
                return Deferred(self._set_up_fault(error))
            try:
                # BODY: the envelope alone says so much of SMTPUTF8 (RFC 6531 3.4); smtplib asks whether it is known.
                options = ["SMTPUTF8", "BODY=8BITMIME"] if mail.needs_utf8 else []
                refused = connection.sendmail(mail.sender, [mail.recipient], mail.content, options)
            except SMTP_FAULTS as error:
                return self._outcome(error)
        # With one recipient smtplib raises when it is refused, so that nothing is left to be looked at.
        return Sent(f"accepted by {self._address}") if not refused else Refused(f"refused by {self._address}")

    def close(self) -> None:
        """Say goodbye and close the connection, if there is one."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            if connection.sock is not None:
                connection.sock.settimeout(QUIT_SECONDS)
            connection.quit()
        except SMTP_FAULTS:
            connection.close()  # it is gone already, and all that was accepted was answered

    def _connected(self) -> smtplib.SMTP:
        if self._connection is not None and time.monotonic() - self._used_at > ASKED_AFTER:
            self._ask(self._connection)
        self._used_at = time.monotonic()
        if self._connection is None:
            self._connection = open_smtp(
                self._address, context=self._context, limit=self._limit, step_seconds=self._timeout
            )
        return self._connection

    def _ask(self, connection: smtplib.SMTP) -> None:
        """Close a connection whose server does not want to go on: that it ended in a pause is no fault of its."""
        try:
            code, _ = connection.noop()
        except SMTP_FAULTS:
            code = 0
        if code != _WELL:
            self.close()

    def _set_up_fault(self, error: Exception) -> str:
        """Say why there is no connection. Never the message's fault, so it waits until the server is mended."""
        place = f"mail server {self._address}"
        slow = self._slow(error)
        match error:
            case _ if slow:
                return f"{place} {slow}"
            case smtplib.SMTPAuthenticationError():
                return f"{place} refused the user name or password; check SMTP_URL ({_reply(error)})"
            case ssl.SSLCertVerificationError():
                return f"{place} shows a certificate that cannot be trusted: {error.verify_message}"
            case smtplib.SMTPNotSupportedError() if "STARTTLS" in str(error):
                return f"{place} does not offer STARTTLS, so nothing was sent in the clear; try smtps:// in SMTP_URL"
            case UnicodeError():  # its words would show a part of the password
                return f"{place} cannot be used: host, user and password in SMTP_URL must be ASCII"
            case _:
                return f"{place} cannot be used: {_reply(error)}"

    def _outcome(self, error: Exception) -> Outcome:
        place = f"mail server {self._address}"
        if isinstance(error, smtplib.SMTPNotSupportedError):
            self._reset()
            return Refused(f"{place} does not take addresses beyond ASCII (SMTPUTF8); use another address or server")
        # Half a reply, where the connection was cut off, is none.
        code, reply = None if self._limit.expired else _code(error), _reply(error)
        if code is None or code == 421:  # noqa: PLR2004 - RFC 5321 4.2.2: the server closes the connection
            self.close()
            return Deferred(
                f"{place}: {reply}, and the connection was lost" if code else f"{place}: {self._lost(error)}"
            )
        if code not in _PERMANENT:
            return Deferred(f"{place}: {reply}", only_this=True)
        match meaning_of(code, reply, of_sender=isinstance(error, smtplib.SMTPSenderRefused)):
            case Reply.ADDRESS:
                return Refused(f"{place}: {reply}", address_fault=True)
            case Reply.MESSAGE:
                return Refused(f"{place}: {reply}")
            case Reply.SENDER:
                # A fault of settings: it waits, as all others do, until these are mended.
                return Deferred(f"{place} takes no mail from us; check SMTP_URL and TOCSIN_MAIL_FROM ({reply})")

    def _lost(self, error: Exception) -> str:
        what = self._slow(error) or f"connection lost ({_words(error)})"
        return f"{what}; it may have taken the message, which goes out again under the same Message-ID"

    def _slow(self, error: Exception) -> str | None:
        """Say what took too long; None if nothing did."""
        if self._limit.expired:
            return f"took longer than {self._send_seconds:g} s"
        return f"did not answer within {self._timeout:g} s" if _timed_out(error) else None

    def _reset(self) -> None:
        """Begin anew; smtplib has sent no RSET where it refused a message by itself."""
        if self._connection is not None:
            try:
                self._connection.rset()
            except SMTP_FAULTS:
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


def _timed_out(error: Exception) -> bool:
    """Tell a silent server from one that hung up; smtplib makes both a lost connection."""
    return isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)


def _words(error: Exception) -> str:
    return one_line(str(error), _REPLY_LIMIT) or type(error).__name__
