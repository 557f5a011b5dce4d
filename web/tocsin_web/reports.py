"""``/mail/reports``: where a mail service hands over what came back, one mail a request, as it is (``message/rfc822``).

Whoever shows the token may speak. What a mail says is believed only of the message whose own address is in it (see
`tocsin.delivery.bounces`), so that a token that leaks ends nobody's digests by itself.
"""

from __future__ import annotations

import asyncio
import hmac
from dataclasses import dataclass, field

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

from tocsin.delivery.bounces import LARGEST
from tocsin.delivery.returned_mail import take_report
from tocsin_web.house import WebHouse
from tocsin_web.security import NEVER_STORED

METHODS = ("POST",)
AT_ONCE = 4
"""Bodies that are read at a time; with `LARGEST` this bounds the memory that they take."""

SECONDS = 30.0
_TYPES = frozenset({"message/rfc822", "message/global"})

_log = structlog.get_logger(__name__)


class _TooLargeError(Exception):
    """The body is larger than `LARGEST`."""


@dataclass(frozen=True, slots=True)
class ReportPages:
    """The endpoint."""

    house: WebHouse
    turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def take(self, request: Request) -> Response:
        """Take a mail; 202 says that it was read and committed, whatever it said."""
        refusal = self._refusal(request)
        if refusal is not None:
            return refusal
        try:
            async with asyncio.timeout(SECONDS), self.turns:
                body = await _body(request)
        except TimeoutError:
            return _said(503, "That took too long.", {"Retry-After": "60"})
        except _TooLargeError:
            return _said(413, f"No more than {LARGEST} bytes are taken; leave out the message that came back.")
        except ClientDisconnect:
            return _said(400, "The body broke off.")
        if not body.strip():
            return _said(400, "There is no mail in the body.")
        await run_in_threadpool(self._take, body)
        return _said(202, "Taken.")

    def _refusal(self, request: Request) -> Response | None:
        token = self.house.bounce_token
        if token is None or self.house.verp is None:
            return _said(404, "No reports are taken here: TOCSIN_BOUNCES and TOCSIN_BOUNCE_TOKEN are not set.")
        shown = request.headers.get("authorization", "")
        scheme, _, value = shown.partition(" ")
        # Compared even where the scheme is another one, so that all refusals take the same time.
        is_ours = hmac.compare_digest(value.strip().encode("latin-1", "replace"), token.encode())
        if not is_ours or scheme.lower() != "bearer":
            _log.warning("report refused", because="it does not show the token")
            return _said(401, "Show the token: Authorization: Bearer TOKEN", {"WWW-Authenticate": "Bearer"})
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in _TYPES:
            return _said(415, "Send the mail as it is, with Content-Type: message/rfc822")
        return None

    def _take(self, body: bytes) -> None:
        if self.house.verp is not None:
            take_report(self.house.database, body, self.house.verp)


async def _body(request: Request) -> bytes:
    """Read the body; raises `_TooLargeError` as soon as it, or what is announced, is over the cap."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > LARGEST:
        raise _TooLargeError
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST:
            raise _TooLargeError
    return bytes(body)


def _said(status: int, text: str, headers: dict[str, str] | None = None) -> Response:
    return PlainTextResponse(f"{text}\n", status_code=status, headers={**NEVER_STORED, **(headers or {})})
