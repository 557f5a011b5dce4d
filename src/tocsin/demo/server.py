"""The demo's web server on loopback: feeds with validators, the articles they link to, and one feed that never works.

What it serves is rendered before it starts; it keeps no state and writes nothing.
"""

from __future__ import annotations

import asyncio
import hashlib
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from types import TracebackType
from typing import Self

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from tocsin.demo.feeds import CONTENT_TYPES, article_path, feed_path, render_feed
from tocsin.demo.outlets import Outlet, load_outlets
from tocsin.demo.pages import render_article, render_front_page, render_index
from tocsin.errors import PortTakenError

DEAD_OUTLET = "example-gazette"
"""The outlet whose feed answers 500 to every request, so that a digest has a feed to name as not seen."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a path answers. ``content_type`` has its charset; ``modified_at`` is aware UTC to the second."""

    body: bytes
    content_type: str
    modified_at: datetime

    @property
    def etag(self) -> str:
        """A strong entity tag (RFC 9110 8.8.3)."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:16]}"'


class DemoFeeds:
    """The server, up between ``async with DemoFeeds(now) as site`` and the end of the block.

    ``now`` is aware UTC and fixes all times in the feeds, which therefore do not change while the server is up.
    ``port`` 0 takes a free one; a port in use raises `PortTakenError`. ``base_url`` and ``feed_urls`` are known once
    it is up.
    """

    def __init__(self, now: datetime, *, outlets: Sequence[Outlet] | None = None, port: int = 0) -> None:
        self._now = now
        self._outlets = load_outlets() if outlets is None else tuple(outlets)
        self._port = port
        self._pages: dict[str, Page] = {}
        self._server: _Server | None = None
        self._serving: asyncio.Task[None] | None = None
        self.base_url = ""

    @property
    def feed_urls(self) -> tuple[str, ...]:
        """The addresses of all feeds, the dead one last."""
        slugs = (*(outlet.slug for outlet in self._outlets), DEAD_OUTLET)
        return tuple(self.base_url + feed_path(slug) for slug in slugs)

    async def __aenter__(self) -> Self:
        listener = _listen(self._port)
        self.base_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self._pages = render_site(self._outlets, base_url=self.base_url, now=self._now)
        routes = [Route(feed_path(DEAD_OUTLET), _fail), Route("/{path:path}", self._answer)]
        self._server = _Server(
            uvicorn.Config(
                Starlette(routes=routes), log_config=None, access_log=False, lifespan="off", http="h11", ws="none"
            )
        )
        # The socket listens already: who connects before uvicorn is ready waits in its queue.
        self._serving = asyncio.create_task(self._server.serve(sockets=[listener]))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None and self._serving is not None:
            self._server.should_exit = True
            await self._serving

    async def _answer(self, request: Request) -> Response:
        page = self._pages.get(request.url.path)
        if page is None:
            return PlainTextResponse(f"{request.url.path}: no such page; the list of outlets is at /\n", 404)
        response = Response(status_code=304) if _is_fresh(request, page) else Response(page.body)
        if response.status_code != HTTPStatus.NOT_MODIFIED:
            response.headers["Content-Type"] = page.content_type
        response.headers["ETag"] = page.etag
        response.headers["Last-Modified"] = format_datetime(page.modified_at, usegmt=True)
        return response


class _Server(uvicorn.Server):
    """A server that leaves signals to the process that it is a part of."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def render_site(outlets: Sequence[Outlet], *, base_url: str, now: datetime) -> dict[str, Page]:
    """Return all that the server answers, by path."""
    start = now.replace(microsecond=0)
    pages = {"/": _html_page(render_index(outlets), start)}
    for outlet in outlets:
        newest = outlet.articles[0].published_at(now)
        kind = f"{CONTENT_TYPES[outlet.format]}; charset={outlet.encoding}"
        pages[feed_path(outlet.slug)] = Page(render_feed(outlet, base_url=base_url, now=now), kind, newest)
        pages[f"/{outlet.slug}/"] = _html_page(render_front_page(outlet), newest)
        for article in outlet.articles:
            page = _html_page(render_article(outlet, article, now=now), article.published_at(now))
            pages[article_path(outlet, article)] = page
    return pages


def _html_page(text: str, modified_at: datetime) -> Page:
    return Page(text.encode(), "text/html; charset=utf-8", modified_at)


def _is_fresh(request: Request, page: Page) -> bool:
    """Return whether the client's copy will do; the entity tag speaks before the date (RFC 9110 13.2.2)."""
    tags = request.headers.get("If-None-Match")
    if tags is not None:
        return any(tag.strip().removeprefix("W/") in {page.etag, "*"} for tag in tags.split(","))
    try:
        since = parsedate_to_datetime(request.headers["If-Modified-Since"])
    except (KeyError, ValueError):
        return False
    return since.tzinfo is not None and page.modified_at <= since


async def _fail(_: Request) -> Response:
    return PlainTextResponse("The Example Gazette is out of order.\n", 500)


def _listen(port: int) -> socket.socket:
    """Return a listening socket: the port must be known before the feeds can be written."""
    try:
        return socket.create_server(("127.0.0.1", port))
    except OSError as error:
        message = f"the demo's feeds cannot listen on 127.0.0.1:{port} ({error.strerror}); choose another port, or 0"
        raise PortTakenError(message) from error
