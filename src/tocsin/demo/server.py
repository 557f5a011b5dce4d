"""The demo's web server on loopback: feeds with validators, the articles they link to, and one feed that never works.

What it serves is rendered before it starts; it keeps no state and writes nothing.
"""

from __future__ import annotations

import hashlib
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Self

from aiohttp import ETag, web

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
        """A strong entity tag without its quotes (RFC 9110 8.8.3)."""
        return hashlib.sha256(self.body).hexdigest()[:16]


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
        self._runner: web.AppRunner | None = None
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
        app = web.Application()
        app.router.add_get(feed_path(DEAD_OUTLET), _fail)
        app.router.add_get("/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.SockSite(self._runner, listener).start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        page = self._pages.get(request.path)
        if page is None:
            return web.Response(status=404, text=f"{request.path}: no such page; the list of outlets is at /\n")
        fresh = _is_fresh(request, page)
        response = web.Response(status=304) if fresh else web.Response(body=page.body)
        if not fresh:
            response.headers["Content-Type"] = page.content_type
        response.etag = ETag(page.etag)
        response.last_modified = page.modified_at
        return response


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


def _is_fresh(request: web.Request, page: Page) -> bool:
    """Return whether the client's copy will do; the entity tag speaks before the date (RFC 9110 13.2.2)."""
    if request.if_none_match is not None:
        return any(tag.value in {page.etag, "*"} for tag in request.if_none_match)
    since = request.if_modified_since
    return since is not None and page.modified_at <= since


async def _fail(_: web.Request) -> web.Response:
    return web.Response(status=500, text="The Example Gazette is out of order.\n")


def _listen(port: int) -> socket.socket:
    """Return a listening socket: the port must be known before the feeds can be written."""
    try:
        return socket.create_server(("127.0.0.1", port))
    except OSError as error:
        message = f"the demo's feeds cannot listen on 127.0.0.1:{port} ({error.strerror}); choose another port, or 0"
        raise PortTakenError(message) from error
