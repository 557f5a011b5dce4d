"""``/websub/{token}``: where WebSub hubs verify what they were asked (GET) and deliver feeds (POST).

The one address of this process that takes anything. It only listens: a ping that bears the hub's signature is kept
as it is, for the scheduler to read; nothing in it is parsed here.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa
import structlog
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

from tocsin.feeds.websub import Confirmed, Denied, Signature, answer_to, signature
from tocsin.models.websub import HubMode, HubSubscription, Ping
from tocsin.store.database import database_now
from tocsin.store.hub_subscriptions import (
    confirm_subscription,
    deny_subscription,
    find_subscription,
    remove_subscription,
)
from tocsin.store.pings import keep_ping
from tocsin_web.house import WebHouse
from tocsin_web.security import NEVER_STORED

METHODS = ("GET", "POST")
LARGEST = 10_000_000
"""Bytes of a ping: what a poll may bring over the wire."""

AT_ONCE = 4
"""Bodies that are read at a time; with `LARGEST` this bounds the memory that hubs can make this process take."""

SECONDS = 30.0
_CONTENT_TYPE_LIMIT = 200
_NOT_ASKED = "Nothing of that kind was asked for."
_TOKEN = re.compile("[A-Za-z0-9_-]{43}", re.ASCII)

_log = structlog.get_logger(__name__)


class TooLargeError(Exception):
    """A ping is larger than `LARGEST`."""


@dataclass(frozen=True, slots=True)
class HubPages:
    """The endpoint. Tokens are secrets between a hub and us, so that they are never logged."""

    house: WebHouse
    turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def callback(self, request: Request) -> Response:
        """Answer a hub; the method says what it wants (section 5.3, note, of the Recommendation)."""
        if request.method == "POST":
            return await self._ping(request)
        if request.method == "GET":
            return await run_in_threadpool(self._intent, request)
        # HEAD comes with GET by Starlette's rule, and would confirm without showing the challenge.
        raise HTTPException(405, headers={"Allow": ", ".join(METHODS)})

    def _intent(self, request: Request) -> Response:
        """Echo the challenge for what was asked, as text that no browser takes for a page; all else is not found."""
        query = dict(request.query_params)
        if self._find(request) is None:  # nobody who only guesses may hold the lock that writers share
            return _said(404, _NOT_ASKED)
        with self.house.database.write() as connection:
            subscription = _found(connection, request)
            now = database_now(connection)
            answer = answer_to(subscription, query, now) if subscription else None
            if subscription is None or answer is None:
                return _said(404, _NOT_ASKED)
            if isinstance(answer, Denied):
                deny_subscription(connection, subscription, answer.problem, now=now, retry_at=answer.retry_at)
                _log.warning("hub denied", hub=subscription.hub, topic=subscription.topic, reason=answer.problem)
                return _said(200, "Noted.")
            _carry_out(connection, subscription, answer)
        _log.info("hub verified", mode=subscription.mode.value, hub=subscription.hub, topic=subscription.topic)
        return _said(200, query["hub.challenge"])

    async def _ping(self, request: Request) -> Response:
        try:
            async with asyncio.timeout(SECONDS):
                return await self._taken(request)
        except TimeoutError:
            return _said(503, "That took too long.", {"Retry-After": "60"})
        except TooLargeError:
            return _said(413, f"No more than {LARGEST} bytes are taken.")
        except ClientDisconnect:
            return _said(400, "The body broke off.")

    async def _taken(self, request: Request) -> Response:
        subscription = await run_in_threadpool(self._find, request)
        if subscription is None or subscription.mode is HubMode.UNSUBSCRIBE:
            return _said(410, "There is no such subscription, or none any more.")
        claimed = signature(request.headers.get("x-hub-signature"), subscription.secret)
        if claimed is None:
            return _discarded(subscription, "it bears no signature, or one of an unknown method")
        async with self.turns:
            return await self._read(request, subscription, claimed)

    async def _read(self, request: Request, subscription: HubSubscription, claimed: Signature) -> Response:
        body = bytearray()
        async for piece in _pieces(request):
            body += piece
            claimed.digest.update(piece)
        if not claimed.holds():
            return _discarded(subscription, "its signature is not the hub's")
        content_type = request.headers.get("content-type", "")[:_CONTENT_TYPE_LIMIT]
        if not await run_in_threadpool(self._keep, subscription, content_type, bytes(body)):
            return _said(503, "Too much waits to be read.", {"Retry-After": "60"})
        return _said(202, "Taken.")

    def _find(self, request: Request) -> HubSubscription | None:
        with self.house.database.read() as connection:
            return _found(connection, request)

    def _keep(self, subscription: HubSubscription, content_type: str, body: bytes) -> bool:
        with self.house.database.write() as connection:
            return keep_ping(connection, Ping(subscription, database_now(connection), content_type, body))


def _found(connection: sa.Connection, request: Request) -> HubSubscription | None:
    """Find the subscription that the path names; PostgreSQL fails on the U+0000 that a path may hold."""
    token: str = request.path_params["token"]
    return find_subscription(connection, token) if _TOKEN.fullmatch(token) else None


def _carry_out(connection: sa.Connection, subscription: HubSubscription, answer: Confirmed) -> None:
    if answer.leased_until is None or answer.renew_at is None:
        remove_subscription(connection, subscription)
    else:
        confirm_subscription(connection, subscription, leased_until=answer.leased_until, renew_at=answer.renew_at)


async def _pieces(request: Request) -> AsyncIterator[bytes]:
    """Give the body as it comes; raises `TooLargeError` as soon as it, or what is announced, is over the cap."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > LARGEST:
        raise TooLargeError
    taken = 0
    async for piece in request.stream():
        taken += len(piece)
        if taken > LARGEST:
            raise TooLargeError
        yield piece


def _discarded(subscription: HubSubscription, because: str) -> Response:
    """Drop a ping that may be anybody's, with thanks: a forger learns nothing (section 7.1.2)."""
    _log.warning("ping discarded", hub=subscription.hub, topic=subscription.topic, because=because)
    return _said(202, "Taken.")


def _said(status: int, text: str, headers: Mapping[str, str] | None = None) -> Response:
    return PlainTextResponse(text, status_code=status, headers={**NEVER_STORED, **(headers or {})})
