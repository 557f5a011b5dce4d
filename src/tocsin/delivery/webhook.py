"""Alerts to a program of the reader's: signed JSON by HTTP POST. Addresses and secrets are never logged or shown."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

import pycurl

from tocsin import __version__
from tocsin.delivery.redaction import redacted
from tocsin.delivery.signature import key_of, signed_headers
from tocsin.feeds.caching import retry_after
from tocsin.feeds.certificates import trusted_certificates
from tocsin.models.deliveries import Deferred, Outcome, Refused, Sent

WEBHOOK_SECONDS: Final = 20.0
"""For a message as a whole: name look-up, connection and answer, however slowly it comes."""

LONGEST_ANSWER: Final = 64 * 1024
"""Bytes that are read of an answer's body."""

_LONGEST_HEAD: Final = 32 * 1024
_LONGEST_ADDRESS: Final = 2_000
_HTTP_ONLY: Final = pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS
_QUICK_EXIT: Final = 322
"""CURLOPT_QUICK_EXIT, which pycurl does not name: without it, closing waits a minute for a dead name service."""

_TRANSIENT: Final = frozenset({302, 303, 307, 408, 425, 429})
_GONE: Final = 410
_PERMANENT: Final = (301, 308, *range(400, 500))
_WORDS: Final = {
    pycurl.E_COULDNT_RESOLVE_HOST: "its host name leads nowhere",
    pycurl.E_COULDNT_CONNECT: "nobody answers at its address",
    pycurl.E_GOT_NOTHING: "it closed the connection without an answer",
    pycurl.E_RECV_ERROR: "the connection was lost",
    pycurl.E_SEND_ERROR: "the connection was lost",
    pycurl.E_PARTIAL_FILE: "the connection was lost in the middle of the answer",
    pycurl.E_PEER_FAILED_VERIFICATION: "it shows a certificate that cannot be trusted",
    pycurl.E_SSL_CONNECT_ERROR: "TLS could not be agreed upon",
    pycurl.E_UNSUPPORTED_PROTOCOL: "what answers does not speak HTTP",
    pycurl.E_FTP_WEIRD_SERVER_REPLY: "what answers does not speak HTTP",
}


@dataclass(slots=True)
class _Answer:
    """What comes back, as far as it is read."""

    lines: list[bytes] = field(default_factory=list)
    body: bytearray = field(default_factory=bytearray)
    head_size: int = 0

    def add_line(self, line: bytes) -> int | None:
        """Take a line of the head; -1 ends the transfer where there are too many."""
        if line.startswith(b"HTTP/"):
            self.lines.clear()  # what came before was a 1xx
        self.head_size += len(line)
        self.lines.append(line)
        return -1 if self.head_size > _LONGEST_HEAD else None

    def add_body(self, piece: bytes) -> int | None:
        """Take a piece of the body; -1 ends the transfer where it is too long."""
        room = LONGEST_ANSWER - len(self.body)
        self.body += piece[:room]
        return -1 if len(piece) > room else None

    def fields(self) -> dict[str, str]:
        """Give the head's fields, names in lower case; the last of several wins."""
        pairs = (line.decode("latin-1").partition(":") for line in self.lines[1:])
        return {name.strip().lower(): value.strip() for name, colon, value in pairs if colon}


class WebhookSender:
    """Sends to the addresses that environment variables hold; for one thread.

    ``environment`` is where variables are looked up, ``clock`` gives aware UTC, ``contact`` is told to the other side.
    """

    def __init__(
        self,
        environment: Mapping[str, str],
        clock: Callable[[], datetime],
        *,
        contact: str | None = None,
        seconds: float = WEBHOOK_SECONDS,
    ) -> None:
        self._environment = environment
        self._clock = clock
        self._agent = f"Tocsin/{__version__}{f' (+{contact})' if contact else ''}"
        self._seconds = seconds
        self._curl: Any = None

    def send(self, variable: str, secret: str, message_id: str, payload: Mapping[str, object]) -> Outcome:
        """Post a payload to the address in ``variable``, signed with the key in ``secret``.

        ``message_id`` is the same in every attempt: by it the other side knows a message that it has already.
        """
        fault = webhook_fault(self._environment, variable, secret)
        if fault:
            return Deferred(fault)
        address, key = self._environment[variable].strip(), key_of(self._environment[secret].strip())
        now = self._clock()
        body = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")
        answer, code = self._post(address, body, signed_headers(message_id, now, body, key))
        return self._outcome(f"the webhook in {variable}", address, answer, code, now)

    def close(self) -> None:
        """Close the connection, if there is one."""
        curl, self._curl = self._curl, None
        if curl is not None:
            curl.close()

    def _post(self, address: str, body: bytes, signature: Mapping[str, str]) -> tuple[_Answer, int]:
        """Make the request; gives what came back, and libcurl's code, 0 where all of it came."""
        if self._curl is None:
            self._curl = _new_handle(self._seconds)
        curl, answer = self._curl, _Answer()
        headers = {"Content-Type": "application/json", "User-Agent": self._agent, "Accept": "application/json"}
        # An empty field keeps libcurl from asking for leave first (Expect: 100-continue).
        lines = [f"{name}: {value}" for name, value in (headers | dict(signature)).items()] + ["Expect:"]
        curl.setopt(pycurl.URL, address.encode())
        curl.setopt(pycurl.HTTPHEADER, [line.encode() for line in lines])
        curl.setopt(pycurl.COPYPOSTFIELDS, body)
        curl.setopt(pycurl.HEADERFUNCTION, answer.add_line)
        curl.setopt(pycurl.WRITEFUNCTION, answer.add_body)
        try:
            curl.perform()
        except pycurl.error as error:
            return answer, error.args[0]
        return answer, 0

    def _outcome(self, place: str, address: str, answer: _Answer, code: int, now: datetime) -> Outcome:
        """Decide what an answer means; an answer whose body was too long or broke off still has its status."""
        if code == pycurl.E_OPERATION_TIMEDOUT:
            return Deferred(f"{place} took longer than {self._seconds:g} s to answer")
        status = self._curl.getinfo(pycurl.RESPONSE_CODE)
        if not status or (code and code != pycurl.E_WRITE_ERROR):
            return Deferred(f"{place} cannot be used: {_WORDS.get(code, f'libcurl ends with code {code}')}")
        said = redacted(bytes(answer.body[:2000]).decode(errors="replace"), address)
        if 200 <= status < 300:  # noqa: PLR2004 - RFC 9110 15.3: it was taken
            objection = _objection(bytes(answer.body))
            if objection is None:
                return Sent(f"{place} answered {status}{said and f': {said}'}")
            return Deferred(f"{place} answered {status}, but with an error: {redacted(objection, address)}")
        words = f"{place} answered {status}{_hint(status)}{said and f': {said}'}"
        if status in _PERMANENT and status not in _TRANSIENT:
            return Refused(words)
        wish = retry_after(answer.fields(), now)
        return Deferred(words, after=wish.at - now if wish else None)


def webhook_fault(environment: Mapping[str, str], variable: str, secret: str) -> str | None:
    """Say what is wrong with the variables that hold a webhook's address and secret, None for nothing."""
    address, words = environment.get(variable, "").strip(), environment.get(secret, "").strip()
    missing = [name for name, value in ((variable, address), (secret, words)) if not value]
    if missing:
        return f"{' and '.join(missing)}: not set; set in the environment and restart Tocsin"
    if not _is_web_address(address):
        return f"{variable} holds no web address; write one that begins with https:// and restart Tocsin"
    try:
        key_of(words)
    except ValueError as error:
        return f"the secret in {secret} {error}, and restart Tocsin"
    return None


def _is_web_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
        usable = parts.port != 0 and bool(parts.hostname)
    except ValueError:
        return False
    visible = len(address) <= _LONGEST_ADDRESS and address.isprintable() and " " not in address
    return usable and visible and parts.scheme.lower() in {"http", "https"}


def _hint(status: int) -> str:
    """Say what to do about a status, where more can be said than its number."""
    if status == _GONE:
        return " (gone for ever); take the channel out of the watchlist, or set its new address"
    if 300 <= status < 400:  # noqa: PLR2004 - RFC 9110 15.4
        return " (a redirect, which is not followed); set the address that it leads to"
    return ""


def _objection(body: bytes) -> str | None:
    """Find what a body of JSON says against the message that its status calls taken; None where it says nothing.

    >>> _objection(b'{"ok": false, "error": "no such channel"}'), _objection(b'{"ok": true, "errors": []}')
    ('no such channel', None)
    """
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict):
        return None
    for key in ("error", "errors"):
        if said.get(key):
            return str(said[key])
    denied = next((key for key in ("ok", "success") if said.get(key) is False), None)
    return None if denied is None else f'"{denied}": false'


def _new_handle(seconds: float) -> Any:
    """Make a handle of libcurl that bounds everything by one deadline, DNS and answers that come in drops included."""
    curl = pycurl.Curl()
    for option, value in (
        (pycurl.NOSIGNAL, 1),
        (pycurl.PROTOCOLS, _HTTP_ONLY),
        (pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_2TLS),
        (pycurl.PROXY, ""),
        (pycurl.TIMEOUT_MS, max(1, round(seconds * 1000))),
        (_QUICK_EXIT, 1),
        *trusted_certificates(),
    ):
        curl.setopt(option, value)
    return curl
